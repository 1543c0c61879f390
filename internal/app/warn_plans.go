package app

import (
	"context"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// PlanNotice is the job of telling one of the desk's people which support contract
// ends: all that one round found, in one letter.
type PlanNotice struct {
	Desk   desk.ID `json:"desk"`
	Round  desk.ID `json:"round"`
	To     desk.ID `json:"to"`
	Letter desk.ID `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (PlanNotice) Kind() string { return "plan_notice" }

// warnOfPlans tells the desk's leads and admins of support contracts that end in 30,
// 7 or 1 days, once for each.
func (a *App) warnOfPlans(tx *postgres.Tx, d desk.Desk) error {
	if a.silent {
		return nil
	}
	zone := d.Location()
	ending, err := tx.EndingPlans(desk.DayOf(tx.Now, zone), desk.DayOf(tx.Now.Add(desk.FirstWarning), zone))
	if err != nil {
		return err
	}
	list := desk.PlanWarnings(ending, zone, tx.Now)
	if len(list) == 0 {
		return nil
	}
	round := desk.NewID()
	n, err := tx.AddPlanWarnings(round, list)
	if err != nil || n == 0 { // somebody else warned meanwhile
		return err
	}
	return a.tellLeads(tx, func(to, letter desk.ID) river.JobArgs {
		return PlanNotice{Desk: tx.Scope.Desk, Round: round, To: to, Letter: letter}
	})
}

// SendPlanNotice works a PlanNotice.
func (a *App) SendPlanNotice(ctx context.Context, n PlanNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	reader, ok, err := a.told(ctx, d, n.To, desk.ReadEscalations)
	if err != nil || !ok {
		return err
	}
	l := mail.Letter{ID: n.Letter, Kind: mail.PlanEnding, Desk: d, To: reader.Person, Written: a.now(), Path: "/" + d.Slug + "/escalations"}
	if reader.May(desk.ManageEscalation) == nil {
		l.Path = "/" + d.Slug + "/settings/plans"
	}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) (err error) {
		l.Plans, err = tx.PlanWarnings(n.Round)
		return err
	})
	if err != nil || len(l.Plans) == 0 {
		return err
	}
	return a.post(ctx, l)
}
