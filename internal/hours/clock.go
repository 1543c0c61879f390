package hours

import (
	"math"
	"time"
)

const secondsPerDay = 24 * 60 * 60

// civil numbers the local date of t: days since 1 January 1970.
func civil(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func weekday(date int) time.Weekday {
	return time.Weekday(((date+int(time.Thursday))%7 + 7) % 7)
}

func dateString(date int) string {
	return time.Unix(int64(date)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}

// clock turns times on the wall into instants. It remembers the stretch between two clock changes in which it
// found the last one, because the next one is nearly always there too.
type clock struct {
	zone       *time.Location
	start, end int64 // Unix seconds
	offset     int64 // seconds east of UTC
}

// instant is the first at which the wall shows or has passed the given minute of a date.
func (c *clock) instant(date, minute int) time.Time {
	wall := int64(date)*secondsPerDay + int64(minute)*60
	// For a day after a change backwards the wall may have shown the same time before.
	if at := wall - c.offset; at >= c.start+secondsPerDay && at < c.end {
		return time.Unix(at, 0).In(c.zone)
	}
	return c.search(wall)
}

func (c *clock) search(wall int64) time.Time {
	utc := time.Unix(wall, 0).UTC()
	t := time.Date(utc.Year(), utc.Month(), utc.Day(), utc.Hour(), utc.Minute(), 0, 0, c.zone)
	c.settle(t)
	shown := t.Unix() + c.offset
	switch {
	case shown > wall: // skipped, and t lies after the jump
		return time.Unix(c.start, 0).In(c.zone)
	case shown < wall: // skipped, and t lies before the jump
		return time.Unix(c.end, 0).In(c.zone)
	}
	_, before := time.Unix(c.start-1, 0).In(c.zone).Zone()
	if first := wall - int64(before); first < c.start {
		return time.Unix(first, 0).In(c.zone)
	}
	return t
}

// settle remembers the stretch around t.
func (c *clock) settle(t time.Time) {
	start, end := t.ZoneBounds()
	_, offset := t.Zone()
	c.start, c.end, c.offset = math.MinInt64/2, math.MaxInt64, int64(offset)
	if !start.IsZero() {
		c.start = start.Unix()
	}
	if !end.IsZero() {
		c.end = end.Unix()
	}
}
