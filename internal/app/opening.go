package app

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
)

// OpenWeek is when a calendar is open in the week around now, Monday first, by
// the days of the reader's zone.
func OpenWeek(c hours.Calendar, now time.Time, zone *time.Location) []desk.OpenDay {
	monday := mondayOf(now.In(zone))
	week := make([]desk.OpenDay, 7)
	for i := range week {
		from := monday.AddDate(0, 0, i)
		_, sum := c.Between(from, monday.AddDate(0, 0, i+1))
		week[i] = desk.OpenDay{Date: from, Blocks: sum}
	}
	return week
}

// mondayOf is the midnight at which the week of an instant begins, in its zone.
func mondayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7, 0, 0, 0, 0, t.Location())
}

// OpeningOf is when the hours of an offer's calendar are, for a reader in a zone.
func OpeningOf(o desk.OpenOffer, key string, now time.Time, zone *time.Location) desk.Opening {
	written, _ := o.Content.Hours(key)
	c := o.Calendar(key)
	out := desk.Opening{Calendar: written, Week: OpenWeek(c, now, zone), Special: specialDays(c, now)}
	out.Open, out.Until = c.Open(now)
	return out
}

// ahead is how far special days are told, from the Monday of this week on: the
// coming two weeks are within it on any day.
const ahead = 21

// specialDays are the dates on which a calendar is not as its week says: a
// holiday or a closure that takes something away, and hours of their own.
func specialDays(c hours.Calendar, now time.Time) []desk.SpecialDay {
	var out []desk.SpecialDay
	monday := mondayOf(now.In(c.Zone()))
	for i, d := range c.Preview(monday, ahead) {
		if d.Why == "" || d.Why == hours.WhyRest {
			continue
		}
		from := monday.AddDate(0, 0, i)
		_, blocks := c.Between(from, monday.AddDate(0, 0, i+1))
		out = append(out, desk.SpecialDay{Date: from, Blocks: blocks, Holiday: d.Holiday})
	}
	return out
}
