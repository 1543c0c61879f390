package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"guichet/internal/desk"
	"guichet/internal/live"
	"guichet/internal/postgres"
)

// liveness is what the process knows of open pages.
type liveness struct {
	hub    *live.Hub
	listen sync.Once
}

// Watch opens a stream for a page that shows what was so at a time. The first one
// has the process listen. Errors: ErrTooMany.
func (a *App) Watch(who desk.Actor, asOf time.Time) (*live.Stream, error) {
	if err := who.May(desk.ReadTickets); err != nil {
		return nil, err
	}
	a.live.listen.Do(func() { go a.db.Listen(a.heed, a.live.hub.Again) })
	return a.live.hub.Watch(who, asOf)
}

// EndStreams closes what is open and lets none begin: the process stops.
func (a *App) EndStreams() { a.live.hub.Close() }

// StillThere is who watches as he is now. Errors: ErrSignIn when his session has
// ended or he may not come in any more; OutOfHours.
func (a *App) StillThere(ctx context.Context, who desk.Actor) (desk.Actor, error) {
	open, err := a.db.SessionOpen(ctx, who.SessionID)
	if err != nil {
		return who, err
	}
	a.people.Delete(readerOf{who.Desk.ID, who.Person.ID})
	now, err := a.Actor(ctx, who.Desk, who.Person.ID, who.SessionID)
	switch {
	case err != nil:
		return who, err
	case !open || now.Person.Role != who.Person.Role || now.Person.CustomerID != who.Person.CustomerID:
		return who, desk.ErrSignIn
	}
	return now, now.May(desk.ReadTickets)
}

// heed takes what some process told.
func (a *App) heed(t desk.Tidings) {
	if len(t.People)+len(t.Sessions) > 0 {
		a.people.Clear()
		a.live.hub.Check(t.People, t.Sessions)
	}
	if t.Desk == desk.Nobody {
		return
	}
	here := a.live.hub.Note(t.Desk, t.Here)
	if !a.live.hub.Watched(t.Desk) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	sights, err := a.sights(ctx, t.Desk, slices.Concat(t.Public, t.Touched, here))
	if err != nil {
		t.Many = true // what cannot be told apart is read again by all who may know of it
	}
	a.live.hub.Spread(t.Desk, sights, t, here)
}

func (a *App) sights(ctx context.Context, d desk.ID, tickets []desk.ID) (list []desk.Sight, err error) {
	if len(tickets) == 0 {
		return nil, nil
	}
	err = a.db.View(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) (err error) {
		list, err = tx.Sights(tickets)
		return err
	})
	return list, err
}
