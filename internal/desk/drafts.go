package desk

import "time"

// Draft is what somebody typed into a form and has not sent.
type Draft struct {
	About     string // which form: DraftOfReply, DraftOfTicket
	Fields    string // as a browser sends a form (application/x-www-form-urlencoded)
	UpdatedAt time.Time
}

// Bounds of what is kept for one person, and for how long.
const (
	MaxDraft  = 64 << 10 // bytes
	MaxDrafts = 50       // of one person, the newest
	MaxAbout  = 80
	DraftLife = 30 * 24 * time.Hour
)

// DraftOfReply is what a reply to a ticket, or a note on it, is kept under.
func DraftOfReply(ticket ID) string { return "ticket-" + ticket.String() }

// DraftOfTicket is what a new ticket is kept under: a customer's own, or one that
// the desk writes for a customer.
func DraftOfTicket(customer ID) string {
	if customer == Nobody {
		return "ticket"
	}
	return "ticket-for-" + customer.String()
}

// Companion is somebody else of the desk who is at a ticket.
type Companion struct {
	Person Person
	Doing  Doing
}
