package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// MoveEscalation says where a filed escalation stands, and by when something is owed;
// its tickets follow. Errors: Invalid on "state" or "next"; ErrConflict.
func (a *App) MoveEscalation(ctx context.Context, who desk.Actor, number int64, seen int, s desk.Step) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		if err := a.moveTo(tx, who, e, s); err != nil {
			return err
		}
		return a.handoffMoved(tx, *e)
	})
}

// moveTo is moving itself, whoever says so: a person, a connector, the provider.
func (a *App) moveTo(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, s desk.Step) error {
	was := e.State
	if err := e.Move(s, tx.Now); err != nil {
		return err
	}
	data := map[string]string{"to": string(e.State)}
	if e.DueAt != nil {
		data["next"] = e.DueAt.UTC().Format(time.RFC3339)
	}
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationMoved, data, tx.Now))
	if was == e.State {
		return nil
	}
	return a.eachEscalated(tx, *e, func(k *desk.Ticket) error { return a.move(tx, who, k, e.TicketState(), desk.EventState) })
}

// ChaseEscalation notes that the desk asked them again, and by when it expects an
// answer. Errors: Invalid on "next"; ErrConflict.
func (a *App) ChaseEscalation(ctx context.Context, who desk.Actor, number int64, seen int, s desk.Step) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		s.State = e.State
		if err := e.Move(s, tx.Now); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationChased, nil, tx.Now))
		return nil
	})
}

// EnterEntry records what was said, by them or to them, and where it leaves the
// escalation when step says so. Errors: Invalid, by field; ErrConflict unless it was
// filed.
func (a *App) EnterEntry(ctx context.Context, who desk.Actor, number int64, seen int, f desk.EntryForm, step *desk.Step) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		if e.State.Before() {
			return desk.ErrConflict
		}
		n, err := desk.NewEntry(*e, f, who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		if _, err := a.enter(tx, who, e, n); err != nil {
			return err
		}
		if n.Side == desk.Us {
			if err := a.handoffSaid(tx, *e, n); err != nil {
				return err
			}
		}
		if step == nil || !e.State.Filed() {
			return nil
		}
		return a.moveTo(tx, who, e, *step)
	})
}

// enter stores an entry, whoever brought it, and tells whether it is new: their first
// word ends their clock.
func (a *App) enter(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, n desk.EscalationEntry) (bool, error) {
	fresh, err := tx.AddEntry(n)
	if err != nil || !fresh {
		return false, err
	}
	if n.Side == desk.Them {
		e.Heard(n.At, tx.Now)
	} else {
		e.Spoke(tx.Now)
	}
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationEntered, map[string]string{"side": string(n.Side)}, tx.Now))
	return true, nil
}

// Relaying is what a person makes of their word for the customers: his own words by
// language, or none where it says nothing to them.
type Relaying struct {
	Needless bool
	Texts    map[string]string
}

// RelayEntry tells the customers of all tickets of an escalation what they said, in
// the desk's words, each in its ticket's language. Errors: Invalid on "text_fr" and
// its like for a language that is needed and empty; ErrConflict for what was relayed.
func (a *App) RelayEntry(ctx context.Context, who desk.Actor, number int64, entry desk.ID, r Relaying) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		n, err := tx.LockEntry(e.ID, entry)
		if err != nil {
			return err
		}
		how := desk.RelaySent
		if r.Needless {
			how = desk.RelayNeedless
		}
		if err := n.Relayed(how, who.Person.ID, tx.Now); err != nil {
			return err
		}
		tx.SaveRelay(n)
		if r.Needless {
			return nil
		}
		told := 0
		err = a.eachEscalated(tx, *e, func(k *desk.Ticket) error {
			told++
			return a.tellIn(tx, who, k, r.Texts)
		})
		if err == nil && told == 0 {
			return desk.ErrConflict
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationRelayed, map[string]string{"tickets": strconv.Itoa(told)}, tx.Now))
		return err
	})
}

// tellIn writes one message on a ticket in its language; the ticket stays where it is.
func (a *App) tellIn(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, texts map[string]string) error {
	language := k.Language
	if language == "" {
		language = who.Desk.Language
	}
	m, err := desk.NewMessage(*k, who.Person, texts[language], false, desk.NewID(), tx.Now)
	var wrong desk.Invalid
	if errors.As(err, &wrong) {
		return wrong.Under("body", "text_"+language)
	}
	if err != nil {
		return err
	}
	tx.AddMessage(m)
	stays := k.State
	if stays == desk.New {
		stays = desk.Open
	}
	return a.said(tx, who, k, m, Reply{Then: stays})
}

// AskForDossier asks the customer for what the dossier lacks, in one message on his
// ticket, which then waits for him. Errors: Invalid on "text"; ErrConflict once it
// has ended.
func (a *App) AskForDossier(ctx context.Context, who desk.Actor, number int64, fields []string, text string) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		if e.State == desk.EscalationEnded {
			return desk.ErrConflict
		}
		k, err := tx.LockTicketByID(e.TicketID)
		if err != nil {
			return err
		}
		m, err := desk.NewMessage(k, who.Person, text, false, desk.NewID(), tx.Now)
		var wrong desk.Invalid
		if errors.As(err, &wrong) {
			return wrong.Under("body", "text")
		}
		if err != nil {
			return err
		}
		tx.AddMessage(m)
		if err := a.said(tx, who, &k, m, Reply{Then: desk.WaitingCustomer}); err != nil {
			return err
		}
		tx.SaveTicket(k)
		tx.AddKept(k.TakeEnded())
		if e.State.Filed() {
			if err := e.Move(desk.Step{State: desk.EscalationWaitsCustomer}, tx.Now); err != nil {
				return err
			}
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationAsked, map[string]string{
			"ticket": strconv.FormatInt(k.Number, 10), "fields": strings.Join(fields, " ")}, tx.Now))
		return nil
	})
}

// customerAnswered tells the escalation of a ticket that the customer wrote: what
// waited for him waits for the desk now.
func (a *App) customerAnswered(ctx context.Context, d desk.Desk, ticket int64) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		k, err := tx.Ticket(ticket, desk.Person{Role: desk.Agent})
		if err != nil {
			return err
		}
		e, err := tx.EscalationWaitsFor(k.ID)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err != nil || k.LastSide != desk.CustomerSide || !k.LastAt.After(e.ChangedAt) {
			return err
		}
		if err := a.moveTo(tx, desk.Actor{Desk: d}, &e, desk.Step{State: desk.EscalationWaitsUs}); err != nil {
			return err
		}
		return tx.SaveEscalation(e)
	})
}

// EscalationLanguages lists the languages of the tickets that wait on an escalation,
// in which a word to their customers is needed.
func (a *App) EscalationLanguages(ctx context.Context, who desk.Actor, number int64) ([]string, error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return nil, err
	}
	var list []string
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		e, err := tx.Escalation(number)
		if err != nil {
			return err
		}
		list, err = tx.EscalatedLanguages(e.ID)
		return err
	})
	for i := range list {
		if list[i] == "" {
			list[i] = who.Desk.Language
		}
	}
	slices.Sort(list)
	return slices.Compact(list), err
}
