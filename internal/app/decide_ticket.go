package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// RecordFinding keeps a diagnostic step with the uploads that show it, matches and triages again: the timeline
// says what changed. Errors: Invalid, by field.
func (a *App) RecordFinding(ctx context.Context, who desk.Actor, number int64, kind, result, text string, files ...desk.ID) error {
	if err := who.May(desk.RecordFinding); err != nil {
		return err
	}
	open, err := a.openIssues(ctx, who.Desk.ID)
	if err != nil {
		return err
	}
	return a.change(ctx, who, desk.RecordFinding, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		f, err := desk.NewFinding(*k, who.Person.ID, kind, result, text, tx.Now)
		if err != nil {
			return err
		}
		tx.AddFinding(f)
		if err := a.attachFiles(tx, who, files, func(x desk.Attachment) desk.Attachment { return x.WithFinding(f) }); err != nil {
			return err
		}
		m, err := tx.TriageMaterial(*k)
		if err != nil {
			return err
		}
		if stands, err := a.heard(tx, who, k, &m, f); err != nil || stands {
			return err
		}
		if err := a.matchAgain(tx, who.Desk, k, &m, open); err != nil {
			return err
		}
		return a.judgeAgain(tx, k, m)
	})
}

// ConfirmDecision lets a person stand by what the rules said. Errors:
// ErrConflict when somebody already did or overrode it.
func (a *App) ConfirmDecision(ctx context.Context, who desk.Actor, number int64) error {
	return a.change(ctx, who, desk.DecideTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		last, err := tx.Decision(k.ID)
		if err != nil {
			return err
		}
		d, err := last.Confirm(who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		tx.ConfirmDecision(d)
		k.Decide(d)
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventConfirmed, map[string]string{"outcome": string(d.Outcome), "category": string(d.Category)}, tx.Now))
		return nil
	})
}

// OverrideDecision puts a person's decision, with its reason, in place of the
// rules'. Errors: Invalid, by field.
func (a *App) OverrideDecision(ctx context.Context, who desk.Actor, number int64, outcome, category, reason string) error {
	return a.change(ctx, who, desk.DecideTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		last, err := tx.Decision(k.ID)
		if err != nil {
			return err
		}
		d, err := last.Override(who.Person.ID, outcome, category, reason, tx.Now)
		if err != nil {
			return err
		}
		tx.AddDecision(d)
		k.Decide(d)
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventOverridden, map[string]string{
			"outcome": string(d.Outcome), "category": string(d.Category), "reason": d.Reason}, tx.Now))
		return nil
	})
}
