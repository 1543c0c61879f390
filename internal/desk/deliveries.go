package desk

import "time"

// DeliveryState says how far a letter got.
type DeliveryState string

// The way of a letter. Whether it was read nobody tells us, and few servers say that it
// arrived: one that cannot deliver it says so, and most others say nothing.
const (
	DeliveryGathering DeliveryState = "gathering" // waits for more to tell
	DeliveryWaiting   DeliveryState = "waiting"   // takes no more, and was not tried yet
	DeliverySending   DeliveryState = "sending"   // the mail server is spoken to, or was when we were lost
	DeliverySent      DeliveryState = "sent"      // the mail server took it
	DeliveryDelivered DeliveryState = "delivered" // its reader's server said that it arrived
	DeliveryBounced   DeliveryState = "bounced"   // it came back
	DeliveryDropped   DeliveryState = "dropped"   // there was nothing to tell any more
)

// Delivery is one letter to one person.
type Delivery struct {
	ID          ID // names the letter
	Kind        string
	PersonID    ID
	TicketID    ID // Nobody for a letter that is about no ticket
	CustomerID  ID // the ticket's
	State       DeliveryState
	Address     string // that it went to
	BeganAt     time.Time
	DueAt       time.Time // not sent before
	Tries       int
	TriedAt     *time.Time
	SentAt      *time.Time
	Answer      string // of the mail server
	DeliveredAt *time.Time
	BouncedAt   *time.Time
	Reason      string // why it came back
	Permanent   bool   // and will again
}

// InThread is one of the mails between a desk and a person about a ticket: a letter of
// the desk's, or a mail of his by its Message-ID, which is his to write.
type InThread struct {
	Letter    ID
	MessageID string
}

// Over tells a letter that needs nothing more of us.
func (d Delivery) Over() bool {
	return d.State != DeliveryGathering && d.State != DeliveryWaiting && d.State != DeliverySending
}

// LetterTo is a letter with its reader's name.
type LetterTo struct {
	Delivery
	PersonName string
}

// OwedLetter is one that should have left by now: a letter that gathered, by its number
// of the ticket, or the daily letter of somebody.
type OwedLetter struct {
	ID       ID // Nobody where no letter was begun
	Kind     string
	PersonID ID
	Number   int64 // of the ticket; 0 for a daily one
}

// How long things last.
const (
	LetterStuckAfter = 15 * time.Minute     // from then on one that is being sent is worth a look
	LetterOwedAfter  = 30 * time.Minute     // after it was due
	DailyOwedAfter   = 26 * time.Hour       // after its first news
	DeliveryLife     = 180 * 24 * time.Hour // what became of letters is kept
	ReceiptLife      = 30 * 24 * time.Hour  // and the mail that said that one arrived
)

// HardBounces is after how many letters that came back for good, one after the other, an
// address counts as failing.
const HardBounces = 2

// Gathers tells a letter that still waits for more to tell.
func (d Delivery) Gathers(now time.Time) bool {
	return d.State == DeliveryGathering && d.DueAt.After(now)
}

// Notice is one thing that a letter is to tell of a ticket.
type Notice struct {
	ID         ID
	PersonID   ID
	TicketID   ID
	CustomerID ID
	About      string
	Message    ID // Nobody where nobody wrote
	DeliveryID ID // the letter; Nobody while it waits for the daily one
	CreatedAt  time.Time
}
