package app

import (
	"context"
	"errors"
	"maps"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// TakeHandoff works a TakeHandoff: all that the other side told and nobody has
// taken, in its order, each with what follows from it, in one transaction under the
// desk's own row. A worker that dies leaves everything as it was, and one that comes
// second finds nothing to do.
func (a *App) TakeHandoff(ctx context.Context, job TakeHandoff) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	var h desk.Handoff
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		h, err = tx.Handoff(job.Handoff)
		return err
	})
	if err != nil {
		return err
	}
	if h.Side(d.ID) == desk.ResellerSide {
		return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error { return a.takeAtReseller(tx, d, h) })
	}
	if h.TicketID == desk.Nobody {
		if err := a.takeFirst(ctx, d, h.ID); err != nil {
			return err
		}
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error { return a.takeAtProvider(tx, d, h.ID) })
}

// takeFirst opens the provider's ticket: triaged by its own rules, promised by its
// own offer, in the name of the person that the link names.
func (a *App) takeFirst(ctx context.Context, d desk.Desk, handoff desk.ID) error {
	open, err := a.openIssues(ctx, d.ID)
	if err != nil {
		return err
	}
	err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		h, err := tx.LockHandoff(handoff)
		if errors.Is(err, desk.ErrNotFound) || err == nil && (h.Over() || h.LinkState != desk.LinkActive) {
			return nil // somebody was faster, or it is over
		}
		if err != nil {
			return err
		}
		speaker, err := a.speaker(tx, d, h)
		if err != nil {
			return err
		}
		number, err := a.submit(tx, speaker, h.Request.Submission(h.ID), speaker.Person, worthComparing(open, h.Request.Service, h.Request.Subject+" "+h.Request.Body))
		if err != nil {
			return err
		}
		k, err := tx.LockTicket(number, desk.Person{Role: desk.Agent})
		if err != nil {
			return err
		}
		if err := tx.TakeHandoff(h.ID, k.ID, number); err != nil {
			return err
		}
		reseller, err := tx.HandedOn(k.ID)
		if err != nil {
			return err
		}
		tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventHandoffOpened, map[string]string{"from": reseller.Reseller}, tx.Now))
		return a.addItem(tx, h, HandoffWord{What: desk.HandoffTaken, Key: string(desk.HandoffTaken), At: tx.Now, Data: map[string]string{"number": desk.HandedNumber(d.Slug, number)}})
	})
	if err == nil {
		a.watchSoon(ctx, d)
	}
	return err
}

// speaker is the reseller as the provider's desk knows it: one of its customer's
// people.
func (a *App) speaker(tx *postgres.Tx, d desk.Desk, h desk.Handoff) (desk.Actor, error) {
	l, err := tx.ProviderLink(h.LinkID)
	if err != nil {
		return desk.Actor{}, err
	}
	p, err := tx.Person(l.SpeakerID)
	return desk.Actor{Desk: d, Person: p}, err
}

// takeAtProvider does what follows on the provider's ticket.
func (a *App) takeAtProvider(tx *postgres.Tx, d desk.Desk, handoff desk.ID) error {
	h, err := tx.Handoff(handoff)
	if err != nil || h.TicketID == desk.Nobody {
		return err // one that was over before it was taken
	}
	k, err := tx.LockTicketByID(h.TicketID)
	if err != nil {
		return err
	}
	items, err := tx.UntakenItems(h)
	if err != nil || len(items) == 0 {
		return err
	}
	who, err := a.speaker(tx, d, h)
	if err != nil {
		return err
	}
	over, mirrored := k.State.Ended(), k.MirroredState()
	for _, i := range items {
		if h.ProviderDone == nil {
			if err := a.takeOnTicket(tx, who, &h, &k, i); err != nil {
				return err
			}
		}
		if err := tx.TakeItem(i); err != nil {
			return err
		}
		// The reseller knows where it left the ticket itself.
		if i.Kind == desk.HandoffState {
			mirrored = k.MirroredState()
		}
	}
	tx.SaveTicket(k)
	tx.AddKept(k.TakeEnded())
	if !over && k.State.Ended() {
		if err := a.ended(tx, d, k); err != nil {
			return err
		}
	}
	if h.ProviderDone != nil || k.MirroredState() == mirrored {
		return nil
	}
	return a.ticketMoved(tx, k)
}

func (a *App) takeOnTicket(tx *postgres.Tx, who desk.Actor, h *desk.Handoff, k *desk.Ticket, i desk.HandoffItem) error {
	switch i.Kind {
	case desk.HandoffMessage:
		return a.speakFor(tx, who, k, i.Data["body"], i)
	case desk.HandoffState:
		l, err := a.level(tx, who.Desk, *k)
		if err == nil && k.Move(k.MirrorOf(desk.EscalationState(i.Data["to"])), l, tx.Now) {
			tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventState, map[string]string{"to": string(k.State)}, tx.Now))
		}
		return err
	case desk.HandoffEnded:
		tx.EndHandoff(*h)
		h.ProviderDone = &tx.Now
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventHandoffEnded, maps.Clone(i.Data), tx.Now))
		if k.State.Ended() {
			return nil // both at once
		}
		if err := a.speakFor(tx, who, k, i.Data["why"], i); err != nil {
			return err
		}
		return a.move(tx, who, k, desk.Closed, desk.EventClosed)
	}
	return nil
}

// speakFor writes what the reseller told as a message of its person.
func (a *App) speakFor(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, body string, i desk.HandoffItem) error {
	if body == "" {
		return nil
	}
	key, err := desk.ParseID(i.Key)
	if err != nil {
		key = desk.NewID() // taken once, under the ticket's lock
	}
	m, err := desk.NewMessage(*k, who.Person, body, false, key, tx.Now)
	if err != nil {
		return err
	}
	tx.AddMessage(m)
	return a.said(tx, who, k, m, Reply{})
}

// takeAtReseller does what follows for the reseller's escalation, and for the
// tickets that wait on it. Of one that has ended, or that is elsewhere by now, the
// provider's word changes nothing.
func (a *App) takeAtReseller(tx *postgres.Tx, d desk.Desk, h desk.Handoff) error {
	e, err := tx.LockEscalationByID(h.EscalationID)
	if err != nil {
		return err
	}
	if h, err = tx.Handoff(h.ID); err != nil {
		return err
	}
	items, err := tx.UntakenItems(h)
	if err != nil || len(items) == 0 {
		return err
	}
	who := desk.Actor{Desk: d}
	for _, i := range items {
		if h.ResellerDone == nil && e.State.Filed() {
			if err := a.takeOnEscalation(tx, who, &h, &e, i); err != nil {
				return err
			}
		}
		if err := tx.TakeItem(i); err != nil {
			return err
		}
	}
	return tx.SaveEscalation(e)
}

func (a *App) takeOnEscalation(tx *postgres.Tx, who desk.Actor, h *desk.Handoff, e *desk.Escalation, i desk.HandoffItem) error {
	switch i.Kind {
	case desk.HandoffTaken:
		was := e.Request
		if err := e.Renumber(i.Data["number"], tx.Now); err != nil || was == e.Request {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationTaken, map[string]string{"request": e.Request}, tx.Now))
	case desk.HandoffMessage:
		n := desk.EscalationEntry{ID: desk.NewID(), EscalationID: e.ID, Side: desk.Them, Source: desk.FromHandoff, Remote: i.Key, Author: i.Data["author"],
			Body: i.Data["body"], At: i.CreatedAt, CreatedAt: tx.Now}
		_, err := a.enter(tx, who, e, n)
		return err
	case desk.HandoffState:
		to := desk.EscalationState(i.Data["to"])
		if to == e.State && i.Data["at"] != "" {
			tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationMoved, map[string]string{"to": string(to), "at": i.Data["at"]}, tx.Now))
		}
		if to == e.State || !to.Filed() || to == desk.EscalationFiled && e.State == desk.EscalationWaitsCustomer {
			return nil // he asks his own customer, whoever else works meanwhile
		}
		return a.moveTo(tx, who, e, desk.Step{State: to})
	case desk.HandoffReturned:
		h.ResellerDone = &tx.Now
		tx.EndHandoff(*h)
		return a.endAs(tx, who, e, desk.EndedReturned, i.Data["why"])
	case desk.HandoffClosed:
		h.ResellerDone = &tx.Now
		tx.EndHandoff(*h)
		return a.endAs(tx, who, e, desk.EndedSolved, "")
	}
	return nil
}
