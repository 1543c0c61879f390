package app

import (
	"context"
	"errors"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PollAzure is the clock's job of reading what Azure publishes for everyone.
type PollAzure struct{}

// Kind names the job.
func (PollAzure) Kind() string { return "poll_azure" }

// HearAzure works a PollAzure: it asks once for the whole installation, and each
// desk that wants it stores it.
func (a *App) HearAzure(ctx context.Context, _ PollAzure) error {
	if !a.azure.Configured() {
		return nil
	}
	said, unread, asking := a.azure.Emerging(ctx)
	return a.eachDesk(ctx, func(tx *postgres.Tx, _ desk.Desk) error {
		feed, on, err := feedOf(tx)
		if err != nil || !on {
			return err
		}
		feed = feed.Asked(asking, unread, tx.Now)
		if asking == nil {
			refused, err := a.hear(tx, desk.FromAzure, desk.Nobody, said)
			if err != nil {
				return err
			}
			feed.Refused = desk.Refuse(feed.Refused, refused, tx.Now)
		}
		tx.SavePublicFeed(feed)
		return nil
	})
}

// feedOf is how the desk stands to what is published for everyone: where nobody
// has chosen, it is read as soon as any customer is connected.
func feedOf(tx *postgres.Tx) (f desk.PublicFeed, on bool, err error) {
	f, err = tx.PublicFeed()
	if err == nil {
		return f, f.Wanted, nil
	}
	if !errors.Is(err, desk.ErrNotFound) {
		return f, false, err
	}
	f.Wanted, err = tx.AnyConnection()
	return f, f.Wanted, err
}

// SwitchPublicFeed turns what is published for everyone on or off.
func (a *App) SwitchPublicFeed(ctx context.Context, who desk.Actor, on bool) error {
	if err := who.May(desk.ManageHealth); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		f, _, err := feedOf(tx)
		if err != nil {
			return err
		}
		f.Wanted = on
		tx.SavePublicFeed(f)
		return nil
	})
}

// WatchSubscription reads the health of one more of a customer's Azure
// subscriptions, or of one again. Errors: Invalid, by field; ErrNotFound for a
// customer who has no connection.
func (a *App) WatchSubscription(ctx context.Context, who desk.Actor, customer desk.ID, f desk.SubscriptionForm) error {
	if err := who.May(desk.ManageHealth); err != nil {
		return err
	}
	s, err := desk.NewSubscription(customer, f)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if _, err := tx.HoldConnection(customer); err != nil {
			return err
		}
		return tx.SaveSubscription(s)
	})
}

// LeaveSubscription reads a subscription no more. Errors: ErrNotFound.
func (a *App) LeaveSubscription(ctx context.Context, who desk.Actor, customer desk.ID, subscription string) error {
	if err := who.May(desk.ManageHealth); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		list, err := tx.Subscriptions(customer)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(s desk.Subscription) bool { return s.Subscription == subscription })
		if i < 0 {
			return desk.ErrNotFound
		}
		list[i].Active = false
		return tx.SaveSubscription(list[i])
	})
}
