package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// versionsAtOnce is how many versions are listed beside the rules.
const versionsAtOnce = 50

// Rules reads the desk's rules: what is published, and for who may change them
// what is being changed.
func (a *App) Rules(ctx context.Context, who desk.Actor) (book desk.Rulebook, err error) {
	if err := who.May(desk.ReadRules); err != nil {
		return book, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if book, err = rulebook(tx); err != nil {
			return err
		}
		if book.Hint, err = tx.HintState(); err != nil {
			return err
		}
		book.Versions, err = tx.RulesetVersions(book.Published.Version+1, versionsAtOnce)
		return err
	})
	if len(book.Versions) == 0 {
		book.Versions = []desk.RulesetVersion{book.Published}
	}
	if who.May(desk.ManageRules) != nil {
		book.Draft = nil
	}
	return book, err
}

// RulesVersion reads one version and the one before it, which is zero for the
// first. Errors: ErrNotFound.
func (a *App) RulesVersion(ctx context.Context, who desk.Actor, version int) (v, before desk.RulesetVersion, err error) {
	if err := who.May(desk.ReadRules); err != nil {
		return v, before, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if v, err = versionOf(tx, version); err != nil {
			return err
		}
		before, err = versionOf(tx, version-1)
		if errors.Is(err, desk.ErrNotFound) {
			err = nil
		}
		return err
	})
	return v, before, err
}

// rulebook reads what is published and what is being changed.
func rulebook(tx *postgres.Tx) (book desk.Rulebook, err error) {
	book.Published, err = tx.PublishedRules()
	if errors.Is(err, desk.ErrNotFound) {
		book.Published, err = desk.ShippedVersion(), nil
	}
	if err != nil {
		return book, err
	}
	draft, err := tx.RuleDraft()
	if errors.Is(err, desk.ErrNotFound) {
		return book, nil
	}
	book.Draft = &draft
	return book, err
}

// versionOf reads a version; a desk that stored none has the shipped one.
func versionOf(tx *postgres.Tx, version int) (desk.RulesetVersion, error) {
	v, err := tx.RulesetVersion(version)
	if shipped := desk.ShippedVersion(); errors.Is(err, desk.ErrNotFound) && version == shipped.Version {
		return shipped, nil
	}
	return v, err
}
