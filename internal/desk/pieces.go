package desk

import (
	"fmt"
	"time"

	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// pieces cuts work into the kinds of time that it was done in; the calendar and
// the price name them alike. Errors: those of hours, for work of more than a year.
func pieces(c hours.Calendar, from, to time.Time) ([]pricing.Piece, error) {
	stretches, err := c.Stretches(from, to)
	if err != nil {
		return nil, fmt.Errorf("work from %s to %s: %w", from, to, err)
	}
	list := make([]pricing.Piece, len(stretches))
	for i, s := range stretches {
		list[i] = pricing.Piece{From: s.From, To: s.To, Kind: pricing.Kind(s.Kind)}
	}
	return list, nil
}

// kindAt is the kind of time that an instant lies in.
func kindAt(c hours.Calendar, at time.Time) (pricing.Kind, error) {
	list, err := pieces(c, at, at.Add(time.Second))
	if err != nil || len(list) == 0 {
		return pricing.Working, err
	}
	return list[0].Kind, nil
}
