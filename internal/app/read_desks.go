package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Desks lists the desks of the installation by name: a public list, as each
// desk's page is.
func (a *App) Desks(ctx context.Context) (list []desk.Desk, err error) {
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		list, err = tx.Desks()
		return err
	})
	return list, err
}
