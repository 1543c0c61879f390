// Package hours is business time: when a desk is open, when an amount of open time will have passed, and how much
// passed between two instants, each with the blocks that explain it.
//
// Only real elapsed time counts, so a night of clock change has 23 or 25 hours. A block begins at the first instant
// at which the clock on the wall reaches its start and ends at the first at which it reaches its end; a time that
// spring skips is reached when the clock jumps over it. A holiday or a closed date takes out every minute at which
// the wall shows that date.
package hours

import (
	"errors"
	"sync/atomic"
	"time"
)

const minutesPerDay = 24 * 60

// ErrNeverOpen means that a calendar does not have the open time that was asked for: it is never open again, or
// not enough in a hundred years.
var ErrNeverOpen = errors.New("hours: the calendar is never open for so long")

// ErrNegative means that something was asked to go back in time.
var ErrNegative = errors.New("hours: the amount is negative")

// Calendar is when a desk is open. The zero Calendar is never open. A Calendar does not change, and is shared and
// copied freely: copies remember together what was computed for one of them.
type Calendar struct{ plan *plan }

// plan is what a calendar says, and the index of what follows from it.
type plan struct {
	zone       *time.Location
	week       [7][]block // by time.Weekday
	exceptions map[int]day
	last       int     // civil date of the last exception
	minutes    int     // open minutes of an ordinary week
	region     *region // whose holidays are closed, or nil
	chunks     [chunkSlots]atomic.Pointer[chunk]
	kept       atomic.Int32 // chunks remembered
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

var never = &plan{zone: time.UTC}

var always = func() *plan {
	p := &plan{zone: time.UTC}
	for i := range p.week {
		p.week[i] = []block{{0, minutesPerDay}}
	}
	p.measure()
	return p
}()

// Always returns the calendar that never closes, in UTC.
func Always() Calendar { return Calendar{always} }

func (c Calendar) the() *plan {
	if c.plan == nil {
		return never
	}
	return c.plan
}

// Zone is the time zone in which the calendar's blocks are written.
func (c Calendar) Zone() *time.Location { return c.the().zone }

// Never tells that the calendar has no open minute at all, neither in its week nor on an open date.
func (c Calendar) Never() bool {
	p := c.the()
	for _, d := range p.exceptions {
		if len(d.blocks) > 0 {
			return false
		}
	}
	return p.minutes == 0
}

// Deadline returns the earliest instant at which the open time since from equals d: the end of a block, not the next
// opening, when it falls there, and from itself when d is zero. It fails with ErrNegative or ErrNeverOpen.
func (c Calendar) Deadline(from time.Time, d time.Duration) (time.Time, error) {
	p := c.the()
	switch {
	case d < 0:
		return time.Time{}, ErrNegative
	case d == 0:
		return from.In(p.zone), nil
	}
	at, _, err := p.reach(p.seek(from), d)
	return at, err
}

// Add is Deadline with the blocks that were used.
func (c Calendar) Add(from time.Time, d time.Duration) (time.Time, Sum, error) {
	p := c.the()
	switch {
	case d < 0:
		return time.Time{}, nil, ErrNegative
	case d == 0:
		return from.In(p.zone), nil, nil
	}
	start := p.seek(from)
	at, end, err := p.reach(start, d)
	if err != nil {
		return time.Time{}, nil, err
	}
	return at, p.sum(start, end, from, at), nil
}

// Elapsed returns the open time from one instant to a later one, of a hundred years at most. It is zero when to is
// not later.
func (c Calendar) Elapsed(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	p := c.the()
	start := p.seek(from)
	return p.passed(start, p.clip(start, p.seek(to)))
}

// Between is Elapsed with the blocks that it consists of.
func (c Calendar) Between(from, to time.Time) (time.Duration, Sum) {
	if !from.Before(to) {
		return 0, nil
	}
	p := c.the()
	start := p.seek(from)
	end := p.clip(start, p.seek(to))
	return p.passed(start, end), p.sum(start, end, from, to)
}

// Open tells whether the calendar is open at an instant, and until when it stays so. until is the next change; it
// is the zero time when there is none.
func (c Calendar) Open(now time.Time) (open bool, until time.Time) {
	p := c.the()
	var end int64
	for s := range p.spans(p.seek(now)) {
		from, to := s.from, s.to
		switch {
		case !open && time.Unix(from, 0).After(now):
			return false, time.Unix(from, 0).In(p.zone)
		case open && from > end:
			return true, time.Unix(end, 0).In(p.zone)
		}
		open, end = true, to
		if p.minutes == 7*minutesPerDay && p.region == nil && s.date > p.last {
			return true, time.Time{}
		}
	}
	if open {
		until = time.Unix(end, 0).In(p.zone)
	}
	return open, until
}
