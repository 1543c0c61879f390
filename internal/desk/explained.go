package desk

import (
	"time"

	"guichet/internal/hours"
)

// Explained is a promise with what explains it.
type Explained struct {
	Promise
	Lines []hours.Line   // how its time is counted, in the calendar's zone
	Zone  *time.Location // of the calendar
	Type  Text           // name of the support type it was reckoned by
}

// Explain tells how a promise is counted, by the level that it was reckoned by.
func (p Promise) Explain(l Level) Explained {
	c := Explained{Promise: p, Zone: l.Calendar.Zone(), Type: l.Type.Name}
	if !p.Clock.Counts() {
		c.Lines = l.Calendar.ExplainFrom(p.Began, p.Sum(l.Calendar))
	}
	return c
}

// Sides is how long a ticket has been with each side: with the desk is all the
// time that it was open and waited for nobody else.
type Sides struct{ Desk, Customer, Microsoft, ThirdParty time.Duration }

// Sides tells each side's time apart, up to now or the ticket's end.
func (t Ticket) Sides(now time.Time) Sides {
	if t.EndedAt != nil {
		now = *t.EndedAt
	}
	s := Sides{Desk: now.Sub(t.CreatedAt)}
	for _, p := range t.Promises {
		switch p.Clock {
		case WithCustomer:
			s.Customer += p.Took(now)
		case WithMicrosoft:
			s.Microsoft += p.Took(now)
		case WithThirdParty:
			s.ThirdParty += p.Took(now)
		}
	}
	s.Desk = max(s.Desk-s.Customer-s.Microsoft-s.ThirdParty, 0)
	return s
}
