package surge

import (
	"slices"
	"time"
)

// Evidence is why something was taken for an incident: what was counted, what is usual, and how
// likely that is.
type Evidence struct {
	Customers    int           // that complained within Window, the last of them included
	Window       time.Duration // up to the finding
	Usual        float64       // customers in such a time, at that hour of that weekday
	Probability  float64       // that at least so many complain when nothing is the matter
	Limit        float64       // what the probability had to stay below
	FalsePerYear float64       // how many such findings a year chance may make at this desk
	Hint         bool          // too few customers for a finding: two who share a provider are no chance
	Vague        bool          // some did not say that it is for many
	Kin, Place   string        // what was counted; empty: any
}

// cell is what complaints are counted for: a kin of services, in a place. A key counts instead
// those that are worded alike, or those that name several services.
type cell struct {
	kin, family, place string
	alike              *Ticket
}

// holds says whether a complaint counts in a cell, and whether it names the cell's very service.
func (c cell) holds(t *Ticket) (in, exact bool) {
	if c.place != "" && !slices.Contains(t.Places, c.place) {
		return false, false
	}
	if c.alike != nil {
		in = likeness(c.alike.Words, t.Words) >= veryAlike
		return in, in
	}
	for _, s := range t.Services {
		if s.Kin == c.kin {
			return true, true
		}
	}
	for _, s := range t.Services {
		if s.Kin == "" && s.Family == c.family {
			return true, false
		}
	}
	return false, false
}

// look asks whether the complaint that has just come makes more of its kind than chance explains,
// and if so opens an incident.
func (d *Detector) look(t *Ticket) []Change {
	if d.limits.blind {
		return nil
	}
	best, where := Evidence{Probability: 1}, cell{}
	for _, c := range d.cells(t) {
		if e, found := d.count(c); found && e.Probability < best.Probability {
			best, where = e, c
		}
	}
	if best.Probability < 1 && !d.ownLines(best, where) {
		i, what := d.same(where), Joined
		if i == nil {
			i, what = d.begin(best), Opened
		}
		d.gather(i, where, best.Window)
		return append([]Change{{What: what, Incident: i.ID, Ticket: t.ID}}, d.reconsider(i)...)
	}
	return d.lookWide(t)
}

// same is the open incident that a find belongs to: of the same service, elsewhere. It reaches
// further than was thought, and is no second one.
func (d *Detector) same(c cell) *Incident {
	for _, i := range d.open {
		if main, _ := top(i.kins); c.kin != "" && main == c.kin {
			return i
		}
	}
	return nil
}

// cells lists what a complaint may be one more of.
func (d *Detector) cells(t *Ticket) []cell {
	kins := map[string]string{}
	for _, s := range t.Services {
		if s.Kin != "" {
			kins[s.Kin] = s.Family
		}
	}
	if len(kins) == 0 && len(t.Services) > 0 { // some service of a family: whichever others name
		for _, o := range d.loose {
			for _, s := range o.Services {
				if s.Kin != "" && s.Family == t.Services[0].Family && len(kins) < mostEach {
					kins[s.Kin] = s.Family
				}
			}
		}
		kins[""] = t.Services[0].Family
	}
	places := append(slices.Clone(t.Places), "")
	var all []cell
	for kin, family := range kins {
		for _, p := range places {
			all = append(all, cell{kin: kin, family: family, place: p})
		}
	}
	if t.Says == Outage && len(t.Words) >= fewAlike {
		all = append(all, cell{alike: t})
	}
	slices.SortFunc(all, func(a, b cell) int { return compare(a, b) })
	return all
}

// compare puts cells in an order that does not hang on a map's.
func compare(a, b cell) int {
	for _, pair := range [][2]string{{a.kin, b.kin}, {a.place, b.place}, {a.family, b.family}} {
		if pair[0] != pair[1] {
			if pair[0] < pair[1] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// ownLines says whether those who complain of their own line or provider explain the rest: they
// are many, they name the same service or none, and most of the rest are where they are.
func (d *Detector) ownLines(e Evidence, c cell) bool {
	customers, places := map[string]bool{}, map[string]bool{}
	for _, t := range d.locals {
		in, _ := c.holds(t)
		if d.now.Sub(t.At) > held || !in && c.kin != "" && len(t.Services) > 0 {
			continue
		}
		customers[t.Customer] = true
		for _, p := range t.Places {
			places[p] = true
		}
	}
	usual := float64(d.customers) * ticketsADay * localShare * held.Hours() / 10
	if len(customers) < 2 || 2*len(customers) < e.Customers || float64(len(customers)) <= 1+3*usual {
		return false
	}
	there, elsewhere := map[string]bool{}, map[string]bool{}
	for _, t := range since(d.loose, d.now.Add(-e.Window)) {
		if in, _ := c.holds(t); in || c.kin == "" {
			if len(t.Places) == 0 || places[t.Places[0]] {
				there[t.Customer] = true
			} else {
				elsewhere[t.Customer] = true
			}
		}
	}
	return len(there) >= len(elsewhere)
}
