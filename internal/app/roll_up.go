package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// RollUps is the clock's job of having every desk's figures counted.
type RollUps struct{}

// Kind names the job.
func (RollUps) Kind() string { return "roll_ups" }

// RollUp is the job of counting one day of a desk.
type RollUp struct {
	Desk desk.ID  `json:"desk"`
	Day  desk.Day `json:"day"`
}

// Kind names the job.
func (RollUp) Kind() string { return "roll_up" }

// CatchUp is the job of counting a desk's days that nobody counted.
type CatchUp struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (CatchUp) Kind() string { return "catch_up_figures" }

// CatchUpTime is how long that may take.
const CatchUpTime = 10 * time.Minute

// How many days are caught up in one transaction, and how often in one job; what
// is left waits an hour.
const (
	catchUpDays = 31
	catchUpMost = 40
)

// FanOutRollUps works RollUps: at each desk, today and yesterday, and what is
// missing. A day's figures are those of what ended or came on it, and nothing
// ends or comes in the past, so older days stay as they are.
func (a *App) FanOutRollUps(ctx context.Context, _ RollUps) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error {
		today := desk.DayOf(tx.Now, d.Location())
		for _, job := range []river.JobArgs{RollUp{d.ID, today}, RollUp{d.ID, today.AddDays(-1)}, CatchUp{d.ID}} {
			if err := tx.Enqueue(job, once); err != nil {
				return err
			}
		}
		return nil
	})
}

// RollUp works a RollUp. It may be worked again: the day is counted anew.
func (a *App) RollUp(ctx context.Context, job RollUp) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	return a.RollUpRange(ctx, d, job.Day, job.Day)
}

// CatchUpFigures works a CatchUp, the newest days first.
func (a *App) CatchUpFigures(ctx context.Context, job CatchUp) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	yesterday := desk.DayOf(a.now(), d.Location()).AddDays(-1)
	for range catchUpMost {
		var newest desk.Day
		err := a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
			newest, err = tx.NewestMissing(yesterday, d.Location())
			return err
		})
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = a.RollUpRange(ctx, d, newest.AddDays(1-catchUpDays), newest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// RollUpRange counts the days of a desk from one to another. A ticket came while
// the desk was closed by the hours of today's offer.
func (a *App) RollUpRange(ctx context.Context, d desk.Desk, from, to desk.Day) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		o, err := a.offerNow(tx, d)
		if err != nil {
			return err
		}
		days := postgres.Days{From: from, To: to, Zone: d.Location(), Open: o.OpenDays(from, to, d.Location())}
		tx.RollUpRange(days)
		return tx.RollUpEscalations(days)
	})
}
