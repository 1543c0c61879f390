package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Reckoning is the job of reckoning open promises anew.
type Reckoning struct {
	Desk desk.ID `json:"desk"`
	ID   desk.ID `json:"id"`
}

// Kind names the job.
func (Reckoning) Kind() string { return "recalculate" }

// reckonBatch is how many tickets one transaction locks: whoever works on one of
// them waits for a moment, and nobody for the whole desk.
const reckonBatch = 500

// ReckonTime is the longest that a recalculation may take.
const ReckonTime = 10 * time.Minute

// recalculate plans that what is promised on open tickets, of one customer or of
// all, follows what has changed.
func (a *App) recalculate(tx *postgres.Tx, who desk.Actor, reason string, customer desk.ID) error {
	r := desk.NewRecalculation(who.Person.ID, reason, customer)
	if err := tx.AddRecalculation(r); err != nil || a.silent {
		return err
	}
	return tx.Enqueue(Reckoning{tx.Scope.Desk, r.ID}, nil)
}

// Recalculate works a Reckoning. One whose worker was lost starts over, which
// changes nothing where it had been.
func (a *App) Recalculate(ctx context.Context, job Reckoning) error {
	scope := desk.Scope{Desk: job.Desk}
	r, reckon, err := a.beginReckoning(ctx, scope, job.ID)
	if errors.Is(err, desk.ErrNotFound) || err == nil && r.State == desk.RecalculationDone {
		return nil
	}
	after, more := desk.Nobody, true
	for err == nil && more {
		after, more, err = a.reckonSome(ctx, scope, &r, reckon, after)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	r.State = desk.RecalculationFailed
	failed := a.db.Update(end, scope, func(tx *postgres.Tx) error {
		r.EndedAt = &tx.Now
		tx.SaveRecalculation(r)
		return nil
	})
	return errors.Join(fmt.Errorf("recalculation %s: %w", r.ID, err), failed)
}

// reckoner finds what each ticket is promised now.
type reckoner struct {
	desk  desk.Desk
	offer desk.OpenOffer
	of    map[desk.ID][]desk.Agreement // by customer
}

func (a *App) beginReckoning(ctx context.Context, scope desk.Scope, id desk.ID) (r desk.Recalculation, n reckoner, err error) {
	if n.desk, err = a.deskByID(ctx, scope.Desk); err != nil {
		return r, n, err
	}
	err = a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if r, err = tx.Recalculation(id); err != nil || r.State == desk.RecalculationDone {
			return err
		}
		version, err := tx.OfferNow()
		if err != nil {
			return err
		}
		if n.offer, err = a.offerAt(tx, n.desk, version); err != nil {
			return err
		}
		list, err := tx.AllAgreements(r.CustomerID)
		if err != nil {
			return err
		}
		n.of = byCustomer(list)
		if r.Total, err = tx.CountOpen(r.CustomerID, 1_000_000); err != nil {
			return err
		}
		r.State, r.Done, r.Changed, r.BeganAt = desk.RecalculationRunning, 0, 0, &tx.Now
		tx.SaveRecalculation(r)
		return nil
	})
	return r, n, err
}

func (a *App) reckonSome(ctx context.Context, scope desk.Scope, r *desk.Recalculation, n reckoner, after desk.ID) (last desk.ID, more bool, err error) {
	next := *r // a batch that fails has counted nothing
	err = a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		list, err := tx.OpenTickets(after, r.CustomerID, reckonBatch)
		if err != nil {
			return err
		}
		var ended []desk.KeptPromise
		var events []desk.Event
		for i := range list {
			k := &list[i]
			l, _ := levelFor(n.offer, n.of[k.CustomerID], n.desk, k.Service, tx.Now)
			if k.Reckon(l, tx.Now, r.Reason) {
				next.Changed++
				events = append(events, moved(*k, r.Reason, tx.Now))
			}
			ended = append(ended, k.TakeEnded()...)
			last = k.ID
		}
		next.Done += len(list)
		if more = len(list) == reckonBatch; !more {
			next.State, next.EndedAt = desk.RecalculationDone, &tx.Now
		}
		tx.SaveReckoned(list)
		tx.AddKept(ended)
		tx.SaveRecalculation(next)
		return tx.AddEvents(events)
	})
	if err == nil {
		*r = next
	}
	return last, more, err
}

// moved tells on the timeline which deadlines a change moved.
func moved(k desk.Ticket, reason string, now time.Time) desk.Event {
	data := map[string]string{"because": reason}
	for _, p := range k.Promises {
		if n := len(p.Was); n > 0 && p.Was[n-1].Until.Equal(now) {
			data["clock"], data["was"] = string(p.Clock), p.Was[n-1].Due.Format(time.RFC3339)
			if p.Due != nil {
				data["due"] = p.Due.Format(time.RFC3339)
			}
			break
		}
	}
	return desk.NewEvent(k, desk.Nobody, desk.EventPromise, data, now)
}
