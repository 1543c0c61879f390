package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Subcontractors lists the companies that work for the desk, by name.
func (a *App) Subcontractors(ctx context.Context, who desk.Actor) (list []desk.Subcontractor, err error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Subcontractors()
		return err
	})
	return list, err
}

// Subcontractor reads one with its people. Errors: ErrNotFound.
func (a *App) Subcontractor(ctx context.Context, who desk.Actor, id desk.ID) (c desk.Subcontractor, staff []desk.Person, err error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return c, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if c, err = tx.Subcontractor(id); err != nil {
			return err
		}
		staff, err = tx.Staff(id)
		return err
	})
	return c, staff, err
}

// Grantable lists the customers that can be given to a subcontractor: the
// active ones and those given already.
func (a *App) Grantable(ctx context.Context, who desk.Actor, given []desk.ID) (list []desk.Customer, err error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Grantable(given)
		return err
	})
	return list, err
}

// AddSubcontractor takes a company on. Errors: Invalid, by field.
func (a *App) AddSubcontractor(ctx context.Context, who desk.Actor, s desk.SubcontractorSettings) (desk.ID, error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return desk.Nobody, err
	}
	c, err := desk.NewSubcontractor(s)
	if err == nil {
		err = foreign(who.Desk, c)
	}
	if err != nil {
		return desk.Nobody, err
	}
	return c.ID, a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.AddSubcontractor(c) })
}

// SaveSubcontractor changes what is given to a company. Where that becomes less,
// its people's sessions end. Errors: Invalid, by field; ErrNotFound.
func (a *App) SaveSubcontractor(ctx context.Context, who desk.Actor, id desk.ID, s desk.SubcontractorSettings) error {
	if err := who.May(desk.ManagePeople); err != nil {
		return err
	}
	var out []desk.Person
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		before, err := tx.Subcontractor(id)
		if err != nil {
			return err
		}
		c, err := before.With(s)
		if err == nil {
			err = foreign(who.Desk, c)
		}
		if err != nil {
			return err
		}
		if c.Narrower(before) {
			if out, err = tx.Staff(id); err != nil {
				return err
			}
		}
		return tx.SaveSubcontractor(c)
	})
	if err != nil {
		return err
	}
	a.people.Clear()
	a.agents.Clear()
	a.counts.Clear()
	return a.signOut(ctx, out...)
}

// foreign refuses the desk's own tenant: its people need no company between.
func foreign(d desk.Desk, c desk.Subcontractor) error {
	if c.Tenant != "" && c.Tenant == d.Tenant {
		return desk.NewInvalid("tenant", "error.subcontractor.own_tenant")
	}
	return nil
}
