package app

import (
	"context"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

const deskBatch = 500

// once keeps a job from waiting twice for the same.
var once = &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}}

// eachDesk orders work at every desk, in a transaction of its own each.
func (a *App) eachDesk(ctx context.Context, order func(*postgres.Tx, desk.Desk) error) error {
	return a.pastDesks(ctx, func(d desk.Desk) error {
		return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error { return order(tx, d) })
	})
}

// pastDesks visits every desk, some at a time; the first error ends it.
func (a *App) pastDesks(ctx context.Context, visit func(desk.Desk) error) error {
	for after := desk.Nobody; ; {
		var desks []desk.Desk
		err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
			desks, err = tx.DesksAfter(after, deskBatch)
			return err
		})
		for _, d := range desks {
			if err == nil {
				err = visit(d)
			}
			after = d.ID
		}
		if err != nil || len(desks) < deskBatch {
			return err
		}
	}
}
