package desk

import "time"

// IssueFilter is which issues a list shows.
type IssueFilter struct {
	Tab     string // TabOpen, TabOver or TabMessages
	Service string // "" for all
	Source  string // "" for all
	After   Cursor // the last row of the page before
}

// The lists of issues.
const (
	TabOpen     = "open"
	TabOver     = "history"
	TabMessages = "messages"
)

// IssueRow is a line of a list of issues.
type IssueRow struct {
	Issue
	Touched  int // customers, MostCounted at most; of one that touches everyone those chosen are not counted
	Attached int // tickets, MostCounted at most
}

// Cursor is the place behind an issue in a list.
func (i Issue) Cursor(tab string) Cursor {
	c := Cursor{ID: i.ID, At: i.StartedAt}
	switch {
	case tab == TabOver && i.EndedAt != nil:
		c.At = *i.EndedAt
	case tab == TabMessages:
		c.At = i.ChangedAt
	}
	return c
}

// MostCounted is where counting for a list's line ends.
const MostCounted = 1000

// Touched is a customer whom an issue touches.
type Touched struct {
	CustomerID  ID
	Name        string
	Domain      string // its initial domain, "" when not known
	FirstSeenAt time.Time
	SeenAt      time.Time
}

// IssueTicket is a ticket with its bond to an issue.
type IssueTicket struct {
	TicketID  ID
	Number    int64
	Subject   string
	Customer  string
	State     State
	Link      LinkState
	Score     int
	ChangedAt time.Time
}

// HealthNote is what an agent read on Microsoft's public status page and passes
// on by hand.
type HealthNote struct {
	ID        ID
	Fr        string
	En        string
	PersonID  ID
	Person    string // his name
	CreatedAt time.Time
	EndedAt   *time.Time
}

// maxHealthNote bounds a note, in characters.
const maxHealthNote = 600

// NewHealthNote writes one. Errors: Invalid, by field.
func NewHealthNote(fr, en string, by ID) (HealthNote, error) {
	n := HealthNote{ID: NewID(), Fr: cleanText(fr), En: cleanText(en), PersonID: by}
	var p Problems
	p.Text("note_fr", n.Fr, 0, maxHealthNote)
	p.Text("note_en", n.En, 0, maxHealthNote)
	return n, p.Err()
}

// In is the note in a language, or in the other one where only that exists.
func (n HealthNote) In(language string) string {
	if language == "en" && n.En != "" || n.Fr == "" {
		return n.En
	}
	return n.Fr
}

// HealthSettings is what an admin reads of where service health comes from.
type HealthSettings struct {
	Connections []CustomerConnection
	Next        string // the name behind which the next page begins, "" at the end
	Feed        PublicFeed
	FeedOn      bool // whether what is published for everyone is read
	Graph       bool // whether there is an application to ask as
	Azure       bool // whether the portal's own tenant is known
	Lost        bool // only those whose connection is lost
}

// CustomersHealth is what an admin reads of one customer's connection.
type CustomersHealth struct {
	Customer      Customer
	Connection    Connection // its state is "" for one who was never asked
	Subscriptions []Subscription
	Services      []ServiceState
	Graph         bool
}

// IssueList is a page of the desk's known issues.
type IssueList struct {
	Filter   IssueFilter
	Rows     []IssueRow
	Next     Cursor
	Services []string   // with an open issue
	Note     HealthNote // zero without one
	Lost     []string   // customers whose connection is lost, some of them
}

// IssueFile is all that the desk knows of an issue.
type IssueFile struct {
	Issue    Issue
	Posts    []Post // the newest first
	Touched  []Touched
	More     string // the name behind which more are touched, "" when these are all
	Attached []IssueTicket
	Proposed []IssueTicket
	Rest     ID // the ticket behind which more are attached, Nobody when these are all
}
