package desk

import (
	"time"

	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// pieces cuts work into the kinds of time that it was done in: open hours are
// working time, the rest is the weekend's or an evening's by the local date.
func pieces(c hours.Calendar, from, to time.Time) []pricing.Piece {
	var list []pricing.Piece
	_, open := c.Between(from, to)
	at := from
	for _, b := range open {
		list = append(list, outside(c.Zone(), at, b.From)...)
		list = append(list, pricing.Piece{From: b.From, To: b.To, Kind: pricing.Working})
		at = b.To
	}
	return append(list, outside(c.Zone(), at, to)...)
}

// outside cuts time outside the open hours at each local midnight.
func outside(zone *time.Location, from, to time.Time) (list []pricing.Piece) {
	for from.Before(to) {
		day := DayOf(from, zone)
		end := day.add(1).At(zone)
		if !end.After(from) { // a midnight that the clock change moved
			end = from.Add(time.Hour)
		}
		end = earlier(end, to)
		kind := pricing.OffHours
		if d := day.At(time.UTC).Weekday(); d == time.Saturday || d == time.Sunday {
			kind = pricing.Weekend
		}
		list = append(list, pricing.Piece{From: from, To: end, Kind: kind})
		from = end
	}
	return list
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// kindAt is the kind of time that an instant lies in.
func kindAt(c hours.Calendar, at time.Time) pricing.Kind {
	return pieces(c, at, at.Add(time.Second))[0].Kind
}
