package desk

import (
	"slices"
	"time"
)

// State is where a ticket stands.
type State string

// The states of a ticket.
const (
	New              State = "new"
	Open             State = "open"
	WaitingCustomer  State = "waiting_customer"
	WaitingMicrosoft State = "waiting_microsoft"
	Resolved         State = "resolved"
	Closed           State = "closed"
)

// States lists them in the order of a ticket's life.
func States() []State {
	return []State{New, Open, WaitingCustomer, WaitingMicrosoft, Resolved, Closed}
}

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

// Clock names what a ticket's deadline promises.
type Clock string

// The clocks of a ticket; "" when nothing is due.
const (
	FirstReply Clock = "first_reply"
	NextReply  Clock = "next_reply"
)

// Target is how long the desk gives itself to reply, in working time.
func Target(i Impact) time.Duration {
	switch i {
	case Stopped:
		return time.Hour
	case Slowed:
		return 2 * time.Hour
	default:
		return 4 * time.Hour
	}
}

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
}

// Submission is the new-ticket form as typed.
type Submission struct {
	Kind, Subject, Body, Service, Region, Affected, Impact string
	Since                                                  *time.Time // nil when not said
	BadSince                                               bool       // typed but not a date
	Language                                               string
	Key                                                    ID         // one per form shown: a second press finds the first ticket
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

// Promise starts a clock that ends at due.
func (t *Ticket) Promise(c Clock, from, due time.Time) {
	t.Clock, t.DueFrom, t.DueAt = c, &from, &due
}

// Rest stops the clock: nothing is due from the desk.
func (t *Ticket) Rest() { t.Clock, t.DueFrom, t.DueAt = "", nil, nil }

// CustomerWrote tells that the customer added a message; due is when the desk
// must have answered it. A ticket that had ended comes back.
func (t *Ticket) CustomerWrote(now, due time.Time) {
	if t.State != New && t.State != WaitingMicrosoft {
		t.State, t.EndedAt = Open, nil
	}
	t.LastAt, t.LastSide = now, CustomerSide
	if t.Clock == "" {
		t.Promise(t.nextClock(), now, due)
	}
}

// DeskWrote tells that a person of the desk answered: the clocks are met.
func (t *Ticket) DeskWrote(now time.Time) {
	if t.RepliedAt == nil {
		t.RepliedAt = &now
	}
	if t.State == New {
		t.State = Open
	}
	t.LastAt, t.LastSide = now, DeskSide
	t.Rest()
}

// Move sets the state; due is when the desk must answer should the ticket be
// its own to move again. It reports false when nothing changes.
func (t *Ticket) Move(to State, now, due time.Time) bool {
	if t.State == to {
		return false
	}
	waited := t.State.Ended() || t.State == WaitingCustomer
	t.State = to
	switch {
	case to.Ended():
		t.EndedAt = &now
		t.Rest()
	case to == WaitingCustomer:
		t.EndedAt = nil
		t.Rest()
	default:
		t.EndedAt = nil
		if waited && t.Clock == "" && t.LastSide == CustomerSide {
			t.Promise(t.nextClock(), now, due)
		}
	}
	return true
}

// Reopen brings an ended ticket back to the desk. Errors: ErrConflict when it
// has not ended.
func (t *Ticket) Reopen(now, due time.Time) error {
	if !t.State.Ended() {
		return ErrConflict
	}
	t.State, t.EndedAt = Open, nil
	t.Promise(t.nextClock(), now, due)
	return nil
}

// Decide takes over what a decision says.
func (t *Ticket) Decide(d Decision) {
	t.Outcome, t.Category, t.Confirmed = d.Outcome, d.Category, d.ConfirmedBy != Nobody || d.By == ByPerson
}

func (t *Ticket) nextClock() Clock {
	if t.RepliedAt == nil {
		return FirstReply
	}
	return NextReply
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
