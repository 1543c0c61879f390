package desk

import "time"

// Side is who speaks.
type Side string

// The sides of a conversation.
const (
	CustomerSide Side = "customer"
	DeskSide     Side = "desk"
)

// Message is something said on a ticket; Internal makes it a note, which only
// the desk sees.
type Message struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	AuthorID   ID
	Side       Side
	Internal   bool
	Body       string
	Key        ID // one per form shown; Nobody for what no form sent
	CreatedAt  time.Time
}

// NewMessage checks a reply or a note. Errors: Invalid on "body".
func NewMessage(t Ticket, author Person, body string, internal bool, key ID, now time.Time) (Message, error) {
	body = cleanText(body)
	var p Problems
	p.Text("body", body, 1, MaxBody)
	side := CustomerSide
	if author.Role.DeskSide() {
		side = DeskSide
	}
	return Message{ID: NewID(), TicketID: t.ID, CustomerID: t.CustomerID, AuthorID: author.ID, Side: side,
		Internal: internal, Body: body, Key: key, CreatedAt: now}, p.Err()
}

// NewBareMessage is a reply or a note of files alone, without a word.
func NewBareMessage(t Ticket, author Person, internal bool, key ID, now time.Time) Message {
	m, _ := NewMessage(t, author, "-", internal, key, now)
	m.Body = ""
	return m
}

// Finding is a diagnostic step that an agent recorded.
type Finding struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	AuthorID   ID
	Kind       string
	Result     string
	Text       string
	CreatedAt  time.Time
}

// Kinds and results of findings, as a form offers them.
var (
	FindingKinds   = []string{"health", "reproduced", "other_account", "other_device", "configuration", "local_cause", "other"}
	FindingResults = []string{"confirmed", "ruled_out", "info"}
)

// NewFinding checks a finding. Errors: Invalid, by field.
func NewFinding(t Ticket, author ID, kind, result, text string, now time.Time) (Finding, error) {
	text = cleanText(text)
	var p Problems
	p.OneOf("finding_kind", kind, FindingKinds...)
	p.OneOf("result", result, FindingResults...)
	p.Text("text", text, 1, MaxFinding)
	return Finding{ID: NewID(), TicketID: t.ID, CustomerID: t.CustomerID, AuthorID: author, Kind: kind, Result: result, Text: text, CreatedAt: now}, p.Err()
}

// EventKind names a line of the timeline.
type EventKind string

// Events. Public ones may be read by the customer.
const (
	EventDecided    EventKind = "decided"   // the rules decided, or decided anew
	EventConfirmed  EventKind = "confirmed" // a person stood by the decision
	EventOverridden EventKind = "overridden"
	EventAssigned   EventKind = "assigned"
	EventReleased   EventKind = "released"
	EventState      EventKind = "state"
	EventClosed     EventKind = "closed"
	EventReopened   EventKind = "reopened"
	EventPriority   EventKind = "priority"
	EventFollowed   EventKind = "followed"
	EventImpact     EventKind = "impact"
	EventPromise    EventKind = "promise"   // a deadline moved
	EventWarned     EventKind = "warned"    // somebody was told of a deadline
	EventCorrected  EventKind = "corrected" // a person set a fact right
	EventSorted     EventKind = "sorted"    // a person changed tags or team
	EventEffects    EventKind = "effects"   // a rule set priority, tags or team
	EventEscalated  EventKind = "escalated" // an escalation was begun
	EventHandedOn   EventKind = "handed_on" // it was filed
	EventEscEnded   EventKind = "escalation_ended"
	EventAsked      EventKind = "asked"    // an order waits for a manager
	EventApproved   EventKind = "approved" // a manager of the customer approved it
	EventRefused    EventKind = "refused"
	EventInfected   EventKind = "infected"    // a scanner found something in a file, which is gone
	EventUnscanned  EventKind = "unscanned"   // no scanner can look through a file
	EventJudged     EventKind = "file_judged" // an admin said what becomes of it
)

var publicEvents = map[EventKind]bool{EventAssigned: true, EventState: true, EventClosed: true, EventReopened: true, EventFollowed: true,
	EventImpact: true, EventPromise: true,
	EventAsked: true, EventApproved: true, EventRefused: true,
	EventIssueAttached: true, EventIssueDetached: true, EventIssueNews: true, EventIssueBack: true,
	EventAskedAgain: true, EventWorksAgain: true, EventStillBroken: true}

// Event is a line of the timeline: what happened, by whom, with the values its
// sentence speaks of.
type Event struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	ActorID    ID // Nobody: the desk's rules
	Kind       EventKind
	Internal   bool
	Data       map[string]string
	CreatedAt  time.Time
}

// NewEvent records a line of the timeline.
func NewEvent(t Ticket, actor ID, kind EventKind, data map[string]string, now time.Time) Event {
	if data == nil {
		data = map[string]string{}
	}
	return Event{ID: NewID(), TicketID: t.ID, CustomerID: t.CustomerID, ActorID: actor, Kind: kind, Internal: !publicEvents[kind], Data: data, CreatedAt: now}
}
