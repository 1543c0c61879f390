package app

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// OpenDesk makes a desk with the shipped rules and invites its first admin;
// tickets are numbered from first. Only the operator's command line reaches it.
// Errors: Invalid, by field.
func (a *App) OpenDesk(ctx context.Context, d desk.Desk, tenant, admin string, first int64) error {
	d, err := d.OfTenant(tenant)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(admin, "@")
	p, err := desk.NewPerson(desk.PersonSettings{Name: name, Email: admin, Role: desk.Admin})
	if err != nil {
		return err
	}
	if err := a.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, first) }); err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		if err := tx.AddRuleset(desk.ShippedVersion()); err != nil {
			return err
		}
		return tx.AddPerson(p)
	})
}
