package app

import (
	"context"
	"errors"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// JoinEscalation lets another ticket wait on the same request. Errors: Invalid on
// "ticket" for one that is not there, has ended, or waits on a request already;
// ErrConflict once the escalation has ended.
func (a *App) JoinEscalation(ctx context.Context, who desk.Actor, number, ticket int64) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		if e.State == desk.EscalationEnded {
			return desk.ErrConflict
		}
		k, err := tx.LockTicket(ticket, who.Person)
		if errors.Is(err, desk.ErrNotFound) || err == nil && k.State.Ended() {
			return desk.NewInvalid("ticket", "error.escalation.ticket")
		}
		if err != nil {
			return err
		}
		n, err := tx.JoinEscalation(e.ID, []desk.ID{k.ID}, who.Person.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.NewInvalid("ticket", "error.escalation.ticket")
		}
		tx.AddEvent(desk.NewEvent(k, who.Person.ID, desk.EventEscalated, map[string]string{"escalation": strconv.FormatInt(e.Number, 10), "target": string(e.Target)}, tx.Now))
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationJoined, map[string]string{"ticket": strconv.FormatInt(k.Number, 10)}, tx.Now))
		if !e.State.Filed() {
			return nil
		}
		if err := a.move(tx, who, &k, e.TicketState(), desk.EventState); err != nil {
			return err
		}
		tx.SaveTicket(k)
		tx.AddKept(k.TakeEnded())
		return nil
	})
}

// LeaveEscalation takes a ticket off; the one that it was begun on stays. Errors:
// ErrNotFound.
func (a *App) LeaveEscalation(ctx context.Context, who desk.Actor, number, ticket int64) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		k, err := tx.LockTicket(ticket, who.Person)
		if err != nil {
			return err
		}
		if k.ID == e.TicketID {
			return desk.ErrConflict
		}
		was, err := tx.LeaveEscalation(e.ID, k.ID)
		if err == nil && !was {
			err = desk.ErrNotFound
		}
		if err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationLeft, map[string]string{"ticket": strconv.FormatInt(k.Number, 10)}, tx.Now))
		if !k.State.Elsewhere() {
			return nil
		}
		if err := a.move(tx, who, &k, desk.Open, desk.EventState); err != nil {
			return err
		}
		tx.SaveTicket(k)
		tx.AddKept(k.TakeEnded())
		return nil
	})
}

// EndEscalation ends one: of a solved one each customer is asked whether it works,
// other tickets come back to the desk. Errors: Invalid on "ending" or "why";
// ErrConflict when it has ended.
func (a *App) EndEscalation(ctx context.Context, who desk.Actor, number int64, seen int, ending desk.EscalationEnding, why string) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		if err := a.endAs(tx, who, e, ending, why); err != nil {
			return err
		}
		return a.handoffEnded(tx, *e)
	})
}

// endAs is ending itself, whoever says so: a person, a connector, the provider.
func (a *App) endAs(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, ending desk.EscalationEnding, why string) error {
	if err := e.End(ending, why, tx.Now); err != nil {
		return err
	}
	number := strconv.FormatInt(e.Number, 10)
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationOver, map[string]string{"ending": string(ending), "why": e.EndedWhy}, tx.Now))
	err := a.eachEscalated(tx, *e, func(k *desk.Ticket) error {
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventEscEnded, map[string]string{"escalation": number, "ending": string(ending)}, tx.Now))
		if ending == desk.EndedSolved {
			return a.askAgain(tx, who.Desk, k, map[string]string{"escalation": number})
		}
		if !k.State.Elsewhere() {
			return nil
		}
		return a.move(tx, who, k, desk.Open, desk.EventState)
	})
	tx.LeaveEscalationAll(e.ID)
	return err
}

// ClaimCredit notes what may be claimed for the outage. Errors: Invalid, by field.
func (a *App) ClaimCredit(ctx context.Context, who desk.Actor, number int64, seen int, c desk.Credit) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		if err := e.Claim(c, tx.Now); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationCredit, map[string]string{"state": c.State}, tx.Now))
		return nil
	})
}
