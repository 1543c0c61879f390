package app

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// OwedLetters is the clock's job of ordering anew the letters that should have left and
// whose jobs were lost.
type OwedLetters struct{}

// Kind names the job.
func (OwedLetters) Kind() string { return "owed_letters" }

const (
	mostOwed  = 500 // of one desk, and desks, at a time
	sweepStep = 5000
)

// FanOutOwed works OwedLetters. A letter whose job is there still is not ordered twice,
// and one that was sent is not sent again.
func (a *App) FanOutOwed(ctx context.Context, _ OwedLetters) error {
	due, news := a.now().Add(-desk.LetterOwedAfter), a.now().Add(-desk.DailyOwedAfter)
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksOwingLetters(due, news, mostOwed)
		return err
	})
	for _, d := range desks {
		if err != nil {
			break
		}
		err = a.db.Update(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) error {
			list, err := tx.OwedLetters(due, news, mostOwed)
			if err != nil {
				return err
			}
			for _, l := range list {
				if err := orderAgain(tx, l); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

func orderAgain(tx *postgres.Tx, l desk.OwedLetter) error {
	opts := &river.InsertOpts{MaxAttempts: noticeTries, UniqueOpts: once.UniqueOpts}
	switch {
	case l.Kind == string(mail.Daily):
		if l.ID == desk.Nobody {
			l.ID = desk.NewID()
		}
		return tx.Enqueue(Daily{tx.Scope.Desk, l.PersonID, tx.Now.Add(-24 * time.Hour), l.ID}, opts)
	case l.Number != 0:
		return tx.Enqueue(Digest{tx.Scope.Desk, l.Number, l.PersonID, l.ID}, opts)
	}
	return nil
}

// sweepLetters forgets at a desk what became of letters long ago, and the mail that said
// that they arrived.
func (a *App) sweepLetters(ctx context.Context, at desk.ID) error {
	for {
		var n, receipts int64
		err := a.db.Update(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) (err error) {
			if n, err = tx.SweepDeliveries(tx.Now.Add(-desk.DeliveryLife), sweepStep); err != nil {
				return err
			}
			receipts, err = tx.SweepReceipts(tx.Now.Add(-desk.ReceiptLife), sweepStep)
			return err
		})
		if err != nil || max(n, receipts) < sweepStep {
			return err
		}
	}
}

// StuckLetters lists the letters of which nobody knows whether the mail server took
// them. They are tried again by themselves, under the same name.
func (a *App) StuckLetters(ctx context.Context, who desk.Actor) (list []desk.LetterTo, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.StuckDeliveries(tx.Now.Add(-desk.LetterStuckAfter), 50)
		return err
	})
	return list, err
}

// EachStuck tells an operator of every desk that has such letters: how many, up to a
// thousand, and since when the first of them.
func (a *App) EachStuck(ctx context.Context, tell func(slug string, n int, since time.Time)) error {
	return a.pastDesks(ctx, func(d desk.Desk) error {
		return a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
			list, err := tx.StuckDeliveries(tx.Now.Add(-desk.LetterStuckAfter), 1000)
			if len(list) > 0 {
				tell(d.Slug, len(list), *list[0].TriedAt)
			}
			return err
		})
	})
}
