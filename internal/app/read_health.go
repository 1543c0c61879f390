package app

import (
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Health is the state of services by days of a zone: of the reader's company;
// for the desk's people of a customer, or over all of them (Nobody). Errors:
// ErrNotFound.
func (a *App) Health(ctx context.Context, who desk.Actor, customer desk.ID, zone *time.Location) (v desk.HealthView, err error) {
	if err := who.May(desk.ReadHealth); err != nil {
		return v, err
	}
	if !who.DeskSide() {
		customer = who.Person.CustomerID
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if customer == desk.Nobody {
			h, err := tx.HeardOfAll()
			v = desk.NewHealthView(h, tx.Now, zone)
			return noted(tx, &v, err)
		}
		c, h, err := tx.HeardOf(customer)
		v = desk.NewHealthView(h, tx.Now, zone)
		v.Customer = c
		return noted(tx, &v, err)
	})
	return v, err
}

// PublicHealth is what a desk tells anybody of the state of services.
func (a *App) PublicHealth(ctx context.Context, d desk.Desk, zone *time.Location) (v desk.HealthView, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		h, err := tx.HeardByAll()
		v = desk.NewHealthView(h, tx.Now, zone)
		return noted(tx, &v, err)
	})
	return v, err
}

// noted adds what an agent noted of Microsoft's public page, if anything.
func noted(tx *postgres.Tx, v *desk.HealthView, err error) error {
	if err != nil {
		return err
	}
	if v.Note, err = tx.HealthNote(); errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	return err
}

// InTrouble is which troubles a customer's person has open tickets about, each
// with the newest that he may see.
func (a *App) InTrouble(ctx context.Context, who desk.Actor) (map[desk.ID]int64, error) {
	if err := who.May(desk.ReadHealth); err != nil {
		return nil, err
	}
	in := map[desk.ID]int64{}
	if who.DeskSide() {
		return in, nil
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		list, err := tx.TroublesOf(who.Person)
		for _, t := range list {
			in[t.ID] = max(in[t.ID], t.Number)
		}
		return err
	})
	return in, err
}
