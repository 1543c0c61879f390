package app

import (
	"context"
	"strconv"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// Begin is what a person says when he begins an escalation.
type Begin struct {
	Reason   string // needed where the desk was to resolve the ticket itself
	Incident bool   // for all tickets of the ticket's incident, as its one request
	Matter   desk.Matter
}

// BeginEscalation begins one on a ticket, and returns its number. Before any work
// starts it looks whether it can end well. Errors: Invalid on "reason"; on
// "diagnosis" where nobody looked at service health or tried anything; on "access"
// where the desk may not ask for this customer; on "target" where nobody is to be
// asked; ErrConflict for a ticket that has ended or waits on another escalation.
func (a *App) BeginEscalation(ctx context.Context, who desk.Actor, ticket int64, b Begin) (int64, error) {
	if err := who.May(desk.Escalate); err != nil {
		return 0, err
	}
	var number int64
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(ticket, who.Person)
		if err != nil {
			return err
		}
		if k.State.Ended() {
			return desk.ErrConflict
		}
		e, err := a.newEscalation(tx, who, k, b)
		if err != nil {
			return err
		}
		if e.Number, err = tx.AddEscalation(e); err != nil {
			return err
		}
		number = e.Number
		return a.begun(tx, who, k, e)
	})
	if err == nil {
		a.forgetCounts(who)
	}
	return number, err
}

// newEscalation works out the way, and refuses one that leads nowhere.
func (a *App) newEscalation(tx *postgres.Tx, who desk.Actor, k desk.Ticket, b Begin) (desk.Escalation, error) {
	c, err := tx.Customer(k.CustomerID)
	if err != nil {
		return desk.Escalation{}, err
	}
	workload := dossier.WorkloadOf(k.Service)
	if !b.Matter.Known() {
		return desk.Escalation{}, desk.NewInvalid("matter", "error.choose")
	}
	way, h, plan, err := a.routeOf(tx, k, c, b.Matter)
	if err != nil {
		return desk.Escalation{}, err
	}
	if err := a.dead(tx, k, c, workload, way.Target); err != nil {
		return desk.Escalation{}, err
	}
	taken := desk.RouteTaken{Version: h.Version, Matter: b.Matter, Way: way}
	e, err := desk.NewEscalation(k, workload, taken, b.Reason, k.Outcome != desk.Microsoft, who.Person.ID, tx.Now)
	if err != nil {
		return e, err
	}
	e.Plan = desk.PlanTaken{ID: plan.ID, Kind: plan.Kind, Name: plan.Name, Language: h.Contact.Language}
	if !b.Incident {
		return e, nil
	}
	i, err := tx.IncidentOf(k.ID)
	if err == nil {
		e.IncidentID = i.ID
	}
	return e, err
}

// dead stops an escalation that could only fail: nobody to ask, no diagnosis, no
// access. Errors: Invalid.
func (a *App) dead(tx *postgres.Tx, k desk.Ticket, c desk.Customer, workload string, to route.Target) error {
	var p desk.Problems
	if to == route.Nobody {
		p.Add("target", "error.escalation.nobody")
	}
	missing, err := a.undiagnosed(tx, k)
	if err != nil {
		return err
	}
	for _, key := range missing {
		p.Add("diagnosis", key)
	}
	if to == route.Microsoft {
		v, err := a.accessFor(tx, c, workload, access.OpenRequest)
		if err != nil {
			return err
		}
		if v.DeadEnd() {
			p.Add("access", "error.escalation.dead_end")
		}
	}
	return p.Err()
}

func (a *App) undiagnosed(tx *postgres.Tx, k desk.Ticket) ([]string, error) {
	found, err := tx.Findings(k.ID)
	return desk.Diagnosed(found, false), err
}

// begun tells the time lines, and lets an incident's other tickets join.
func (a *App) begun(tx *postgres.Tx, who desk.Actor, k desk.Ticket, e desk.Escalation) error {
	data := map[string]string{"escalation": strconv.FormatInt(e.Number, 10), "target": string(e.Target)}
	tx.AddEvent(desk.NewEvent(k, who.Person.ID, desk.EventEscalated, data, tx.Now))
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationBegun, map[string]string{"target": string(e.Target)}, tx.Now))
	if e.IncidentID == desk.Nobody {
		return nil
	}
	others, err := tx.IncidentTicketIDs(e.IncidentID)
	if err != nil {
		return err
	}
	_, err = tx.JoinEscalation(e.ID, others, who.Person.ID)
	return err
}

// changeEscalation locks an escalation that the actor may see, lets f change it and
// stores it. seen is the revision that its form was made from, 0 for any. Whoever
// locks an escalation locks tickets after it, never before. Errors: ErrConflict when
// it has changed since.
func (a *App) changeEscalation(ctx context.Context, who desk.Actor, v desk.Verb, number int64, seen int, f func(*postgres.Tx, *desk.Escalation) error) error {
	if err := who.May(v); err != nil {
		return err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		e, err := tx.LockEscalation(number)
		if err != nil {
			return err
		}
		if seen != 0 && e.Revision != seen {
			return desk.ErrConflict
		}
		if err := f(tx, &e); err != nil {
			return err
		}
		return tx.SaveEscalation(e)
	})
	if err == nil {
		a.forgetCounts(who)
	}
	return err
}

// AnswerDossier takes what a person typed into the dossier, and the severity that he
// chose. Errors: Invalid, by the field's key; ErrConflict.
func (a *App) AnswerDossier(ctx context.Context, who desk.Actor, number int64, seen int, typed map[string]string) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		for key := range typed {
			if !dossier.IsField(key) && key != "severity" {
				return desk.NewInvalid(key, "error.choose")
			}
		}
		if err := e.Answer(typed, tx.Now); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationAnswered, nil, tx.Now))
		return nil
	})
}

// Another is a way that a person chooses against the one worked out; all empty goes
// back to that one.
type Another struct {
	Target route.Target
	Portal string
	Why    string
}

// LeadEscalation sends one that is not filed another way. Errors: Invalid on
// "target", "portal" or "why"; ErrConflict once it is filed.
func (a *App) LeadEscalation(ctx context.Context, who desk.Actor, number int64, seen int, o Another) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		r, c, err := a.wayOf(tx, *e)
		if err != nil {
			return err
		}
		if o.Target != "" {
			var p desk.Problems
			p.OneOf("target", string(o.Target), string(route.Microsoft), string(route.Provider), string(route.Publisher), string(route.MSRC), string(route.OtherPartner))
			portal, known := route.PortalOf(o.Portal)
			if o.Portal != "" && (!known || portal.Target != o.Target) || o.Portal == "" && o.Target == route.Microsoft {
				p.Add("portal", "error.choose")
			}
			if why, no := route.Forbidden(c, o.Target); no {
				p.Add("target", why.Key)
			}
			if err := p.Err(); err != nil {
				return err
			}
			r.Instead, r.Why, r.By = &o.Target, o.Why, who.Person.Name
		}
		if err := e.Lead(r, tx.Now); err != nil {
			return err
		}
		if r.Instead != nil {
			e.Portal = o.Portal
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationLed, map[string]string{"target": string(e.Target), "why": r.Why}, tx.Now))
		return nil
	})
}

// wayOf works out where an escalation goes as things are now.
func (a *App) wayOf(tx *postgres.Tx, e desk.Escalation) (desk.RouteTaken, route.Case, error) {
	k, err := tx.TicketByID(e.TicketID)
	if err != nil {
		return desk.RouteTaken{}, route.Case{}, err
	}
	c, err := tx.Customer(e.CustomerID)
	if err != nil {
		return desk.RouteTaken{}, route.Case{}, err
	}
	m := e.Route.Matter
	way, h, plan, err := a.routeOf(tx, k, c, m)
	return desk.RouteTaken{Version: h.Version, Matter: m, Way: way}, m.In(desk.CaseOf(k, c, e.Workload, plan)), err
}

// leadAnew works the ways of a customer's escalations out again, after what the desk
// is for him changed: those that are not filed, and that nobody led by hand, follow.
func (a *App) leadAnew(tx *postgres.Tx, who desk.Actor, customer desk.ID) error {
	list, err := tx.UnfiledEscalations(customer)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Route.Instead != nil {
			continue
		}
		r, _, err := a.wayOf(tx, e)
		if err != nil {
			return err
		}
		if r.Way.Target == e.Target && r.Way.Portal == e.Portal {
			continue
		}
		if err := e.Lead(r, tx.Now); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationLed, map[string]string{"target": string(e.Target)}, tx.Now))
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
	}
	return nil
}
