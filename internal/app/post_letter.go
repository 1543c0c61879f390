package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// writeDown is how long saying what became of a letter may take, also when the worker
// is told to stop meanwhile: what is not written down is sent again.
const writeDown = 10 * time.Second

// longestAnswer bounds what is kept of a mail server's words.
const longestAnswer = 300

// answered is what is kept of them: any server may say anything.
func answered(text string) string {
	return cutRunes(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""), longestAnswer)
}

// post sends a letter that its row says was not sent yet. Between the server's answer
// and the row that keeps it a worker may be lost: then the row says "sending", and the
// next try sends the letter again under the same Message-ID, by which mail programs show
// it once.
func (a *App) post(ctx context.Context, l mail.Letter) error {
	// What its reader chose since it was ordered holds too.
	never := len(l.Told) == 0 && l.To.Letters.When(topic(l.Kind, l.Ticket, l.To.ID)) == desk.LettersNever
	failing := l.To.FailingSince != nil && l.Kind != mail.Link // what he asks for himself goes all the same
	if never || failing || !a.mail.Sends() {
		return a.dropLetter(ctx, l)
	}
	scope := desk.Scope{Desk: l.Desk.ID}
	d := desk.Delivery{ID: l.ID, Kind: string(l.Kind), PersonID: l.To.ID, TicketID: l.Ticket.ID, CustomerID: l.Ticket.CustomerID, Address: l.To.Email}
	err := a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		err := a.follow(tx, &l)
		if err == nil {
			l.From, err = a.inName(tx)
		}
		if err == nil {
			l.Words, err = inWords(tx, desk.Actor{Desk: l.Desk, Person: l.To}.Language())
		}
		if err != nil {
			return err
		}
		return tx.BeginDelivery(d)
	})
	if errors.Is(err, desk.ErrConflict) { // the job is done twice, not the letter
		return nil
	}
	if err != nil {
		return err
	}
	l.Stop = a.stopPath(l)
	if a.mailIn.Domain != "" {
		l.Bounces = a.secrets.bounceAddress(a.mailIn.Domain, l.Desk.ID, l.ID)
	}
	answer, err := a.mail.Send(ctx, l)
	var no mail.Rejected
	if errors.As(err, &no) {
		_, err := a.reported(ctx, l.Desk.ID, deliveryReport{letter: l.ID, reason: no.Text, permanent: true})
		return err
	}
	if err != nil {
		return errors.Join(err, a.endLetter(ctx, l, desk.DeliverySending, err.Error()))
	}
	return a.endLetter(ctx, l, desk.DeliverySent, answer)
}

// mostInThread bounds how much of its thread a letter names; mail programs need the
// first and the last few.
const mostInThread = 8

// follow says which letters and mails a letter about a ticket comes after.
func (a *App) follow(tx *postgres.Tx, l *mail.Letter) error {
	if l.Ticket.ID == desk.Nobody || len(l.Before) == 0 {
		return nil
	}
	list, err := tx.ThreadOf(l.Ticket.ID, l.To.ID, l.ID, mostInThread)
	for _, x := range list {
		name := x.MessageID
		if x.Letter != desk.Nobody {
			name = a.secrets.letterName(x.Letter, l.Desk.ID, l.Ticket.Number, l.To.ID)
		}
		l.Before = append(l.Before, name)
	}
	return err
}

func (a *App) endLetter(ctx context.Context, l mail.Letter, s desk.DeliveryState, answer string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeDown)
	defer cancel()
	return a.db.Update(ctx, desk.Scope{Desk: l.Desk.ID}, func(tx *postgres.Tx) error {
		tx.EndDelivery(l.ID, s, answered(answer))
		return nil
	})
}

// dropLetter says of a letter that gathered that there was nothing to tell any more. One
// that was never tried has no row, and needs none.
func (a *App) dropLetter(ctx context.Context, l mail.Letter) error {
	if l.Desk.ID == desk.Nobody {
		return nil
	}
	return a.endLetter(ctx, l, desk.DeliveryDropped, "")
}
