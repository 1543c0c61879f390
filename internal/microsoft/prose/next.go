package prose

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
)

// furthestUpdate is how far ahead a next update is believed.
const furthestUpdate = 60 * 24 * time.Hour

// NextUpdate is when a post says that more will be said; nil when it does not, or
// names a time before its own.
func NextUpdate(p desk.Post) *time.Time {
	if p.At.IsZero() {
		return nil
	}
	for _, said := range announcements(p) {
		at, ok := moment(said, p.At.UTC())
		if ok && at.After(p.At) && at.Sub(p.At) <= furthestUpdate {
			return &at
		}
	}
	return nil
}

var announces = regexp.MustCompile(`(?i)(?:next update|an(?:other)? update|(?:more|additional|further) information)\b[^.\n]{0,60}?\b((?:by|in|within|at|on|no later than)\b[^\n]{0,100})`)

// announcements are the pieces that may name the time, the likeliest first.
func announcements(p desk.Post) []string {
	var all []string
	for _, label := range []string{"next update by", "next update"} {
		if text := p.Part(label); text != "" {
			all = append(all, cut(text, 200))
		}
	}
	for _, found := range announces.FindAllStringSubmatch(cut(p.Text, 5000), 5) {
		all = append(all, found[1])
	}
	return all
}

const (
	monthNames = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`
	dayNames   = `mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?`
	// at approximately 2:30 PM UTC
	clockTime = `(?:(?:at|by|around|about|approximately|no later than)\s+)*(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?\s?m\b\.?)?\s*\(?([a-z]{1,4}\b)?`
)

// Each way to write a moment: what it matches is told by the names of its
// groups; the four of a clock time come last.
var spellings = []struct {
	pattern *regexp.Regexp
	groups  string
}{
	{regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})[t ]+` + clockTime), "year month day"},
	{regexp.MustCompile(`\b(` + monthNames + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?,?\s+` + clockTime), "month day year"},
	{regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)?\s+(` + monthNames + `)\.?(?:,?\s+(\d{4}))?,?\s+` + clockTime), "day month year"},
	{regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4}),?\s+` + clockTime), "month day year"},
	{regexp.MustCompile(`\b(` + dayNames + `),?\s+` + clockTime), "weekday"},
	{regexp.MustCompile(`^\W*` + clockTime), ""},
}

var lapse = regexp.MustCompile(`\b(?:in|within)\s+(?:(?:approximately|about|the next)\s+)*(\d{1,3}|an?|one|two|three|four|six|twelve)\s+(minutes?|hours?)\b`)

// moment reads a time as people write it, said at another.
func moment(text string, said time.Time) (time.Time, bool) {
	text = strings.ToLower(text)
	for _, s := range spellings {
		found := s.pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		clock := found[len(found)-4:]
		named := map[string]string{}
		for i, group := range strings.Fields(s.groups) {
			named[group] = found[i+1]
		}
		if at, ok := written(named, clock, said); ok {
			return at, true
		}
	}
	if found := lapse.FindStringSubmatch(text); found != nil {
		return said.Add(lapseOf(found[1], found[2])), true
	}
	return time.Time{}, false
}

// written puts a moment together; what is not written follows from when it was
// said: the nearest year, the next such weekday, the next such hour.
func written(named map[string]string, clock []string, said time.Time) (time.Time, bool) {
	hour, minute, zone, ok := clockOf(clock)
	if !ok {
		return time.Time{}, false
	}
	at := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, hour, minute, 0, 0, zone).UTC()
	}
	local := said.In(zone)
	today := at(local.Year(), local.Month(), local.Day())
	switch {
	case named["month"] != "":
		month, day := monthOf(named["month"]), number(named["day"])
		year := local.Year()
		if named["year"] != "" {
			year = number(named["year"])
		} else if at(year, month, day).Before(said.AddDate(0, -6, 0)) {
			year++
		}
		then := at(year, month, day)
		return then, month >= 1 && month <= 12 && then.In(zone).Day() == day && year > 2000 && year < 2100
	case named["weekday"] != "":
		for i := range 8 {
			next := at(local.Year(), local.Month(), local.Day()+i)
			if strings.HasPrefix(strings.ToLower(next.In(zone).Weekday().String()), named["weekday"][:3]) && next.After(said) {
				return next, true
			}
		}
	case today.After(said):
		return today, true
	default:
		return today.AddDate(0, 0, 1), true
	}
	return time.Time{}, false
}

// zones are those that Microsoft writes in, by hours from UTC.
var zones = map[string]int{"": 0, "utc": 0, "gmt": 0, "z": 0, "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4,
	"bst": 1, "cet": 1, "cest": 2, "jst": 9}

// unplaced are zones that stand for several, or that Microsoft does not write in:
// better no time than a wrong one. Any other word is none.
var unplaced = words("ist aest aedt acst awst sast hst akst akdt sgt hkt kst nzst nzdt eet eest msk brt")

// clockOf reads hour, minutes, a or p, and zone. A bare number is no time of day.
func clockOf(clock []string) (hour, minute int, zone *time.Location, ok bool) {
	hour, minute = number(clock[0]), number(clock[1])
	half := clock[2]
	if half == "" && clock[1] == "" || minute > 59 || half != "" && (hour < 1 || hour > 12) || hour > 23 {
		return 0, 0, nil, false
	}
	if half != "" {
		hour %= 12
	}
	if half == "p" {
		hour += 12
	}
	offset, known := zones[clock[3]]
	if !known && unplaced[clock[3]] {
		return 0, 0, nil, false
	}
	return hour, minute, time.FixedZone("", offset*3600), true
}

func monthOf(name string) time.Month {
	if n := number(name); n > 0 {
		return time.Month(n)
	}
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(name, strings.ToLower(m.String()[:3])) {
			return m
		}
	}
	return 0
}

func lapseOf(count, unit string) time.Duration {
	n := map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}[count]
	if n == 0 {
		n = number(count)
	}
	if strings.HasPrefix(unit, "hour") {
		return time.Duration(n) * time.Hour
	}
	return time.Duration(n) * time.Minute
}

// number is 0 for what is none.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
