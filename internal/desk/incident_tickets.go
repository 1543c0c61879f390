package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// IncidentBond is how a ticket hangs on an incident.
type IncidentBond struct {
	IncidentID ID
	TicketID   ID
	CustomerID ID
	State      BondState
	By         string // rules, person, customer
	PersonID   ID
	JoinedAt   time.Time
	ChangedAt  time.Time
}

// BondState is whether a ticket still belongs to an incident.
type BondState string

// The states of a bond.
const (
	BondJoined BondState = "joined"
	BondLeft   BondState = "left" // a person took it out: detection leaves it out
)

// Who lets a ticket join an incident.
const (
	JoinedByRules    = "rules"
	JoinedByPerson   = "person"
	JoinedByCustomer = "customer"
)

// IncidentTicket is a ticket of an incident as its page lists it.
type IncidentTicket struct {
	Number       int64
	Subject      string
	CustomerID   ID
	CustomerName string
	Service      string
	Region       string // the ticket's, else its customer's
	State        State
	By           string
	CreatedAt    time.Time
	JoinedAt     time.Time
}

// TouchedCustomer is a customer of an incident, as the request at Microsoft
// cites him.
type TouchedCustomer struct {
	ID            ID
	Name          string
	Tenant        string
	InitialDomain string
	Region        string
	Tickets       int
	FirstAt       time.Time // his first ticket
}

// IncidentList is a desk's incidents: all that are not over, one page of the others.
type IncidentList struct {
	Live  []IncidentRow
	Past  []IncidentRow
	Next  Cursor // where the next page starts, zero at the end
	Watch Watch
}

// IncidentRow is an incident as a list shows it.
type IncidentRow struct {
	Incident
	Title     string
	Request   string
	Customers int
	Tickets   int
}

// TicketIncident is the incident that a ticket belongs to. Title is empty for
// those who may not read the desk's file.
type TicketIncident struct {
	Incident
	Title   string
	Request string
	By      string
}

// IncidentEventKind names a line of an incident's time line.
type IncidentEventKind string

// What happens to an incident.
const (
	IncidentWasProposed  IncidentEventKind = "proposed"
	IncidentWasOpened    IncidentEventKind = "opened"
	IncidentWasMitigated IncidentEventKind = "mitigated"
	IncidentWasClosed    IncidentEventKind = "closed"
	IncidentWasDismissed IncidentEventKind = "dismissed"
	IncidentWasReopened  IncidentEventKind = "reopened"
	IncidentWasMerged    IncidentEventKind = "merged"    // into "into"
	IncidentTookIn       IncidentEventKind = "took_in"   // another, "from"
	IncidentGrew         IncidentEventKind = "grew"      // "tickets" joined by themselves
	IncidentJoined       IncidentEventKind = "joined"    // "ticket", by a person
	IncidentLeft         IncidentEventKind = "left"      // "ticket"
	IncidentLinked       IncidentEventKind = "linked"    // known issue "code"
	IncidentUnlinked     IncidentEventKind = "unlinked"  // known issue "code"
	IncidentSaid         IncidentEventKind = "said"      // words for customers
	IncidentRequested    IncidentEventKind = "requested" // "request"
	IncidentDescribed    IncidentEventKind = "described"
)

// actEvents says how the time line calls an act.
var actEvents = map[IncidentAct]IncidentEventKind{OpenIncident: IncidentWasOpened, MitigateIncident: IncidentWasMitigated,
	CloseIncident: IncidentWasClosed, DismissIncident: IncidentWasDismissed, ReopenIncident: IncidentWasReopened}

// Event is how the time line calls an act.
func (a IncidentAct) Event() IncidentEventKind { return actEvents[a] }

// IncidentEvent is a line of an incident's time line.
type IncidentEvent struct {
	ID         ID
	IncidentID ID
	PersonID   ID // Nobody: detection
	Kind       IncidentEventKind
	Data       map[string]string
	CreatedAt  time.Time
	PersonName string // "" when written
}

// NewIncidentEvent records a line.
func NewIncidentEvent(incident, person ID, kind IncidentEventKind, data map[string]string, now time.Time) IncidentEvent {
	if data == nil {
		data = map[string]string{}
	}
	return IncidentEvent{ID: NewID(), IncidentID: incident, PersonID: person, Kind: kind, Data: data, CreatedAt: now}
}

// IncidentStory is an incident with all that the desk sees of it.
type IncidentStory struct {
	IncidentRecord
	Opener     string
	Requester  string
	Into       int64 // the number of the one that it became part of, 0 for none
	Tickets    []IncidentTicket
	TicketsAll int // also those that the list leaves out
	Customers  []TouchedCustomer
	Issues     []IncidentIssue
	Fitting    []IncidentIssue // open issues that may be the same
	Events     []IncidentEvent
	Watch      Watch
}

// IncidentIssue is a known issue as an incident's page shows it.
type IncidentIssue struct {
	ID        ID
	Source    string
	Code      string
	Title     string
	Service   string
	Over      bool
	StartedAt time.Time
	NextAt    *time.Time
}

// Fits picks the known issues that may be what the incident is: of its service, or
// of the suite that holds it, and not linked yet.
func (s IncidentStory) Fits(issues []IncidentIssue) []IncidentIssue {
	return slices.DeleteFunc(slices.Clone(issues), func(i IncidentIssue) bool {
		linked := slices.ContainsFunc(s.Issues, func(l IncidentIssue) bool { return l.ID == i.ID })
		return linked || !sameOrSuite(s.Service, i.Service)
	})
}

// sameOrSuite tells services that fail together: the same by its name in any
// spelling, or Microsoft 365 as a whole and one of it.
func sameOrSuite(a, b string) bool {
	x, y := strings.ToLower(clean(a)), strings.ToLower(clean(b))
	if x == y || strings.Contains(y, x) || strings.Contains(x, y) {
		return true
	}
	suite := strings.ToLower(severalService)
	if x != suite && y != suite {
		return false
	}
	other := x
	if x == suite {
		other = y
	}
	s, known := ServiceNamed(other)
	return !known || s.Family == "m365"
}

// Watch is how far a desk's tickets were looked through for incidents.
type Watch struct {
	WatchedAt *time.Time
	CountedAt *time.Time // when what is usual was last counted
	Customers int        // active ones, then
}

// DecidedByIncident is the decision that an incident gives a ticket, in the name of
// whoever opened it. What the rules said is kept.
func DecidedByIncident(last Decision, r IncidentRecord, now time.Time) Decision {
	return Decision{ID: NewID(), TicketID: last.TicketID, CustomerID: last.CustomerID, Outcome: Microsoft, Category: r.Kind, By: ByIncident,
		Verdict: last.Verdict, PersonID: r.File.OpenedBy, Reason: strconv.FormatInt(r.Number, 10), CreatedAt: now}
}

// YieldsTo tells whether an incident may decide in a decision's place: a
// person's own stays.
func (d Decision) YieldsTo(r IncidentRecord) bool {
	if d.By == ByIncident {
		return d.Category != r.Kind || d.Outcome != Microsoft || d.Reason != strconv.FormatInt(r.Number, 10)
	}
	return !d.Settled()
}

// Events of an incident on a ticket's timeline.
const (
	EventIncidentJoined  EventKind = "incident_joined"
	EventIncidentLeft    EventKind = "incident_left"
	EventIncidentDecided EventKind = "incident_decided"
)
