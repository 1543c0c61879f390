package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SaveType changes a type of the draft, or adds one where key is "", and tells its
// key. Errors: ErrConflict when the offer is no longer the one that the form was
// made from; Invalid, by field; ErrNotFound.
func (a *App) SaveType(ctx context.Context, who desk.Actor, at desk.DraftMark, key string, s desk.TypeSettings) (string, error) {
	saved := key
	err := a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error {
		if _, there := o.Type(key); key != "" && !there {
			return desk.ErrNotFound
		}
		t, err := o.NewType(key, s, who.Desk.Language)
		if err == nil {
			o.PutType(t)
			saved = t.Key
		}
		return err
	})
	return saved, err
}

// RemoveType takes a type out of the draft; a successor takes over who has it.
// Errors: as SaveType; Invalid on "successor" where one is needed.
func (a *App) RemoveType(ctx context.Context, who desk.Actor, at desk.DraftMark, key, successor string) error {
	return a.editOffer(ctx, who, at, func(o *desk.Offer, b desk.OfferBook) error { return o.RemoveType(key, successor, b.InUse) })
}

// ShiftType moves a type of the draft down by some places, up for less than 0.
// Errors: as SaveType.
func (a *App) ShiftType(ctx context.Context, who desk.Actor, at desk.DraftMark, key string, by int) error {
	return a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error { return o.ShiftType(key, by) })
}

// SaveHours changes a calendar of the draft, or adds one where key is "", and
// tells its key. Errors: as SaveType.
func (a *App) SaveHours(ctx context.Context, who desk.Actor, at desk.DraftMark, key string, s desk.HoursSettings) (string, error) {
	saved := key
	err := a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error {
		if _, there := o.Hours(key); key != "" && !there {
			return desk.ErrNotFound
		}
		c, err := o.NewHours(key, s, who.Desk.Language)
		if err == nil {
			o.PutHours(c)
			saved = c.Key
		}
		return err
	})
	return saved, err
}

// RemoveHours takes a calendar out of the draft. Errors: as SaveType; Invalid on
// "removal" while a type goes by it.
func (a *App) RemoveHours(ctx context.Context, who desk.Actor, at desk.DraftMark, key string) error {
	return a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error { return o.RemoveHours(key) })
}

// SaveOffer changes what belongs to no type: the default, who does what, the
// warnings. Errors: as SaveType.
func (a *App) SaveOffer(ctx context.Context, who desk.Actor, at desk.DraftMark, s desk.GeneralSettings) error {
	return a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error {
		next, err := o.WithGeneral(s)
		if err == nil {
			*o = next
		}
		return err
	})
}

// SavePrices changes what all prices have in common. Errors: as SaveType.
func (a *App) SavePrices(ctx context.Context, who desk.Actor, at desk.DraftMark, s desk.PriceSettings) error {
	return a.editOffer(ctx, who, at, func(o *desk.Offer, _ desk.OfferBook) error {
		next, err := o.WithPrices(s)
		if err == nil {
			*o = next
		}
		return err
	})
}

// DiscardOffer ends the draft. Errors: ErrConflict.
func (a *App) DiscardOffer(ctx context.Context, who desk.Actor, at desk.DraftMark) error {
	if err := who.May(desk.ManageOffer); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := offerBook(tx, who.Desk)
		if err != nil {
			return err
		}
		if book.Mark() != at {
			return desk.ErrConflict
		}
		return tx.RemoveOfferDraft(at.Revision)
	})
}

// editOffer changes the draft, which begins with its first change; what changes
// nothing is not written.
func (a *App) editOffer(ctx context.Context, who desk.Actor, at desk.DraftMark, edit func(*desk.Offer, desk.OfferBook) error) error {
	if err := who.May(desk.ManageOffer); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		book, err := offerBook(tx, who.Desk)
		if err != nil {
			return err
		}
		if book.Mark() != at {
			return desk.ErrConflict
		}
		d := book.Begin()
		d.PersonID = who.Person.ID
		if err := edit(&d.Content, book); err != nil || book.Says(d) {
			return err
		}
		if book.Draft == nil {
			return tx.AddOfferDraft(d)
		}
		return tx.SaveOfferDraft(d)
	})
}
