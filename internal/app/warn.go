package app

import (
	"context"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Ring is the clock's job of looking for deadlines of which somebody must be
// told.
type Ring struct{}

// Kind names the job.
func (Ring) Kind() string { return "ring" }

// Warn is the job of telling one desk's people of their deadlines.
type Warn struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (Warn) Kind() string { return "warn" }

// RingClocks works a Ring: a job for each desk that has clocks which ring.
func (a *App) RingClocks(ctx context.Context, _ Ring) error {
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksToWarn(1000)
		return err
	})
	for _, id := range desks {
		if err == nil {
			err = a.db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error {
				return tx.Enqueue(Warn{id}, once)
			})
		}
	}
	return err
}

// warnBatch is how many tickets one transaction warns of.
const warnBatch = 100

// WarnOfDeadlines works a Warn: whoever the ladder names is written to, once a
// rung, and the timeline says so.
func (a *App) WarnOfDeadlines(ctx context.Context, job Warn) error {
	d, err := a.deskByID(ctx, job.Desk)
	for more := true; err == nil && more; {
		err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
			list, err := tx.Ringing(warnBatch)
			if err != nil {
				return err
			}
			more = len(list) == warnBatch
			return a.warn(tx, d, list)
		})
	}
	return err
}

func (a *App) warn(tx *postgres.Tx, d desk.Desk, list []desk.Ticket) error {
	if len(list) == 0 {
		return nil
	}
	o, err := a.offerNow(tx, d)
	if err != nil {
		return err
	}
	people, err := tx.Agents()
	if err != nil {
		return err
	}
	for i := range list {
		k := &list[i]
		for _, w := range k.Warn(o.Content.Ladder, tx.Now) {
			if a.silent { // of the past nobody is told
				continue
			}
			if err := a.tell(tx, *k, w, people); err != nil {
				return err
			}
		}
		tx.SaveWarned(*k)
	}
	return nil
}

func (a *App) tell(tx *postgres.Tx, k desk.Ticket, w desk.Warning, people []desk.Person) error {
	to := w.Rung.People(k, people)
	names := make([]string, len(to))
	for i, p := range to {
		names[i] = p.Name
		if err := a.notify(tx, k, p, NoticeDue, desk.Nobody); err != nil {
			return err
		}
	}
	slices.Sort(names)
	tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventWarned, desk.WarningData(w, names), tx.Now))
	return nil
}
