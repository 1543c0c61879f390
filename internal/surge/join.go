package surge

import (
	"slices"
	"time"
)

// enough is the score from which a ticket belongs to an incident.
const enough = 1.0

// belongs is the open incident that a ticket is part of; nil when it is of none.
func (d *Detector) belongs(t *Ticket) *Incident {
	var best *Incident
	most := 0.0
	for _, i := range d.open {
		if score := i.fits(t); score >= enough && score > most {
			best, most = i, score
		}
	}
	return best
}

// fits scores how well a ticket fits an incident: what its customer wrote before, the service, the
// place, the words.
func (i *Incident) fits(t *Ticket) float64 {
	c, touched := i.customers[t.Customer]
	touched = touched && t.Customer != ""
	if touched && t.Thread != "" && slices.Contains(c.threads, t.Thread) && (t.Chasing || t.Says > Nothing) {
		return 5
	}
	if t.Other {
		return 0
	}
	if touched && t.Chasing && i.service(t) > 0 {
		return 4
	}
	place := i.near(t)
	if !place {
		return 0
	}
	service := i.service(t)
	switch t.Says {
	case Outage:
		if service >= 0.5 {
			return 1 + 2*service
		}
		if i.likest(t) >= veryAlike {
			return 1.2
		}
	case Trouble:
		if service == 1 && i.likest(t) >= alike || i.Why.Vague && service == 1 {
			return 1.5
		}
	default:
		if service > 0 && i.likest(t) >= veryAlike {
			return 1.1
		}
	}
	return 0
}

// service is 1 when a ticket names what the incident is about, 0.75 when it names its family,
// 0.5 when it names nothing, 0 when it names something else.
func (i *Incident) service(t *Ticket) float64 {
	if len(t.Services) == 0 {
		return 0.5
	}
	if i.scattered() {
		return 0.9
	}
	main, most := top(i.kins)
	for _, s := range t.Services {
		if s.Kin != "" && (s.Kin == main || 3*i.kins[s.Kin] >= most) {
			return 1
		}
	}
	for _, s := range t.Services {
		if s.Kin == "" && (i.families[s.Family] > 0 || main == "") {
			return 0.75
		}
	}
	return 0
}

// near says whether a ticket can be from where the incident is: one place holds the other, both
// lie in one geography, or the ticket's is unknown. A geography is never two incidents of one
// service: what is found in one country first is soon found in the next.
func (i *Incident) near(t *Ticket) bool {
	if i.Place == "" || len(t.Places) == 0 || slices.Contains(t.Places, i.Place) {
		return true
	}
	return slices.Contains(i.chains[i.Place], t.Places[len(t.Places)-1])
}

// reconsider asks, when an incident has grown, whether it is surer, or reaches further, than was thought.
func (d *Detector) reconsider(i *Incident) (changes []Change) {
	if i.Why.Hint && len(i.customers) >= fewest {
		d.firm(i)
	}
	if i.scattered() && !i.wide {
		i.wide = true
		i.describe()
		changes = append(changes, Change{What: Widened, Incident: i.ID})
		changes = append(changes, d.merge(i)...)
		d.adopt(i, d.now.Add(-held))
	}
	return changes
}

// together is how close the beginnings of what is one event lie.
const together = 75 * time.Minute

// lookWide asks whether the complaints of the last hour, of several services and belonging to
// incidents or to none, are one event: customers that name at least three services, none of which
// is most of it.
func (d *Detector) lookWide(t *Ticket) []Change {
	if t.Says != Outage {
		return nil
	}
	from := d.now.Add(-time.Hour)
	votes := map[string]string{}
	loose := 0
	count := func(tickets []*Ticket, free bool) {
		for _, o := range tickets {
			if _, known := votes[o.Customer]; known || o.Says != Outage || o.Customer == "" {
				continue
			}
			votes[o.Customer] = vote(o)
			if free {
				loose++
			}
		}
	}
	var parts []*Incident
	for _, i := range d.open {
		if d.now.Sub(i.Began) <= 2*together {
			parts = append(parts, i)
			count(since(i.members, from), false)
		}
	}
	count(since(d.loose, from), true)
	if len(votes) < fewestWide || loose < 2 || !spread(votes) {
		return nil
	}
	e := Evidence{Customers: len(votes), Window: time.Hour, Limit: d.limits.outage, FalsePerYear: d.limits.perYear}
	before := 0
	for _, o := range d.loose {
		if o.Says == Outage && !o.At.After(from) {
			before++
		}
	}
	e.Usual = d.expected(Outage, "", "", time.Hour, before, certainty)
	e.Probability = atLeast(len(votes)-1, e.Usual, certainty+float64(before))
	if e.Probability >= e.Limit || d.ownLines(e, cell{}) {
		return nil
	}
	return d.widen(parts, e)
}

// vote is what a complaint is counted for among several services.
func vote(t *Ticket) string {
	for _, s := range t.Services {
		if s.Kin != "" {
			return s.Kin
		}
	}
	return ""
}

// spread says whether the votes go to at least three services and a fair part of them to others
// than the first two: two incidents at once are two.
func spread(votes map[string]string) bool {
	counts := map[string]int{}
	named := 0
	for _, kin := range votes {
		if kin != "" {
			counts[kin]++
			named++
		}
	}
	if len(counts) < 3 {
		return false
	}
	sizes := make([]int, 0, len(counts))
	for _, n := range counts {
		sizes = append(sizes, n)
	}
	slices.SortFunc(sizes, func(a, b int) int { return b - a })
	return 10*sizes[0] <= 6*named && 5*(named-sizes[0]-sizes[1]) >= named
}

// widen makes one event of what was found apart, or opens it.
func (d *Detector) widen(parts []*Incident, e Evidence) (changes []Change) {
	var i *Incident
	if len(parts) > 0 {
		i = parts[0]
		changes = append(changes, Change{What: Widened, Incident: i.ID})
	} else {
		i = d.begin(e)
		changes = append(changes, Change{What: Opened, Incident: i.ID})
	}
	i.wide = true
	for _, t := range since(d.loose, d.now.Add(-time.Hour)) {
		if t.Says == Outage {
			i.add(t)
			d.take([]*Ticket{t})
		}
	}
	i.describe()
	changes = append(changes, d.merge(i)...)
	d.adopt(i, d.now.Add(-held))
	return changes
}

// merge takes the other incidents that began at about the same time into a wide one.
func (d *Detector) merge(i *Incident) (changes []Change) {
	d.open = slices.DeleteFunc(d.open, func(o *Incident) bool {
		if o == i || o.Began.Sub(i.Began).Abs() > together {
			return false
		}
		for _, t := range o.members {
			i.add(t)
		}
		if o.Detected.Before(i.Detected) {
			i.Detected = o.Detected
		}
		o.Open, o.Into = false, i.ID
		o.forget()
		changes = append(changes, Change{What: Merged, Incident: o.ID, Into: i.ID})
		return true
	})
	slices.SortStableFunc(i.members, func(a, b *Ticket) int { return a.At.Compare(b.At) })
	return changes
}

// gather brings what belongs to an incident that was just found: the complaints that it was found
// by, those before them, and what was put aside.
func (d *Detector) gather(i *Incident, c cell, w time.Duration) {
	from := d.now.Add(-max(w, held))
	var own []*Ticket
	for _, t := range since(d.loose, from) {
		if in, _ := c.holds(t); in && (t.Says == Outage || i.Why.Vague || t == d.loose[len(d.loose)-1]) {
			own = append(own, t)
		}
	}
	for _, t := range own {
		i.add(t)
	}
	d.take(own)
	d.adopt(i, from)
}

// adopt takes the complaints that belong to an incident as it is now known, and then what was put
// aside and belongs too.
func (d *Detector) adopt(i *Incident, from time.Time) {
	var own []*Ticket
	for _, t := range since(d.loose, from) {
		if i.fits(t) >= enough {
			i.add(t)
			own = append(own, t)
		}
	}
	d.take(own)
	d.waiting = slices.DeleteFunc(d.waiting, func(t *Ticket) bool {
		if !t.At.After(from) || i.fits(t) < enough {
			return false
		}
		i.add(t)
		return true
	})
	slices.SortStableFunc(i.members, func(a, b *Ticket) int { return a.At.Compare(b.At) })
}
