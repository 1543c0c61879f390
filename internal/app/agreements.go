package app

import (
	"context"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Agreements lists what a customer has agreed on, the newest first, with the
// offer of today that it is about. Errors: ErrNotFound.
func (a *App) Agreements(ctx context.Context, who desk.Actor, customer desk.ID) (list []desk.Agreement, o desk.OpenOffer, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return nil, o, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, o, err = a.agreedBy(tx, who.Desk, customer)
		return err
	})
	return list, o, err
}

// agreedBy reads a customer's agreements. Errors: ErrNotFound.
func (a *App) agreedBy(tx *postgres.Tx, d desk.Desk, customer desk.ID) ([]desk.Agreement, desk.OpenOffer, error) {
	if _, err := tx.Customer(customer); err != nil {
		return nil, desk.OpenOffer{}, err
	}
	st, err := tx.Standing(customer)
	if err != nil {
		return nil, desk.OpenOffer{}, err
	}
	o, err := a.offerAt(tx, d, st.Offer)
	return st.Agreements, o, err
}

// TypesToday is the support type that each of some customers has today, by
// agreement for all services or by the offer's default.
func (a *App) TypesToday(ctx context.Context, who desk.Actor, customers []desk.Customer) (types map[desk.ID]desk.SupportType, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return nil, err
	}
	types = map[desk.ID]desk.SupportType{}
	ids := make([]desk.ID, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		o, err := a.offerNow(tx, who.Desk)
		if err != nil {
			return err
		}
		held, err := tx.AgreementsOf(ids, desk.DayOf(tx.Now, who.Desk.Location()))
		if err != nil {
			return err
		}
		of := byCustomer(held)
		for _, id := range ids {
			l, _ := levelFor(o, of[id], who.Desk, "", tx.Now)
			types[id] = l.Type
		}
		return nil
	})
	return types, err
}

func byCustomer(list []desk.Agreement) map[desk.ID][]desk.Agreement {
	of := map[desk.ID][]desk.Agreement{}
	for _, g := range list {
		of[g.CustomerID] = append(of[g.CustomerID], g)
	}
	return of
}

// AddAgreement gives a customer a support type; his open tickets are promised
// anew. Errors: Invalid, by field; ErrNotFound.
func (a *App) AddAgreement(ctx context.Context, who desk.Actor, customer desk.ID, s desk.AgreementSettings) error {
	return a.agree(ctx, who, customer, func(tx *postgres.Tx, o desk.Offer, list []desk.Agreement) error {
		g, err := desk.NewAgreement(customer, s, o, list)
		if err != nil {
			return err
		}
		return tx.AddAgreement(g)
	})
}

// SaveAgreement changes one. Errors: as AddAgreement.
func (a *App) SaveAgreement(ctx context.Context, who desk.Actor, customer, id desk.ID, s desk.AgreementSettings) error {
	return a.agree(ctx, who, customer, func(tx *postgres.Tx, o desk.Offer, list []desk.Agreement) error {
		i := slices.IndexFunc(list, func(g desk.Agreement) bool { return g.ID == id })
		if i < 0 {
			return desk.ErrNotFound
		}
		g, err := list[i].With(s, o, list)
		if err != nil {
			return err
		}
		return tx.SaveAgreement(g)
	})
}

// RemoveAgreement forgets one that was entered by mistake. Errors: ErrNotFound.
func (a *App) RemoveAgreement(ctx context.Context, who desk.Actor, customer, id desk.ID) error {
	return a.agree(ctx, who, customer, func(tx *postgres.Tx, _ desk.Offer, _ []desk.Agreement) error {
		return tx.RemoveAgreement(customer, id)
	})
}

func (a *App) agree(ctx context.Context, who desk.Actor, customer desk.ID, act func(*postgres.Tx, desk.Offer, []desk.Agreement) error) error {
	if err := who.May(desk.ManageCustomers); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if err := tx.HoldCustomer(customer); err != nil {
			return err
		}
		list, o, err := a.agreedBy(tx, who.Desk, customer)
		if err != nil {
			return err
		}
		if err := act(tx, o.Content, list); err != nil {
			return err
		}
		return a.recalculate(tx, who, desk.BecauseAgreement, customer)
	})
}
