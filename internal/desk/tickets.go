package desk

import (
	"slices"
	"time"
)

// State is where a ticket stands.
type State string

// The states of a ticket.
const (
	New               State = "new"
	Open              State = "open"
	WaitingCustomer   State = "waiting_customer"
	WaitingMicrosoft  State = "waiting_microsoft"
	WaitingThirdParty State = "waiting_third_party" // a provider, a publisher, another partner
	Resolved          State = "resolved"
	Closed            State = "closed"
)

// States lists them in the order of a ticket's life.
func States() []State {
	return []State{New, Open, WaitingCustomer, WaitingMicrosoft, WaitingThirdParty, Resolved, Closed}
}

// Elsewhere tells a ticket that waits for whoever it was handed on to.
func (s State) Elsewhere() bool { return s == WaitingMicrosoft || s == WaitingThirdParty }

// Ended tells a ticket nobody has to work on.
func (s State) Ended() bool { return s == Resolved || s == Closed }

// Impact is how much work is stopped, in the customer's words.
type Impact string

// The impacts a customer chooses from.
const (
	Stopped Impact = "stopped"
	Slowed  Impact = "slowed"
	Minor   Impact = "minor"
)

// Choices of the new-ticket form.
var (
	Kinds     = []string{"problem", "question", "subscription", "billing"}
	Affecteds = []string{"one_user", "some_users", "whole_tenant", "many_tenants", "unknown"}
	Impacts   = []Impact{Stopped, Slowed, Minor}
)

// Ticket is one customer's request, private to that customer and its desk.
type Ticket struct {
	ID          ID
	Number      int64
	CustomerID  ID
	RequesterID ID
	AssigneeID  ID // Nobody while free
	Kind        string
	Subject     string
	Service     string
	Region      string
	Affected    string
	Impact      Impact
	Since       *time.Time
	Language    string
	State       State
	Priority    int // 1 critical to 4 low
	Outcome     Outcome
	Category    Category
	Confirmed   bool // whether a person stood by the decision
	Tags        []string
	Team        string
	Clock       Clock
	DueFrom     *time.Time
	DueAt       *time.Time
	RepliedAt   *time.Time // the desk's first reply by a person
	LastAt      time.Time  // last message either side sees
	LastSide    Side
	CreatedAt   time.Time
	EndedAt     *time.Time
	Offer       int    // the version of the offer on the day it came
	SupportType string // key, "" for one older than the offer
	Promises    []Promise
	WarnAt      *time.Time // when somebody must be told of a deadline
	ChangedAt   time.Time  // of its row, by the database's clock
	External    string     // what the system that it came from calls it, "" for our own

	ended []KeptPromise // since TakeEnded
}

// Submission is the new-ticket form as typed.
type Submission struct {
	Kind, Subject, Body, Service, Region, Affected, Impact string
	Since                                                  *time.Time // nil when not said
	BadSince                                               bool       // typed but not a date
	Language                                               string
	Accepted                                               string     // the price that was agreed to, as Level.Price names it
	Agreed                                                 bool       // the price was agreed to beforehand, whatever it is: by contract between two desks
	Key                                                    ID         // one per form shown: a second press finds the first ticket
	Issue                                                  ID         // the known issue that is his problem too, as the customer says; Nobody: none
	Incident                                               int64      // the number of the incident that it joins, as the customer says; 0: none
	Files                                                  []ID       // uploads of the writer's that come with it
	Order                                                  *OrderForm // its sentence becomes subject and body; nil for what orders nothing
}

// Limits of what people type, in characters.
const (
	MaxSubject = 200
	MaxBody    = 20_000
	MaxFinding = 2_000
	MaxReason  = 500
)

// NewTicket opens a ticket with its first message. Errors: Invalid, by the
// form's field names.
func NewTicket(s Submission, customer, requester ID, now time.Time) (Ticket, Message, error) {
	s.Subject, s.Body, s.Region = clean(s.Subject), cleanText(s.Body), clean(s.Region)
	s.Kind, s.Affected, s.Impact = or(s.Kind, "problem"), or(s.Affected, "unknown"), or(s.Impact, string(Slowed))
	service, known := ServiceNamed(s.Service)
	if err := s.check(known, now); err != nil {
		return Ticket{}, Message{}, err
	}
	t := Ticket{
		ID: NewID(), CustomerID: customer, RequesterID: requester, Kind: s.Kind, Subject: s.Subject,
		Service: service.Name, Region: s.Region, Affected: s.Affected, Impact: Impact(s.Impact), Since: s.Since,
		Language: s.Language, State: New, LastAt: now, LastSide: CustomerSide, CreatedAt: now,
	}
	t.Priority = priority(t.Impact, t.Affected)
	m := Message{ID: NewID(), TicketID: t.ID, CustomerID: customer, AuthorID: requester, Side: CustomerSide, Body: s.Body, Key: s.Key, CreatedAt: now}
	return t, m, nil
}

func (s Submission) check(knownService bool, now time.Time) error {
	var p Problems
	p.OneOf("kind", s.Kind, Kinds...)
	p.Text("subject", s.Subject, 1, MaxSubject)
	p.Text("body", s.Body, 1, MaxBody)
	if !knownService {
		p.Add("service", "error.service")
	}
	p.Text("region", s.Region, 0, 60)
	p.OneOf("affected", s.Affected, Affecteds...)
	p.OneOf("impact", s.Impact, string(Stopped), string(Slowed), string(Minor))
	switch {
	case s.BadSince:
		p.Add("since", "error.date")
	case s.Since != nil && s.Since.After(now.Add(5*time.Minute)): // clocks differ a little
		p.Add("since", "error.since_future")
	case s.Since != nil && s.Since.Before(now.AddDate(-5, 0, 0)):
		p.Add("since", "error.since_past")
	}
	return p.Err()
}

func priority(i Impact, affected string) int {
	wide := affected == "whole_tenant" || affected == "many_tenants"
	switch {
	case i == Stopped && wide:
		return 1
	case i == Stopped, i == Slowed && wide:
		return 2
	case i == Slowed, wide:
		return 3
	default:
		return 4
	}
}

// Begin starts the clocks of a new ticket.
func (t *Ticket) Begin(l Level, now time.Time) {
	t.Offer, t.SupportType = l.Offer, l.Type.Key
	t.begin(FirstReply, l, now)
	t.begin(Resolution, l, now)
	t.nearest(l.Ladder)
}

// CustomerWrote tells that the customer added a message. A ticket that had ended
// comes back.
func (t *Ticket) CustomerWrote(l Level, now time.Time) {
	switch {
	case t.State.Ended():
		t.comeBack(l, now)
	case t.State != New && !t.State.Elsewhere():
		t.enter(Open, l, now)
	}
	t.LastAt, t.LastSide = now, CustomerSide
	t.owe(l, now)
	t.nearest(l.Ladder)
}

// DeskWrote tells that a person of the desk answered: the reply clocks are met.
func (t *Ticket) DeskWrote(l Level, now time.Time) {
	if t.RepliedAt == nil {
		t.RepliedAt = &now
	}
	if t.State == New {
		t.State = Open
	}
	t.LastAt, t.LastSide = now, DeskSide
	t.end(FirstReply, l, now, Met)
	t.end(NextReply, l, now, Met)
	t.nearest(l.Ladder)
}

// Move sets the state. It reports false when nothing changes.
func (t *Ticket) Move(to State, l Level, now time.Time) bool {
	if t.State == to {
		return false
	}
	if t.State.Ended() && !to.Ended() {
		t.comeBack(l, now)
	}
	t.enter(to, l, now)
	if !to.Ended() && to != WaitingCustomer && t.LastSide == CustomerSide {
		t.owe(l, now)
	}
	t.nearest(l.Ladder)
	return true
}

// Reopen brings an ended ticket back to the desk. Errors: ErrConflict when it
// has not ended.
func (t *Ticket) Reopen(l Level, now time.Time) error {
	if !t.State.Ended() {
		return ErrConflict
	}
	t.comeBack(l, now)
	t.owe(l, now)
	t.nearest(l.Ladder)
	return nil
}

// owe starts the clock of the reply that the customer waits for, and lets one
// that rested run on.
func (t *Ticket) owe(l Level, now time.Time) {
	if t.RepliedAt == nil {
		t.resume(FirstReply, l, now)
		t.begin(FirstReply, l, now)
		return
	}
	t.resume(NextReply, l, now)
	t.begin(NextReply, l, now)
}

// comeBack opens an ended ticket: it is promised anew how long it takes to settle.
func (t *Ticket) comeBack(l Level, now time.Time) {
	t.State, t.EndedAt = Open, nil
	t.begin(Resolution, l, now)
}

// enter changes the state with the clocks that go by it. While a ticket waits for
// somebody else the desk's time to settle it stands still, and the other's is
// counted. A reply that was never given is owed all the same.
func (t *Ticket) enter(to State, l Level, now time.Time) {
	waits := map[State]Clock{WaitingCustomer: WithCustomer, WaitingMicrosoft: WithMicrosoft, WaitingThirdParty: WithThirdParty}
	if c, ok := waits[t.State]; ok && t.State != to {
		t.end(c, l, now, Counted)
	}
	was := t.State
	t.State, t.EndedAt = to, nil
	c, wait := waits[to]
	switch {
	case to.Ended():
		t.EndedAt = &now
		t.end(Resolution, l, now, Met)
		t.end(FirstReply, l, now, Dropped)
		t.end(NextReply, l, now, Dropped)
	case wait && was != to:
		t.rest(Resolution, l, now)
		t.begin(c, l, now)
	case !wait:
		t.resume(Resolution, l, now)
	}
	switch {
	case to == WaitingCustomer:
		t.rest(NextReply, l, now)
	case !to.Ended():
		t.resume(NextReply, l, now)
	}
}

// Decide takes over what a decision says.
func (t *Ticket) Decide(d Decision) {
	t.Outcome, t.Category, t.Confirmed = d.Outcome, d.Category, d.Settled()
}

// ParseState reads a state from a form. Errors: Invalid on "state".
func ParseState(s string) (State, error) {
	if !slices.Contains(States(), State(s)) {
		return "", NewInvalid("state", "error.choose")
	}
	return State(s), nil
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
