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
