package desk

import (
	"slices"
	"time"
)

// Reckon promises anew by another level: after the offer, the customer's type
// or the impact changed. What was promised before is kept with the promise. It
// tells whether a deadline moved.
func (t *Ticket) Reckon(l Level, now time.Time, because string) bool {
	moved := false
	for i := range t.Promises {
		p := &t.Promises[i]
		if p.Ended != nil || p.Clock.Counts() {
			continue
		}
		target := l.Type.Targets[t.Impact].Of(p.Clock)
		before := p.Due
		p.Offer, p.Type, p.Target = l.Offer, l.Type.Key, int(target/time.Minute)
		if target == 0 {
			p.From, p.Due, p.Ended, p.Ending = nil, nil, &now, Dropped
			t.keep(*p)
		} else {
			p.reckon(l.Calendar)
		}
		if before != nil && (p.Due == nil || !p.Due.Equal(*before)) {
			p.Was = append(p.Was, Was{*before, now, because})
			p.Told = 0
			p.skipPast(l.Ladder, now)
			moved = true
		}
	}
	if !t.State.Ended() && t.live(Resolution) == nil && !t.has(Resolution) {
		t.begin(Resolution, l, now)
		if t.State == WaitingCustomer || t.State.Elsewhere() {
			t.rest(Resolution, l, now)
		}
	}
	t.SupportType = l.Type.Key
	t.nearest(l.Ladder)
	return moved
}

// has tells whether a clock was ever started.
func (t *Ticket) has(c Clock) bool {
	return slices.ContainsFunc(t.Promises, func(p Promise) bool { return p.Clock == c })
}
