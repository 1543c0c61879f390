package app

import (
	"context"
	"errors"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// takeBounce keeps what a delivery report says, and writes it down of the letter that it
// is about. A report proves nothing of who sent it: without an address or a letter of
// ours in it, it is kept and nothing more.
func (a *App) takeBounce(ctx context.Context, m *inMail) error {
	letter, number, err := a.reportedLetter(ctx, m)
	if err != nil {
		return err
	}
	if b := m.Bounce; b != nil && letter != desk.Nobody {
		r := deliveryReport{letter: letter, number: number, to: b.Recipient, reason: b.Reason, permanent: b.Permanent}
		switch {
		case b.Delayed, b.Delivered && b.Relayed:
		case b.Delivered:
			r.arrived = true
			fallthrough
		default:
			if r.number, err = a.reported(ctx, m.desk.ID, r); err != nil {
				return err
			}
		}
		m.Number = r.number
	}
	return a.settleMail(ctx, m, desk.MailIgnored, desk.MailBounce)
}

// reportedLetter is the letter that a report is about, Nobody for none: by the address
// that it came to, which was made for one letter, or else by the name of a letter that
// it quotes, if its recipient is who that was made for.
func (a *App) reportedLetter(ctx context.Context, m *inMail) (letter desk.ID, number int64, err error) {
	for _, address := range append(slices.Clone(m.Recipients), m.read.Delivered...) {
		if t, ok := readBounceAddress(address); ok && t.desk == m.desk.ID && a.secrets.ofLetter(t) {
			return t.letter, 0, nil
		}
	}
	if m.Bounce == nil || m.Bounce.Letter == "" {
		return desk.Nobody, 0, nil
	}
	t, ok := readLetterName(m.Bounce.Letter, a.mail.Host())
	if !ok || t.desk != m.desk.ID {
		return desk.Nobody, 0, nil
	}
	to, err := a.senders(ctx, m.desk, m.Bounce.Recipient)
	if err != nil || !slices.ContainsFunc(to, func(who desk.Actor) bool { return a.secrets.madeFor(t, who.Person.ID) }) {
		return desk.Nobody, 0, err
	}
	return t.letter, t.number, nil
}

// deliveryReport is what became of a letter.
type deliveryReport struct {
	letter     desk.ID
	number     int64 // of the ticket, where what names the letter says it
	to, reason string
	arrived    bool // or came back
	permanent  bool // and will again
}

// reported writes down what became of a letter. One that came back is told on its
// ticket; the second that did so for good has its reader's address count as failing. It
// returns the ticket's number, 0 for none.
func (a *App) reported(ctx context.Context, at desk.ID, r deliveryReport) (number int64, err error) {
	r.reason = answered(r.reason)
	err = a.db.Update(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) error {
		d, err := tx.LockDelivery(r.letter)
		if errors.Is(err, desk.ErrNotFound) { // older than what is kept of letters
			return nil
		}
		if err != nil {
			return err
		}
		if r.arrived {
			if _, err := tx.SettleDelivery(d.ID, desk.DeliveryDelivered, "", false); err != nil {
				return err
			}
			if err := tx.ClearFailing(d.PersonID); err != nil {
				return err
			}
		} else if number, err = a.cameBack(tx, d, r); err != nil {
			return err
		}
		if number == 0 && d.TicketID != desk.Nobody {
			k, err := tx.TicketByID(d.TicketID)
			number = k.Number
			return err
		}
		return nil
	})
	return number, err
}

func (a *App) cameBack(tx *postgres.Tx, d desk.Delivery, r deliveryReport) (number int64, err error) {
	news, err := tx.SettleDelivery(d.ID, desk.DeliveryBounced, r.reason, r.permanent)
	if err != nil || !news {
		return 0, err
	}
	failing := false
	if r.permanent {
		if failing, err = tx.CountBounce(d.PersonID, d.Address, r.reason); err != nil {
			return 0, err
		}
	}
	if d.TicketID == desk.Nobody {
		return 0, nil
	}
	k, err := tx.TicketByID(d.TicketID)
	if err != nil {
		return 0, err
	}
	data := map[string]string{"to": d.Address, "reason": r.reason}
	tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventMailBounced, data, tx.Now))
	if failing {
		tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventMailFails, map[string]string{"to": d.Address}, tx.Now))
	}
	return k.Number, nil
}

// TrustAddress has letters go to a person's address again. Errors: ErrNotFound.
func (a *App) TrustAddress(ctx context.Context, who desk.Actor, person desk.ID) error {
	if err := who.May(desk.ManagePeople); err != nil {
		return err
	}
	defer a.people.Delete(readerOf{who.Desk.ID, person})
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.ClearFailing(person) })
}
