package desk

import (
	"strings"
	"time"
)

// Warning is a rung of the ladder that has been reached.
type Warning struct {
	Promise Promise
	Rung    Rung
}

// Warn climbs the ladder up to now and tells what was reached: of several rungs
// of one promise that are behind it by now only the last, since the others are
// no news any more.
func (t *Ticket) Warn(ladder []Rung, now time.Time) []Warning {
	var out []Warning
	for i := range t.Promises {
		p := &t.Promises[i]
		reached := false
		for at, ok := p.nextRung(ladder); ok && !at.After(now); at, ok = p.nextRung(ladder) {
			p.Told++
			reached = true
		}
		if reached {
			out = append(out, Warning{*p, ladder[p.Told-1]})
		}
	}
	t.nearest(ladder)
	return out
}

// nextRung is when the next rung of the ladder is reached.
func (p Promise) nextRung(ladder []Rung) (time.Time, bool) {
	if !p.Running() || p.Due == nil || p.Told >= len(ladder) {
		return time.Time{}, false
	}
	return p.Due.Add(-time.Duration(ladder[p.Told].Before) * time.Minute), true
}

// skipPast leaves out the rungs that were reached when the promise was made: a
// target of an hour does not begin with a warning of an hour.
func (p *Promise) skipPast(ladder []Rung, now time.Time) {
	for at, ok := p.nextRung(ladder); ok && !at.After(now); at, ok = p.nextRung(ladder) {
		if ladder[p.Told].Before <= 0 { // being late is news whenever it is found out
			return
		}
		p.Told++
	}
}

// People picks whom a rung names among the desk's own. A ticket that nobody has
// is the leads', and a desk without leads its admins'.
func (r Rung) People(k Ticket, all []Person) []Person {
	with := func(role Role) (list []Person) {
		for _, p := range all {
			if p.Role == role && p.Active {
				list = append(list, p)
			}
		}
		return list
	}
	if r.Tell == "assignee" {
		for _, p := range all {
			if p.ID == k.AssigneeID && p.Active {
				return []Person{p}
			}
		}
	}
	if r.Tell != "admins" {
		if leads := with(Lead); len(leads) > 0 {
			return leads
		}
	}
	return with(Admin)
}

// WarningData is what the timeline says of a warning.
func WarningData(w Warning, names []string) map[string]string {
	data := map[string]string{"clock": string(w.Promise.Clock), "to": strings.Join(names, ", ")}
	if w.Promise.Due != nil {
		data["due"] = w.Promise.Due.Format(time.RFC3339)
	}
	return data
}
