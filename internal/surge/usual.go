package surge

import "time"

// Usual is how many customers usually complain: those who would begin to, in an hour that begins
// at an instant, with a reading, of a service's kin, in a place. An empty kin is any service, an
// empty place anywhere. A desk that knows its own past weeks gives its own; a figure that is not
// above nought is taken for a very small one.
type Usual func(says Reading, kin, place string, at time.Time) float64

// What desks see on an ordinary working day, where a desk gives no figures of its own.
//
// A customer writes 0.33 tickets a working day: 30 people with 0.2 tickets a month each, by 21
// days. One in 330 of them says that a service fails for many (his own domain, his own change: once
// in three or four years), and one in 33 that something fails without saying for whom. The first
// is a judgement, made severe: in the ordinary tickets that were read to set it there was none.
const (
	ticketsADay  = 0.33
	outageShare  = 0.003
	troubleShare = 0.03
	localShare   = 0.01
)

// dayShape is each hour's share of a day's tickets.
var dayShape = [24]float64{0.006, 0.005, 0.006, 0.006, 0.008, 0.010, 0.018, 0.050, 0.130, 0.140, 0.095, 0.070,
	0.055, 0.065, 0.090, 0.090, 0.060, 0.035, 0.016, 0.012, 0.010, 0.009, 0.008, 0.006}

// weekShape is each weekday's tickets, from Sunday, against an ordinary working day's.
var weekShape = [7]float64{0.2, 1.3, 1.05, 1, 1, 0.95, 0.25}

// serviceShape is each service's share of complaints. What is not named has a small one.
var serviceShape = map[string]float64{
	"Exchange Online": 0.30, "Microsoft Teams": 0.18, "SharePoint Online": 0.18, "Microsoft 365 Apps": 0.12, "Microsoft Entra": 0.10,
	"Azure Virtual Machines": 0.05, "Power BI": 0.05,
}

const otherService = 0.03

// DefaultUsual is what is usual at a desk with so many customers that knows nothing of its past.
// It knows no places: a Detector learns their shares from the stream.
func DefaultUsual(customers int) Usual {
	return func(says Reading, kin, _ string, at time.Time) float64 {
		share := troubleShare + outageShare
		if says == Outage {
			share = outageShare
		}
		of := 1.0
		if kin != "" {
			of = otherService
			if known, ok := serviceShape[kin]; ok {
				of = known
			}
		}
		return float64(customers) * ticketsADay * share * of * dayShape[at.Hour()] * weekShape[at.Weekday()]
	}
}

// usually is how many customers usually complain between two instants, at most horizon apart.
func usually(u Usual, says Reading, kin, place string, from, to time.Time) float64 {
	sum := 0.0
	for at := from; at.Before(to); {
		next := at.Truncate(time.Hour).Add(time.Hour)
		if next.After(to) {
			next = to
		}
		sum += max(u(says, kin, place, at), least) * next.Sub(at).Hours()
		at = next
	}
	return sum
}

// least keeps a figure of nought from making every complaint a wonder: one in a thousand years.
const least = 1.0 / (1000 * 365 * 24)

// aYear is how many complaints of a reading a desk gets in a year, with all that is usual.
func aYear(u Usual, says Reading) float64 {
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	sum := 0.0
	for h := range 7 * 24 {
		sum += max(u(says, "", "", monday.Add(time.Duration(h)*time.Hour)), least)
	}
	return sum * 365 / 7
}
