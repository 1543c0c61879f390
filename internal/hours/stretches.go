package hours

import (
	"errors"
	"strings"
	"time"
)

// StretchKind is what a stretch of time is to a price.
type StretchKind string

const (
	Working   StretchKind = "working"  // within the calendar's blocks
	OffHours  StretchKind = "offhours" // of an ordinary day
	Weekend   StretchKind = "weekend"  // a local Saturday or Sunday
	OnHoliday StretchKind = "holiday"  // a public holiday, or a date that the desk closes
)

// Stretch is a piece of real time of one kind, its ends in the calendar's zone. Holiday is the name of a public
// holiday, or the names of several in a row; it is empty for a date that the desk closes by itself.
type Stretch struct {
	From, To time.Time
	Kind     StretchKind
	Holiday  string
}

// Duration is the real time that passes in the stretch.
func (s Stretch) Duration() time.Duration { return s.To.Sub(s.From) }

// stretchDays bounds what Stretches takes apart.
const stretchDays = 400

// ErrTooLong means that there are more than 400 days between two instants.
var ErrTooLong = errors.New("hours: more than 400 days")

// Stretches takes the whole time between two instants apart. The pieces follow each other without a gap, so their
// durations add up to what lies between; no two that touch are of one kind. It fails with ErrTooLong, and with
// ErrNegative when to is before from.
func (c Calendar) Stretches(from, to time.Time) ([]Stretch, error) {
	switch length := to.Sub(from); {
	case length < 0:
		return nil, ErrNegative
	case length > stretchDays*24*time.Hour:
		return nil, ErrTooLong
	}
	p := c.the()
	var list []Stretch
	at := from.In(p.zone)
	_, sum := c.Between(from, to)
	for _, b := range sum {
		list = p.closed(list, at, b.From)
		list = join(list, Stretch{From: b.From, To: b.To, Kind: Working})
		at = b.To
	}
	return p.closed(list, at, to.In(p.zone)), nil
}

// closed appends the time between two blocks, date by date.
func (p *plan) closed(list []Stretch, from, to time.Time) []Stretch {
	wall := clock{zone: p.zone}
	for from.Before(to) {
		date, end := wall.date(from.Unix())
		until := time.Unix(end, 0).In(p.zone)
		if until.After(to) {
			until = to
		}
		kind, name := p.kind(date)
		list = join(list, Stretch{from, until, kind, name})
		from = until
	}
	return list
}

// kind is what the closed time of a date is.
func (p *plan) kind(date int) (StretchKind, string) {
	if name, ok := p.holiday(date); ok {
		return OnHoliday, name
	}
	if p.exceptions[date].barred {
		return OnHoliday, ""
	}
	if day := weekday(date); day == time.Saturday || day == time.Sunday {
		return Weekend, ""
	}
	return OffHours, ""
}

// join appends a piece, or lengthens the last one when it is of the same kind.
func join(list []Stretch, s Stretch) []Stretch {
	if len(list) == 0 || list[len(list)-1].Kind != s.Kind {
		return append(list, s)
	}
	last := &list[len(list)-1]
	last.To = s.To
	if s.Holiday != "" && !strings.HasSuffix(last.Holiday, s.Holiday) {
		if last.Holiday != "" {
			last.Holiday += ", "
		}
		last.Holiday += s.Holiday
	}
	return list
}
