package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
)

// weekday is a day by its key in a calendar.
type weekday struct {
	key string
	day time.Weekday
}

// days are those of a calendar's week, Monday first.
var days = []weekday{{"mon", time.Monday}, {"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thu", time.Thursday}, {"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday}}

const allDay = "00:00-24:00"

// weekInWords tells a calendar's week by its own clock, days with the same hours
// together: "lundi à jeudi : 8 h 30 – 12 h 30, 13 h 30 – 18 h 00". Its zone is
// named where the page shows another one.
func weekInWords(ctx context.Context, c desk.OfferCalendar) []string {
	p := i18n.From(ctx)
	if c.Key == "" || dayAndNight(c.Spec) {
		return []string{p.T("published.always")}
	}
	var blocks []string // in the order of their first day
	on := map[string][]int{}
	for i, d := range days {
		text := blocksInWords(p, c.Spec.Weekly[d.key])
		if text == "" {
			continue
		}
		if on[text] == nil {
			blocks = append(blocks, text)
		}
		on[text] = append(on[text], i)
	}
	var lines []string
	for _, text := range blocks {
		lines = append(lines, capital(p.T("published.on_days", "Days", daysInWords(p, on[text]), "Hours", text)))
	}
	if len(lines) == 0 {
		return []string{p.T("published.no_week")}
	}
	if c.Spec.Zone != p.Zone().String() {
		lines = append(lines, p.T("published.in_zone", "Zone", strings.ReplaceAll(c.Spec.Zone, "_", " ")))
	}
	return lines
}

func dayAndNight(s hours.Spec) bool {
	return !slices.ContainsFunc(days, func(d weekday) bool { return !slices.Equal(s.Weekly[d.key], []string{allDay}) })
}

// blocksInWords writes the blocks of a day: "8 h 30 – 12 h 30, 13 h 30 – 18 h 00".
func blocksInWords(p *i18n.Printer, blocks []string) string {
	var parts []string
	for _, b := range slices.Sorted(slices.Values(blocks)) {
		if b == allDay {
			return p.T("support.all_day")
		}
		from, to, _ := strings.Cut(b, "-")
		parts = append(parts, p.T("support.block", "From", wall(p, from), "To", wall(p, to)))
	}
	return strings.Join(parts, ", ")
}

// wall writes a time of day that is stored as 08:30, whatever its zone.
func wall(p *i18n.Printer, clock string) string {
	if clock == "24:00" {
		return p.T("published.midnight")
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-01-15 "+clock, p.Zone())
	if err != nil {
		return clock
	}
	return p.Clock(t)
}

// daysInWords writes days of the week, three in a row and more as a span.
func daysInWords(p *i18n.Printer, list []int) string {
	name := func(i int) string { return p.DayName(days[i].day) }
	var parts []string
	for first := 0; first < len(list); {
		last := first
		for last+1 < len(list) && list[last+1] == list[last]+1 {
			last++
		}
		if last-first >= 2 {
			parts = append(parts, p.T("published.days", "From", name(list[first]), "To", name(list[last])))
		} else {
			for _, i := range list[first : last+1] {
				parts = append(parts, name(i))
			}
		}
		first = last + 1
	}
	return strings.Join(parts, ", ")
}

// special is a date that is not as usual, in words.
type special struct{ Day, Text string }

// specials are the dates of the coming two weeks that are not as usual, by the
// calendar's own clock.
func specials(ctx context.Context, o desk.Opening) []special {
	p := i18n.From(ctx)
	var out []special
	for _, d := range o.Special {
		if d.Date.AddDate(0, 0, 1).After(p.Now()) && d.Date.Before(p.Now().AddDate(0, 0, 14)) {
			there := i18n.New(p.Lang(), d.Date.Location(), p.Now())
			out = append(out, special{capital(there.Date(d.Date)), specialText(there, d)})
		}
	}
	return out
}

func specialText(p *i18n.Printer, d desk.SpecialDay) string {
	text := openHours(p, desk.OpenDay{Date: d.Date, Blocks: d.Blocks})
	if d.Holiday != "" {
		text = p.T("published.because", "Hours", text, "Holiday", d.Holiday)
	}
	return text
}

// notice is the nearest date that closes, today's or tomorrow's, for the arch.
func notice(ctx context.Context, o desk.Opening) string {
	p := i18n.From(ctx)
	for _, d := range o.Special {
		if len(d.Blocks) == 0 && d.Date.AddDate(0, 0, 1).After(p.Now()) && d.Date.Before(p.Now().AddDate(0, 0, 1)) {
			there := i18n.New(p.Lang(), d.Date.Location(), p.Now())
			return p.T("published.day_text", "Day", capital(there.Date(d.Date)), "Text", specialText(there, d))
		}
	}
	return ""
}

// dayHours says when a day of the reader's week is open, with what makes it
// unlike others.
func dayHours(ctx context.Context, o desk.Opening, d desk.OpenDay) string {
	p := i18n.From(ctx)
	text := openHours(p, d)
	for _, s := range o.Special {
		if s.Holiday != "" && s.Date.Format(time.DateOnly) == d.Date.Format(time.DateOnly) {
			return p.T("published.because", "Hours", text, "Holiday", s.Holiday)
		}
	}
	return text
}

// typesOf names the support types that go by a calendar.
func (s Support) typesOf(ctx context.Context, calendar string) string {
	lang := string(i18n.From(ctx).Lang())
	var names []string
	for _, t := range s.Offer.Content.Types {
		if t.Calendar == calendar {
			names = append(names, t.Name.In(lang))
		}
	}
	return strings.Join(names, ", ")
}

// elsewhere tells a reader whose own zone is not the desk's: he may have either.
func (s Support) elsewhere(f Frame) bool {
	return s.Zone != nil && s.Zone.String() != f.Who.Desk.Location().String()
}
