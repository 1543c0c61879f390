package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// WhereTo tells an agent where something goes, before he writes anything. Errors:
// ErrNotFound for a customer that is not in his sight.
func (a *App) WhereTo(ctx context.Context, who desk.Actor, q desk.WhereQuestion) (answer desk.WhereAnswer, err error) {
	if err := who.May(desk.Escalate); err != nil {
		return answer, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		var c desk.Customer
		if q.Customer != desk.Nobody {
			if c, err = tx.Customer(q.Customer); err != nil {
				return err
			}
		}
		h, err := tx.Handover()
		if err != nil {
			return err
		}
		plans, err := tx.PartnerPlans()
		answer = h.Answer(q, c, plans, h.Today(tx.Now))
		return err
	})
	return answer, err
}
