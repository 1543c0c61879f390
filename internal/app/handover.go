package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// shownHandovers is how many versions a page lists.
const shownHandovers = 30

// Handover is how the desk hands requests on, and its versions.
func (a *App) Handover(ctx context.Context, who desk.Actor) (book desk.HandoverBook, err error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return book, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if book.Now, err = tx.Handover(); err != nil {
			return err
		}
		book.Versions, err = tx.Handovers(book.Now.Version+1, shownHandovers)
		return err
	})
	return book, err
}

// HandoverAt is one version; 0 is what every desk begins with. Errors: ErrNotFound.
func (a *App) HandoverAt(ctx context.Context, who desk.Actor, version int) (h desk.Handover, err error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return h, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		h, err = tx.HandoverAt(version)
		return err
	})
	return h, err
}

// ChangeHandover makes the next version by one act. Escalations that are open go
// by it from then on. Errors: ErrConflict when the version is no longer the one
// that the form was made from; Invalid, by field; ErrNotFound.
func (a *App) ChangeHandover(ctx context.Context, who desk.Actor, at int, c desk.HandoverChange) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	if err := a.knownDeskOf(ctx, who, c.Party); err != nil {
		return err
	}
	return a.nextHandover(ctx, who, at, func(_ *postgres.Tx, now desk.Handover) (desk.Handover, error) {
		return now.Changed(c, who.Person.ID)
	})
}

// RestoreHandover makes an earlier version the next one; 0 is what every desk
// begins with. Errors: as ChangeHandover.
func (a *App) RestoreHandover(ctx context.Context, who desk.Actor, at, version int) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	return a.nextHandover(ctx, who, at, func(tx *postgres.Tx, now desk.Handover) (desk.Handover, error) {
		old, err := tx.HandoverAt(version)
		if err != nil || old.Says(now) {
			return now, err
		}
		return now.Bring(old, who.Person.ID)
	})
}

// nextHandover stores what a verb makes of the version that holds; one that it
// leaves as it is, is not stored again.
func (a *App) nextHandover(ctx context.Context, who desk.Actor, at int, next func(*postgres.Tx, desk.Handover) (desk.Handover, error)) error {
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		now, err := tx.Handover()
		if err != nil {
			return err
		}
		if now.Version != at {
			return desk.ErrConflict
		}
		made, err := next(tx, now)
		if err != nil || made.Version == now.Version {
			return err
		}
		return tx.SaveHandover(made)
	})
}

// knownDeskOf refuses a provider's desk that this installation does not have, and
// the desk itself. Errors: Invalid on "desk".
func (a *App) knownDeskOf(ctx context.Context, who desk.Actor, party desk.HandoverProvider) error {
	if party.Desk == "" {
		return nil
	}
	d, err := a.Desk(ctx, party.Desk)
	if errors.Is(err, desk.ErrNotFound) || err == nil && d.ID == who.Desk.ID {
		return desk.NewInvalid("desk", "error.handover.desk")
	}
	return err
}
