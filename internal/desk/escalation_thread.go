package desk

import (
	"time"

	"guichet/internal/access"
	"guichet/internal/dossier"
	"guichet/internal/route"
)

// EscalationEntry is something said between them and the desk, kept as a record.
// What they said the desk relays to the customer in its own words, or need not.
type EscalationEntry struct {
	ID           ID
	EscalationID ID
	Side         EntrySide
	Source       EntrySource
	Remote       string // its name at the source, so that it is taken once
	PersonID     ID     // who entered or wrote it; Nobody: a connector
	Author       string // of theirs
	Body         string
	At           time.Time // when it was said
	Relay        Relay
	RelayedBy    ID
	RelayedAt    *time.Time
	CreatedAt    time.Time
}

// EntrySide is who said it.
type EntrySide string

// The sides of an escalation.
const (
	Them EntrySide = "them"
	Us   EntrySide = "us"
)

// EntrySource is where a record comes from.
type EntrySource string

// The sources.
const (
	FromPerson        EntrySource = "person" // typed by an agent
	FromAzureSupport  EntrySource = "azure_support"
	FromPartnerCenter EntrySource = "partner_center"
	FromHandoff       EntrySource = "handoff" // the provider's desk on this installation
	FromMail          EntrySource = "mail"
)

// Relay is what became of their word: "" until somebody decided.
type Relay string

// What becomes of their word.
const (
	RelaySent     Relay = "sent"     // the customer was told, in the desk's words
	RelayNeedless Relay = "needless" // it says nothing to him
)

// EntryForm is a record as a person types it.
type EntryForm struct {
	Side  EntrySide
	Text  string
	At    *time.Time // nil: now
	BadAt bool       // typed but not a date
}

// NewEntry records what was said. Errors: Invalid on "side", "text" or "at".
func NewEntry(e Escalation, f EntryForm, who ID, now time.Time) (EscalationEntry, error) {
	var p Problems
	f.Text = cleanText(f.Text)
	p.OneOf("side", string(f.Side), string(Them), string(Us))
	p.Text("text", f.Text, 1, MaxBody)
	at := happenedAt(&p, "at", f.At, f.BadAt, now)
	return EscalationEntry{ID: NewID(), EscalationID: e.ID, Side: f.Side, Source: FromPerson, PersonID: who, Body: f.Text, At: at, CreatedAt: now}, p.Err()
}

// Relayed notes what became of their word. Errors: ErrConflict for one of ours, or
// one that was relayed already.
func (e *EscalationEntry) Relayed(how Relay, who ID, now time.Time) error {
	if e.Side != Them || e.Relay == RelaySent {
		return ErrConflict
	}
	e.Relay, e.RelayedBy, e.RelayedAt = how, who, &now
	return nil
}

// EscalationEventKind names a line of an escalation's time line.
type EscalationEventKind string

// What happens to an escalation.
const (
	EscalationBegun     EscalationEventKind = "begun"
	EscalationLed       EscalationEventKind = "led"      // another way: "target", "why"
	EscalationAnswered  EscalationEventKind = "answered" // the dossier: "fields"
	EscalationAsked     EscalationEventKind = "asked"    // the customer, on his ticket: "ticket", "fields"
	EscalationSubmitted EscalationEventKind = "submitted"
	EscalationApproved  EscalationEventKind = "approved"
	EscalationRefused   EscalationEventKind = "refused" // "reason"
	EscalationWasFiled  EscalationEventKind = "filed"   // "request", "severity"
	EscalationNumbered  EscalationEventKind = "numbered"
	EscalationMoved     EscalationEventKind = "moved"   // "to", "next"
	EscalationEntered   EscalationEventKind = "entered" // "side"
	EscalationRelayed   EscalationEventKind = "relayed" // "tickets"
	EscalationJoined    EscalationEventKind = "joined"  // "ticket"
	EscalationLeft      EscalationEventKind = "left"
	EscalationReminded  EscalationEventKind = "reminded" // "owes", "to"
	EscalationChased    EscalationEventKind = "chased"
	EscalationCredit    EscalationEventKind = "credit"
	EscalationOver      EscalationEventKind = "ended" // "ending", "why"
	EscalationTrouble   EscalationEventKind = "trouble"
	EscalationReturned  EscalationEventKind = "returned"   // the dossier, by mail: "to", "reason"
	EscalationFileAdded EscalationEventKind = "file_added" // "name"
	EscalationFileSent  EscalationEventKind = "file_sent"  // "name"
	EscalationFileGone  EscalationEventKind = "file_removed"
)

// EscalationEvent is a line of an escalation's time line.
type EscalationEvent struct {
	ID           ID
	EscalationID ID
	PersonID     ID // Nobody: the portal
	Kind         EscalationEventKind
	Data         map[string]string
	CreatedAt    time.Time
}

// NewEscalationEvent records a line.
func NewEscalationEvent(e ID, who ID, kind EscalationEventKind, data map[string]string, now time.Time) EscalationEvent {
	if data == nil {
		data = map[string]string{}
	}
	return EscalationEvent{ID: NewID(), EscalationID: e, PersonID: who, Kind: kind, Data: data, CreatedAt: now}
}

// EscalatedTicket is a ticket that an escalation serves.
type EscalatedTicket struct {
	TicketID     ID
	Number       int64
	Subject      string
	CustomerID   ID
	CustomerName string
	State        State
	Live         bool
	JoinedAt     time.Time
}

// EscalationRow is an escalation in a list.
type EscalationRow struct {
	ID           ID
	Number       int64
	Ticket       int64
	Subject      string
	CustomerID   ID
	CustomerName string
	Service      string
	Workload     string
	Target       route.Target
	Severity     string
	State        EscalationState
	Ending       EscalationEnding
	Request      string
	Preparer     string
	Tickets      int // live ones
	Unrelayed    int // words of theirs that nobody has decided about
	FiledAt      *time.Time
	ReplyDueAt   *time.Time
	RepliedAt    *time.Time
	DueAt        *time.Time
	EndedAt      *time.Time
	CreatedAt    time.Time
}

// Owes is as Escalation.Owes has it.
func (r EscalationRow) Owes() string { return Escalation{State: r.State}.Owes() }

// EscalationList is those that are not over, by when something is owed, and one page
// of those that are.
type EscalationList struct {
	Live []EscalationRow
	Past []EscalationRow
	Next Cursor
}

// TicketEscalation is what a ticket's page shows of its newest escalation.
type TicketEscalation struct {
	Escalation
	Live     bool
	Preparer string
	Tickets  int
}

// SaidEntry is an entry with the names of who entered and who relayed it.
type SaidEntry struct {
	EscalationEntry
	PersonName, RelayerName string
}

// NamedEscalationEvent is a line of the time line with its actor's name.
type NamedEscalationEvent struct {
	EscalationEvent
	PersonName string
}

// EscalationStory is an escalation with all that the desk sees of it.
type EscalationStory struct {
	Escalation
	Thread     Thread // of the ticket that it was begun on
	Incident   int64  // number, 0 for none
	Preparer   string
	Filer      string
	Tickets    []EscalatedTicket
	Entries    []SaidEntry
	Events     []NamedEscalationEvent
	Evidence   []EvidenceFile
	Dossier    dossier.Dossier
	RouteNow   route.Route // as it is worked out today
	Access     access.Verdict
	Handover   Handover
	Plans      []PartnerPlan
	Link       string   // into the portal, in the customer's context; "" where something is missing
	Unhealthy  []string // what is missing of the diagnosis, as message keys; see Diagnosed
	ReplySum   []ReplyLine
	Connectors []string // kinds that could file it, on and configured
}

// ReplyLine is a line of the sum behind their promise.
type ReplyLine struct {
	From, To time.Time
	Minutes  int
}

// EvidenceFile is a file that goes with a dossier. Its bytes are elsewhere, under
// Blob.
type EvidenceFile struct {
	ID           ID
	EscalationID ID
	Name         string
	Type         string // as it was told, never trusted
	Bytes        int64
	Blob         string
	Sum          string           // SHA-256 of its bytes, in hexadecimal
	Masked       []dossier.Masked // what was found and covered before it was kept
	PersonID     ID
	PersonName   string
	CreatedAt    time.Time
	Sending      EvidenceSending // at Microsoft, by a connector; "": none sends it
	SentName     string          // its name there
	SentAt       *time.Time
	Trouble      RefusalKind // why it is not there, "" while nothing stands against it
	Detail       string      // their words, for people who mend it
}

// Diagnosed lists what a ticket lacks before it may be handed on, as message keys:
// somebody must have looked at service health, and tried something beside it
// (Partner Center, "Customer support by partners": check, diagnose, then escalate).
func Diagnosed(found []Finding, healthHeard bool) []string {
	var missing []string
	health, tried := healthHeard, false
	for _, f := range found {
		if f.Kind == "health" {
			health = true
		} else {
			tried = true
		}
	}
	if !health {
		missing = append(missing, "escalation.diagnosis.health")
	}
	if !tried {
		missing = append(missing, "escalation.diagnosis.tried")
	}
	return missing
}

// happenedAt is when somebody says that something happened: now where he says
// nothing, never in the future, where nothing has happened yet.
func happenedAt(p *Problems, field string, said *time.Time, unread bool, now time.Time) time.Time {
	switch {
	case unread:
		p.Add(field, "error.date")
	case said == nil:
	case said.After(now.Add(5 * time.Minute)): // clocks differ a little
		p.Add(field, "error.escalation.at_future")
	case said.Before(now.Add(-incidentHistory)):
		p.Add(field, "error.escalation.at_past")
	default:
		return *said
	}
	return now
}
