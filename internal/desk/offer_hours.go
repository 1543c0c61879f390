package desk

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"guichet/internal/hours"
)

// Weekdays are the days of a week as an hours.Spec names them, Monday first.
var Weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// HoursSettings is what an admin says of a calendar, as he types it.
type HoursSettings struct {
	Name     Text
	Zone     string
	Holidays string            // ISO code of a country or region, "" for none
	Days     map[string]string // "08:30-12:30, 13:30-18:00"; "" is closed
	Presets  map[string]string // a day's text in one word, "" for what is typed
	Closed   string            // a date a line
	Open     string            // "2026-12-26 10:00-12:00" a line
}

// DayPresets are the hours that a day can be given without typing them.
var DayPresets = map[string]string{"closed": "", "all": "00:00-24:00", "office": "08:30-12:30, 13:30-18:00", "day": "09:00-18:00"}

// PresetOrder is the order in which a form offers them.
var PresetOrder = []string{"closed", "office", "day", "all"}

// NewHours reads a calendar from its form; key is "" for a new one. Errors:
// Invalid, by field; the calendar is what could be read.
func (o Offer) NewHours(key string, s HoursSettings, language string) (OfferCalendar, error) {
	c := OfferCalendar{Key: key, Name: tidied(s.Name)}
	if key == "" {
		c.Key = freeOfferKey(c.Name, "hours", func(k string) bool { _, taken := o.Hours(k); return taken })
	}
	spec := hours.Spec{Zone: strings.TrimSpace(s.Zone), Holidays: strings.ToUpper(strings.TrimSpace(s.Holidays)), Weekly: map[string][]string{}}
	for _, day := range Weekdays {
		text := s.Days[day]
		if preset, ok := DayPresets[s.Presets[day]]; ok {
			text = preset
		}
		if blocks := readBlocks(text); len(blocks) > 0 {
			spec.Weekly[day] = blocks
		}
	}
	spec.Closed = lines(s.Closed)
	slices.Sort(spec.Closed)
	spec.Closed = slices.Compact(spec.Closed)
	var p Problems
	for _, line := range lines(s.Open) {
		date, blocks, _ := strings.Cut(line, " ")
		if spec.Open == nil {
			spec.Open = map[string][]string{}
		}
		if _, twice := spec.Open[date]; twice {
			p.Add("open", "error.offer.open_twice", "Value", date)
		}
		spec.Open[date] = readBlocks(blocks)
		if len(spec.Open[date]) == 0 {
			p.Add("open", "error.hours.block", "Value", line)
		}
	}
	c.Spec = spec
	p.Merge(o.checkHours(c, language))
	if key == "" && len(o.Calendars) >= MaxCalendars {
		p.Add("name_"+language, "error.offer.too_many_hours", "Most", MaxCalendars)
	}
	return c, p.Err()
}

// readBlocks reads "8:30-12:30, 13:30-18:00", as people type it too: with
// "h", dashes of any length and one-digit hours.
func readBlocks(text string) []string {
	var blocks []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.Join(strings.Fields(part), "")
		if part == "" {
			continue
		}
		start, end, _ := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(part), "-")
		blocks = append(blocks, clockText(start)+"-"+clockText(end))
	}
	return blocks
}

// clockText writes 8h, 8h30 and 8:30 as 08:30; what is no time stays as it is.
func clockText(s string) string {
	hour, minute, found := strings.Cut(strings.Replace(strings.ToLower(s), "h", ":", 1), ":")
	if found && minute == "" {
		minute = "00"
	}
	if len(hour) == 1 {
		hour = "0" + hour
	}
	if !found {
		if len(hour) != 2 {
			return s
		}
		minute = "00"
	}
	return hour + ":" + minute
}

// lines are the lines of a text that say something.
func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(cleanText(text), "\n") {
		if line = clean(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// HoursSettingsOf is a calendar as its form shows it.
func HoursSettingsOf(c OfferCalendar) HoursSettings {
	s := HoursSettings{Name: c.Name, Zone: c.Spec.Zone, Holidays: c.Spec.Holidays, Days: map[string]string{}, Closed: strings.Join(c.Spec.Closed, "\n")}
	for day, blocks := range c.Spec.Weekly {
		s.Days[day] = strings.Join(blocks, ", ")
	}
	for _, date := range slices.Sorted(maps.Keys(c.Spec.Open)) {
		s.Open += date + " " + strings.Join(c.Spec.Open[date], ", ") + "\n"
	}
	s.Open = strings.TrimSpace(s.Open)
	return s
}

// checkHours judges a calendar by the form's fields: each day by itself, so that
// each is told, then all together.
func (o Offer) checkHours(c OfferCalendar, language string) Problems {
	var p Problems
	if !offerKeyShape.MatchString(c.Key) {
		p.Add("name_"+language, "error.offer.key")
	}
	checkNames(&p, c.Name, language)
	judge := func(s hours.Spec) {
		var wrong *hours.SpecError
		if _, err := hours.Parse(s); errors.As(err, &wrong) {
			p.Add(hoursField(wrong.Field), wrong.Key, "Value", wrong.Value)
		}
	}
	judge(hours.Spec{Zone: c.Spec.Zone})
	for day, blocks := range c.Spec.Weekly {
		judge(hours.Spec{Zone: "UTC", Weekly: map[string][]string{day: blocks}})
	}
	judge(hours.Spec{Zone: "UTC", Closed: c.Spec.Closed})
	for date, blocks := range c.Spec.Open {
		judge(hours.Spec{Zone: "UTC", Open: map[string][]string{date: blocks}})
	}
	judge(hours.Spec{Zone: "UTC", Holidays: c.Spec.Holidays})
	if len(p) == 0 {
		judge(c.Spec)
	}
	if len(p) == 0 && neverOpen(c.Spec) {
		for _, t := range o.Types {
			if t.Calendar == c.Key && slices.ContainsFunc(Impacts, func(i Impact) bool { return t.Targets[i] != Targets{} }) {
				p.Add("mon", "error.offer.hours_never", "Name", t.Name)
			}
		}
	}
	return p
}

// hoursField is the form's field of what hours names.
func hoursField(field string) string {
	part, rest, _ := strings.Cut(field, ".")
	switch {
	case part == "weekly" && slices.Contains(Weekdays, rest):
		return rest
	case part == "weekly":
		return "mon"
	}
	return part
}

// neverOpen tells hours without any open time in an ordinary week: exceptions end.
func neverOpen(s hours.Spec) bool {
	return !slices.ContainsFunc(Weekdays, func(day string) bool { return len(s.Weekly[day]) > 0 })
}

// HoursDay is a date of a calendar: when it is open, or why it is not.
type HoursDay struct {
	OpenDay
	Why string // "weekly", "closed", "holiday"; "open" for an exception; "" where it is open as every week
}

// Coming lists the days of a calendar from today on, in its own zone. It is
// empty for a calendar that cannot be read.
func (c OfferCalendar) Coming(now time.Time, days int) []HoursDay {
	read, err := hours.Parse(c.Spec)
	if err != nil {
		return nil
	}
	y, m, d := now.In(read.Zone()).Date()
	out := make([]HoursDay, days)
	for i := range out {
		from := time.Date(y, m, d+i, 0, 0, 0, 0, read.Zone())
		_, sum := read.Between(from, time.Date(y, m, d+i+1, 0, 0, 0, 0, read.Zone()))
		out[i] = HoursDay{OpenDay{from, sum}, c.why(from, len(sum) > 0)}
	}
	return out
}

func (c OfferCalendar) why(day time.Time, open bool) string {
	date := day.Format(time.DateOnly)
	weekly := c.Spec.Weekly[Weekdays[(int(day.Weekday())+6)%7]]
	switch _, exception := c.Spec.Open[date]; {
	case exception:
		return "open"
	case slices.Contains(c.Spec.Closed, date):
		return "closed"
	case open:
		return ""
	case len(weekly) > 0 && c.Spec.Holidays != "":
		return "holiday"
	}
	return "weekly"
}
