package app

import (
	"context"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
)

// TicketEscalation tells what was handed on of a ticket that its reader has before
// him, and where it would go now, in one round trip.
func (a *App) TicketEscalation(ctx context.Context, who desk.Actor, th desk.Thread) (h desk.Handing, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return h, err
	}
	k, c := th.Ticket, th.Customer
	workload := dossier.WorkloadOf(k.Service)
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		card, err := tx.TicketCard(who.Desk, k.ID, c.ID)
		if err != nil {
			return err
		}
		plan := desk.BestPlan(card.Plans, workload, card.Handover.Today(tx.Now))
		h.List = card.Escalations
		h.Route = card.Handover.Policy.Route(desk.CaseOf(k, c, workload, plan))
		h.Access = access.Judge(card.Holding, string(c.Relationship), workload, access.OpenRequest, tx.Now)
		return nil
	})
	h.Missing = desk.Diagnosed(findingsOf(th), false)
	return h, err
}

func findingsOf(th desk.Thread) []desk.Finding {
	list := make([]desk.Finding, len(th.Found))
	for i, f := range th.Found {
		list[i] = f.Finding
	}
	return list
}

// CustomersEscalations lists a customer's newest, at most ten.
func (a *App) CustomersEscalations(ctx context.Context, who desk.Actor, customer desk.ID) (list []desk.EscalationRow, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.CustomersEscalations(customer)
		return err
	})
	return list, err
}

// escalationsWaiting is how many of a reader's escalations wait, remembered for the
// rail.
type escalationsWaiting struct {
	count int
	until time.Time
}

// EscalationsWaiting counts the live ones on which the desk owes something or
// somebody is late, at most some seconds old.
func (a *App) EscalationsWaiting(ctx context.Context, who desk.Actor) (n int, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return 0, err
	}
	key := readerOf{who.Desk.ID, who.Person.ID}
	if k, ok := a.handed.Load(key); ok && a.now().Before(k.(escalationsWaiting).until) {
		return k.(escalationsWaiting).count, nil
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		n, err = tx.EscalationsWaiting()
		return err
	})
	if err == nil {
		a.handed.Store(key, escalationsWaiting{n, a.now().Add(countMemory)})
	}
	return n, err
}

// IncidentEscalation is the number of the live one that is an incident's one request,
// 0 for none.
func (a *App) IncidentEscalation(ctx context.Context, who desk.Actor, incident desk.ID) (n int64, err error) {
	if err := who.May(desk.ReadIncidents); err != nil {
		return 0, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		n, err = tx.EscalationOfIncident(incident)
		return err
	})
	return n, err
}
