package surge

import "time"

// tally is the customers of a cell, as far back in time as it has gone, and how long ago the
// latest complaint of each was.
type tally struct{ outage, any, exact map[string]time.Duration }

// tallied counts a cell's customers over the horizon; anywhere, it counts them whatever their place.
func (d *Detector) tallied(c cell, anywhere bool) tally {
	n := tally{map[string]time.Duration{}, map[string]time.Duration{}, map[string]time.Duration{}}
	if anywhere {
		c.place = ""
	}
	note := func(in map[string]time.Duration, t *Ticket) {
		if _, known := in[t.Customer]; !known {
			in[t.Customer] = d.now.Sub(t.At)
		}
	}
	for at := len(d.loose) - 1; at >= 0 && d.now.Sub(d.loose[at].At) < horizon; at-- {
		t := d.loose[at]
		in, exact := c.holds(t)
		if !in {
			continue
		}
		note(n.any, t)
		if exact {
			note(n.exact, t)
		}
		if t.Says == Outage {
			note(n.outage, t)
		}
	}
	return n
}

// within is how many of the customers wrote less than a time ago.
func within(customers map[string]time.Duration, w time.Duration) (n int) {
	for _, ago := range customers {
		if ago < w {
			n++
		}
	}
	return n
}

// count counts the customers of a cell over each window, for both readings, and returns the least
// likely of those that are unlikely enough.
func (d *Detector) count(c cell) (best Evidence, found bool) {
	here := d.tallied(c, false)
	if len(here.any) < d.limits.fewest {
		return best, false
	}
	all := here
	if c.place != "" {
		all = d.tallied(c, true)
	}
	best.Probability = 1
	for n, w := range windows {
		if 2*within(here.exact, w) < within(here.any, w) {
			continue
		}
		e := d.weigh(c, w, Outage, within(here.outage, w), len(all.outage)-within(all.outage, w))
		if e.Probability < best.Probability {
			best, found = e, true
		}
		if n >= vagueWindows || fewestClear*within(here.outage, w) < within(here.any, w) {
			continue
		}
		if e = d.weigh(c, w, Trouble, within(here.any, w), len(all.any)-within(all.any, w)); e.Probability < best.Probability {
			best, found = e, true
		}
	}
	return best, found
}

// weigh is the evidence that so many customers are, where so many others complained in the hours
// before; its probability is 1 when they are too few, or not unlikely enough.
func (d *Detector) weigh(c cell, w time.Duration, says Reading, customers, before int) Evidence {
	limit, few := d.limits.outage, d.limits.fewest
	known := certainty
	if says == Trouble {
		limit, few, known = d.limits.trouble, fewestVague, uncertainty
	}
	e := Evidence{Probability: 1, Customers: customers, Window: w, Limit: limit, FalsePerYear: d.limits.perYear, Vague: says == Trouble, Kin: c.kin, Place: c.place}
	if customers < few {
		return e
	}
	e.Usual = d.expected(says, c.kin, c.place, w, before, known)
	p := atLeast(customers-1, e.Usual, known+float64(before))
	switch {
	case customers < fewest: // a small desk
		if w > time.Hour {
			return e
		}
		e.Hint, e.FalsePerYear, e.Probability = true, d.limits.hintsPerYear, p
	case p < limit:
		e.Probability = p
	}
	return e
}

// expected is how many customers usually complain in a window that ends now. Where the hours
// before it showed more of them than is usual, they are believed.
func (d *Detector) expected(says Reading, kin, place string, w time.Duration, before int, known float64) float64 {
	mean := usually(d.usual, says, kin, place, d.now.Add(-w), d.now)
	if before > 0 {
		from := d.now.Add(-horizon)
		if from.Before(d.started) {
			from = d.started
		}
		mean *= max((known+float64(before))/(known+usually(d.usual, says, kin, "", from, d.now.Add(-w))), 1)
	}
	if d.placeless && place != "" {
		mean *= d.share(place)
	}
	return mean
}

// share is a place's share of the customers that were seen, and half before any was.
func (d *Detector) share(place string) float64 {
	return float64(d.whereabouts[place]+1) / float64(len(d.placed)+2)
}

// firm makes a finding of what was a hint, when a third customer is as unlikely as one takes.
func (d *Detector) firm(i *Incident) {
	kin, _ := top(i.kins)
	for _, w := range windows {
		customers := map[string]bool{}
		for _, t := range since(i.members, d.now.Add(-w)) {
			if t.Says == Outage {
				customers[t.Customer] = true
			}
		}
		if e := d.weigh(cell{kin: kin, place: i.Place}, w, Outage, len(customers), 0); len(customers) >= fewest && e.Probability < e.Limit {
			i.Why = e
			return
		}
	}
}
