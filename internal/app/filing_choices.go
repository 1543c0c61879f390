package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// FilingChoices is what a person chooses from before a connector files.
type FilingChoices struct {
	Story        desk.EscalationStory
	Services     []desk.RemoteService
	Problems     []desk.RemoteService // of the service that was chosen
	Subscription string               // the one that is likely, "" where none is
}

// FilingChoices asks Azure what a request can be about. Errors: Invalid on "" where
// no connector can file it; desk.Refusal.
func (a *App) FilingChoices(ctx context.Context, who desk.Actor, number int64, service string) (f FilingChoices, err error) {
	if err := who.May(desk.Escalate); err != nil {
		return f, err
	}
	var c desk.Connector
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		e, err := tx.Escalation(number)
		if err != nil {
			return err
		}
		if f.Story, err = a.story(tx, who, e); err != nil {
			return err
		}
		if len(f.Story.Connectors) == 0 {
			return desk.NewInvalid("", "connectors.cannot_file")
		}
		if c, err = tx.Connector(desk.AzureSupport); err != nil {
			return err
		}
		if id, ok := f.Story.Dossier.Field("subscription_id"); ok && id.Value != "" {
			f.Subscription = id.Value
			return nil
		}
		f.Subscription, err = tx.OnlySubscription(f.Story.Thread.Customer.ID)
		return err
	})
	if err != nil {
		return f, err
	}
	d, err := a.connect(who.Desk.ID, c)
	if err != nil {
		return f, err
	}
	access := d.azure
	access.Tenant = f.Story.Thread.Customer.Tenant
	if f.Services, err = d.support.Services(ctx, access); err == nil && service != "" {
		f.Problems, err = d.support.Classifications(ctx, access, service)
	}
	return f, err
}
