package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/postgres"
)

// Watches is the clock's job of having the tickets of every desk looked through at
// which some came: what a process that was stopped left undone.
type Watches struct{}

// Kind names the job.
func (Watches) Kind() string { return "watches" }

// WatchTickets is the job of looking through a desk's last hours for incidents.
type WatchTickets struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (WatchTickets) Kind() string { return "watch_tickets" }

// watchEvery is how long tickets gather before they are looked through together:
// a rush is a run every few seconds, not one a ticket.
const watchEvery = 5 * time.Second

// FanOutWatches works Watches.
func (a *App) FanOutWatches(ctx context.Context, _ Watches) error {
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksToWatch(tx.Now.Add(-5*time.Minute), 1000)
		return err
	})
	for _, id := range desks {
		if err == nil {
			err = a.orderWatch(ctx, id)
		}
	}
	return err
}

// watchSoon orders the job after a submission. It is no part of the submission's
// transaction, where all who submit would queue for the one job's row; and one
// process orders it once for all that come within a few seconds. Should it fail,
// the clock's own job makes up for it.
func (a *App) watchSoon(ctx context.Context, d desk.Desk) {
	slot := a.now().Truncate(watchEvery)
	if a.silent {
		return
	}
	if last, known := a.watched.Swap(d.ID, slot); known && last.(time.Time).Equal(slot) {
		return
	}
	if err := a.orderWatch(ctx, d.ID); err != nil {
		a.watched.Delete(d.ID)
	}
}

func (a *App) orderWatch(ctx context.Context, id desk.ID) error {
	return a.db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error {
		return tx.Enqueue(WatchTickets{id}, &river.InsertOpts{MaxAttempts: 3, ScheduledAt: tx.Now.Truncate(watchEvery).Add(watchEvery),
			UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: watchEvery}})
	})
}

// LookForIncidents works a WatchTickets. Worked again it finds the same, which is
// there already.
func (a *App) LookForIncidents(ctx context.Context, job WatchTickets) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	if err := a.countUsual(ctx, d); err != nil {
		return err
	}
	var found []desk.Detected
	read := desk.Readings{}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		look, err := detection(tx, d, read)
		if err != nil {
			return err
		}
		found = look.Detect()
		return nil
	})
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		if len(found) > 0 { // once more, with nobody adding any meanwhile
			if _, err := tx.HoldIncidents(); err != nil {
				return err
			}
			look, err := detection(tx, d, read)
			if err != nil {
				return err
			}
			for _, f := range look.Detect() {
				if err := a.take(tx, d, f); err != nil {
					return err
				}
			}
		}
		tx.Watched()
		return nil
	})
}

// detection reads what a desk's last hours are looked through with.
func detection(tx *postgres.Tx, d desk.Desk, read desk.Readings) (desk.Detection, error) {
	since := tx.Now.Add(-desk.DetectionSpan)
	w, err := tx.Watch()
	if err != nil {
		return desk.Detection{}, err
	}
	look := desk.Detection{Zone: d.Location(), Customers: w.Customers, Read: read}
	if look.Usual, err = tx.UsualComplaints(); err != nil {
		return look, err
	}
	if look.Known, err = tx.IncidentsSince(since); err != nil {
		return look, err
	}
	look.Tickets, err = tx.RecentTickets(since, desk.DetectionTickets)
	return look, err
}

// take does what detection asks for.
func (a *App) take(tx *postgres.Tx, d desk.Desk, f desk.Detected) error {
	if f.Incident == desk.Nobody {
		return a.propose(tx, d, f)
	}
	r, err := tx.LockIncidentByID(f.Incident)
	if err != nil || r.State.Over() { // a person was faster
		return err
	}
	if err := a.grow(tx, d, r, f.Tickets); err != nil {
		return err
	}
	for _, id := range f.Same {
		if r, err = tx.LockIncidentByID(f.Incident); err != nil {
			return err
		}
		other, err := tx.LockIncidentByID(id)
		if err != nil || other.State != desk.IncidentProposed {
			return err
		}
		if err := other.MergeInto(&r, tx.Now); err != nil {
			return err
		}
		if err := a.merge(tx, desk.Actor{Desk: d}, other, r); err != nil {
			return err
		}
	}
	return nil
}

// propose lays a new incident before the desk, and tells those who lead it, once.
func (a *App) propose(tx *postgres.Tx, d desk.Desk, f desk.Detected) error {
	p := i18n.New(i18n.Lang(d.Language), d.Location(), tx.Now)
	f.Sighting.Title = proposedTitle(p, f.Sighting)
	r := desk.ProposedIncident(f.Sighting, tx.Now)
	var err error
	if r.Number, err = tx.AddIncident(r); err != nil {
		return err
	}
	tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, desk.Nobody, desk.IncidentWasProposed, nil, tx.Now))
	if _, err := tx.JoinIncident(r.ID, f.Tickets, desk.JoinedByRules, desk.Nobody); err != nil {
		return err
	}
	return a.tellOfIncident(tx, r)
}

func proposedTitle(p *i18n.Printer, s desk.Sighting) string {
	switch {
	case s.Kind == desk.NetworkOutage && s.Region != "":
		return p.T("incident.proposed_network_in", "Place", s.Region)
	case s.Kind == desk.NetworkOutage:
		return p.T("incident.proposed_network")
	case s.Region != "":
		return p.T("incident.proposed_title_in", "Service", s.Service, "Place", s.Region)
	}
	return p.T("incident.proposed_title", "Service", s.Service)
}

// grow lets tickets join an incident by themselves.
func (a *App) grow(tx *postgres.Tx, d desk.Desk, r desk.IncidentRecord, tickets []desk.ID) error {
	if len(tickets) == 0 {
		return nil
	}
	joined, err := tx.JoinIncident(r.ID, tickets, desk.JoinedByRules, desk.Nobody)
	if err != nil || len(joined) == 0 {
		return err
	}
	tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, desk.Nobody, desk.IncidentGrew, map[string]string{"tickets": strconv.Itoa(len(joined))}, tx.Now))
	if !r.State.Decides() {
		return nil
	}
	return a.settleSoon(tx, d, r.ID)
}

// usualAge is how old what is usual at a desk may be.
const usualAge = 24 * time.Hour

// countUsual counts once a day what is usual at a desk, from as many of its last
// weeks as it has. A desk younger than a week has none.
func (a *App) countUsual(ctx context.Context, d desk.Desk) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		w, err := tx.HoldIncidents()
		if err != nil || w.CountedAt != nil && tx.Now.Sub(*w.CountedAt) < usualAge {
			return err
		}
		first, err := tx.FirstTicketAt(tx.Now.AddDate(0, 0, -7*desk.UsualWeeks))
		if errors.Is(err, desk.ErrNotFound) {
			first, err = tx.Now, nil
		}
		if err != nil {
			return err
		}
		weeks := min(int((tx.Now.Sub(first)+12*time.Hour)/(7*24*time.Hour)), desk.UsualWeeks)
		return tx.CountUsual(tx.Now.AddDate(0, 0, -7*weeks), tx.Now, weeks, d.Location())
	})
}
