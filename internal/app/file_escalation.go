package app

import (
	"context"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// AskApproval lays an escalation before a lead. Errors: Invalid on "dossier" while
// something is missing; ErrConflict.
func (a *App) AskApproval(ctx context.Context, who desk.Actor, number int64, seen int) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		s, err := a.story(tx, who, *e)
		if err != nil {
			return err
		}
		if !s.Dossier.Complete() {
			return desk.NewInvalid("dossier", "error.escalation.incomplete")
		}
		if err := e.AskApproval(tx.Now); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationSubmitted, nil, tx.Now))
		return nil
	})
}

// ApproveEscalation lets one go, or sends it back with a reason. Errors: Invalid on
// "reason"; ErrConflict; ErrForbidden for whoever is no lead.
func (a *App) ApproveEscalation(ctx context.Context, who desk.Actor, number int64, seen int, yes bool, reason string) error {
	return a.changeEscalation(ctx, who, desk.ApproveEscalation, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		if err := e.Approve(yes, reason, who.Person, tx.Now); err != nil {
			return err
		}
		kind, data := desk.EscalationApproved, map[string]string(nil)
		if !yes {
			kind, data = desk.EscalationRefused, map[string]string{"reason": e.Clearance.Reason}
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, kind, data, tx.Now))
		return nil
	})
}

// FileEscalation notes that they have the request: a person brings its number back
// from their portal, or the provider's desk on this installation takes it. From then
// on their clock runs and the tickets wait. Errors: Invalid on "request" (also for
// the number of another escalation or incident), "severity", "filed_at", or
// "dossier" while something is missing; ErrConflict once it is filed.
func (a *App) FileEscalation(ctx context.Context, who desk.Actor, number int64, seen int, f desk.Filing) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		s, err := a.story(tx, who, *e)
		if err != nil {
			return err
		}
		var p desk.Problems
		if !s.Dossier.Complete() && !f.Anyway {
			p.Add("dossier", "error.escalation.incomplete")
		}
		if e.NeedsApproval(s.Handover, f.Severity) {
			p.Add("severity", "error.escalation.approval")
		}
		if err := p.Err(); err != nil {
			return err
		}
		if f.Plan.Kind == "" {
			f.Plan = e.Plan
		}
		if err := a.fileAs(tx, who, e, f); err != nil {
			return err
		}
		if e.Target == route.Provider && e.Request == "" {
			if _, err := a.handOff(tx, who, *e, s.Dossier); err != nil {
				return err
			}
		}
		return nil
	})
}

// fileAs is filing itself, whoever brought the number: the clock begins, the tickets
// wait, the incident has its request. It is what a connector calls, too.
func (a *App) fileAs(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, f desk.Filing) error {
	at := tx.Now
	if f.At != nil {
		at = *f.At
	}
	due, err := theirReply(tx, e.Target, &f, at)
	if err != nil {
		return err
	}
	if err := e.File(f, due, who.Person.ID, tx.Now); err != nil {
		return err
	}
	if err := a.countRequest(tx, e); err != nil {
		return err
	}
	if err := a.numberIncident(tx, who, *e); err != nil {
		return err
	}
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationWasFiled, map[string]string{"request": e.Request, "severity": e.Severity}, tx.Now))
	return a.eachEscalated(tx, *e, func(k *desk.Ticket) error {
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventHandedOn, map[string]string{"escalation": strconv.FormatInt(e.Number, 10),
			"target": string(e.Target), "request": e.Request}, tx.Now))
		return a.move(tx, who, k, e.TicketState(), desk.EventState)
	})
}

// theirReply is when they promised to answer first, by what the plan says on this
// day; nil where they promise nothing. Errors: ErrNotFound for a plan that is none of
// the desk's.
func theirReply(tx *postgres.Tx, to route.Target, f *desk.Filing, at time.Time) (*time.Time, error) {
	if to != route.Microsoft {
		return nil, nil
	}
	if f.Plan.ID != desk.Nobody {
		l, err := tx.PartnerPlan(f.Plan.ID)
		if err != nil {
			return nil, err
		}
		f.Plan.Replies = l.Replies
	}
	due, _, ok := f.Plan.Reply(f.Severity, at)
	if !ok {
		return nil, nil
	}
	return &due, nil
}

// numberIncident gives the incident whose one request this is its number, and refuses
// the number of another's. Errors: Invalid on "request".
func (a *App) numberIncident(tx *postgres.Tx, who desk.Actor, e desk.Escalation) error {
	if e.Target != route.Microsoft {
		return nil
	}
	other, err := tx.IncidentOfRequest(e.Request, e.IncidentID)
	if err != nil {
		return err
	}
	if other != 0 {
		return desk.NewInvalid("request", "error.request_taken")
	}
	if e.IncidentID == desk.Nobody {
		return nil
	}
	r, err := tx.LockIncidentByID(e.IncidentID)
	if err != nil {
		return err
	}
	if r.State.Over() || r.File.Request == e.Request {
		return nil
	}
	if err := r.TakeRequest(e.Request, who.Person.ID, tx.Now); err != nil {
		return err
	}
	tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentRequested, map[string]string{"request": e.Request}, tx.Now))
	tx.Unsettle(r.ID)
	if err := tx.SaveIncident(r); err != nil {
		return err
	}
	return a.settleSoon(tx, who.Desk, r.ID)
}

// eachEscalated locks the tickets that wait on an escalation and lets f change them.
func (a *App) eachEscalated(tx *postgres.Tx, e desk.Escalation, f func(*desk.Ticket) error) error {
	list, err := tx.EscalatedTickets(e.ID)
	if err != nil {
		return err
	}
	for i := range list {
		k := &list[i]
		if k.State.Ended() {
			continue
		}
		if err := f(k); err != nil {
			return err
		}
		tx.SaveTicket(*k)
		tx.AddKept(k.TakeEnded())
	}
	return nil
}

// RenumberEscalation corrects their number. Errors: Invalid on "request".
func (a *App) RenumberEscalation(ctx context.Context, who desk.Actor, number int64, seen int, request string) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		was := e.Request
		if err := e.Renumber(request, tx.Now); err != nil || was == e.Request {
			return err
		}
		if other, err := tx.IncidentOfRequest(e.Request, e.IncidentID); err != nil || other != 0 {
			if err == nil {
				err = desk.NewInvalid("request", "error.request_taken")
			}
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationNumbered, map[string]string{"from": was, "request": e.Request}, tx.Now))
		return nil
	})
}
