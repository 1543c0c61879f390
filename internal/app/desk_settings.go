package app

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SaveDesk changes the desk's own settings. secret replaces the client secret
// of its issuer and is never shown again; "" keeps it. Another issuer than
// before never gets it: then, as without an issuer, it is forgotten. Errors:
// Invalid, by field.
func (a *App) SaveDesk(ctx context.Context, who desk.Actor, s desk.DeskSettings, secret string) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	var d desk.Desk
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		if d, err = tx.DeskByID(who.Desk.ID); err != nil {
			return err
		}
		before := d.Issuer
		if d, err = d.With(s); err != nil {
			return err
		}
		if err := tx.SaveDesk(d); err != nil {
			return err
		}
		return a.saveSecret(tx, d, before, strings.TrimSpace(secret))
	})
	if err != nil {
		return err
	}
	a.known.Delete(d.Slug)
	return nil
}

func (a *App) saveSecret(tx *postgres.GlobalTx, d desk.Desk, before, secret string) error {
	switch {
	case d.Issuer == "" || secret == "" && d.Issuer != before:
		return tx.SealSecret(d.ID, []byte{})
	case secret == "":
		return nil
	}
	sealed, err := a.secrets.Seal(secret)
	if err != nil {
		return err
	}
	return tx.SealSecret(d.ID, sealed)
}
