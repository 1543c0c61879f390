package desk

import "time"

// Scope is what a transaction may reach: one desk, and for a customer's
// person only that customer's rows, for a subcontractor's what is given to it.
type Scope struct {
	Desk          ID
	Customer      ID             // Nobody: the whole desk
	Subcontractor *Subcontractor // nil: the whole desk
}

// Actor is whoever stands at a desk's door: its people, its customers' people,
// or a visitor who has not signed in.
type Actor struct {
	Desk          Desk
	Person        Person         // zero for a visitor
	Subcontractor *Subcontractor // the company he works for, nil for all others
	Off           *OutOfHours    // nil while he may work
	SessionID     string         // the stored name of the session, for "this device"
	Since         time.Time
}

// Visitor is an actor nobody has vouched for.
func Visitor(d Desk) Actor { return Actor{Desk: d} }

// SignedIn tells a person from a visitor.
func (a Actor) SignedIn() bool { return a.Person.ID != Nobody }

// DeskSide tells the desk's people from its customers'.
func (a Actor) DeskSide() bool { return a.SignedIn() && a.Person.Role.DeskSide() }

// Outside tells a subcontractor's person from the desk's own.
func (a Actor) Outside() bool { return a.Person.SubcontractorID != Nobody }

// Scope is how far the actor's transactions reach. A subcontractor's person
// whose company is not at hand reaches nothing.
func (a Actor) Scope() Scope {
	s := Scope{Desk: a.Desk.ID, Customer: a.Person.CustomerID}
	if a.Outside() {
		s.Subcontractor = &Subcontractor{ID: a.Person.SubcontractorID}
		if c := a.Subcontractor; c != nil && c.ID == a.Person.SubcontractorID && c.Active {
			s.Subcontractor = c
		}
	}
	return s
}

// Language is the person's, else the desk's.
func (a Actor) Language() string {
	if a.Person.Language != "" {
		return a.Person.Language
	}
	return a.Desk.Language
}

// Location is the reader's time zone.
func (a Actor) Location() *time.Location {
	if a.Person.Zone != "" {
		return location(a.Person.Zone)
	}
	return a.Desk.Location()
}

// Verb is something an actor may or may not do.
type Verb int

// The verbs. Which rows a verb reaches is the scope's business.
const (
	SubmitTicket Verb = iota + 1
	ReadTickets
	WriteMessage
	CloseTicket
	ReopenTicket
	FollowTicket
	ReadCompany
	ReadQueue
	ReadCustomers
	WriteNote
	RecordFinding
	DecideTicket
	AssignTicket
	SetState
	CorrectFact
	ManageCustomers
	ManagePeople
	ManageDesk
	ReadRules
	ManageRules
	ManageOffer
	OwnAccount
	LogTime
	ManageCharges
	ReadStatements
	ReadBlocks
	ReadArticles
	ManageArticles
	ApproveOrder
	ReadReports
	ReadIncidents
	ManageIncidents
	ReadHealth
	ReadIssues
	ManageIssues
	ManageHealth
	ManageCircle
	ReadElsewhere
	Announce // one word to all tickets of an issue or an incident
	ReadEscalations
	Escalate
	ApproveEscalation
	ReadAccess // what the desk may do in customers' tenants
	ManageAccess
	ManageEscalation // where escalations go, and the partner's own plans
	ManageConnectors // what files and reads requests at Microsoft by itself
	SendFiles        // with what one writes
	ManageMail       // mails that wait for somebody's word
	ManageTokens     // what programs come in with
	MoveData         // what a desk owns: in, out, and people out of it
	ManageWebhooks   // where other systems hear of what happens
)

var allowed = map[Role]map[Verb]bool{
	Contact: set(SubmitTicket, ReadTickets, WriteMessage, SendFiles, CloseTicket, ReopenTicket, FollowTicket, OwnAccount, ReadBlocks, ReadHealth),
	Manager: set(SubmitTicket, ReadTickets, WriteMessage, SendFiles, CloseTicket, ReopenTicket, FollowTicket, OwnAccount, ReadBlocks, ReadHealth, ReadCompany, ApproveOrder, ReadStatements),
	Agent:   set(agentVerbs...),
	Lead:    set(append([]Verb{ManageArticles, ManageCharges, ReadStatements, ApproveEscalation}, agentVerbs...)...),
	Admin:   set(append([]Verb{ManageCustomers, ManagePeople, ManageDesk, ManageRules, ManageArticles, ManageOffer, ManageCharges, ReadStatements, ManageHealth, ManageCircle, ApproveEscalation, ManageAccess, ManageEscalation, ManageConnectors, ManageTokens, ManageWebhooks, MoveData}, agentVerbs...)...),
}

var agentVerbs = []Verb{SubmitTicket, ReadTickets, WriteMessage, SendFiles, CloseTicket, ReopenTicket, FollowTicket, OwnAccount,
	ReadCompany, ReadQueue, ReadCustomers, WriteNote, RecordFinding, DecideTicket, AssignTicket, SetState, CorrectFact, ReadRules, ReadArticles, LogTime, ReadBlocks, ReadReports, ReadIncidents, ManageIncidents, Announce, ReadHealth, ReadIssues, ManageIssues, ReadElsewhere, ReadEscalations, Escalate, ReadAccess, ManageMail}

// subcontracted is all that a subcontractor's person may, whatever his role: to
// work tickets and the queue.
var subcontracted = set(SubmitTicket, ReadTickets, WriteMessage, SendFiles, CloseTicket, ReopenTicket, FollowTicket, OwnAccount,
	ReadCompany, ReadQueue, WriteNote, RecordFinding, DecideTicket, AssignTicket, SetState, CorrectFact, LogTime, ReadIssues, ReadEscalations, Escalate)

func set(verbs ...Verb) map[Verb]bool {
	m := make(map[Verb]bool, len(verbs))
	for _, v := range verbs {
		m[v] = true
	}
	return m
}

// May is a verb's first line. Errors: ErrSignIn for a visitor, ErrForbidden
// for a person whose role does not reach so far; OutOfHours for a
// subcontractor's outside the hours given.
func (a Actor) May(v Verb) error {
	switch {
	case !a.SignedIn() || !a.Person.Active:
		return ErrSignIn
	case a.Off != nil:
		return *a.Off
	case !allowed[a.Person.Role][v], a.Outside() && !subcontracted[v]:
		return ErrForbidden
	}
	return nil
}
