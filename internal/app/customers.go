package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Customers lists a page of the desk's customers by name, and the name the
// next page starts after ("" when there is none).
func (a *App) Customers(ctx context.Context, who desk.Actor, text, after string) (list []desk.Customer, next string, err error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return nil, "", err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Customers(text, after)
		return err
	})
	if len(list) > desk.PageSize {
		list = list[:desk.PageSize]
		next = list[desk.PageSize-1].Name
	}
	return list, next, err
}

// Customer reads one with its people. Errors: ErrNotFound.
func (a *App) Customer(ctx context.Context, who desk.Actor, id desk.ID) (c desk.Customer, people []desk.Person, err error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return c, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if c, err = tx.Customer(id); err != nil {
			return err
		}
		people, err = tx.People(id)
		return err
	})
	return c, people, err
}

// AddCustomer takes a company on. Errors: Invalid, by field.
func (a *App) AddCustomer(ctx context.Context, who desk.Actor, s desk.CustomerSettings) (desk.ID, error) {
	if err := who.May(desk.ManageCustomers); err != nil {
		return desk.Nobody, err
	}
	c, err := desk.NewCustomer(s)
	if err != nil {
		return desk.Nobody, err
	}
	return c.ID, a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.AddCustomer(c) })
}

// SaveCustomer changes a company's settings. One that is switched off takes
// its people's sessions along. Errors: Invalid, by field; ErrNotFound.
func (a *App) SaveCustomer(ctx context.Context, who desk.Actor, id desk.ID, s desk.CustomerSettings) error {
	return a.PatchCustomer(ctx, who, id, func(desk.Customer) (desk.CustomerSettings, error) { return s, nil })
}

// PatchCustomer is SaveCustomer of settings that follow from how they stand now;
// nobody else changes them meanwhile. Errors: as for it, and what edit says.
func (a *App) PatchCustomer(ctx context.Context, who desk.Actor, id desk.ID, edit func(desk.Customer) (desk.CustomerSettings, error)) error {
	if err := who.May(desk.ManageCustomers); err != nil {
		return err
	}
	var out []desk.Person
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if err := tx.HoldCustomer(id); err != nil {
			return err
		}
		before, err := tx.Customer(id)
		if err != nil {
			return err
		}
		s, err := edit(before)
		if err != nil {
			return err
		}
		c, err := before.With(s)
		if err != nil {
			return err
		}
		if !c.Active || c.Tenant != before.Tenant {
			if out, err = tx.People(id); err != nil {
				return err
			}
		}
		if err := tx.SaveCustomer(c); err != nil || c.Relationship == before.Relationship {
			return err
		}
		return a.leadAnew(tx, who, id) // open escalations follow what the desk is for him
	})
	if err != nil {
		return err
	}
	a.people.Clear()
	return a.signOut(ctx, out...)
}

// signOut ends all sessions of people whose rights have changed.
func (a *App) signOut(ctx context.Context, people ...desk.Person) error {
	if len(people) == 0 {
		return nil
	}
	return a.db.Global(ctx, func(tx *postgres.GlobalTx) error {
		for _, p := range people {
			if err := tx.RevokeAll(p.ID, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
