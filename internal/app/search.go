package app

import (
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Search reads one page of what somebody looks for, the best of the newest first,
// and where the next begins. The number of a ticket that he may read is that
// ticket.
func (a *App) Search(ctx context.Context, who desk.Actor, typed string, after desk.SearchCursor) (s desk.Search, hits []desk.Hit, next desk.SearchCursor, err error) {
	if err := who.May(desk.ReadTickets); err != nil {
		return s, nil, next, err
	}
	s = desk.ReadSearch(typed, who, a.now())
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if s.Number > 0 {
			if _, err = tx.Ticket(s.Number, who.Person); err == nil || !errors.Is(err, desk.ErrNotFound) {
				return err
			}
			s.Number = 0 // a number that is none of his may stand in what was written
		}
		if s.Asks() {
			hits, next, err = tx.Search(s, who.Person, after)
		}
		return err
	})
	return s, hits, next, err
}

// RenewSearches is the clock's job of having, at every desk, tickets found again
// whose words are not up to date.
type RenewSearches struct{}

// Kind names the job.
func (RenewSearches) Kind() string { return "renew_searches" }

// RenewSearch is the job of doing that at one desk.
type RenewSearch struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (RenewSearch) Kind() string { return "renew_search" }

// RenewTime is how long that may take: the clock asks again for what is left.
const (
	RenewTime    = 5 * time.Minute
	renewAtOnce  = 200
	renewAtMost  = RenewTime - time.Minute
	renewedEvery = 50 * time.Millisecond // lest answers to people wait for it
)

// FanOutRenewals works RenewSearches.
func (a *App) FanOutRenewals(ctx context.Context, _ RenewSearches) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error { return tx.Enqueue(RenewSearch{d.ID}, once) })
}

// RenewSearch works a RenewSearch, the newest tickets first. It may be worked again,
// and goes on where it was left.
func (a *App) RenewSearch(ctx context.Context, job RenewSearch) error {
	for end := a.now().Add(renewAtMost); a.now().Before(end); {
		n := 0
		err := a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
			n, err = tx.RenewSearch(renewAtOnce)
			return err
		})
		if err != nil || n < renewAtOnce {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(renewedEvery):
		}
	}
	return nil
}
