package desk

import (
	"strconv"
	"strings"
	"time"

	"guichet/internal/rules"
)

// KindSubscription is the kind of ticket that orders: no technical problem.
const KindSubscription = "subscription"

// SubscriptionChange is the rule of the house that every order is judged by, in
// the place of the desk's own rules.
const SubscriptionChange = "subscription_change"

// OrderVerdict is what is said of every order: the partner's own work, whatever
// words it comes in. It has no ruleset, as no rules were asked.
func OrderVerdict() Verdict {
	return Verdict{Outcome: Partner, Category: rules.Licensing, Rule: SubscriptionChange}
}

// OrderAction is what shall become of a subscription.
type OrderAction string

// The actions of an order.
const (
	Buy         OrderAction = "buy"
	AddSeats    OrderAction = "add_seats"
	RemoveSeats OrderAction = "remove_seats"
	Cancel      OrderAction = "cancel"
	Renew       OrderAction = "renew"
)

// OrderActions lists them as the form offers them.
func OrderActions() []OrderAction { return []OrderAction{Buy, AddSeats, RemoveSeats, Cancel, Renew} }

// Counts tells an action that needs a number of seats.
func (a OrderAction) Counts() bool { return a == Buy || a == AddSeats || a == RemoveSeats }

// Commitments lists for how long a subscription may bind (Partner Center, "New
// commerce experience": terms of one month, one year and three years).
func Commitments() []string { return []string{"monthly", "annual", "three_years", "unknown"} }

// Approval is where an order stands with the customer's manager.
type Approval string

// The states of an approval.
const (
	ApprovalNone     Approval = "none" // none is asked for
	ApprovalWaiting  Approval = "waiting"
	ApprovalApproved Approval = "approved"
	ApprovalRefused  Approval = "refused"
)

// Order is what a ticket of kind "subscription" asks to change.
type Order struct {
	TicketID   ID
	CustomerID ID
	Action     OrderAction
	Product    string
	Seats      int        // 0 where the action needs none
	WishedOn   *time.Time // a day, at midnight UTC; nil: as soon as can be
	Commitment string
	Approval   Approval
	ApproverID ID // Nobody until somebody approved or refused
	DecidedAt  *time.Time
	Reason     string // of a refusal
}

// PlacedOrder is an order with the names that go with it.
type PlacedOrder struct {
	Order
	ApproverName string
}

// Waits tells that a manager still has to approve.
func (o Order) Waits() bool { return o.Approval == ApprovalWaiting }

// Day is noon of the wished day in a zone: the same date wherever it is read.
// It is zero without one.
func (o Order) Day(zone *time.Location) time.Time {
	if o.WishedOn == nil {
		return time.Time{}
	}
	y, m, d := o.WishedOn.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, zone)
}

// OrderForm is the order as typed. Comment is what the customer adds in his own
// words.
type OrderForm struct{ Action, Product, Seats, WishedOn, Commitment, Comment string }

// Limits of an order.
const (
	MaxProduct = 120
	MaxSeats   = 100_000
	maxComment = MaxBody - 1_000 // the order's own sentence stands before it
)

// NewOrder reads an order; today is the customer's date, at any hour. Errors:
// Invalid, by field.
func NewOrder(f OrderForm, today time.Time) (Order, error) {
	var p Problems
	o := Order{Action: OrderAction(f.Action), Product: clean(f.Product), Commitment: or(f.Commitment, "unknown"), Approval: ApprovalNone}
	p.OneOf("action", f.Action, string(Buy), string(AddSeats), string(RemoveSeats), string(Cancel), string(Renew))
	p.Text("product", o.Product, 1, MaxProduct)
	o.Seats = o.seats(&p, f.Seats)
	o.WishedOn = wishedOn(&p, f.WishedOn, today)
	p.OneOf("commitment", o.Commitment, Commitments()...)
	p.Text("body", cleanText(f.Comment), 0, maxComment)
	return o, p.Err()
}

// seats reads a whole number of seats. What an action does not need is not
// kept, so that "cancel, 5 seats" cannot be read two ways.
func (o Order) seats(p *Problems, text string) int {
	text = strings.Join(strings.Fields(text), "")
	if !o.Action.Counts() {
		return 0
	}
	n, err := strconv.Atoi(text)
	switch {
	case text == "":
		p.Add("seats", "error.required")
	case err != nil, n < 1:
		p.Add("seats", "error.seats")
	case n > MaxSeats:
		p.Add("seats", "error.seats_most", "Most", MaxSeats)
	default:
		return n
	}
	return 0
}

func wishedOn(p *Problems, text string, today time.Time) *time.Time {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	first := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case err != nil:
		p.Add("wished_on", "error.date")
	case day.Before(first):
		p.Add("wished_on", "error.wished_past")
	case day.After(first.AddDate(5, 0, 0)):
		p.Add("wished_on", "error.wished_far")
	}
	return &day
}

// Of places the order on its ticket. A contact's waits for a manager where the
// desk asks for that; a manager needs nobody's leave.
func (o Order) Of(t Ticket, from Person, d Desk) Order {
	o.TicketID, o.CustomerID = t.ID, t.CustomerID
	if d.ApproveOrders && from.Role == Contact {
		o.Approval = ApprovalWaiting
	}
	return o
}

// Decide lets a manager approve or refuse. Errors: ErrConflict when that was
// decided already, or was never asked; Invalid on "do", or on "reason" of a
// refusal.
func (o Order) Decide(who Person, do, reason string, now time.Time) (Order, error) {
	if !o.Waits() {
		return o, ErrConflict
	}
	var p Problems
	reason = cleanText(reason)
	p.OneOf("do", do, "approve", "refuse")
	least := 0
	o.Approval = ApprovalApproved
	if do == "refuse" {
		least, o.Approval = 1, ApprovalRefused
	}
	p.Text("reason", reason, least, MaxReason)
	o.ApproverID, o.DecidedAt, o.Reason = who.ID, &now, reason
	return o, p.Err()
}
