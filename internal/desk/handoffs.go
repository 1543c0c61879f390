package desk

import (
	"time"

	"guichet/internal/dossier"
	"guichet/internal/route"
)

// HandoffSide is one of the two desks of a link.
type HandoffSide string

// The sides.
const (
	ResellerSide HandoffSide = "reseller"
	ProviderSide HandoffSide = "provider"
)

// Other is the side across.
func (s HandoffSide) Other() HandoffSide {
	if s == ResellerSide {
		return ProviderSide
	}
	return ResellerSide
}

// LinkedState is where a link of two desks stands.
type LinkedState string

// The states of a link.
const (
	LinkAsked  LinkedState = "asked"
	LinkActive LinkedState = "active"
	LinkEnded  LinkedState = "ended"
)

// ProviderLink says that a desk hands requests to another of the installation, its
// provider. It holds once both agreed; either ends it.
type ProviderLink struct {
	ID         ID
	ResellerID ID
	ProviderID ID
	State      LinkedState
	AskedBy    HandoffSide
	CustomerID ID // the provider's customer that the reseller is; Nobody until the provider says
	SpeakerID  ID // that customer's person, in whose name the reseller speaks
	ResellerBy ID // who agreed on each side; known by name to his own desk alone
	ProviderBy ID
	AskedAt    time.Time
	AgreedAt   *time.Time
	EndedAt    *time.Time
	EndedBy    HandoffSide // "" while it has not ended
}

// Speaking is the customer that a reseller is for its provider, and the person by
// whose name it speaks.
type Speaking struct{ Customer, Speaker ID }

// AskForLink asks another desk for a link. Errors: Invalid on "slug" for the desk
// itself.
func AskForLink(who Actor, side HandoffSide, other ID, s Speaking, now time.Time) (ProviderLink, error) {
	if other == who.Desk.ID {
		return ProviderLink{}, NewInvalid("slug", "error.handoff.own")
	}
	l := ProviderLink{ID: NewID(), State: LinkAsked, AskedBy: side, AskedAt: now}
	if side == ResellerSide {
		l.ResellerID, l.ProviderID, l.ResellerBy = who.Desk.ID, other, who.Person.ID
		return l, nil
	}
	l.ResellerID, l.ProviderID, l.ProviderBy = other, who.Desk.ID, who.Person.ID
	l.CustomerID, l.SpeakerID = s.Customer, s.Speaker
	return l, nil
}

// Side is where a desk stands in the link.
func (l ProviderLink) Side(of ID) HandoffSide {
	if of == l.ResellerID {
		return ResellerSide
	}
	return ProviderSide
}

// Across is the desk on the other side.
func (l ProviderLink) Across(of ID) ID {
	if of == l.ResellerID {
		return l.ProviderID
	}
	return l.ResellerID
}

// Accept agrees to it. Errors: ErrConflict unless the other side asked and waits.
func (l *ProviderLink) Accept(who Actor, s Speaking, now time.Time) error {
	side := l.Side(who.Desk.ID)
	if l.State != LinkAsked || l.AskedBy == side {
		return ErrConflict
	}
	l.State, l.AgreedAt = LinkActive, &now
	if side == ResellerSide {
		l.ResellerBy = who.Person.ID
		return nil
	}
	l.ProviderBy, l.CustomerID, l.SpeakerID = who.Person.ID, s.Customer, s.Speaker
	return nil
}

// End ends it, or takes back the question. Errors: ErrConflict when it has ended.
func (l *ProviderLink) End(by ID, now time.Time) error {
	if l.State == LinkEnded {
		return ErrConflict
	}
	l.State, l.EndedAt, l.EndedBy = LinkEnded, &now, l.Side(by)
	return nil
}

// NamedLink is a link as either desk's settings list it.
type NamedLink struct {
	ProviderLink
	OtherSlug    string
	OtherName    string
	CustomerName string // to the provider alone, as the following
	SpeakerName  string
	ByName       string // who agreed at the reader's desk
	Open         int    // hand-offs that are not over
}

// Handoff is an escalation of one desk that another works as a ticket of its own.
type Handoff struct {
	ID           ID
	LinkID       ID
	ResellerID   ID
	ProviderID   ID
	EscalationID ID
	TicketID     ID    // Nobody until the provider's desk has taken it
	Number       int64 // of that ticket
	Request      HandoffRequest
	Dossier      dossier.Dossier // as it was sent
	ResellerDone *time.Time      // when it was over for each side
	ProviderDone *time.Time
	CreatedAt    time.Time
	LinkState    LinkedState
}

// Side is where a desk stands in it.
func (h Handoff) Side(of ID) HandoffSide {
	if of == h.ResellerID {
		return ResellerSide
	}
	return ProviderSide
}

// Across is the desk on the other side.
func (h Handoff) Across(of ID) ID {
	if of == h.ResellerID {
		return h.ProviderID
	}
	return h.ResellerID
}

// Over tells one on which a side has nothing more to say.
func (h Handoff) Over() bool { return h.ResellerDone != nil || h.ProviderDone != nil }

// HandoffKind says what one side tells the other.
type HandoffKind string

// What is told of a hand-off.
const (
	HandoffOpened   HandoffKind = "opened"   // by the reseller
	HandoffTaken    HandoffKind = "taken"    // by the provider: "number"
	HandoffMessage  HandoffKind = "message"  // "body", "author"
	HandoffState    HandoffKind = "state"    // "to": an EscalationState
	HandoffReturned HandoffKind = "returned" // by the provider: "why"
	HandoffClosed   HandoffKind = "closed"   // by the provider
	HandoffEnded    HandoffKind = "ended"    // by the reseller: "ending", "why"
)

// HandoffItem is one thing that one side told the other.
type HandoffItem struct {
	HandoffID ID
	Side      HandoffSide
	Seq       int // in the order told by that side, from 1
	Kind      HandoffKind
	Key       string // names the act: told a second time it is nothing new
	Data      map[string]string
	CreatedAt time.Time
	TakenAt   *time.Time // when the other side did what follows; nil until then
}

// MirroredState is where an escalation stands whose provider's ticket is in a
// state: with the provider, unless it waits for the reseller or calls it settled.
func (k Ticket) MirroredState() EscalationState {
	switch k.State {
	case WaitingCustomer:
		return EscalationWaitsUs
	case Resolved:
		return EscalationMitigated
	case Closed:
		return EscalationEnded
	}
	return EscalationFiled
}

// MirrorOf is the state in which the reseller's word leaves the provider's ticket:
// it waits for the reseller while he, or his customer, has something to do. That it
// works again for now changes nothing: the provider decides when it is settled.
func (k Ticket) MirrorOf(e EscalationState) State {
	switch {
	case k.State.Ended():
		return k.State
	case e == EscalationWaitsUs, e == EscalationWaitsCustomer:
		return WaitingCustomer
	case e == EscalationFiled && k.State == WaitingCustomer:
		return Open
	}
	return k.State
}

// TakeBack makes an escalation one to be prepared, on the way that is worked out
// now: whoever had it works on it no more. Errors: ErrConflict unless it is filed.
func (e *Escalation) TakeBack(r RouteTaken, now time.Time) error {
	if !e.State.Filed() {
		return ErrConflict
	}
	e.State, e.Request, e.FiledBy, e.FiledAt, e.ReplyDueAt, e.RepliedAt, e.MitigatedAt = EscalationPreparing, "", Nobody, nil, nil, nil, nil
	e.due(nil)
	return e.Lead(r, now)
}

// NewReturn is the provider's last word on a ticket that he gives back. Errors:
// Invalid on "why".
func NewReturn(k Ticket, by Person, why string, now time.Time) (Message, error) {
	why = cleanText(why)
	var p Problems
	p.Text("why", why, 1, MaxReason)
	if err := p.Err(); err != nil {
		return Message{}, err
	}
	return NewMessage(k, by, why, false, NewID(), now)
}

// Lines of an escalation that is handed to a provider's desk.
const (
	EscalationTaken     EscalationEventKind = "taken"      // it has a ticket there: "request"
	EscalationTakenBack EscalationEventKind = "taken_back" // the provider works for the desk no more; to be prepared again, for "target"
)

// Events of a hand-off on the provider's ticket.
const (
	EventHandoffOpened   EventKind = "handoff_opened"   // "from"
	EventHandoffReturned EventKind = "handoff_returned" // "why"
	EventHandoffEnded    EventKind = "handoff_ended"    // "ending", "why"
	EventHandoffLeft     EventKind = "handoff_left"     // the link ended
	EventHandoffMoved    EventKind = "handoff_moved"    // "to": an EscalationState
)

// HandedOn is what a provider's ticket page shows of a hand-off.
type HandedOn struct {
	Handoff
	Reseller string       // its desk's name
	Files    []HandedFile `db:"-"` // of the reseller's dossier
}

// HandedFile is a file of a reseller's dossier as its provider reads it: what was
// covered in it, and by whom it was added, stays at the reseller's.
type HandedFile struct {
	ID        ID
	Name      string
	Type      string // as it was told, never trusted
	Bytes     int64
	Blob      string
	CreatedAt time.Time
}

// HandsOver tells an escalation that may be handed to a desk of the installation.
func (e Escalation) HandsOver() bool { return e.Target == route.Provider }
