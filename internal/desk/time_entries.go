package desk

import (
	"time"

	"guichet/internal/pricing"
)

// TimeEntry is work that an agent did on a ticket. The customer reads its text
// on his statement.
type TimeEntry struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	PersonID   ID
	Text       string
	Billable   bool
	BeganAt    time.Time
	EndedAt    time.Time
	Key        ID // one per form shown
	CreatedAt  time.Time
}

// Minutes is how long it took.
func (e TimeEntry) Minutes() int { return int(e.EndedAt.Sub(e.BeganAt) / time.Minute) }

// Work is the time form as typed.
type Work struct {
	Spent    string     // "1 h 10"; "" takes what the timer says
	Text     string     // what was done
	Ended    *time.Time // nil: now
	BadEnded bool       // typed but not a date
	Billable bool
	Key      ID
}

// MaxWork is the longest text of what was done, in characters.
const MaxWork = 500

// Timer is work under way. A person has one at a time.
type Timer struct {
	PersonID  ID
	TicketID  ID
	Number    int64
	Subject   string
	StartedAt time.Time
}

// Minutes is what it has counted, begun ones included.
func (t Timer) Minutes(now time.Time) int {
	return int((now.Sub(t.StartedAt) + time.Minute - 1) / time.Minute)
}

// LoggedTime is an entry as the ticket's page shows it.
type LoggedTime struct {
	TimeEntry
	PersonName string
	ChargeID   ID
	State      ChargeState
	Bill       pricing.Bill
	BlockNames map[string]string
}

// Settled tells an entry that its author can no longer change.
func (l LoggedTime) Settled() bool { return l.State != Proposed }

// TicketTime is all time of a ticket, newest first, with what its reader needs
// to add some.
type TicketTime struct {
	Logged []LoggedTime
	Timer  *Timer // of the reader, on whichever ticket
	Blocks []Block
}

// NewTimeEntry checks work that was logged. timer is the author's own on this
// ticket, or nil. Errors: Invalid, by the form's field names.
func NewTimeEntry(w Work, k Ticket, author ID, timer *Timer, now time.Time) (TimeEntry, error) {
	e := TimeEntry{ID: NewID(), TicketID: k.ID, CustomerID: k.CustomerID, PersonID: author, CreatedAt: now}
	return e.With(w, timer, now)
}

// With returns the entry as it is typed anew. Errors: Invalid, by field.
func (e TimeEntry) With(w Work, timer *Timer, now time.Time) (TimeEntry, error) {
	var p Problems
	minutes, key := ParseSpent(w.Spent, BareMinutes)
	if timer != nil && clean(w.Spent) == "" {
		minutes, key = max(1, timer.Minutes(now)), ""
	}
	switch {
	case key != "":
		p.Add("spent", key)
	case minutes > pricing.MostMinutes:
		p.Add("spent", "error.spent_long")
	}
	e.Text, e.Billable, e.Key, e.EndedAt = cleanText(w.Text), w.Billable, w.Key, now
	p.Text("worked", e.Text, 1, MaxWork)
	if w.Ended != nil {
		e.EndedAt = *w.Ended
	}
	switch {
	case w.BadEnded:
		p.Add("ended", "error.date")
	case e.EndedAt.After(now):
		p.Add("ended", "error.ended_future")
	case e.EndedAt.Before(now.AddDate(-1, 0, 0)):
		p.Add("ended", "error.ended_past")
	}
	e.EndedAt = e.EndedAt.Truncate(time.Second)
	e.BeganAt = e.EndedAt.Add(-time.Duration(minutes) * time.Minute)
	return e, p.Err()
}
