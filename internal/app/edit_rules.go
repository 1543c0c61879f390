package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// SaveRule changes a rule in the draft. Errors: ErrConflict when the rules are no longer
// those that the form was made from; InvalidRules; ErrNotFound.
func (a *App) SaveRule(ctx context.Context, who desk.Actor, at desk.DraftMark, r rules.Rule) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error { return d.Put(r) })
}

// AddRule adds a rule to the draft behind another, first for "", and tells its key.
// Errors: as SaveRule.
func (a *App) AddRule(ctx context.Context, who desk.Actor, at desk.DraftMark, r rules.Rule, after string) (key string, err error) {
	err = a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) (err error) {
		key, err = d.Add(r, after)
		return err
	})
	return key, err
}

// RemoveRule takes a rule out of the draft. Errors: as SaveRule.
func (a *App) RemoveRule(ctx context.Context, who desk.Actor, at desk.DraftMark, key string) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error { return d.Remove(key) })
}

// RestoreRule puts a rule of the draft back to what is published. Errors: as SaveRule.
func (a *App) RestoreRule(ctx context.Context, who desk.Actor, at desk.DraftMark, key string) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, v desk.RulesetVersion) error { return d.Restore(key, v.Rules) })
}

// MoveRule puts a rule of the draft at a rank, counted from 1. Errors: as SaveRule.
func (a *App) MoveRule(ctx context.Context, who desk.Actor, at desk.DraftMark, key string, rank int) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error { return d.Move(key, rank) })
}

// ShiftRule moves a rule of the draft down by some ranks, up for less than 0. Errors: as
// SaveRule.
func (a *App) ShiftRule(ctx context.Context, who desk.Actor, at desk.DraftMark, key string, by int) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error { return d.Shift(key, by) })
}

// SwitchHint lets the draft's rules hear the learned hint or not. Errors: ErrConflict.
func (a *App) SwitchHint(ctx context.Context, who desk.Actor, at desk.DraftMark, on bool) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error {
		d.NoHint = !on
		return nil
	})
}

// ImportRules puts the rules of a file in the place of the draft's. Errors: ErrConflict;
// InvalidRules, with lines of the file, and then nothing is changed.
func (a *App) ImportRules(ctx context.Context, who desk.Actor, at desk.DraftMark, file []byte) error {
	return a.editRules(ctx, who, at, func(d *desk.RuleDraft, _ desk.RulesetVersion) error { return d.Read(file) })
}

// DiscardRules ends the draft. Errors: ErrConflict.
func (a *App) DiscardRules(ctx context.Context, who desk.Actor, at desk.DraftMark) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := rulebook(tx)
		if err != nil {
			return err
		}
		if book.Mark() != at {
			return desk.ErrConflict
		}
		return tx.RemoveRuleDraft(at.Revision)
	})
}

// editRules changes the draft, which begins with its first change; what changes nothing is
// not written.
func (a *App) editRules(ctx context.Context, who desk.Actor, at desk.DraftMark, edit func(*desk.RuleDraft, desk.RulesetVersion) error) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := rulebook(tx)
		if err != nil {
			return err
		}
		if book.Mark() != at {
			return desk.ErrConflict
		}
		d := book.Published.Draft()
		if book.Draft != nil {
			d = *book.Draft
		}
		d.PersonID = who.Person.ID
		if err := edit(&d, book.Published); err != nil || book.Says(d) {
			return err
		}
		if book.Draft == nil {
			return tx.AddRuleDraft(d)
		}
		return tx.SaveRuleDraft(d)
	})
}
