package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PublishRules makes the draft the version that decides from now on, and tells its number.
// Errors: ErrConflict when the rules are no longer those that the form was made from;
// Invalid on "note"; InvalidRules.
func (a *App) PublishRules(ctx context.Context, who desk.Actor, at desk.DraftMark, note string) (version int, err error) {
	return a.publish(ctx, who, at, func(tx *postgres.Tx, book desk.Rulebook) (desk.RulesetVersion, error) {
		if book.Draft == nil || book.CountChanges() == 0 {
			return desk.RulesetVersion{}, desk.NewInvalid("", "error.nothing_to_publish")
		}
		v, err := book.Publish(note, who.Person.ID)
		if err != nil {
			return v, err
		}
		return v, tx.RemoveRuleDraft(at.Revision)
	})
}

// RestoreVersion publishes the rules of an earlier version again, as a new one; a draft stays.
// Errors: as PublishRules; ErrNotFound.
func (a *App) RestoreVersion(ctx context.Context, who desk.Actor, at desk.DraftMark, version int, note string) (int, error) {
	return a.publish(ctx, who, at, func(tx *postgres.Tx, book desk.Rulebook) (desk.RulesetVersion, error) {
		old, err := versionOf(tx, version)
		if err != nil {
			return old, err
		}
		if version == book.Published.Version {
			return old, desk.NewInvalid("", "error.nothing_to_publish")
		}
		return book.Bring(old, note, who.Person.ID)
	})
}

// publish stores what a verb makes of the rules as they are.
func (a *App) publish(ctx context.Context, who desk.Actor, at desk.DraftMark, next func(*postgres.Tx, desk.Rulebook) (desk.RulesetVersion, error)) (version int, err error) {
	if err := who.May(desk.ManageRules); err != nil {
		return 0, err
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := rulebook(tx)
		if err != nil {
			return err
		}
		if book.Mark() != at {
			return desk.ErrConflict
		}
		v, err := next(tx, book)
		if err != nil {
			return err
		}
		if err := keepShipped(tx, book.Published); err != nil {
			return err
		}
		version = v.Version
		return tx.AddRuleset(v)
	})
	return version, err
}

// keepShipped stores the shipped rules for a desk that had no version of its own, so that its
// history begins with what it judged by.
func keepShipped(tx *postgres.Tx, published desk.RulesetVersion) error {
	_, err := tx.RulesetAt(published.Version)
	if errors.Is(err, desk.ErrNotFound) {
		return tx.AddRuleset(published)
	}
	return err
}
