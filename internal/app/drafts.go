package app

import (
	"context"
	"errors"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// KeepDraft keeps what somebody is typing; of nothing, that nothing is left.
// Errors: Invalid on "fields" for more than is kept, on "about" for no form.
func (a *App) KeepDraft(ctx context.Context, who desk.Actor, d desk.Draft) error {
	if err := who.May(desk.OwnAccount); err != nil {
		return err
	}
	switch {
	case !strings.HasPrefix(d.About, "ticket") || len(d.About) > desk.MaxAbout:
		return desk.NewInvalid("about", "error.choose")
	case len(d.Fields) > desk.MaxDraft:
		return desk.NewInvalid("fields", "error.choose")
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if d.Fields == "" {
			tx.DropDraft(d.About, who.Person.ID)
		} else {
			tx.KeepDraft(d, who.Person)
		}
		return nil
	})
}

// Draft is what somebody typed into a form and has not sent, zero for nothing.
func (a *App) Draft(ctx context.Context, who desk.Actor, about string) (d desk.Draft, err error) {
	if err := who.May(desk.OwnAccount); err != nil {
		return d, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		d, err = tx.Draft(about, who.Person.ID)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Draft{}, nil
	}
	return d, err
}
