package desk

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/rules"
)

// Said is a message with its author's name.
type Said struct {
	Message
	AuthorName string
}

// Found is a finding with its author's name.
type Found struct {
	Finding
	AuthorName string
}

// Happened is an event with its actor's name, "" for the desk's rules.
type Happened struct {
	Event
	ActorName string
}

// Thread is a ticket with all that its reader may see of it.
type Thread struct {
	Ticket     Ticket
	Customer   Customer
	Requester  Person
	Assignee   Person // zero while free
	Followers  []Person
	Said       []Said
	Happened   []Happened
	Acceptance *Acceptance     // nil where nothing was to be paid
	Draft      *Draft          // what its reader typed and has not sent; nil for nothing
	Explained  []Explained     // the ticket's promises, explained
	Incident   *TicketIncident // that it belongs to, as far as its reader may see it; nil for none
	Files      []Attachment    // as far as its reader may know of them, the oldest first
	Mails      []ByMail        // of its messages those that came by mail
	Letters    []LetterTo      // that went out about it; the desk alone sees them
	Issues     []LinkedIssue   // known issues that it is bound to, the attached one first
	// What only the desk sees; empty for a customer's person.
	Found     []Found
	Decision  Decision // the newest; zero for a customer's person
	Confirmer string
	Questions []rules.Question // what to ask the customer, as few as would decide
	Program   *rules.Program   // the rules that decided
	Corrected []Corrected      // what people said of its facts, and still holds
	Decider   string
	Order     *PlacedOrder // what it orders; nil for what orders nothing
	Managers  []Person     // the customer's active managers, who may approve it
}

// LastPublic is the newest message that both sides see.
func (t Thread) LastPublic() ID {
	for _, m := range slices.Backward(t.Said) {
		if !m.Internal {
			return m.ID
		}
	}
	return Nobody
}

// Judged is the facts that the rules judged by.
func (t Thread) Judged() map[string]any {
	return t.Decision.Verdict.Map(t.Ticket.Subject, t.CustomerWords())
}

// Trace is what became of every rule, in their order; none where the rules are
// not known. It takes longer than reading the ticket: for those who ask why.
func (t Thread) Trace() []rules.Step {
	if t.Program == nil {
		return nil
	}
	return t.Program.Explain(t.Judged())
}

// CustomerWords is all that the customer wrote, as triage reads it.
func (t Thread) CustomerWords() string {
	var words []string
	for _, m := range t.Said {
		if m.Side == CustomerSide && !m.Internal {
			words = append(words, m.Body)
		}
	}
	return strings.Join(words, "\n\n")
}

// Row is a ticket as a list shows it.
type Row struct {
	ID               ID
	Number           int64
	Subject          string
	Service          string
	State            State
	Priority         int
	Outcome          Outcome
	Category         Category
	Confirmed        bool
	Tags             []string
	Team             string
	Clock            Clock
	DueFrom          *time.Time
	DueAt            *time.Time
	LastAt           time.Time
	LastSide         Side
	CreatedAt        time.Time
	ChangedAt        time.Time
	Kind             string
	Impact           Impact
	RequesterID      ID
	AssigneeID       ID
	CustomerID       ID
	CustomerName     string
	CustomerPriority bool
	RequesterName    string
	AssigneeName     string
	Action           OrderAction // what it orders, "" for nothing
	Approval         Approval
}

// View names a part of the queue.
type View string

// The views of the queue.
const (
	ViewTodo              View = "todo"
	ViewMine              View = "mine"
	ViewUnassigned        View = "unassigned"
	ViewDue               View = "due" // due within four hours, or late
	ViewWaitingCustomer   View = "waiting-customer"
	ViewWaitingMicrosoft  View = "waiting-microsoft"
	ViewWaitingThirdParty View = "waiting-third-party"
	ViewMicrosoft         View = "microsoft" // triaged to Microsoft
	ViewNeedsInfo         View = "needs-info"
	ViewCommercial        View = "commercial" // subscriptions and invoices
	ViewAll               View = "all"
	ViewEnded             View = "ended"
	ViewEvery             View = "every" // ended or not: for programs
)

// Views lists them as the rail shows them.
func Views() []View {
	return []View{ViewTodo, ViewMine, ViewUnassigned, ViewDue, ViewNeedsInfo, ViewMicrosoft, ViewCommercial,
		ViewWaitingCustomer, ViewWaitingMicrosoft, ViewWaitingThirdParty, ViewAll, ViewEnded}
}

// PageSize is how many rows a list loads at once.
const PageSize = 50

// QueueFilter is the whole state of the queue page, as its address says it.
type QueueFilter struct {
	View     View
	Customer ID
	Service  string
	Outcome  Outcome
	State    State
	Priority int
	Tag      string
	Team     string
	Text     string // a number, or words of the subject or customer
	Sort     string // due | priority | activity | changed
	Assignee ID
	Since    *time.Time // only what changed then or later
	Most     int        // rows, 0 for a page's
	After    Cursor
}

// Sorts of the queue, as a page offers them.
var Sorts = []string{"due", "priority", "activity"}

// TicketFilter is the state of a customer's own list.
type TicketFilter struct {
	Which string // open | ended | all
	Mine  bool   // a manager who wants only his own
	After Cursor
}

// Cursor is where a list went on from: the sort keys of its last row. It is
// opaque in addresses; a cursor that cannot be read starts from the top.
type Cursor struct {
	Priority int
	At       time.Time
	Never    bool // At is beyond all time: nothing due
	ID       ID
}

// Zero tells the top of a list.
func (c Cursor) Zero() bool { return c.ID == Nobody }

func (c Cursor) String() string {
	if c.Zero() {
		return ""
	}
	at := "never"
	if !c.Never {
		at = strconv.FormatInt(c.At.UnixMicro(), 10)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(c.Priority) + "." + at + "." + c.ID.String()))
}

// ParseCursor reads a cursor from an address.
func ParseCursor(s string) Cursor {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(raw), ".")
	if err != nil || len(parts) != 3 {
		return Cursor{}
	}
	p, err1 := strconv.Atoi(parts[0])
	id, err2 := ParseID(parts[2])
	at, err3 := strconv.ParseInt(parts[1], 10, 64)
	never := parts[1] == "never"
	if err1 != nil || p < 0 || p > 4 || err2 != nil || (err3 != nil || at < 0) && !never {
		return Cursor{}
	}
	return Cursor{Priority: p, At: time.UnixMicro(at), Never: never, ID: id}
}

// CountLimit is where the rail stops counting and shows "500+".
const CountLimit = 500
