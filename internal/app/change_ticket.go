package app

import (
	"context"
	"errors"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// change locks a ticket that the actor may see, lets f change it and stores it.
func (a *App) change(ctx context.Context, who desk.Actor, v desk.Verb, number int64, f func(*postgres.Tx, *desk.Ticket) error) error {
	if err := who.May(v); err != nil {
		return err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(number, who.Person)
		if err != nil {
			return err
		}
		over := k.State.Ended()
		if err := f(tx, &k); err != nil {
			return err
		}
		tx.SaveTicket(k)
		tx.AddKept(k.TakeEnded())
		if !over && k.State.Ended() {
			return a.ended(tx, who.Desk, k)
		}
		return nil
	})
	if err == nil {
		a.forgetCounts(who)
	}
	return err
}

// AssignTicket gives a ticket to one of the desk's people, or to nobody. A
// subcontractor's people take what is given to their company. Errors: Invalid on
// "assignee".
func (a *App) AssignTicket(ctx context.Context, who desk.Actor, number int64, to desk.ID) error {
	return a.change(ctx, who, desk.AssignTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error { return a.assign(tx, who, k, to) })
}

func (a *App) assign(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, to desk.ID) error {
	if k.AssigneeID == to {
		return nil
	}
	k.AssigneeID = to
	if to == desk.Nobody {
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventReleased, nil, tx.Now))
		return nil
	}
	p, err := chosen(tx, to, "assignee", func(p desk.Person) bool { return p.Role.DeskSide() })
	if err != nil {
		return err
	}
	if err := mayTake(tx, p, *k); err != nil {
		return err
	}
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventAssigned, map[string]string{"to": p.Name}, tx.Now))
	if to == who.Person.ID {
		return nil
	}
	return a.notify(tx, *k, p, NoticeAssigned, desk.Nobody)
}

// mayTake refuses a ticket to a person who could not see it. Errors: Invalid on
// "assignee", also for another subcontractor's, of whose grants a subcontractor
// knows nothing.
func mayTake(tx *postgres.Tx, p desk.Person, k desk.Ticket) error {
	if p.SubcontractorID == desk.Nobody {
		return nil
	}
	c, err := tx.Subcontractor(p.SubcontractorID)
	if errors.Is(err, desk.ErrNotFound) || err == nil && !c.Sees(k.CustomerID, k.Service) {
		return desk.NewInvalid("assignee", "error.subcontractor.assignee")
	}
	return err
}

// SetState moves a ticket and tells the customer when it ended.
func (a *App) SetState(ctx context.Context, who desk.Actor, number int64, to desk.State) error {
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		return a.move(tx, who, k, to, desk.EventState)
	})
}

// SetPriority ranks a ticket, 1 critical to 4 low. Errors: Invalid on
// "priority".
func (a *App) SetPriority(ctx context.Context, who desk.Actor, number int64, priority int) error {
	if priority < 1 || priority > 4 {
		return desk.NewInvalid("priority", "error.choose")
	}
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		rank(tx, who, k, priority)
		return nil
	})
}

func rank(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, priority int) {
	if k.Priority != priority {
		k.Priority = priority
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventPriority, map[string]string{"to": string(rune('0' + priority))}, tx.Now))
	}
}

// SetImpact says how much work is stopped; what is promised follows. Errors:
// Invalid on "impact".
func (a *App) SetImpact(ctx context.Context, who desk.Actor, number int64, to desk.Impact) error {
	if !slices.Contains(desk.Impacts, to) {
		return desk.NewInvalid("impact", "error.choose")
	}
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error { return a.stop(tx, who, k, to) })
}

func (a *App) stop(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, to desk.Impact) error {
	if k.Impact == to {
		return nil
	}
	l, err := a.level(tx, who.Desk, *k)
	if err != nil {
		return err
	}
	was := k.Impact
	k.Impact = to
	k.Reckon(l, tx.Now, desk.BecauseImpact)
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventImpact, map[string]string{"from": string(was), "to": string(to)}, tx.Now))
	return nil
}

// CloseTicket ends a ticket for good, by the customer or the desk.
func (a *App) CloseTicket(ctx context.Context, who desk.Actor, number int64) error {
	return a.change(ctx, who, desk.CloseTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		return a.move(tx, who, k, desk.Closed, desk.EventClosed)
	})
}

// ReopenTicket brings an ended ticket back. Errors: ErrConflict when it has
// not ended.
func (a *App) ReopenTicket(ctx context.Context, who desk.Actor, number int64) error {
	return a.change(ctx, who, desk.ReopenTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		l, err := a.level(tx, who.Desk, *k)
		if err != nil {
			return err
		}
		if err := k.Reopen(l, tx.Now); err != nil {
			return err
		}
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventReopened, nil, tx.Now))
		if err := a.ticketMoved(tx, *k); err != nil {
			return err
		}
		return a.tellOthers(tx, who, *k, NoticeReopened, desk.Nobody)
	})
}

// FollowTicket lets a colleague of the customer see a ticket and hear of it.
// Errors: Invalid on "person".
func (a *App) FollowTicket(ctx context.Context, who desk.Actor, number int64, person desk.ID) error {
	return a.change(ctx, who, desk.FollowTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		p, err := chosen(tx, person, "person", func(p desk.Person) bool { return p.CustomerID == k.CustomerID })
		if err != nil {
			return err
		}
		if added, err := tx.Follow(*k, p.ID); err != nil || !added {
			return err
		}
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventFollowed, map[string]string{"who": p.Name}, tx.Now))
		return nil
	})
}

// chosen reads the active person that a form's field names. Errors: Invalid on
// the field for anybody else.
func chosen(tx *postgres.Tx, id desk.ID, field string, suits func(desk.Person) bool) (desk.Person, error) {
	p, err := tx.Person(id)
	if errors.Is(err, desk.ErrNotFound) || err == nil && (!p.Active || !suits(p)) {
		return p, desk.NewInvalid(field, "error.choose")
	}
	return p, err
}

func (a *App) move(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, to desk.State, kind desk.EventKind) error {
	l, err := a.level(tx, who.Desk, *k)
	if err != nil || !k.Move(to, l, tx.Now) {
		return err
	}
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, kind, map[string]string{"to": string(to)}, tx.Now))
	if err := a.ticketMoved(tx, *k); err != nil {
		return err
	}
	if worthALetter(to) {
		return a.tellOthers(tx, who, *k, NoticeState, desk.Nobody)
	}
	return nil
}

// worthALetter tells the states that change what their reader has to do.
func worthALetter(s desk.State) bool { return s.Ended() || s.Elsewhere() }
