package app

import (
	"context"
	"strings"

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
		c, found, err := customerMeant(tx, q)
		if err != nil {
			return err
		}
		h, err := tx.Handover()
		if err != nil {
			return err
		}
		plans, err := tx.PartnerPlans()
		answer = h.Answer(q, c, plans, h.Today(tx.Now))
		answer.Found = found
		return err
	})
	return answer, err
}

// customerMeant finds the customer of a question, or those that its name may
// speak of.
func customerMeant(tx *postgres.Tx, q desk.WhereQuestion) (c desk.Customer, found []desk.Customer, err error) {
	if q.Customer != desk.Nobody {
		c, err = tx.Customer(q.Customer)
		return c, nil, err
	}
	if q.Name == "" {
		return c, nil, nil
	}
	found, err = tx.Customers(strings.ToLower(q.Name), "")
	for _, f := range found {
		if strings.EqualFold(f.Name, q.Name) || len(found) == 1 {
			return f, nil, err
		}
	}
	return c, found, err
}

// UsualRoutes tells where a customer's requests go as a rule, by the usual
// questions.
func (a *App) UsualRoutes(ctx context.Context, who desk.Actor, c desk.Customer) (list []desk.UsualRoute, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		h, err := tx.Handover()
		if err != nil {
			return err
		}
		plans, err := tx.PartnerPlans()
		list = h.Usually(string(c.Relationship), plans, h.Today(tx.Now))
		return err
	})
	return list, err
}
