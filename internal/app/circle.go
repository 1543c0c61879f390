package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// CircleRounds is the clock's job of having the desks of the early-warning circle
// count who complains.
type CircleRounds struct{}

// Kind names the job.
func (CircleRounds) Kind() string { return "circle_rounds" }

// CircleRound is the job of counting for one desk.
type CircleRound struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (CircleRound) Kind() string { return "circle_round" }

// CircleEvery is how often desks count: twice, at the least, in each slice of
// time that the circle reads.
const CircleEvery = 2 * time.Minute

// mostCircleDesks bounds a round. Only desks with a ticket of the last hour are in it.
const mostCircleDesks = 10_000

// A round that fails is not tried again: the next one is there before.
var oneRound = &river.InsertOpts{MaxAttempts: 1, UniqueOpts: once.UniqueOpts}

// FanOutCircle works CircleRounds: a job for each member to whom somebody wrote
// within the hour. One desk that fails stops no other.
func (a *App) FanOutCircle(ctx context.Context, _ CircleRounds) error {
	var desks []desk.ID
	all := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksToWatch(tx.Now.Add(-desk.CircleWindow), mostCircleDesks)
		return err
	})
	for _, id := range desks {
		err := a.db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error {
			seat, err := tx.CircleSeat()
			if err != nil || !seat.Joined() {
				return err
			}
			return tx.Enqueue(CircleRound{id}, oneRound)
		})
		all = errors.Join(all, err)
	}
	return all
}

// TellCircle works a CircleRound: it counts the customers of a desk that complain
// and writes the figures where the circle reads them. Worked again it corrects
// them. A desk that has left meanwhile tells nothing.
func (a *App) TellCircle(ctx context.Context, job CircleRound) error {
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		seat, err := tx.CircleSeat()
		if err != nil || !seat.Joined() {
			return err
		}
		complaints, err := tx.CircleComplaints(tx.Now.Add(-desk.CircleWindow))
		if err == nil {
			tx.SaveCircleCounts(desk.CountForCircle(complaints))
		}
		return err
	})
}

// Circle reads the desk's place in the circle, and what it tells at present.
func (a *App) Circle(ctx context.Context, who desk.Actor) (seat desk.CircleSeat, told []desk.CircleCount, err error) {
	if err := who.May(desk.ManageCircle); err != nil {
		return seat, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if seat, err = tx.CircleSeat(); err != nil || !seat.Joined() {
			return err
		}
		told, err = tx.CircleCounts()
		return err
	})
	return seat, told, err
}

// JoinCircle lets the desk take part; one that does already goes on as it is.
// Errors: ErrNotFound where the operator has not let it in.
func (a *App) JoinCircle(ctx context.Context, who desk.Actor) error {
	if err := who.May(desk.ManageCircle); err != nil {
		return err
	}
	a.around.Delete(who.Desk.ID)
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		err := tx.JoinCircle(who.Person.ID)
		if errors.Is(err, desk.ErrNotFound) {
			if seat, readErr := tx.CircleSeat(); readErr != nil || seat.Joined() {
				return readErr
			}
		}
		return err
	})
}

// LeaveCircle ends that at once, and erases what the desk told.
func (a *App) LeaveCircle(ctx context.Context, who desk.Actor) error {
	if err := who.May(desk.ManageCircle); err != nil {
		return err
	}
	a.around.Delete(who.Desk.ID)
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.LeaveCircle() })
}

// elsewhereMemory is how long what the circle said is remembered.
const elsewhereMemory = time.Minute

type knownElsewhere struct {
	list  []desk.Elsewhere
	until time.Time
}

// SeenElsewhere reads what customers of other desks complain about, as far as the
// circle tells: nothing to a desk that is not in it.
func (a *App) SeenElsewhere(ctx context.Context, who desk.Actor) ([]desk.Elsewhere, error) {
	if err := who.May(desk.ReadElsewhere); err != nil {
		return nil, err
	}
	now := a.now()
	if k, ok := a.around.Load(who.Desk.ID); ok && now.Before(k.(knownElsewhere).until) {
		return k.(knownElsewhere).list, nil
	}
	var list []desk.Elsewhere
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.SeenElsewhere()
		return err
	})
	if err != nil {
		return nil, err
	}
	list = desk.KnownElsewhere(list)
	a.around.Store(who.Desk.ID, knownElsewhere{list, now.Add(elsewhereMemory)})
	return list, nil
}
