package hours

import (
	"math"
	"time"
)

const secondsPerDay = 24 * 60 * 60

// civil numbers the local date of t: days since 1 January 1970.
func civil(t time.Time) int {
	_, offset := t.Zone()
	return floorDiv(int(t.Unix())+offset, secondsPerDay)
}

func weekday(date int) time.Weekday {
	return time.Weekday(((date+int(time.Thursday))%7 + 7) % 7)
}

func midnight(date int) time.Time { return time.Unix(int64(date)*secondsPerDay, 0).UTC() }

// dateString writes 2026-11-11, by hand because sums are full of it.
func dateString(date int) string {
	year, month, day := midnight(date).Date()
	if year < 0 || year > 9999 {
		return midnight(date).Format(time.DateOnly)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	m := int(month)
	text := [...]byte{digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-', digit(m / 10), digit(m), '-', digit(day / 10), digit(day)}
	return string(text[:])
}

func yearOf(date int) int { return midnight(date).Year() }

func floorDiv(n, by int) int {
	if n < 0 {
		return -((by - 1 - n) / by)
	}
	return n / by
}

// clock turns times on the wall into instants, in Unix seconds. It remembers the stretch between two clock changes
// in which it found the last one, because the next one is nearly always there too.
type clock struct {
	zone       *time.Location
	start, end int64
	offset     int64 // seconds east of UTC
}

// instant is the first at which the wall shows or has passed the given minute of a date.
func (c *clock) instant(date, minute int) int64 {
	wall := int64(date)*secondsPerDay + int64(minute)*60
	// For a day after a change backwards the wall may have shown the same time before.
	if at := wall - c.offset; at >= c.start+secondsPerDay && at < c.end {
		return at
	}
	return c.search(wall)
}

func (c *clock) search(wall int64) int64 {
	utc := time.Unix(wall, 0).UTC()
	at := time.Date(utc.Year(), utc.Month(), utc.Day(), utc.Hour(), utc.Minute(), 0, 0, c.zone).Unix()
	c.settle(at)
	shown := at + c.offset
	switch {
	case shown > wall: // skipped, and it lies after the jump
		return c.start
	case shown < wall: // skipped, and it lies before the jump
		return c.end
	}
	_, before := time.Unix(c.start-1, 0).In(c.zone).Zone()
	if first := wall - int64(before); first < c.start {
		return first
	}
	return at
}

// settle remembers the stretch around an instant.
func (c *clock) settle(at int64) {
	t := time.Unix(at, 0).In(c.zone)
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

// date is what the wall shows at an instant, and until when it goes on showing that date. A change backwards may
// bring the date back later.
func (c *clock) date(at int64) (date int, until int64) {
	if at < c.start || at >= c.end {
		c.settle(at)
	}
	date = floorDiv(int(at+c.offset), secondsPerDay)
	return date, min(int64(date+1)*secondsPerDay-c.offset, c.end)
}
