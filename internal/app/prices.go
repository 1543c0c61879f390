package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// Quote is what a request costs that a customer sends now.
func (a *App) Quote(ctx context.Context, who desk.Actor, l desk.Level, customer desk.ID) (q pricing.Quote, err error) {
	if err := who.May(desk.SubmitTicket); err != nil {
		return q, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		q, err = a.quote(tx, who.Desk, l, customer)
		return err
	})
	return q, err
}

func (a *App) quote(tx *postgres.Tx, d desk.Desk, l desk.Level, customer desk.ID) (pricing.Quote, error) {
	left, err := a.left(tx, d, l, customer)
	if err != nil {
		return pricing.Quote{}, err
	}
	return l.Quote(tx.Now, left)
}

// left is the prepaid minutes of a customer, 0 on terms that know none.
func (a *App) left(tx *postgres.Tx, d desk.Desk, l desk.Level, customer desk.ID) (int, error) {
	if l.Type.Terms.Model != pricing.Prepaid {
		return 0, nil
	}
	list, err := tx.Blocks(customer)
	return desk.MinutesLeft(list, tx.Now, d.Location()), err
}

// accept checks the price of a request. What is loaded from the past was agreed
// to when it happened. Errors: Invalid on "accept".
func (a *App) accept(tx *postgres.Tx, who desk.Actor, l desk.Level, k desk.Ticket, accepted string, agreed bool) (*desk.Acceptance, error) {
	if !desk.Chargeable(k.Kind) {
		return nil, nil
	}
	q, err := a.quote(tx, who.Desk, l, k.CustomerID)
	if err != nil {
		return nil, err
	}
	if a.silent || agreed {
		accepted = l.Price(q)
	}
	return l.Accept(k, q, accepted, who.Person.ID, tx.Now)
}
