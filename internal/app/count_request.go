package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// CountRequest is the job of taking one of a plan's requests for an escalation that
// was filed by somebody who may not change the desk's plans.
type CountRequest struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
}

// Kind names the job.
func (CountRequest) Kind() string { return "count_request" }

// countRequest takes one of the requests of the plan that an escalation was filed
// by, once, where they are counted.
func (a *App) countRequest(tx *postgres.Tx, e *desk.Escalation) error {
	if e.Target != route.Microsoft || e.Plan.ID == desk.Nobody || e.Plan.Counted {
		return nil
	}
	if tx.Scope.Subcontractor != nil {
		return tx.Enqueue(CountRequest{tx.Scope.Desk, e.ID}, nil)
	}
	tx.UseRequest(e.Plan.ID)
	e.Plan.Counted = true
	return nil
}

// CountRequest does the job, once however often it is tried: whether it was done
// stands on the escalation.
func (a *App) CountRequest(ctx context.Context, job CountRequest) error {
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalationByID(job.Escalation)
		if err != nil {
			return err
		}
		if err := a.countRequest(tx, &e); err != nil {
			return err
		}
		tx.SavePlanTaken(e)
		return nil
	})
}
