package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// claimFor is how long a person's act on a mail may take: one that dies half-way lets
// the mail be judged anew.
const claimFor = 5 * time.Minute

// claimMail takes a mail out of what waits, so that two people make one thing of it.
// Errors: ErrNotFound; ErrConflict when somebody was faster.
func (a *App) claimMail(ctx context.Context, who desk.Actor, id desk.ID) (*inMail, error) {
	m := &inMail{desk: who.Desk}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if m.Mail, err = tx.LockMail(id); err != nil {
			return err
		}
		if !m.Open() {
			return desk.ErrConflict
		}
		claimed := m.Mail
		claimed.State, claimed.PersonID = desk.MailWaiting, who.Person.ID
		if err := tx.SaveMail(claimed); err != nil {
			return err
		}
		return tx.Enqueue(MailArrived{who.Desk.ID, id}, &river.InsertOpts{MaxAttempts: mailTries, ScheduledAt: tx.Now.Add(claimFor)})
	})
	if err != nil {
		return nil, err
	}
	if m.raw, err = a.rawMail(ctx, m.Mail); err == nil {
		m.read, err = readMail(ctx, m.raw)
	}
	if errors.Is(err, errPoison) { // a person may still drop it, or write what he reads
		err = desk.NewInvalid("", "mailin.unreadable")
	}
	return m, a.unclaim(ctx, m, err)
}

// unclaim puts a mail back where it was when nothing became of it.
func (a *App) unclaim(ctx context.Context, m *inMail, err error) error {
	if err == nil {
		return nil
	}
	if again := a.saveMail(context.WithoutCancel(ctx), m); again != nil {
		return errors.Join(err, again)
	}
	return err
}

// LetInMail is what a person makes of a mail that waits.
type LetInMail struct {
	Customer desk.ID // whose new ticket it is, if no Number is given
	Number   int64   // of the ticket that it goes to
	Agreed   bool    // the customer has agreed to what the ticket costs
}

// LetIn makes a ticket of a mail that waits, for a customer's person with the sender's
// address, who is made a contact if there is none, or puts it on a ticket: as a message
// of the sender's, if he has a part in it, else as a note. Errors: Invalid on
// "customer", "number" or "agreed"; ErrConflict when somebody was faster.
func (a *App) LetIn(ctx context.Context, who desk.Actor, id desk.ID, l LetInMail) (number int64, err error) {
	if err := who.May(desk.ManageMail); err != nil {
		return 0, err
	}
	m, err := a.claimMail(ctx, who, id)
	if err != nil {
		return 0, err
	}
	number = l.Number
	if number != 0 {
		err = a.letOnto(ctx, who, m, number)
	} else {
		number, err = a.letAsNew(ctx, who, m, l)
	}
	return number, a.unclaim(ctx, m, err)
}

func (a *App) letAsNew(ctx context.Context, who desk.Actor, m *inMail, l LetInMail) (int64, error) {
	from, err := a.personOf(ctx, who, m, l.Customer)
	if err != nil {
		return 0, err
	}
	p := a.printer(from)
	err = a.letIn(ctx, who, m, from, func(files []desk.ID) error {
		s := desk.Submission{Kind: "problem", Subject: mailedSubject(m, p), Body: mailedText(m, p), Files: files, Key: m.ID, Agreed: l.Agreed}
		if s.Body == "" {
			s.Body = s.Subject
		}
		_, err := a.SubmitTicket(ctx, from, s, from.Person.ID)
		var wrong desk.Invalid
		if errors.As(err, &wrong) {
			return wrong.Under("accept", "agreed")
		}
		return err
	})
	return m.Number, err
}

// personOf is the customer's person with the sender's address.
func (a *App) personOf(ctx context.Context, who desk.Actor, m *inMail, customer desk.ID) (desk.Actor, error) {
	if m.FromEmail == "" {
		return desk.Actor{}, desk.NewInvalid("customer", "mailin.no_sender")
	}
	var c desk.Customer
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		c, err = tx.Customer(customer)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && !c.Active {
		err = desk.NewInvalid("customer", "error.choose")
	}
	if err != nil {
		return desk.Actor{}, err
	}
	known, err := a.senders(ctx, who.Desk, m.FromEmail)
	if err != nil {
		return desk.Actor{}, err
	}
	for _, k := range known {
		if k.Person.CustomerID == customer {
			return k, nil
		}
	}
	from, err := a.newcomerByMail(ctx, m, c)
	var wrong desk.Invalid
	if errors.As(err, &wrong) { // switched off, or no address that we take
		err = desk.NewInvalid("customer", "mailin.switched_off")
	}
	return from, err
}

// letOnto puts a mail on a ticket.
func (a *App) letOnto(ctx context.Context, who desk.Actor, m *inMail, number int64) error {
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		_, err := tx.Ticket(number, who.Person)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return desk.NewInvalid("number", "error.choose")
	}
	if err != nil {
		return err
	}
	senders, err := a.senders(ctx, who.Desk, m.FromEmail)
	if err != nil {
		return err
	}
	for _, s := range senders {
		err := a.db.View(ctx, s.Scope(), func(tx *postgres.Tx) error {
			_, err := tx.Ticket(number, s.Person)
			return err
		})
		if err == nil && !s.DeskSide() {
			return a.letIn(ctx, who, m, s, func(files []desk.ID) error {
				return a.WriteMessage(ctx, s, number, Reply{Body: mailedText(m, a.printer(s)), Files: files, Key: m.ID})
			})
		}
	}
	p := a.printer(who)
	text := p.T("mailin.as_note", "From", strings.TrimSpace(m.FromName+" <"+m.FromEmail+">"), "Subject", mailedSubject(m, p)) + "\n\n" + mailedText(m, p)
	return a.letIn(ctx, who, m, who, func(files []desk.ID) error {
		return a.WriteMessage(ctx, who, number, Reply{Body: cutRunes(text, desk.MaxBody), Internal: true, Files: files, Key: m.ID})
	})
}

// letIn makes a message of a mail by a person's word, and notes whose word it was.
// Errors: Invalid, and whatever else write says.
func (a *App) letIn(ctx context.Context, who desk.Actor, m *inMail, as desk.Actor, write func([]desk.ID) error) error {
	var wrong error
	was := m.Mail
	m.PersonID = who.Person.ID
	err := a.asMessage(ctx, m, as, func(files []desk.ID) error {
		err := write(files)
		if refusal(err) != "" {
			wrong = err
		}
		return err
	})
	if wrong != nil { // it was settled as refused: it waits as it did
		m.Mail = was
		return wrong
	}
	if err != nil {
		return err
	}
	return a.tellMail(ctx, m, m.Number, desk.EventMailLetIn, map[string]string{"from": m.FromEmail})
}

// DropMail says that nothing becomes of a mail; it is kept all the same, and can be
// let in later. Errors: ErrNotFound; ErrConflict when somebody was faster.
func (a *App) DropMail(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.ManageMail); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		m, err := tx.LockMail(id)
		if err != nil {
			return err
		}
		if m.State != desk.MailQuarantined {
			return desk.ErrConflict
		}
		m.Settle(desk.MailDropped, m.Reason, who.Person.ID, tx.Now)
		return tx.SaveMail(m)
	})
}
