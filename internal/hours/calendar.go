// Package hours is business time: when a desk is open, when an amount of open time will have passed, and how much
// passed between two instants, each with the blocks that explain it.
//
// Only real elapsed time counts, so a night of clock change has 23 or 25 hours. A block begins at the first instant
// at which the clock on the wall reaches its start and ends at the first at which it reaches its end; a time that
// spring skips is reached when the clock jumps over it.
package hours

import (
	"errors"
	"iter"
	"time"
)

const minutesPerDay = 24 * 60

// horizon is how far Add looks, in days: about a century.
const horizon = 36525

// ErrNeverOpen means that a calendar does not have the open time that was asked for: it is never open again, or
// not enough in a hundred years.
var ErrNeverOpen = errors.New("hours: the calendar is never open for so long")

// ErrNegative means that Add was asked to go back.
var ErrNegative = errors.New("hours: the amount is negative")

// Calendar is when a desk is open. The zero Calendar is never open. A Calendar does not change and may be shared.
type Calendar struct {
	zone       *time.Location
	week       [7][]block // by time.Weekday
	exceptions map[int]day
	last       int // civil date of the last exception
	minutes    int // open minutes of an ordinary week
}

// Block is a stretch of open time: the local date of the block that it is part of (2026-03-27), and its ends in
// the calendar's zone.
type Block struct {
	Date     string
	From, To time.Time
}

// Duration is the real time that passes in the block.
func (b Block) Duration() time.Duration { return b.To.Sub(b.From) }

// Sum is the blocks, in order, that make up an amount of open time.
type Sum []Block

// Total is the open time of all blocks.
func (s Sum) Total() time.Duration {
	var total time.Duration
	for _, b := range s {
		total += b.Duration()
	}
	return total
}

// Always returns the calendar that never closes, in UTC.
func Always() Calendar {
	c := Calendar{zone: time.UTC}
	for i := range c.week {
		c.week[i] = []block{{0, minutesPerDay}}
	}
	c.measure()
	return c
}

// Zone is the time zone in which the calendar's blocks are written.
func (c Calendar) Zone() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// Add returns the earliest instant at which the open time since from equals d: the end of a block, not the next
// opening, when it falls there, and from itself when d is zero. The sum holds the blocks that were used.
// It fails with ErrNegative or ErrNeverOpen.
func (c Calendar) Add(from time.Time, d time.Duration) (time.Time, Sum, error) {
	if d < 0 {
		return time.Time{}, nil, ErrNegative
	}
	if d == 0 {
		return from.In(c.Zone()), nil, nil
	}
	var sum Sum
	for s := range c.after(from) {
		if length := s.to.Sub(s.from); d > length {
			d -= length
			sum = append(sum, s.block())
			continue
		}
		s.to = s.from.Add(d)
		return s.to, append(sum, s.block()), nil
	}
	return time.Time{}, nil, ErrNeverOpen
}

// Between returns the open time from one instant to a later one, and the blocks it consists of. It is zero when to
// is not later.
func (c Calendar) Between(from, to time.Time) (time.Duration, Sum) {
	var sum Sum
	for s := range c.after(from) {
		if !s.from.Before(to) {
			break
		}
		if s.to.After(to) {
			s.to = to.In(c.Zone())
		}
		sum = append(sum, s.block())
	}
	return sum.Total(), sum
}

// Open tells whether the calendar is open at an instant, and until when it stays so. until is the next change; it
// is the zero time when there is none.
func (c Calendar) Open(now time.Time) (open bool, until time.Time) {
	for s := range c.after(now) {
		switch {
		case !open && s.from.After(now):
			return false, s.from
		case !open || s.from.Equal(until):
			open, until = true, s.to
		default:
			return true, until
		}
		if c.minutes == 7*minutesPerDay && s.day > c.last {
			return true, time.Time{}
		}
	}
	return open, until
}

// span is a stretch of open time on its way to a sum.
type span struct {
	day      int // civil date
	from, to time.Time
}

func (s span) block() Block { return Block{dateString(s.day), s.from, s.to} }

// after yields, in order, the open time from an instant on, block by block and without empty ones.
func (c Calendar) after(t time.Time) iter.Seq[span] {
	return func(yield func(span) bool) {
		t = t.In(c.Zone())
		wall := clock{zone: c.Zone()}
		// A block of the day before may still run.
		first := civil(t) - 1
		for date := first; date <= first+horizon; date++ {
			if c.minutes == 0 && date > c.last {
				return
			}
			for _, b := range c.on(date).blocks {
				if b.to > minutesPerDay && c.on(date+1).barred {
					b.to = minutesPerDay
				}
				s := span{date, wall.instant(date, b.from), wall.instant(date, b.to)}
				if s.from.Before(t) {
					s.from = t
				}
				if s.from.Before(s.to) && !yield(s) {
					return
				}
			}
		}
	}
}

func (c Calendar) on(date int) day {
	if d, ok := c.exceptions[date]; ok {
		return d
	}
	return day{blocks: c.week[weekday(date)]}
}
