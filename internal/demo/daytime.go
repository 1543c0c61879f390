package demo

import "time"

// Hours between which the demo's people write.
const (
	dayBegins = 7
	dayEnds   = 20
	evening   = 40 * time.Minute // what a night shrinks to, before the day's end
)

// daytime moves what would have happened at night into the evening before, so
// that a demo started at any hour has the habits of a real desk. The order of
// things stays, and nothing moves into the future. Hours are those of the wall:
// a night in which the clocks change is an hour longer or shorter.
func daytime(t time.Time, zone *time.Location) time.Time {
	begins, ends := hourOfDay(t, 0, dayBegins, zone), hourOfDay(t, 0, dayEnds, zone)
	switch {
	case t.Before(begins):
		ends = hourOfDay(t, -1, dayEnds, zone)
	case t.Before(ends.Add(-evening)):
		return t
	case t.Before(ends): // the evening keeps its first half, the night gets the second
		since := t.Sub(ends.Add(-evening))
		return ends.Add(-evening + since/2)
	default:
		begins = hourOfDay(t, 1, dayBegins, zone)
	}
	part := float64(t.Sub(ends)) / float64(begins.Sub(ends))
	return ends.Add(-evening/2 + time.Duration(float64(evening/2)*part))
}

// hourOfDay is that hour of the wall on t's day, or some days after it.
func hourOfDay(t time.Time, days, hour int, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day+days, hour, 0, 0, 0, zone)
}
