package app

import (
	"context"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// readOrder reads the order of a submission, nil for one without, and gives the
// ticket its words: a sentence in the customer's language, then his comment.
// Errors: Invalid, by field.
func readOrder(s *desk.Submission, who desk.Actor, now time.Time) (*desk.Order, error) {
	if s.Order == nil {
		return nil, nil
	}
	s.Kind = desk.KindSubscription
	if s.Service == "" {
		s.Service = "Licensing and billing"
	}
	local := now.In(who.Location())
	o, err := desk.NewOrder(*s.Order, local)
	if err != nil {
		return nil, err
	}
	p := i18n.New(i18n.Lang(s.Language), who.Location(), now)
	s.Subject = orderSubject(p, o)
	s.Body = orderSentence(p, o)
	if s.Order.Comment != "" {
		s.Body += "\n\n" + s.Order.Comment
	}
	return &o, nil
}

func orderSubject(p *i18n.Printer, o desk.Order) string {
	if o.Seats > 0 {
		return p.N("order.subject."+string(o.Action), o.Seats, "Product", o.Product)
	}
	return p.T("order.subject."+string(o.Action), "Product", o.Product)
}

// orderSentence says the order as its customer would.
func orderSentence(p *i18n.Printer, o desk.Order) string {
	text := p.T("order.says", "What", orderSubject(p, o))
	if o.WishedOn != nil {
		text += " " + p.T("order.says_on", "Day", p.Date(o.Day(p.Zone())))
	} else {
		text += " " + p.T("order.says_soon")
	}
	return text + " " + p.T("order.binds."+o.Commitment)
}

// placeOrder stores what a new ticket orders. Where it waits, the customer's
// managers are told; where nobody could approve, there is nobody to tell.
func (a *App) placeOrder(tx *postgres.Tx, who desk.Actor, k desk.Ticket, m desk.Message, from desk.Person, order *desk.Order) error {
	if order == nil {
		return nil
	}
	o := order.Of(k, from, who.Desk)
	tx.AddOrder(o)
	if !o.Waits() {
		return nil
	}
	managers, err := tx.Managers(k.CustomerID)
	if err != nil || len(managers) == 0 {
		return err
	}
	tx.AddEvent(desk.NewEvent(k, who.Person.ID, desk.EventAsked, map[string]string{"action": string(o.Action)}, tx.Now))
	for _, to := range managers {
		if err := a.notify(tx, k, to, NoticeApproval, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// DecideOrder lets a manager of the customer approve an order that waits for
// that, or refuse it with a reason. Errors: ErrConflict when it does not wait,
// or no longer; Invalid, by field.
func (a *App) DecideOrder(ctx context.Context, who desk.Actor, number int64, do, reason string) error {
	return a.change(ctx, who, desk.ApproveOrder, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		placed, err := tx.Order(k.ID)
		if err != nil {
			return err
		}
		o, err := placed.Decide(who.Person, do, reason, tx.Now)
		if err != nil {
			return err
		}
		if err := tx.DecideOrder(o); err != nil {
			return err
		}
		about, kind := NoticeApproved, desk.EventApproved
		if o.Approval == desk.ApprovalRefused {
			about, kind = NoticeRefused, desk.EventRefused
		}
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, kind, map[string]string{"reason": o.Reason, "seats": strconv.Itoa(o.Seats)}, tx.Now))
		return a.tellOthers(tx, who, *k, about, desk.Nobody)
	})
}

// orderOf reads the order that a letter speaks of. Errors: ErrNotFound, also
// for a request to approve what waits no longer.
func orderOf(tx *postgres.Tx, l *mail.Letter) (err error) {
	switch l.Kind {
	case NoticeApproval, NoticeApproved, NoticeRefused:
		l.Order, err = tx.Order(l.Ticket.ID)
		if err == nil && l.Kind == NoticeApproval && !l.Order.Waits() {
			err = desk.ErrNotFound
		}
	}
	return err
}
