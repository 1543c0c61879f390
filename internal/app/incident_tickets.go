package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Known issues are offered for linking when they are open, or ended no longer
// than that before the incident began.
const (
	fittingIssue = 24 * time.Hour
	mostFitting  = 100
)

// JoinIncident lets a ticket join an incident: an agent any, a customer's person
// one of his own an incident that he may read. The ticket is decided by it from
// then on, unless a person decided. One that is in it already stays. Errors:
// ErrNotFound; Invalid on "ticket" for one that has ended, or belongs to another
// incident; ErrConflict when the incident is over.
func (a *App) JoinIncident(ctx context.Context, who desk.Actor, incident, ticket int64) error {
	verb, by := desk.ManageIncidents, desk.JoinedByPerson
	if !who.DeskSide() {
		verb, by = desk.SubmitTicket, desk.JoinedByCustomer
	}
	if err := who.May(verb); err != nil {
		return err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.Incident(incident)
		if err != nil {
			return err
		}
		k, err := tx.LockTicket(ticket, who.Person)
		if errors.Is(err, desk.ErrNotFound) && who.DeskSide() {
			err = desk.NewInvalid("ticket", "error.incident.ticket")
		}
		if err != nil {
			return err
		}
		return a.joinIncident(tx, who, i, k, by)
	})
	if err == nil {
		a.forgetCounts(who)
	}
	return err
}

// AddToIncident is JoinIncident at the desk's own door, where no customer has
// business.
func (a *App) AddToIncident(ctx context.Context, who desk.Actor, incident, ticket int64) error {
	if err := who.May(desk.ManageIncidents); err != nil {
		return err
	}
	return a.JoinIncident(ctx, who, incident, ticket)
}

// joinIncident lets a ticket that is locked or new join an incident that the
// transaction can read. What follows for the ticket is a job: a customer's
// transaction cannot read how it was decided.
func (a *App) joinIncident(tx *postgres.Tx, who desk.Actor, i desk.Incident, k desk.Ticket, by string) error {
	switch {
	case i.State.Over():
		return desk.ErrConflict
	case k.State.Ended():
		return desk.NewInvalid("ticket", "error.incident.ended")
	}
	joined, err := tx.JoinIncident(i.ID, []desk.ID{k.ID}, by, who.Person.ID)
	if err != nil {
		return err
	}
	number := strconv.FormatInt(i.Number, 10)
	if len(joined) == 0 {
		now, err := tx.IncidentOf(k.ID)
		if err == nil && now.ID == i.ID {
			return nil
		}
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		return desk.NewInvalid("ticket", "error.incident.elsewhere", "Number", now.Number)
	}
	if who.DeskSide() {
		tx.AddIncidentEvent(desk.NewIncidentEvent(i.ID, who.Person.ID, desk.IncidentJoined, map[string]string{"ticket": strconv.FormatInt(k.Number, 10)}, tx.Now))
	}
	tx.AddEvent(desk.NewEvent(k, who.Person.ID, desk.EventIncidentJoined, map[string]string{"incident": number}, tx.Now))
	return a.settleSoon(tx, who.Desk, i.ID)
}

// joinNew lets a ticket that is being submitted join the incident that its customer
// says it is about. What is over meanwhile, or no business of his, it does not join.
func (a *App) joinNew(tx *postgres.Tx, who desk.Actor, k desk.Ticket, incident int64) error {
	if incident == 0 || who.DeskSide() {
		return nil
	}
	i, err := tx.Incident(incident)
	if errors.Is(err, desk.ErrNotFound) || err == nil && i.State.Over() {
		return nil
	}
	if err != nil {
		return err
	}
	return a.joinIncident(tx, who, i, k, desk.JoinedByCustomer)
}

// LeaveIncident takes a ticket out of an incident: it is decided again by what
// the rules say of it alone. Errors: ErrNotFound, also for one that is not in it.
func (a *App) LeaveIncident(ctx context.Context, who desk.Actor, incident, ticket int64) error {
	err := a.change(ctx, who, desk.ManageIncidents, ticket, func(tx *postgres.Tx, k *desk.Ticket) error {
		i, err := tx.IncidentOf(k.ID)
		if err != nil {
			return err
		}
		if i.Number != incident {
			return desk.ErrNotFound
		}
		if _, err := tx.LeaveIncident(i.ID, k.ID, who.Person.ID); err != nil {
			return err
		}
		tx.AddIncidentEvent(desk.NewIncidentEvent(i.ID, who.Person.ID, desk.IncidentLeft, map[string]string{"ticket": strconv.FormatInt(k.Number, 10)}, tx.Now))
		return a.release(tx, who, k, i.Number)
	})
	return err
}

// LinkIncident says that a known issue is what the incident is, or part of it;
// that an issue is linked already changes nothing. Errors: Invalid on "issue".
func (a *App) LinkIncident(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	return a.changeLink(ctx, who, number, issue, desk.IncidentLinked, func(tx *postgres.Tx, r desk.ID) (bool, error) {
		return tx.LinkIncident(r, issue, who.Person.ID)
	})
}

// UnlinkIncident takes that back.
func (a *App) UnlinkIncident(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	return a.changeLink(ctx, who, number, issue, desk.IncidentUnlinked, func(tx *postgres.Tx, r desk.ID) (bool, error) {
		return tx.UnlinkIncident(r, issue)
	})
}

func (a *App) changeLink(ctx context.Context, who desk.Actor, number int64, issue desk.ID, as desk.IncidentEventKind, change func(*postgres.Tx, desk.ID) (bool, error)) error {
	return a.changeIncident(ctx, who, number, 0, func(tx *postgres.Tx, r *desk.IncidentRecord) error {
		code, err := tx.IssueCode(issue)
		if errors.Is(err, desk.ErrNotFound) {
			return desk.NewInvalid("issue", "error.choose")
		}
		if err != nil {
			return err
		}
		changed, err := change(tx, r.ID)
		if err == nil && changed {
			tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, as, map[string]string{"code": code}, tx.Now))
		}
		return err
	})
}

// similarFor is how long ago a ticket may have come that is offered to an incident.
const similarFor = 24 * time.Hour

// SimilarTickets lists open tickets of the last day on a service ("" for any) that
// belong to no incident: what a new one may begin with.
func (a *App) SimilarTickets(ctx context.Context, who desk.Actor, service string) (list []desk.IncidentTicket, err error) {
	if err := who.May(desk.ManageIncidents); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.SimilarTickets(service, tx.Now.Add(-similarFor))
		return err
	})
	return list, err
}
