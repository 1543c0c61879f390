package desk

import (
	"time"

	"guichet/internal/hours"
)

// OpenDay is one date of a reader's week with when the desk is open on it.
type OpenDay struct {
	Date   time.Time // the midnight it begins at, in the reader's zone
	Blocks hours.Sum // cut at midnight
}

// Opening is when the hours of one calendar are, seen from now.
type Opening struct {
	Calendar OfferCalendar
	Open     bool
	Until    time.Time // the next change; zero when there is none
	Week     []OpenDay // the reader's, Monday first
	Special  []SpecialDay
}

// SpecialDay is a date that is not like the week's others, closed where it has
// no blocks.
type SpecialDay struct {
	Date    time.Time // the midnight it begins at, in the calendar's zone
	Blocks  hours.Sum
	Holiday string // its name, where the calendar knows it
}

// ZoneNamed is a time zone by its IANA name, as a browser tells it; false for
// anything else, "Local" and the empty name too.
func ZoneNamed(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, false
	}
	if l, ok := zones.Load(name); ok {
		return l.(*time.Location), true
	}
	l, err := time.LoadLocation(name)
	if err != nil || l.String() != name {
		return nil, false
	}
	zones.Store(name, l)
	return l, true
}
