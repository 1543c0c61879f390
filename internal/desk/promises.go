package desk

import (
	"slices"
	"time"

	"guichet/internal/hours"
)

// Clock names what a promise is about.
type Clock string

// The clocks of a ticket. The last three promise nothing: they count how long a
// ticket waits for somebody else, so that each side's time can be told apart.
const (
	FirstReply     Clock = "first_reply"
	NextReply      Clock = "next_reply"
	Resolution     Clock = "resolution"
	WithCustomer   Clock = "with_customer"
	WithMicrosoft  Clock = "with_microsoft"
	WithThirdParty Clock = "with_third_party"
)

// Ending is how a promise ended.
type Ending string

// Endings. A promise is dropped when nothing is owed any more: the ticket ended
// without the reply that was due.
const (
	Met     Ending = "met"
	Missed  Ending = "missed"
	Dropped Ending = "dropped"
	Counted Ending = "counted" // of a clock that promises nothing
)

// Why a promise was changed.
const (
	BecauseOffer     = "offer"     // the offer was published anew
	BecauseAgreement = "agreement" // the customer has another type
	BecauseImpact    = "impact"
)

// Promise is one clock of a ticket from its beginning to its end.
type Promise struct {
	Clock  Clock         `json:"clock"`
	Offer  int           `json:"offer"` // the version that it was reckoned by
	Type   string        `json:"type"`
	Target int           `json:"target,omitempty"` // minutes of open time; 0: it only counts
	Began  time.Time     `json:"began"`
	Runs   []Run         `json:"runs,omitempty"`  // when it ran, before it last paused
	Spent  time.Duration `json:"spent,omitempty"` // open time of these
	From   *time.Time    `json:"from,omitempty"`  // since when it runs; nil while it rests
	Due    *time.Time    `json:"due,omitempty"`   // nil while it rests
	Ended  *time.Time    `json:"ended,omitempty"`
	Ending Ending        `json:"ending,omitempty"`
	Told   int           `json:"told,omitempty"` // rungs of the ladder that are behind it
	Was    []Was         `json:"was,omitempty"`  // what was promised before
}

// Run is a stretch of time in which a clock ran.
type Run struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Was is a deadline that no longer holds.
type Was struct {
	Due     time.Time `json:"due"`
	Until   time.Time `json:"until"` // when it was replaced
	Because string    `json:"because"`
}

// Counts tells a clock that promises nothing.
func (c Clock) Counts() bool { return c == WithCustomer || c == WithMicrosoft || c == WithThirdParty }

// Running tells a promise whose time goes by.
func (p Promise) Running() bool { return p.Ended == nil && p.From != nil }

// Paused tells one that waits for somebody else.
func (p Promise) Paused() bool { return p.Ended == nil && p.From == nil }

// Took is the real time of a clock that counts, up to its end or now.
func (p Promise) Took(now time.Time) time.Duration {
	if p.Ended != nil {
		now = *p.Ended
	}
	return now.Sub(p.Began)
}

// Sum is the open time that a promise consists of: what has gone by until it
// paused or ended, and what leads to its deadline while it runs.
func (p Promise) Sum(c hours.Calendar) hours.Sum {
	var sum hours.Sum
	spent := time.Duration(0)
	for _, r := range p.Runs {
		d, part := c.Between(r.From, r.To)
		spent += d
		sum = append(sum, part...)
	}
	if p.From == nil {
		return sum
	}
	if _, part, err := c.Add(*p.From, max(p.target()-spent, 0)); err == nil {
		sum = append(sum, part...)
	}
	return sum
}

func (p Promise) target() time.Duration { return time.Duration(p.Target) * time.Minute }

// reckon finds the deadline by a calendar, from all that ran. A calendar that is
// never open again promises nothing.
func (p *Promise) reckon(c hours.Calendar) {
	p.Spent, p.Due = 0, nil
	for _, r := range p.Runs {
		spent := c.Elapsed(r.From, r.To)
		if p.Spent+spent >= p.target() {
			if at, err := c.Deadline(r.From, p.target()-p.Spent); err == nil && p.From != nil {
				p.Due = &at
			}
			p.Spent = p.target()
			return
		}
		p.Spent += spent
	}
	if p.From == nil {
		return
	}
	at, err := c.Deadline(*p.From, p.target()-p.Spent)
	if err == nil {
		p.Due = &at
	}
}

// rest notes that the clock stands still from now on.
func (p *Promise) rest(c hours.Calendar, now time.Time) {
	if p.From == nil {
		return
	}
	if now.After(*p.From) {
		p.Runs = append(p.Runs, Run{*p.From, now})
	}
	late := p.Due != nil && now.After(*p.Due)
	p.From = nil
	p.reckon(c)
	if late { // to the second: what is late stays so
		p.Spent = max(p.Spent, p.target()+time.Second)
	}
}

// end closes the promise. What was due before now is missed.
func (p *Promise) end(c hours.Calendar, now time.Time, how Ending) {
	if p.Clock.Counts() {
		p.From, p.Ended, p.Ending = nil, &now, Counted
		return
	}
	if how == Met && (p.Due != nil && now.After(*p.Due) || p.Due == nil && p.Spent > p.target()) {
		how = Missed
	}
	if p.From != nil {
		if now.After(*p.From) {
			p.Runs = append(p.Runs, Run{*p.From, now})
			p.Spent += c.Elapsed(*p.From, now)
		}
		p.From = nil
	}
	p.Ended, p.Ending = &now, how
}

// begin starts a clock of the ticket. One that is promised nothing is not
// started.
func (t *Ticket) begin(c Clock, l Level, now time.Time) {
	target := l.Type.Targets[t.Impact].Of(c)
	if target == 0 && !c.Counts() || t.live(c) != nil {
		return
	}
	p := Promise{Clock: c, Offer: l.Offer, Type: l.Type.Key, Target: int(target / time.Minute), Began: now, From: &now}
	if !c.Counts() {
		p.reckon(l.Calendar)
		p.skipPast(l.Ladder, now)
	}
	t.Promises = append(t.Promises, p)
}

// Promise makes a clock end at an instant, whatever a level would say: for
// history that is written after the fact.
func (t *Ticket) Promise(c Clock, from, due time.Time) {
	p := t.live(c)
	if p == nil {
		t.Promises = append(t.Promises, Promise{Clock: c})
		p = &t.Promises[len(t.Promises)-1]
	}
	p.Began, p.From, p.Due, p.Target = from, &from, &due, int(due.Sub(from)/time.Minute)
	t.nearest(nil)
}

// live is the promise of a clock that has not ended, nil without one.
func (t *Ticket) live(c Clock) *Promise {
	i := slices.IndexFunc(t.Promises, func(p Promise) bool { return p.Clock == c && p.Ended == nil })
	if i < 0 {
		return nil
	}
	return &t.Promises[i]
}

func (t *Ticket) end(c Clock, l Level, now time.Time, how Ending) {
	if p := t.live(c); p != nil {
		p.end(l.Calendar, now, how)
		t.keep(*p)
	}
}

func (t *Ticket) keep(p Promise) {
	t.ended = append(t.ended, KeptPromise{t.ID, t.CustomerID, t.Impact, p})
}

func (t *Ticket) rest(c Clock, l Level, now time.Time) {
	if p := t.live(c); p != nil {
		p.rest(l.Calendar, now)
	}
}

func (t *Ticket) resume(c Clock, l Level, now time.Time) {
	p := t.live(c)
	if p == nil || p.From != nil {
		return
	}
	p.From = &now
	p.reckon(l.Calendar)
	p.skipPast(l.Ladder, now)
}

// KeptPromise is a promise that has ended, as attainment is reckoned from.
type KeptPromise struct {
	TicketID   ID
	CustomerID ID
	Impact     Impact
	Promise
}

// Seconds is how long it took: of open time where there was a target.
func (p KeptPromise) Seconds() int {
	if p.Clock.Counts() {
		return int(p.Took(*p.Ended) / time.Second)
	}
	return int(p.Spent / time.Second)
}

// TakeEnded gives the promises that ended since it was last asked.
func (t *Ticket) TakeEnded() []KeptPromise {
	ended := t.ended
	t.ended = nil
	return ended
}

// nearest writes what lists sort and show by: the deadline that comes first, and
// when somebody must be told.
func (t *Ticket) nearest(ladder []Rung) {
	t.Clock, t.DueFrom, t.DueAt, t.WarnAt = "", nil, nil, nil
	for _, p := range t.Promises {
		if !p.Running() || p.Due == nil {
			continue
		}
		if t.DueAt == nil || p.Due.Before(*t.DueAt) {
			began, due := p.Began, *p.Due
			t.Clock, t.DueFrom, t.DueAt = p.Clock, &began, &due
		}
		if at, ok := p.nextRung(ladder); ok && (t.WarnAt == nil || at.Before(*t.WarnAt)) {
			t.WarnAt = &at
		}
	}
}
