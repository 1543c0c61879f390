package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// RefreshTime is how long reading one customer's health may take.
const RefreshTime = 2 * time.Minute

// mostAzureCalls bounds what one round asks of a customer's subscriptions.
const mostAzureCalls = 60

// asked is what is to be read of a customer, and what came back.
type asked struct {
	connection    desk.Connection
	customer      desk.Customer
	subscriptions []desk.Subscription
	since         time.Time
	calls         desk.Calls
	unproven      bool
	health        desk.TenantHealth
	err           error
	events        []desk.Published
}

// RefreshHealth works a Refresh: it asks the customer's tenant and his
// subscriptions, holding nothing meanwhile, and stores what is new. Whatever they
// answer is no failure of the job: it stands in the connection, with the time to
// ask again.
func (a *App) RefreshHealth(ctx context.Context, job Refresh) error {
	q, due, err := a.toAsk(ctx, job)
	if err != nil || !due {
		return err
	}
	a.ask(ctx, &q)
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error { return a.answered(tx, q) })
}

// toAsk reads what is to be asked. Not due: it was asked meanwhile, or is not to
// be asked any more.
func (a *App) toAsk(ctx context.Context, job Refresh) (q asked, due bool, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		if q.connection, err = tx.Connection(job.Customer); err != nil {
			return err
		}
		if q.customer, err = tx.Customer(job.Customer); err != nil {
			return err
		}
		if q.connection.NeedsProof() {
			if q.unproven, err = tx.TenantUnproven(q.customer); err != nil {
				return err
			}
		}
		q.subscriptions, err = tx.Subscriptions(job.Customer)
		return err
	})
	now := a.now()
	c := q.connection
	due = c.Polls() && c.NextAt != nil && !c.NextAt.After(now)
	q.since, q.calls = c.Since(now), c.Budget(now)
	if errors.Is(err, desk.ErrNotFound) {
		return q, false, nil
	}
	return q, due, err
}

func (a *App) ask(ctx context.Context, q *asked) {
	if q.err = stillAsked(*q); q.err != nil {
		return
	}
	q.health, q.err = a.graph.Health(ctx, q.customer.Tenant, q.since, &q.calls)
	calls := desk.Calls{Left: mostAzureCalls}
	for i := range q.subscriptions {
		s := &q.subscriptions[i]
		if !s.Active {
			continue
		}
		var since time.Time
		if s.HeardAt != nil {
			since = s.HeardAt.Add(-time.Hour)
		}
		said, unread, err := a.azure.Events(ctx, q.customer.Tenant, s.Subscription, since, &calls)
		q.events, q.health.Unread = append(q.events, said...), append(q.health.Unread, unread...)
		*s = s.Asked(err, a.now())
	}
}

// stillAsked refuses a tenant that is not the one that consented, or may be
// somebody else's.
func stillAsked(q asked) error {
	if q.unproven {
		return desk.Refusal{Kind: desk.RefusedProof, Detail: "another desk names this tenant as its customer's"}
	}
	if q.customer.Tenant == "" || q.customer.Tenant != q.connection.AskedTenant {
		return desk.Refusal{Kind: desk.RefusedConsent, Detail: "the customer's tenant is not the one that consented"}
	}
	return nil
}

// answered stores what was read. What somebody switched off meanwhile stays off.
func (a *App) answered(tx *postgres.Tx, q asked) error {
	c, err := tx.HoldConnection(q.customer.ID)
	if err != nil {
		return err
	}
	busy, err := tx.BusyCustomer(q.customer.ID)
	if err != nil {
		return err
	}
	poll := desk.Poll{Err: q.err, Made: q.calls.Made, Whole: q.since.IsZero(), Busy: busy, Chance: rand.Float64()}
	if c.Polls() && c.AskedTenant == q.connection.AskedTenant {
		if poll.Unread, err = a.store(tx, q); err != nil {
			return err
		}
		return tx.SaveConnection(c.Polled(poll, tx.Now))
	}
	off := c.Polled(poll, tx.Now)
	c.HourAt, c.Calls = off.HourAt, off.Calls
	return tx.SaveConnection(c)
}

func (a *App) store(tx *postgres.Tx, q asked) ([]desk.Unread, error) {
	refused, err := a.hear(tx, desk.FromGraph, q.customer.ID, q.health.Published)
	if err != nil {
		return nil, err
	}
	more, err := a.hear(tx, desk.FromAzure, q.customer.ID, q.events)
	if err != nil {
		return nil, err
	}
	if len(q.health.Services) > 0 {
		tx.SaveServiceStates(q.customer.ID, q.health.Services)
	}
	for _, s := range q.subscriptions {
		if s.Active {
			if err := tx.SaveSubscription(s); err != nil {
				return nil, err
			}
		}
	}
	return append(append(q.health.Unread, refused...), more...), nil
}
