package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// TryRules is the job of trying a draft on past tickets.
type TryRules struct {
	Desk  desk.ID `json:"desk"`
	Trial desk.ID `json:"trial"`
}

// Kind names the job.
func (TryRules) Kind() string { return "trial" }

// StartTrial plans a try of the draft, as it is now, on past tickets. Errors:
// Invalid, by field, or on "" where there is no draft, it has faults, or
// another trial of the desk is under way.
func (a *App) StartTrial(ctx context.Context, who desk.Actor, c desk.TrialChoice) (desk.ID, error) {
	if err := who.May(desk.ManageRules); err != nil {
		return desk.Nobody, err
	}
	var id desk.ID
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		trial, err := desk.NewTrial(c, who.Person, who.Desk.Location(), tx.Now)
		if err != nil {
			return err
		}
		draft, err := tx.RuleDraft()
		if errors.Is(err, desk.ErrNotFound) {
			return desk.NewInvalid("", "error.trial_no_draft")
		}
		if err != nil {
			return err
		}
		if trial.BasedOn, err = a.publishedVersion(tx); err != nil {
			return err
		}
		if _, err := rules.Compile(draft.Ruleset(trial.BasedOn+1), desk.Vocabulary()); err != nil {
			return desk.NewInvalid("", "error.trial_faulty")
		}
		trial.Revision, id = draft.Revision, trial.ID
		if err := tx.AddTrial(trial, draft); err != nil {
			return err
		}
		return tx.Enqueue(TryRules{tx.Scope.Desk, trial.ID}, nil)
	})
	if errors.Is(err, desk.ErrConflict) {
		return desk.Nobody, desk.NewInvalid("", "error.trial_running")
	}
	return id, err
}

// publishedVersion is the number of the rules that decide now.
func (a *App) publishedVersion(tx *postgres.Tx) (int, error) {
	rs, err := tx.Ruleset()
	if errors.Is(err, desk.ErrNotFound) {
		return a.shipped.Version(), nil
	}
	return rs.Version, err
}

// StopTrial ends a trial early; what it found stays. One that is over already
// stays as it is. Errors: ErrNotFound.
func (a *App) StopTrial(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if _, err := tx.Trial(id); err != nil {
			return err
		}
		_, err := tx.EndTrial(id, desk.TrialStopped)
		return err
	})
}

// maxTrials is how many trials are listed.
const maxTrials = 20

// Trials lists the newest trials, and whether another can be begun.
func (a *App) Trials(ctx context.Context, who desk.Actor) (desk.Trials, error) {
	var all desk.Trials
	if err := who.May(desk.ReadRules); err != nil {
		return all, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if all.List, err = tx.Trials(maxTrials); err != nil {
			return err
		}
		draft, err := tx.RuleDraft()
		if err == nil {
			all.Drafted, all.Revision = true, draft.Revision
		} else if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		running, err := tx.RunningTrial()
		if err == nil {
			all.Running = &running
		} else if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		return nil
	})
	return all, err
}

// Trial reads one trial with a page of what it would change. Errors: ErrNotFound.
func (a *App) Trial(ctx context.Context, who desk.Actor, id desk.ID, f desk.TrialFilter) (desk.OneTrial, error) {
	var o desk.OneTrial
	if err := who.May(desk.ReadRules); err != nil {
		return o, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if o.Trial, err = tx.Trial(id); err != nil {
			return err
		}
		if o.Changes, o.More, err = tx.TrialChanges(id, f); err != nil || len(o.Changes) == 0 {
			return err
		}
		draft, err := tx.TrialRules(id)
		if err != nil {
			return err
		}
		was, err := tx.RulesetAt(o.Trial.BasedOn)
		if errors.Is(err, desk.ErrNotFound) {
			was, err = rules.Default(), nil
		}
		o.Rules, o.Was = draft.Rules, was.Rules
		return err
	})
	return o, err
}
