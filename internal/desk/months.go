package desk

import "time"

// Month is a calendar month: 2026-11. Months compare as texts do.
type Month string

const monthLayout = "2006-01"

// MonthOf is the month in which an instant falls in a zone.
func MonthOf(t time.Time, zone *time.Location) Month { return Month(t.In(zone).Format(monthLayout)) }

// ParseMonth reads a month from an address or a form.
func ParseMonth(s string) (Month, bool) {
	t, err := time.Parse(monthLayout, s)
	return Month(s), err == nil && len(s) == len(monthLayout) && t.Year() >= 2000 && t.Year() < 2100
}

// Add is the month so many later, or earlier.
func (m Month) Add(n int) Month { return Month(m.At(time.UTC).AddDate(0, n, 0).Format(monthLayout)) }

// At is the midnight at which the month begins in a zone.
func (m Month) At(zone *time.Location) time.Time { return m.First().At(zone) }

// First is its first day.
func (m Month) First() Day { return Day(m + "-01") }

// Last is its last day.
func (m Month) Last() Day { return m.Add(1).First().add(-1) }

// Days is how many it has.
func (m Month) Days() int { return m.Last().At(time.UTC).Day() }

// DaysOf is how many of its days lie between two, both included; nil is no end.
func (m Month) DaysOf(from Day, to *Day) int {
	from, until := max(from, m.First()), m.Last()
	if to != nil {
		until = min(*to, until)
	}
	if from > until {
		return 0
	}
	return int(until.At(time.UTC).Sub(from.At(time.UTC))/(24*time.Hour)) + 1
}

// End is the midnight at which the day ends in a zone. A version that was
// published on a day holds for all of it.
func (d Day) End(zone *time.Location) time.Time { return d.add(1).At(zone) }

// add is the day so many later, or earlier.
func (d Day) add(n int) Day { return Day(d.At(time.UTC).AddDate(0, 0, n).Format(time.DateOnly)) }
