package app

import (
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ErrTimerElsewhere is a timer that cannot start: another one of the same person
// runs on another ticket.
var ErrTimerElsewhere = errors.New("a timer runs on another ticket")

// TicketTime reads the time of a ticket with the reader's own timer and what
// the customer has left. Errors: ErrNotFound.
func (a *App) TicketTime(ctx context.Context, who desk.Actor, k desk.Ticket) (tt desk.TicketTime, err error) {
	if err := who.May(desk.LogTime); err != nil {
		return tt, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		tt, err = tx.TicketTime(k, who.Person.ID)
		return err
	})
	return tt, err
}

// LogTime records work on a ticket and proposes what it costs. With stop it ends
// the author's timer on this ticket, whose time counts where none was typed. The
// same form sent twice writes once. Errors: Invalid, by field; ErrConflict when
// there is no timer to stop.
func (a *App) LogTime(ctx context.Context, who desk.Actor, ticket int64, w desk.Work, stop bool) error {
	err := a.timed(ctx, who, ticket, func(tx *postgres.Tx, k desk.Ticket) error {
		timer, err := a.timerToStop(tx, who, k, stop)
		if err != nil {
			return err
		}
		e, err := desk.NewTimeEntry(w, k, who.Person.ID, timer, tx.Now)
		if err != nil {
			return err
		}
		if err := tx.AddTimeEntry(e); err != nil {
			return err
		}
		if err := a.chargeWork(tx, who, k, e); err != nil {
			return err
		}
		return a.chargeIncident(tx, who.Desk, k)
	})
	if errors.Is(err, desk.ErrConflict) && a.written(ctx, who, ticket, w.Key) {
		return nil
	}
	return err
}

// timerToStop ends the author's timer on a ticket; nil where none is asked for.
func (a *App) timerToStop(tx *postgres.Tx, who desk.Actor, k desk.Ticket, stop bool) (*desk.Timer, error) {
	if !stop {
		return nil, nil
	}
	timer, err := tx.Timer(who.Person.ID)
	if errors.Is(err, desk.ErrNotFound) || err == nil && timer.TicketID != k.ID {
		return nil, desk.ErrConflict
	}
	if err != nil {
		return nil, err
	}
	stopped, err := tx.DropTimer(who.Person.ID, timer.StartedAt)
	if err == nil && !stopped {
		err = desk.ErrConflict
	}
	return &timer, err
}

// written tells whether a form of this key has logged its time already.
func (a *App) written(ctx context.Context, who desk.Actor, ticket int64, key desk.ID) bool {
	if key == desk.Nobody {
		return false
	}
	found := false
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		found, err = tx.TimeLogged(who.Person.ID, key)
		return err
	})
	return err == nil && found
}

// CorrectTime changes one's own work until it is decided on; its charge is
// reckoned anew. Errors: Invalid, by field; ErrConflict once it is decided;
// ErrForbidden for a colleague's.
func (a *App) CorrectTime(ctx context.Context, who desk.Actor, ticket int64, entry desk.ID, w desk.Work) error {
	return a.ownEntry(ctx, who, ticket, entry, func(tx *postgres.Tx, k desk.Ticket, e desk.TimeEntry) error {
		e, err := e.With(w, nil, tx.Now)
		if err != nil {
			return err
		}
		if err := tx.SaveTimeEntry(e); err != nil {
			return err
		}
		return a.chargeWork(tx, who, k, e)
	})
}

// RemoveTime takes one's own work back until it is decided on; what it drew is
// given back. Errors: ErrConflict once it is decided; ErrForbidden for a
// colleague's.
func (a *App) RemoveTime(ctx context.Context, who desk.Actor, ticket int64, entry desk.ID) error {
	return a.ownEntry(ctx, who, ticket, entry, func(tx *postgres.Tx, _ desk.Ticket, e desk.TimeEntry) error {
		return tx.RemoveTimeEntry(e.ID)
	})
}

// ownEntry takes an entry's charge and draws back and lets f say what follows.
func (a *App) ownEntry(ctx context.Context, who desk.Actor, ticket int64, entry desk.ID, f func(*postgres.Tx, desk.Ticket, desk.TimeEntry) error) error {
	return a.timed(ctx, who, ticket, func(tx *postgres.Tx, k desk.Ticket) error {
		e, err := tx.TimeEntry(k.ID, entry)
		if err != nil {
			return err
		}
		if e.PersonID != who.Person.ID {
			return desk.ErrForbidden
		}
		if err := tx.TakeBackCharge(e.ID); err != nil {
			return err
		}
		if err := tx.GiveBack(e.ID); err != nil {
			return err
		}
		return f(tx, k, e)
	})
}

// timed opens a transaction around work on a ticket that the actor may see.
func (a *App) timed(ctx context.Context, who desk.Actor, ticket int64, f func(*postgres.Tx, desk.Ticket) error) error {
	if err := who.May(desk.LogTime); err != nil {
		return err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Ticket(ticket, who.Person)
		if err != nil {
			return err
		}
		return f(tx, k)
	})
	a.timers.Delete(readerOf{who.Desk.ID, who.Person.ID})
	return err
}

// StartTimer begins to count the actor's work on a ticket; on the one where it
// runs already it runs on. With instead, a timer elsewhere is dropped and its
// time with it. Errors: ErrTimerElsewhere.
func (a *App) StartTimer(ctx context.Context, who desk.Actor, ticket int64, instead bool) error {
	return a.timed(ctx, who, ticket, func(tx *postgres.Tx, k desk.Ticket) error {
		for range 3 { // it may begin or end in another window meanwhile
			started, err := tx.StartTimer(who.Person.ID, k.ID)
			if err != nil || started {
				return err
			}
			timer, err := tx.Timer(who.Person.ID)
			switch {
			case errors.Is(err, desk.ErrNotFound):
				continue
			case err != nil || timer.TicketID == k.ID:
				return err
			case !instead:
				return ErrTimerElsewhere
			}
			if _, err := tx.DropTimer(who.Person.ID, timer.StartedAt); err != nil {
				return err
			}
		}
		return desk.ErrConflict
	})
}

// DropTimer ends the actor's timer on a ticket and logs nothing. Errors:
// ErrConflict when none runs there.
func (a *App) DropTimer(ctx context.Context, who desk.Actor, ticket int64) error {
	return a.timed(ctx, who, ticket, func(tx *postgres.Tx, k desk.Ticket) error {
		_, err := a.timerToStop(tx, who, k, true)
		return err
	})
}

// knownTimer is whether a person has a timer running, and which.
type knownTimer struct {
	timer *desk.Timer
	until time.Time
}

// RunningTimer is what the actor has under way, nil for nothing; for every page's
// header, so at most some seconds old. His own act is seen at once.
func (a *App) RunningTimer(ctx context.Context, who desk.Actor) (*desk.Timer, error) {
	if err := who.May(desk.LogTime); err != nil {
		return nil, err
	}
	key := readerOf{who.Desk.ID, who.Person.ID}
	if k, ok := a.timers.Load(key); ok && a.now().Before(k.(knownTimer).until) {
		return k.(knownTimer).timer, nil
	}
	var running *desk.Timer
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		t, err := tx.Timer(who.Person.ID)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		running = &t
		return err
	})
	if err == nil {
		a.timers.Store(key, knownTimer{running, a.now().Add(countMemory)})
	}
	return running, err
}
