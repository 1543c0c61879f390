package desk

import "time"

// RemoteRequestForm is a support request as it is filed at Microsoft through an
// interface (Azure Support, "Support Tickets - Create"). The contact is the
// partner's, never the customer's.
type RemoteRequestForm struct {
	Title          string
	Description    string
	Severity       string     // "A", "B", "C"
	Service        string     // id: /providers/Microsoft.Support/services/{guid}
	Classification string     // id: {service}/problemClassifications/{guid}
	StartedAt      *time.Time // of the problem
	Resource       string     // id of an Azure resource; "": none is named
	Diagnostics    bool       // Microsoft may collect diagnostic data
	Plan           string     // support plan id; "": Microsoft chooses
	Workspace      string     // of files that were sent before; "": none
	Contact        RemoteContact
}

// RemoteContact is whom Microsoft calls or writes to.
type RemoteContact struct {
	FirstName, LastName string
	Email               string
	Extra               []string // more addresses that get every message
	Phone               string   // needed for severity A
	ByPhone             bool     // rather than by mail
	Zone                string   // IANA
	Country             string   // ISO 3166, two letters
	Language            string   // "fr", "en", or with a region
}

// RemoteUpdate changes what may still be changed; nil leaves a part as it is.
type RemoteUpdate struct {
	Severity    *string // "A", "B", "C"
	Status      *string // "open", "closed"
	Contact     *RemoteContact
	Diagnostics *bool
}

// RemoteRequest is a request as it stands at Microsoft.
type RemoteRequest struct {
	Name      string // ours, by which it was filed; "" where it was filed by hand
	Request   string // Microsoft's number: digits, and text all the same
	Title     string
	Status    string // "open", "closed", "waiting" (for us), or another of Microsoft's in lower case
	Severity  string // "A", "B", "C"; "" when it is another
	PlanType  string
	Engineer  string // address
	Reply     *RemotePromise
	CreatedAt *time.Time
	ChangedAt *time.Time
	ClosedAt  *time.Time
	Pending   bool // accepted, and not there yet
}

// RemotePromise is when Microsoft says that it will first reply.
type RemotePromise struct {
	From, To time.Time
	Minutes  int
}

// RemoteMessage is what was said in a request.
type RemoteMessage struct {
	ID      string // the other side's name of it
	From    string // "them", "us"
	Author  string
	Subject string
	Text    string // plain
	At      time.Time
}

// RemoteService is a service, or a problem of one, that a request can be about.
type RemoteService struct{ ID, Name string }

// SupportProfile is what Partner Center shows a partner's customers as the way
// to its support: one for all of them, without hours or prices.
type SupportProfile struct{ Email, Phone, Website string }

// RemoteFiling is what a person chooses before a connector files an escalation.
type RemoteFiling struct {
	Severity     string // "A", "B", "C"
	Service      string // ids of RemoteServices
	Problem      string
	Subscription string // GUID
	Anyway       bool   // although the dossier is not complete
}

// RemoteName is the name of ours under which a connector files an escalation: the
// same one, however often it is sent.
func (e Escalation) RemoteName() string { return "guichet-" + e.ID.String() }

// BeginRemote notes that a connector is to file it. Errors: Invalid, by field;
// ErrConflict when it is filed, or being filed.
func (e *Escalation) BeginRemote(kind ConnectorKind, f RemoteFiling, who ID, now time.Time) error {
	if !e.State.Before() || e.Remote.Begun != nil {
		return ErrConflict
	}
	var p Problems
	p.OneOf("severity", f.Severity, "A", "B", "C")
	p.Text("service", f.Service, 1, 400)
	p.Text("problem", f.Problem, 1, 400)
	if !guidShape.MatchString(f.Subscription) {
		p.Add("subscription", "connections.bad_subscription")
	}
	if err := p.Err(); err != nil {
		return err
	}
	e.Remote = Remote{Connector: string(kind), Name: e.RemoteName(), Subscription: f.Subscription, Severity: f.Severity, Service: f.Service, Problem: f.Problem, By: who, Begun: &now}
	e.ChangedAt = now
	return nil
}

// RemoteRefused notes why a connector did not file it, or did not read it. A filing
// that only a person can mend is under way no longer: he may file it by hand. It
// tells whether it is to be tried again by itself.
func (e *Escalation) RemoteRefused(r Refusal) (again bool) {
	e.Remote.Trouble, e.Remote.Detail = string(r.Kind), cut(r.Detail, 500)
	if r.Kind.Passes() {
		return true
	}
	if e.State.Before() {
		e.Remote.Begun = nil
	}
	return false
}

// RemoteRead notes how the request stood when it was read, and tells whether that
// leaves something for the desk to do that it had not before: Microsoft waits for
// it, or has closed the request.
func (e *Escalation) RemoteRead(r RemoteRequest, now time.Time) (turned bool) {
	turned = e.Remote.Status != r.Status && (r.Status == "closed" || r.Status == "waiting")
	e.Remote.Status, e.Remote.ReadAt, e.Remote.Trouble, e.Remote.Detail = r.Status, &now, "", ""
	return turned && e.State.Filed() && e.State != EscalationWaitsUs
}

// Promised takes the moment that they themselves named for their first reply.
func (e *Escalation) Promised(r RemoteRequest, now time.Time) {
	if r.Reply != nil && e.RepliedAt == nil && e.State == EscalationFiled && r.Reply.To.After(now.Add(-incidentHistory)) {
		e.ReplyDueAt = &r.Reply.To
		e.due(&r.Reply.To)
	}
}
