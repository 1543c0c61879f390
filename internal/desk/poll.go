package desk

import (
	"errors"
	"time"
)

// How often a tenant is asked: Microsoft writes every half hour or so, and who
// has a ticket open waits for it.
const (
	pollBusy    = 5 * time.Minute
	pollQuiet   = 15 * time.Minute
	wholeEvery  = 24 * time.Hour // all that is told, not only what is open or has changed
	lostEvery   = 6 * time.Hour
	longestWait = time.Hour
	consentTime = 30 * time.Minute // a consent reaches all of Microsoft's machines within it
)

// Poll is what asking a tenant brought.
type Poll struct {
	Err    error // a Refusal, or what broke
	Made   int   // calls
	Whole  bool  // all was asked for, not only what had changed
	Busy   bool  // the customer has a ticket open
	Unread []Unread
	Chance float64 // from 0 to 1, so that tenants are not asked all at once
}

// Polls tells whether a connection is asked at all.
func (c Connection) Polls() bool {
	return c.State == Connected || c.State == ConnectionLost || c.State == ConnectionAsked && c.ConsentedAt != nil
}

// Budget is how many calls may be made of the tenant now.
func (c Connection) Budget(now time.Time) Calls {
	left := MostCallsHour
	if c.sameHour(now) {
		left -= c.Calls
	}
	return Calls{Left: max(0, min(left, MostCallsMinute))}
}

// Since is what to ask for: changes since then, or all for the zero time.
func (c Connection) Since(now time.Time) time.Time {
	if c.WholeAt == nil || c.HeardAt == nil || now.Sub(*c.WholeAt) >= wholeEvery {
		return time.Time{}
	}
	return *c.HeardAt
}

// Polled is the connection after its tenant was asked: how it stands, and when to
// ask again.
func (c Connection) Polled(p Poll, now time.Time) Connection {
	if !c.sameHour(now) {
		c.HourAt, c.Calls = &now, 0
	}
	c.Calls += p.Made
	c.PolledAt = &now
	c.Refused = Refuse(c.Refused, p.Unread, now)
	if p.Err == nil {
		return c.heard(p, now)
	}
	r := RefusalOf(p.Err)
	c.Failures++
	c.Problem, c.Detail = "connections.problem."+string(r.Kind), cut(r.Detail, 500)
	switch r.Kind {
	case RefusedConsent:
		return c.refused(p, now)
	case RefusedProof:
		c.NextAt = around(now, longestWait, p.Chance)
	case RefusedThrottle:
		c.NextAt = later(now, max(r.After, time.Minute), p.Chance)
	case RefusedBudget:
		c.NextAt = later(now, max(c.HourAt.Add(time.Hour).Sub(now), time.Minute), p.Chance)
	default:
		wait := min(time.Minute<<min(c.Failures-1, 6), longestWait)
		c.NextAt = around(now, max(wait, min(r.After, 24*time.Hour)), p.Chance)
	}
	return c
}

func (c Connection) heard(p Poll, now time.Time) Connection {
	c.State, c.Problem, c.Detail, c.Failures, c.HeardAt = Connected, "", "", 0, &now
	if p.Whole {
		c.WholeAt = &now
	}
	every := pollQuiet
	if p.Busy {
		every = pollBusy
	}
	c.NextAt = around(now, every, p.Chance)
	return c
}

// refused is a tenant that lets us read no more, or not yet. It is asked again
// now and then: consent may be given back where we do not hear of it.
func (c Connection) refused(p Poll, now time.Time) Connection {
	if c.State == ConnectionAsked && c.ConsentedAt != nil && now.Sub(*c.ConsentedAt) < consentTime {
		c.Problem = "connections.problem.not_yet"
		c.NextAt = around(now, time.Minute, p.Chance)
		return c
	}
	if c.State == Connected {
		c.State = ConnectionLost
	}
	c.NextAt = around(now, lostEvery, p.Chance)
	return c
}

func (c Connection) sameHour(now time.Time) bool {
	return c.HourAt != nil && now.Sub(*c.HourAt) < time.Hour && !now.Before(*c.HourAt)
}

// around is a time give or take a fifth.
func around(now time.Time, wait time.Duration, chance float64) *time.Time {
	at := now.Add(time.Duration(float64(wait) * (0.8 + 0.4*chance)))
	return &at
}

// later is a time or up to a fifth after it: who says when is not asked before.
func later(now time.Time, wait time.Duration, chance float64) *time.Time {
	at := now.Add(time.Duration(float64(min(wait, 24*time.Hour)) * (1 + 0.2*chance)))
	return &at
}

// RefusalOf is the refusal in an error; whatever else broke is no answer.
func RefusalOf(err error) Refusal {
	var r Refusal
	if !errors.As(err, &r) {
		r = Refusal{Kind: RefusedDown, Detail: err.Error()}
	}
	return r
}
