package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// OfferBook reads the desk's offer: what is published, and for who may change it
// what is being changed.
func (a *App) OfferBook(ctx context.Context, who desk.Actor) (book desk.OfferBook, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return book, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if book, err = offerBook(tx, who.Desk); err != nil {
			return err
		}
		newest, err := tx.Recalculations(1)
		if err != nil {
			return err
		}
		if len(newest) == 1 {
			book.Reckoned = &newest[0]
		}
		book.Versions, err = tx.Offers(book.Published.Version+1, versionsAtOnce)
		return err
	})
	if len(book.Versions) == 0 {
		book.Versions = []desk.OfferVersion{book.Published}
	}
	if who.May(desk.ManageOffer) != nil {
		book.Draft = nil
	}
	return book, err
}

// OfferVersion reads one version and the one before it, which is the same for
// the first. Errors: ErrNotFound.
func (a *App) OfferVersion(ctx context.Context, who desk.Actor, version int) (v, before desk.OfferVersion, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return v, before, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if v, err = versionOfOffer(tx, who.Desk, version); err != nil {
			return err
		}
		before, err = versionOfOffer(tx, who.Desk, version-1)
		if errors.Is(err, desk.ErrNotFound) {
			before, err = v, nil
		}
		return err
	})
	return v, before, err
}

// offerBook reads what is published, what is being changed and who has what.
func offerBook(tx *postgres.Tx, d desk.Desk) (book desk.OfferBook, err error) {
	book.Language, book.InUse = d.Language, map[string]int{}
	version, err := tx.OfferNow()
	if err != nil {
		return book, err
	}
	if book.Published, err = versionOfOffer(tx, d, version); err != nil {
		return book, err
	}
	used, err := tx.TypesInUse(desk.DayOf(tx.Now, d.Location()))
	if err != nil {
		return book, err
	}
	for _, u := range used {
		book.InUse[u.SupportType] = u.Customers
	}
	draft, err := tx.OfferDraft()
	if errors.Is(err, desk.ErrNotFound) {
		return book, nil
	}
	book.Draft = &draft
	return book, err
}

// versionOfOffer reads a version; a desk that has not stored its first one yet
// has what every desk begins with.
func versionOfOffer(tx *postgres.Tx, d desk.Desk, version int) (desk.OfferVersion, error) {
	v, err := tx.Offer(version)
	if errors.Is(err, desk.ErrNotFound) && version == 0 {
		return desk.FirstOffer(d), nil
	}
	return v, err
}
