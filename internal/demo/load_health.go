package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// lostConsent is a customer whose consent was withdrawn at Microsoft a day ago.
const lostConsent = "alpine/papeterie-rhodanienne"

// Connect lets the demo desks read the health of the customers who consented at
// the sample endpoint, and one whose consent is gone. Its issues come with the
// first reading, a minute after the start at most. Desks that have connections
// are left as they are.
func Connect(ctx context.Context, db *postgres.DB) error {
	for _, d := range demoDesks {
		var id desk.ID
		err := db.Global(ctx, func(tx *postgres.GlobalTx) error {
			found, err := tx.Desk(d.slug)
			id = found.ID
			return err
		})
		if err == nil {
			err = db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error { return connect(tx, d.slug) })
		}
		if err != nil {
			return fmt.Errorf("demo connections: %w", err)
		}
	}
	return nil
}

func connect(tx *postgres.Tx, slug string) error {
	if already, err := tx.AnyConnection(); err != nil || already {
		return err
	}
	for _, key := range append(slices.Clone(consented), lostConsent) {
		of, name, _ := strings.Cut(key, "/")
		if of != slug {
			continue
		}
		k, err := tx.CustomerByTenant(tenantOf(of, name))
		if errors.Is(err, desk.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := tx.SaveConnection(connectionOf(k, key == lostConsent, tx.Now)); err != nil {
			return err
		}
		if slices.Contains(subscribers, key) {
			if err := tx.SaveSubscription(desk.Subscription{CustomerID: k.ID, Subscription: subscriptionOf(of, name), Name: "Production", Active: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

func connectionOf(k desk.Customer, lost bool, now time.Time) desk.Connection {
	given := now.AddDate(0, -2, 0)
	c := desk.Connection{CustomerID: k.ID, AskedTenant: k.Tenant, State: desk.Connected, ConsentedAt: &given, NextAt: &now}
	if lost {
		yesterday := now.Add(-26 * time.Hour)
		c.HeardAt = &yesterday
		c = c.Polled(desk.Poll{Err: desk.Refusal{Kind: desk.RefusedConsent,
			Detail: "AADSTS65001: The user or administrator has not consented to use the application."}, Made: 1, Chance: 0.5}, now)
	}
	return c
}
