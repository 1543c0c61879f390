package demo

import "time"

// Hours between which the demo's people write.
const (
	dayBegins = 7 * time.Hour
	dayEnds   = 20 * time.Hour
	evening   = 40 * time.Minute // what a night shrinks to, before the day's end
)

// daytime moves what would have happened at night into the evening before, so
// that a demo started at any hour has the habits of a real desk. The order of
// things stays, and nothing moves into the future.
func daytime(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	since := local.Sub(midnight)
	night := since - dayEnds
	switch {
	case since < dayBegins:
		midnight = midnight.AddDate(0, 0, -1)
		night = since + 24*time.Hour - dayEnds
	case since < dayEnds-evening:
		return t
	case since < dayEnds: // the evening keeps its first half, the night gets the second
		return midnight.Add(dayEnds - evening + (since-(dayEnds-evening))/2)
	}
	length := 24*time.Hour - dayEnds + dayBegins
	return midnight.Add(dayEnds - evening/2 + time.Duration(float64(evening/2)*float64(night)/float64(length)))
}
