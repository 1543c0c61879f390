package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Resealed is how far sealing anew has come.
type Resealed struct {
	Desks, Secrets int // looked at, and sealed anew
	Lost           []LostSecret
}

// LostSecret is one that no key opens, at a desk. What is "sign_in", "plan", "mailbox", "sender", "webhook", or a
// ConnectorKind.
type LostSecret struct{ Slug, What string }

// Reseal seals by today's key whatever another one sealed, desk by desk, so that
// it may be stopped and begun again; dry only counts. tell hears of each desk; it
// may be nil.
func (a *App) Reseal(ctx context.Context, dry bool, tell func(Resealed)) (done Resealed, err error) {
	err = a.pastDesks(ctx, func(d desk.Desk) error {
		err := a.resealDesk(ctx, d, dry, &done)
		done.Desks++
		if tell != nil {
			tell(done)
		}
		return err
	})
	return done, err
}

func (a *App) resealDesk(ctx context.Context, d desk.Desk, dry bool, done *Resealed) error {
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) error {
		sealed, err := tx.SealedSecret(d.ID)
		if err != nil {
			return err
		}
		if anew, ok := a.anew(sealed, done, d, "sign_in"); ok && !dry {
			return tx.ResealDesk(d.ID, sealed, anew)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		connectors, err := tx.SealedConnectors()
		if err != nil {
			return err
		}
		for _, c := range connectors {
			if anew, ok := a.anew(c.Secret, done, d, string(c.Kind)); ok && !dry {
				tx.ResealConnector(c.Kind, c.Secret, anew)
			}
		}
		box, err := tx.MailSettings()
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if anew, ok := a.anew(box.Secret, done, d, "mailbox"); ok && !dry {
			box.Secret = anew
			tx.SaveMailSettings(box)
		}
		own, err := senderOf(tx)
		if err != nil {
			return err
		}
		if anew, ok := a.anew(own.PrivateKey, done, d, "sender"); ok && !dry {
			own.PrivateKey = anew
			if err := tx.SaveSender(own, own.Revision); err != nil {
				return err
			}
		}
		if err := a.resealWebhooks(tx, d, dry, done); err != nil {
			return err
		}
		plans, err := tx.SealedPlans()
		for _, l := range plans {
			if anew, ok := a.anew(l.Contract, done, d, "plan"); ok && !dry {
				tx.ResealPlan(l.ID, l.Contract, anew)
			}
		}
		return err
	})
}

func (a *App) resealWebhooks(tx *postgres.Tx, d desk.Desk, dry bool, done *Resealed) error {
	hooks, err := tx.SealedWebhooks()
	for _, w := range hooks {
		after := w
		anew, ok := a.anew(w.Secret, done, d, "webhook")
		if ok {
			after.Secret = anew
		}
		before, ok2 := a.anew(w.OldSecret, done, d, "webhook")
		if ok2 {
			after.OldSecret = before
		}
		if (ok || ok2) && !dry {
			tx.ResealWebhook(w, after)
		}
	}
	return err
}

// anew seals what is stale; false for what is not, and for what cannot be opened,
// which is told.
func (a *App) anew(sealed []byte, done *Resealed, d desk.Desk, what string) ([]byte, bool) {
	if !a.secrets.Stale(sealed) {
		return nil, false
	}
	b, err := a.secrets.Anew(sealed)
	if err != nil {
		done.Lost = append(done.Lost, LostSecret{d.Slug, what})
		return nil, false
	}
	done.Secrets++
	return b, true
}
