package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Resealed is how far sealing anew has come.
type Resealed struct {
	Desks, Secrets int // looked at, and sealed anew
	Lost           int // that no key opens
}

// Reseal seals by today's key whatever another one sealed, desk by desk, so that
// it may be stopped and begun again; dry only counts. tell hears of each desk; it
// may be nil.
func (a *App) Reseal(ctx context.Context, dry bool, tell func(Resealed)) (done Resealed, err error) {
	for after := desk.Nobody; ; {
		var desks []desk.Desk
		err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
			desks, err = tx.DesksAfter(after, deskBatch)
			return err
		})
		for _, d := range desks {
			if err == nil {
				err = a.resealDesk(ctx, d.ID, dry, &done)
			}
			after = d.ID
			done.Desks++
			if tell != nil {
				tell(done)
			}
		}
		if err != nil || len(desks) < deskBatch {
			return done, err
		}
	}
}

func (a *App) resealDesk(ctx context.Context, at desk.ID, dry bool, done *Resealed) error {
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) error {
		sealed, err := tx.SealedSecret(at)
		if err != nil {
			return err
		}
		if anew, ok := a.anew(sealed, done); ok && !dry {
			return tx.ResealDesk(at, sealed, anew)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) error {
		connectors, err := tx.SealedConnectors()
		if err != nil {
			return err
		}
		for _, c := range connectors {
			if anew, ok := a.anew(c.Secret, done); ok && !dry {
				tx.ResealConnector(c.Kind, c.Secret, anew)
			}
		}
		plans, err := tx.SealedPlans()
		for _, l := range plans {
			if anew, ok := a.anew(l.Contract, done); ok && !dry {
				tx.ResealPlan(l.ID, l.Contract, anew)
			}
		}
		return err
	})
}

// anew seals what is stale; false for what is not, and for what cannot be opened,
// which is counted.
func (a *App) anew(sealed []byte, done *Resealed) ([]byte, bool) {
	if !a.secrets.Stale(sealed) {
		return nil, false
	}
	b, err := a.secrets.Anew(sealed)
	if err != nil {
		done.Lost++
		return nil, false
	}
	done.Secrets++
	return b, true
}
