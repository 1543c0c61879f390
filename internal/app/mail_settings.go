package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// MailSettings reads how the desk takes mail, and the address under which this
// installation takes it ("" where it has no door for mail). The mailbox's secret stays
// behind; HasSecret says that there is one.
func (a *App) MailSettings(ctx context.Context, who desk.Actor) (s desk.MailSettings, address string, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return s, "", err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		s, err = tx.MailSettings()
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		s, err = desk.MailSettings{Unknown: desk.UnknownWaits}, nil
	}
	if s.HasSecret = len(s.Secret) > 0; a.mailIn.Domain != "" {
		address = who.Desk.Slug + "@" + a.mailIn.Domain
	}
	s.Secret = nil
	return s, address, err
}

// SaveMailSettings changes how the desk takes mail. The mailbox's secret is sealed and
// never shown again. Errors: Invalid, by field; ErrConflict when somebody else changed
// them since the form was made.
func (a *App) SaveMailSettings(ctx context.Context, who desk.Actor, f desk.MailForm) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		s, err := tx.MailSettings()
		if errors.Is(err, desk.ErrNotFound) {
			s, err = desk.MailSettings{}, nil
		}
		if err != nil {
			return err
		}
		if s, err = s.With(f, who.Person.ID, tx.Now); err != nil {
			return err
		}
		if f.Secret != "" {
			if s.Secret, err = a.secrets.Seal(f.Secret); err != nil {
				return err
			}
		}
		if s.Mailbox.Kind == "" {
			s.Secret = nil
		}
		tx.SaveMailSettings(s)
		return nil
	})
}
