package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PublishOffer makes the draft the version that promises from now on, and tells
// its number. Errors: ErrConflict when the offer is no longer the one that the
// form was made from; Invalid on "note"; InvalidOffer.
func (a *App) PublishOffer(ctx context.Context, who desk.Actor, at desk.DraftMark, note string) (version int, err error) {
	return a.publishOffer(ctx, who, at, func(tx *postgres.Tx, book desk.OfferBook) (desk.OfferVersion, error) {
		if !book.Changed() {
			return desk.OfferVersion{}, desk.NewInvalid("", "error.offer.nothing")
		}
		v, err := book.Publish(note, who.Person.ID)
		if err != nil {
			return v, err
		}
		return v, tx.RemoveOfferDraft(at.Revision)
	})
}

// RestoreOffer publishes an earlier version again, as a new one; a draft stays.
// Errors: as PublishOffer; ErrNotFound.
func (a *App) RestoreOffer(ctx context.Context, who desk.Actor, at desk.DraftMark, version int, note string) (int, error) {
	return a.publishOffer(ctx, who, at, func(tx *postgres.Tx, book desk.OfferBook) (desk.OfferVersion, error) {
		old, err := versionOfOffer(tx, who.Desk, version)
		if err != nil {
			return old, err
		}
		if version == book.Published.Version {
			return old, desk.NewInvalid("", "error.offer.nothing")
		}
		return book.Bring(old, note, who.Person.ID)
	})
}

// publishOffer stores what a verb makes of the offer as it is, and has all open
// clocks reckoned anew.
func (a *App) publishOffer(ctx context.Context, who desk.Actor, at desk.DraftMark, next func(*postgres.Tx, desk.OfferBook) (desk.OfferVersion, error)) (version int, err error) {
	if err := who.May(desk.ManageOffer); err != nil {
		return 0, err
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := offerBook(tx, who.Desk)
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
		if err := keepFirst(tx, book.Published); err != nil {
			return err
		}
		if err := tx.AddOffer(v); err != nil {
			return err
		}
		version = v.Version
		return a.recalculate(tx, who, desk.BecauseOffer, desk.Nobody)
	})
	if err == nil {
		a.offered.Delete(who.Desk.ID)
	}
	return version, err
}

// keepFirst stores what a desk promised before it published anything, so that its
// history begins with it.
func keepFirst(tx *postgres.Tx, published desk.OfferVersion) error {
	if published.Version > 0 {
		return nil
	}
	_, err := tx.Offer(0)
	if errors.Is(err, desk.ErrNotFound) {
		return tx.AddOffer(published)
	}
	return err
}
