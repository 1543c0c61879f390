package app

import (
	"context"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PollHealth is the clock's job of looking for tenants whose health is to be
// read.
type PollHealth struct{}

// Kind names the job.
func (PollHealth) Kind() string { return "poll_health" }

// Refresh is the job of reading one customer's health.
type Refresh struct {
	Desk     desk.ID `json:"desk"`
	Customer desk.ID `json:"customer"`
}

// Kind names the job.
func (Refresh) Kind() string { return "refresh_health" }

// HealthQueue is worked apart: Microsoft may be slow, letters are not to wait
// for it.
const HealthQueue = "health"

var onceApart = &river.InsertOpts{Queue: HealthQueue, UniqueOpts: once.UniqueOpts}

const (
	mostDesksPolled   = 1000
	mostTenantsPolled = 500 // of a desk in one round
)

// FanOutHealth works a PollHealth: a job for each tenant that is due. One that
// waits or runs already is not ordered twice.
func (a *App) FanOutHealth(ctx context.Context, _ PollHealth) error {
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksToPoll(mostDesksPolled)
		return err
	})
	for _, id := range desks {
		if err == nil {
			err = a.db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error { return orderRefreshes(tx) })
		}
	}
	return err
}

func orderRefreshes(tx *postgres.Tx) error {
	tx.ForgetConsentAsks(tx.Now.Add(-oneDay))
	due, err := tx.DueConnections(mostTenantsPolled)
	for _, c := range due {
		if err == nil {
			err = tx.Enqueue(Refresh{tx.Scope.Desk, c}, onceApart)
		}
	}
	return err
}
