package main

import (
	"context"
	"fmt"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// tryRules measures a try of rules on the desk's whole past, as a worker runs
// it: in this process, beside an idle portal. A rule that asks for what the
// customers wrote makes it read that too, which is the dearer case.
func tryRules(ctx context.Context, d *data) error {
	db, err := postgres.Open(ctx, d.serving, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	a, err := app.New(app.Parts{DB: db})
	if err != nil {
		return err
	}
	id, err := planTrial(ctx, d, db)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := a.RunTrial(ctx, app.TryRules{Desk: d.desk.ID, Trial: id}); err != nil {
		return err
	}
	took := time.Since(began)
	return db.View(ctx, desk.Scope{Desk: d.desk.ID}, func(tx *postgres.Tx) error {
		t, err := tx.Trial(id)
		fmt.Printf("\ntrial on the past    %d tickets in %.1f s, %.0f a second, %d would change\n", t.Tried, took.Seconds(), float64(t.Tried)/took.Seconds(), t.Changed)
		return err
	})
}

// planTrial stores a trial without its job, which nobody here would wait for.
func planTrial(ctx context.Context, d *data, db *postgres.DB) (id desk.ID, err error) {
	rs := rules.Default()
	first := rules.Rule{Key: "bench", Name: map[string]string{"en": "Bench"}, When: `text.contains("facture")`, Outcome: rules.Partner, Category: rules.Configuration}
	err = db.Update(ctx, desk.Scope{Desk: d.desk.ID}, func(tx *postgres.Tx) error {
		people, err := tx.Agents()
		if err != nil || len(people) == 0 {
			return fmt.Errorf("no agent to try for: %w", err)
		}
		trial, err := desk.NewTrial(desk.TrialChoice{Most: "100000"}, people[0], time.UTC, tx.Now)
		if err != nil {
			return err
		}
		if left, err := tx.RunningTrial(); err == nil { // by a run that was broken off
			if _, err := tx.EndTrial(left.ID, desk.TrialStopped); err != nil {
				return err
			}
		}
		id, trial.BasedOn = trial.ID, rs.Version
		return tx.AddTrial(trial, desk.RuleDraft{Rules: append([]rules.Rule{first}, rs.Rules...)})
	})
	return id, err
}
