package surge

import (
	"maps"
	"math"
	"slices"
	"time"
)

// DefaultFalsePerYear lets chance make one incident in ten years at a desk.
//
// How it is kept. A complaint is judged when it arrives: how likely is it that at least so many
// other customers complain in the time before it, if nothing is the matter? For complaints that
// come independently the number of arrivals a year at which that happens is the number of arrivals
// times that probability (Mecke's formula), whatever the overlap of the windows. So the year's
// allowance, shared over the arrivals of a year, over the windows and over the two readings, is
// what the probability must stay below. Services and places are not shared over: a complaint is
// judged for its own alone, and the places that hold one another are nearly one question.
const DefaultFalsePerYear = 0.1

// windows are the times over which customers are counted: a sudden failure fills the first, one
// that spreads slowly the last.
var windows = []time.Duration{20 * time.Minute, time.Hour, 3 * time.Hour, horizon}

const (
	fewest      = 3  // customers that make a finding, however unlikely two are
	fewestVague = 4  // when some of them did not say that it is for many
	fewestWide  = 5  // when they name different services
	small       = 20 // customers of a desk below which two make a hint
	fewestHint  = 2

	// How well the usual figures are known before the stream was seen: as if they had been counted
	// from so many complaints. What a desk's customers merely grumble about differs more from desk
	// to desk than how often everything fails for one of them.
	certainty   = 4.0
	uncertainty = 1.5

	// vagueWindows are the windows, from the shortest, over which vague complaints count: a trickle
	// of them over half a day is what desks live on.
	vagueWindows = 2

	// fewestClear is of how many vague customers one must have said that it is for many: when none
	// of them does, it is a fashion rather than a failure.
	fewestClear = 5
)

// limits are what a desk's size and allowance come to.
type limits struct {
	perYear          float64
	outage, trouble  float64 // what the probability must stay below
	fewest           int     // customers
	outages, vagues  float64 // arrivals a year
	hintsPerYear     float64
	smallDesk, blind bool
}

func limitsOf(customers int, u Usual, perYear float64) limits {
	if !(perYear > 0) || math.IsInf(perYear, 1) {
		perYear = DefaultFalsePerYear
	}
	l := limits{perYear: perYear, fewest: fewest, outages: aYear(u, Outage), vagues: aYear(u, Trouble)}
	l.outage = min(perYear/2/float64(len(windows))/l.outages, most)
	l.trouble = min(perYear/2/vagueWindows/l.vagues, most)
	l.smallDesk, l.blind = customers < small, customers < fewestHint
	if l.smallDesk {
		l.fewest = fewestHint
		l.hintsPerYear = hints(u)
	}
	return l
}

// most is the largest probability at which anything is called unlikely, however rarely a desk is
// written to.
const most = 0.001

// hints is how often a year two customers of a desk complain of one service within an hour by
// chance alone.
func hints(u Usual) float64 {
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	sum := 0.0
	for h := range 7 * 24 {
		at := monday.Add(time.Duration(h) * time.Hour)
		for _, kin := range slices.Sorted(maps.Keys(serviceShape)) {
			n := max(u(Outage, kin, "", at), least)
			sum += n * n
		}
	}
	return sum * 365 / 7
}

// atLeast is the probability that at least n customers complain where mean are usual, a figure
// known as if from so many complaints: the negative binomial distribution, which is Poisson's when
// the mean itself is uncertain.
func atLeast(n int, mean, known float64) float64 {
	if n <= 0 {
		return 1
	}
	if mean <= 0 {
		return 0
	}
	m := float64(n)
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	log := lg(m+known) - lg(known) - lg(m+1) + known*math.Log(known/(known+mean)) + m*math.Log(mean/(known+mean))
	sum, term := 0.0, math.Exp(log)
	for k := m; term > sum*1e-9 || k < mean; k++ {
		sum += term
		term *= (k + known) / (k + 1) * mean / (known + mean)
		if k > m+100_000 {
			break
		}
	}
	return min(sum, 1)
}

// Reach is what can be known at a desk, and how well.
type Reach struct {
	Fewest       int     // customers that must complain before anything is said; 0: nothing can be known
	Share        float64 // of all customers, that these are
	Finding      bool    // that is a finding at the stated rate; else a hint, which a third customer makes a finding
	FalsePerYear float64 // how often a year chance makes one: what was asked for, or a hint's own rate
	AtNoon       int     // customers that it takes within an hour on a Tuesday at ten, of the commonest service
	AtNight      int     // … at four in the morning
}

// ReachOf says what can be known at a desk. At one of fewer than twenty customers two may be all
// that an incident touches, and two that complain within an hour are worth a look; but two who
// share a provider, a building or an update are no chance, and no arithmetic tells them from an
// incident. So that is a hint, whose rate by chance alone is given, and never a finding.
func ReachOf(c Config) Reach {
	d := New(c)
	r := Reach{Fewest: d.limits.fewest, Finding: !d.limits.smallDesk, FalsePerYear: d.limits.perYear}
	if d.limits.blind {
		return Reach{}
	}
	if d.limits.smallDesk {
		r.FalsePerYear = d.limits.hintsPerYear
	}
	r.Share = float64(r.Fewest) / float64(d.customers)
	tuesday := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	r.AtNoon, r.AtNight = d.needed(tuesday.Add(10*time.Hour)), d.needed(tuesday.Add(4*time.Hour))
	return r
}

// needed is how many customers an hour takes that ends at an instant, for the commonest service.
func (d *Detector) needed(at time.Time) int {
	mean := usually(d.usual, Outage, "Exchange Online", "", at.Add(-time.Hour), at)
	n := fewest
	for atLeast(n-1, mean, certainty) >= d.limits.outage && n < d.customers {
		n++
	}
	return n
}
