package desk

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"guichet/internal/pricing"
)

// ChargeKind is what a charge is for.
type ChargeKind string

// The kinds of charges.
const (
	ForTime     ChargeKind = "time"     // work on a ticket
	ForIncident ChargeKind = "incident" // a ticket, at a price a request
	ForMonth    ChargeKind = "month"    // an agreement, by user and month
	ForBlock    ChargeKind = "block"    // a block of time that was sold
	ForManual   ChargeKind = "manual"   // what somebody entered
)

// ChargeState is how far a charge has come.
type ChargeState string

// A charge is proposed until a person of the desk approves or waives it.
const (
	Proposed ChargeState = "proposed"
	Approved ChargeState = "approved"
	Waived   ChargeState = "waived"
)

// ChargeStates lists them in the order that a filter shows.
var ChargeStates = []ChargeState{Proposed, Approved, Waived}

// Charge is what a customer owes for support given. Its amount is its bill's.
type Charge struct {
	ID          ID
	CustomerID  ID
	TicketID    ID     // Nobody for what belongs to no ticket
	EntryID     ID     // the work it is for, Nobody otherwise
	Source      string // what it is for, once: "time/…", "incident/…", "month/…/2026-11"
	Kind        ChargeKind
	State       ChargeState
	Offer       int    // the version that it was reckoned by
	SupportType string // "" for what no type prices
	Bill        pricing.Bill
	Month       Month
	Text        string // what the customer reads
	Worker      string // who did the work, by name
	DoneAt      time.Time
	Reason      string // of whoever waived or adjusted it
	DecidedBy   ID     // Nobody while proposed
	DecidedAt   *time.Time
	StatementID ID // Nobody until it is issued
	CreatedAt   time.Time
}

// ChargeRow is a charge as a list shows it.
type ChargeRow struct {
	Charge
	CustomerName  string
	TicketNumber  int64 // 0 without a ticket
	TicketSubject string
	DeciderName   string
	BlockNames    map[string]string
}

// Issued tells a charge that stands on a statement.
func (c Charge) Issued() bool { return c.StatementID != Nobody }

// newCharge is what all kinds have in common.
func newCharge(kind ChargeKind, source string, customer ID, at time.Time, zone *time.Location, now time.Time) Charge {
	return Charge{ID: NewID(), Kind: kind, Source: string(kind) + "/" + source, CustomerID: customer, State: Proposed,
		Month: MonthOf(at, zone), DoneAt: at, CreatedAt: now}
}

// ChargeWork reckons an entry of work by the level of that day, and what it
// draws from the customer's blocks. Errors: those of pricing, for terms that no
// form would have let in.
func ChargeWork(e TimeEntry, l Level, blocks []Block, zone *time.Location, worker string, now time.Time) (Charge, []pricing.Drawn, error) {
	c := newCharge(ForTime, e.ID.String(), e.CustomerID, e.BeganAt, zone, now)
	c.TicketID, c.EntryID, c.Text, c.Worker = e.TicketID, e.ID, e.Text, worker
	c.Offer, c.SupportType = l.Offer, l.Type.Key
	cut, err := pieces(l.Calendar, e.BeganAt, e.EndedAt)
	if err != nil {
		return c, nil, err
	}
	if l.Type.Terms.Model != pricing.Prepaid {
		c.Bill, err = l.Type.Terms.Time(l.Currency, cut, e.Billable)
		return c, nil, err
	}
	var draws []pricing.Drawn
	c.Bill, draws, err = l.Type.Terms.FromBlocks(l.Currency, cut, e.Billable, prepaid(blocks, zone), e.BeganAt)
	return c, draws, err
}

// ChargeIncident reckons a ticket by what it was promised when it came. It
// reports false where requests have no price. Errors: those of pricing.
func ChargeIncident(k Ticket, l Level, zone *time.Location, now time.Time) (Charge, bool, error) {
	c := newCharge(ForIncident, k.ID.String(), k.CustomerID, k.CreatedAt, zone, now)
	c.TicketID, c.Text = k.ID, k.Subject
	c.Offer, c.SupportType = l.Offer, l.Type.Key
	if l.Type.Terms.Model != pricing.Incident {
		return c, false, nil
	}
	kind, err := kindAt(l.Calendar, k.CreatedAt)
	if err == nil {
		c.Bill, err = l.Type.Terms.OneIncident(l.Currency, kind)
	}
	return c, true, err
}

// ChargeMonth reckons a month of an agreement, for the days that it held. It
// reports false where there is nothing to pay. Errors: those of pricing.
func ChargeMonth(a Agreement, l Level, m Month, zone *time.Location, now time.Time) (Charge, bool, error) {
	c := newCharge(ForMonth, a.ID.String()+"/"+string(m), a.CustomerID, m.At(zone), zone, now)
	c.Text, c.Offer, c.SupportType = a.Name, l.Offer, l.Type.Key
	days := m.DaysOf(a.Starts, a.Ends)
	if l.Type.Terms.Monthly == "" || days == 0 || a.Users == 0 {
		return c, false, nil
	}
	var err error
	c.Bill, err = l.Type.Terms.Month(l.Currency, a.Users, days, m.Days())
	return c, true, err
}

// ChargeBlock is the price of a block that was sold; it reports false where none
// was said.
func ChargeBlock(b Block, zone *time.Location, now time.Time) (Charge, bool, error) {
	c := newCharge(ForBlock, b.ID.String(), b.CustomerID, b.Starts.At(zone), zone, now)
	c.Text = b.Name
	if b.Price == "" {
		return c, false, nil
	}
	a, err := pricing.Parse(b.Price, b.Currency)
	if err == nil {
		c.Bill, err = pricing.Manual(a)
	}
	return c, true, err
}

// Extra is a charge that somebody enters, as its form sends it.
type Extra struct {
	Customer ID
	Ticket   string // its number, "" for none
	Month    string
	Text     string
	Amount   string
	Key      ID
}

// ManualCharge checks an amount that somebody enters; a credit is below zero.
// Errors: Invalid, by the form's field names.
func ManualCharge(x Extra, currency string, zone *time.Location, now time.Time) (Charge, error) {
	var p Problems
	if x.Customer == Nobody {
		p.Add("customer", "error.choose")
	}
	if x.Key == Nobody {
		x.Key = NewID()
	}
	c := newCharge(ForManual, x.Key.String(), x.Customer, now, zone, now)
	month, ok := ParseMonth(x.Month)
	switch {
	case !ok || month > MonthOf(now, zone).Add(1):
		p.Add("month", "error.month")
	case month != c.Month:
		c.Month, c.DoneAt = month, month.At(zone)
	}
	c.Text = cleanText(x.Text)
	p.Text("what", c.Text, 1, MaxWork)
	a, key := parsePrice(x.Amount, currency)
	if key == "" && a.IsZero() {
		key = "error.amount_zero"
	}
	if key != "" {
		p.Add("amount", key)
		return c, p.Err()
	}
	c.Bill, _ = pricing.Manual(a) // parsePrice has asked already
	return c, p.Err()
}

// Adjusted returns the charge with one more line, below zero for a credit, and
// why. Errors: Invalid on "amount" or "reason"; ErrConflict for one that was
// waived or issued.
func (c Charge) Adjusted(amount, reason string) (Charge, error) {
	if c.State == Waived || c.Issued() {
		return c, ErrConflict
	}
	var p Problems
	reason = clean(reason)
	p.Text("reason", reason, 1, MaxReason)
	a, key := parsePrice(amount, c.Bill.Total.CurrencyCode())
	if key == "" && a.IsZero() {
		key = "error.amount_zero"
	}
	if key != "" {
		p.Add("amount", key)
	}
	if err := p.Err(); err != nil {
		return c, err
	}
	more, _ := pricing.Manual(a) // parsePrice has asked already
	sum, err := c.Bill.Total.Add(a)
	if err != nil {
		return c, NewInvalid("amount", "error.amount")
	}
	if _, err := pricing.Manual(sum); err != nil {
		return c, NewInvalid("amount", "error.amount_much")
	}
	c.Bill = pricing.Bill{Lines: append(append([]pricing.Line{}, c.Bill.Lines...), more.Lines...), Total: sum}
	if c.Reason != "" {
		reason = c.Reason + "\n" + reason
	}
	c.Reason = reason
	return c, nil
}

// Waiver checks why a charge is not asked for. Errors: Invalid on "reason".
func Waiver(reason string) (string, error) {
	var p Problems
	reason = clean(reason)
	p.Text("reason", reason, 1, MaxReason)
	return reason, p.Err()
}

// ChargeFilter is the whole state of the review's list, as its address says it.
type ChargeFilter struct {
	State    ChargeState
	Customer ID
	Month    Month // "" for all
	After    ChargeCursor
}

// ChargeCursor is where a list went on from: the sort keys of its last row.
type ChargeCursor struct {
	Month    Month
	Customer ID
	At       time.Time
	ID       ID
}

// Zero tells the top of a list.
func (c ChargeCursor) Zero() bool { return c.ID == Nobody }

func (c ChargeCursor) String() string {
	if c.Zero() {
		return ""
	}
	text := strings.Join([]string{string(c.Month), c.Customer.String(), strconv.FormatInt(c.At.UnixMicro(), 10), c.ID.String()}, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// ParseChargeCursor reads a cursor from an address; one that cannot be read
// starts from the top.
func ParseChargeCursor(s string) ChargeCursor {
	raw, _ := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(raw), ".")
	if len(parts) != 4 {
		return ChargeCursor{}
	}
	month, ok := ParseMonth(parts[0])
	customer, err1 := ParseID(parts[1])
	at, err2 := strconv.ParseInt(parts[2], 10, 64)
	id, err3 := ParseID(parts[3])
	if !ok || err1 != nil || err2 != nil || err3 != nil || at < 0 {
		return ChargeCursor{}
	}
	return ChargeCursor{month, customer, time.UnixMicro(at), id}
}
