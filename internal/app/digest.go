package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// Quiet is how letters wait for more to tell: until nothing happened on the ticket For
// a while, but never longer than AtMost. Zero: they do not wait.
type Quiet struct{ For, AtMost time.Duration }

// Digest is the job of sending what a letter gathered. Nobody orders a second one while
// it gathers: it is ordered by the act that opened the letter.
type Digest struct {
	Desk   desk.ID `json:"desk"`
	Ticket int64   `json:"ticket"`
	To     desk.ID `json:"to"`
	Letter desk.ID `json:"letter"`
}

// Kind names the job.
func (Digest) Kind() string { return "digest" }

// gather adds to the letter that waits for its reader about this ticket, or opens one.
// Who adds holds its row until his act is committed, and so does who closes it: what is
// told is in one letter, and in no other.
func (a *App) gather(tx *postgres.Tx, k desk.Ticket, to desk.Person, about mail.Kind, message desk.ID) error {
	d := desk.Delivery{ID: desk.NewID(), Kind: string(mail.Digest), PersonID: to.ID, TicketID: k.ID, CustomerID: k.CustomerID, BeganAt: tx.Now, DueAt: tx.Now.Add(a.quiet.For)}
	id, err := tx.GatherDelivery(d, a.quiet.AtMost)
	if err != nil {
		return err
	}
	tx.AddNotice(desk.Notice{ID: desk.NewID(), PersonID: to.ID, TicketID: k.ID, CustomerID: k.CustomerID, About: string(about), Message: message, DeliveryID: id, CreatedAt: tx.Now})
	if id != d.ID {
		return nil
	}
	return tx.Enqueue(Digest{tx.Scope.Desk, k.Number, to.ID, id}, &river.InsertOpts{MaxAttempts: noticeTries, ScheduledAt: d.DueAt, UniqueOpts: once.UniqueOpts})
}

// SendDigest works a Digest: it closes the letter, once it is due, and sends it. Errors:
// a pause, until it is due or its reader may read it.
func (a *App) SendDigest(ctx context.Context, job Digest) error {
	var d desk.Delivery
	var list []desk.Notice
	err := a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		if d, err = tx.LockDelivery(job.Letter); err != nil || d.Over() || d.Gathers(tx.Now) {
			return err
		}
		tx.CloseDelivery(d.ID)
		list, err = tx.NoticesOf(d.ID)
		return err
	})
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return nil
	case err != nil:
		return err
	case d.Over():
		return nil
	case d.Gathers(a.now()):
		return river.JobSnooze(d.DueAt.Sub(a.now()))
	}
	l, err := a.digest(ctx, job, list)
	return a.sendOnce(ctx, l, err)
}

// digest writes what happened on a ticket as one letter: one thing as a letter of its
// own. Errors: ErrNotFound when none of it is news any more.
func (a *App) digest(ctx context.Context, job Digest, list []desk.Notice) (mail.Letter, error) {
	l, reader, err := a.envelope(ctx, Notice{Desk: job.Desk, About: mail.Digest, Ticket: job.Ticket, To: job.To, Letter: job.Letter})
	if err != nil {
		return l, err
	}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Ticket, err = tx.Ticket(job.Ticket, l.To); err != nil {
			return err
		}
		l.Told, err = happened(tx, l, list)
		return err
	})
	switch {
	case err != nil:
		return l, err
	case len(l.Told) == 0:
		return l, desk.ErrNotFound
	case len(l.Told) == 1:
		return l.Told[0], nil
	}
	return l, nil
}

// happened reads what news of a letter's ticket says, without what is none any more.
func happened(tx *postgres.Tx, l mail.Letter, list []desk.Notice) (told []mail.Letter, err error) {
	for i, n := range list {
		if again(list[i+1:], n) {
			continue
		}
		x := l
		x.Kind, x.Told = mail.Kind(n.About), nil
		err := fill(tx, &x, n.Message)
		if errors.Is(err, desk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		told = append(told, x)
	}
	return told, nil
}

// again tells what is said once more below: letters speak of how things stand when they
// are sent, so that the last of a kind says all that those before it would.
func again(later []desk.Notice, n desk.Notice) bool {
	for _, x := range later {
		if x.About == n.About && x.Message == n.Message {
			return true
		}
	}
	return false
}
