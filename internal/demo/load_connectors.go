package demo

import (
	"context"
	"errors"
	"fmt"

	"guichet/internal/app"
	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SetUpConnectors lets the first demo desk file and read requests at the sample of
// Microsoft, as its admin would. The others have nothing set up, and a desk that has
// is left as it is.
func SetUpConnectors(ctx context.Context, db *postgres.DB, a *app.App) error {
	d, err := a.Desk(ctx, demoDesks[0].slug)
	if err != nil {
		return fmt.Errorf("demo connectors: %w", err)
	}
	who := desk.Actor{Desk: d}
	err = db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		people, err := tx.Agents()
		for _, p := range people {
			if p.Role == desk.Admin {
				who.Person = p
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("demo connectors: %w", err)
	}
	for _, kind := range desk.ConnectorKinds {
		f := desk.ConnectorForm{Kind: kind, Enabled: true, Tenant: d.Tenant, ClientID: clientID, ClientSecret: clientSecret}
		if kind == desk.PartnerCenter {
			f.Refresh = microsoft.RefreshToken(d.Tenant)
		}
		if err := a.SaveConnector(ctx, who, f); err != nil && !errors.Is(err, desk.ErrConflict) { // somebody set it up
			return fmt.Errorf("demo connectors: %w", err)
		}
	}
	return nil
}
