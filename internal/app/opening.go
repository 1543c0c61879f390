package app

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
)

// OpenWeek is when a calendar is open in the week around now, Monday first, by
// the days of the reader's zone.
func OpenWeek(c hours.Calendar, now time.Time, zone *time.Location) []desk.OpenDay {
	today := now.In(zone)
	monday := today.Day() - (int(today.Weekday())+6)%7
	week := make([]desk.OpenDay, 7)
	for i := range week {
		from := time.Date(today.Year(), today.Month(), monday+i, 0, 0, 0, 0, zone)
		_, sum := c.Between(from, time.Date(today.Year(), today.Month(), monday+i+1, 0, 0, 0, 0, zone))
		week[i] = desk.OpenDay{Date: from, Blocks: sum}
	}
	return week
}
