package app

import (
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ReadTicket reads a ticket with all that its reader may see. Errors:
// ErrNotFound, also for what is somebody else's.
func (a *App) ReadTicket(ctx context.Context, who desk.Actor, number int64) (desk.Thread, error) {
	var th desk.Thread
	if err := who.May(desk.ReadTickets); err != nil {
		return th, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if th, err = tx.Thread(number, who.Person); err != nil {
			return err
		}
		if err = a.promises(tx, who.Desk, &th); err != nil || !who.DeskSide() {
			return err
		}
		return a.explain(tx, &th)
	})
	return th, err
}

// promises explains what is promised, each by the offer that it was reckoned by.
func (a *App) promises(tx *postgres.Tx, d desk.Desk, th *desk.Thread) error {
	for _, p := range th.Ticket.Promises {
		o, err := a.offerAt(tx, d, p.Offer)
		if err != nil {
			return err
		}
		th.Explained = append(th.Explained, p.Explain(o.Level(p.Type)))
	}
	return nil
}

// explain brings the rules that judged the ticket, which can tell why, and what
// is best asked of its customer: for the desk's people alone.
func (a *App) explain(tx *postgres.Tx, th *desk.Thread) error {
	v := th.Decision.Verdict
	if th.Decision.ID == desk.Nobody {
		return nil
	}
	p, err := a.programAt(tx, v.Ruleset)
	if errors.Is(err, desk.ErrNotFound) { // of rules that are stored nowhere, nothing can be told
		return nil
	}
	if err != nil {
		return err
	}
	th.Program = p
	if r, ok := p.Rule(v.Rule); ok && v.Outcome == desk.NeedsInfo && !th.Decision.Settled() {
		th.Questions = desk.FewestQuestions(p, th.Judged(), r.Questions)
	}
	return nil
}

// ListTickets reads one page of a customer's own list, and where the next
// starts.
func (a *App) ListTickets(ctx context.Context, who desk.Actor, f desk.TicketFilter) (rows []desk.Row, next desk.Cursor, err error) {
	if err := who.May(desk.ReadTickets); err != nil {
		return nil, next, err
	}
	if who.DeskSide() {
		return nil, next, desk.ErrForbidden
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		rows, next, err = tx.CustomerTickets(f, who.Person)
		return err
	})
	return rows, next, err
}

// ReadQueue reads one page of the agents' queue, and where the next starts.
func (a *App) ReadQueue(ctx context.Context, who desk.Actor, f desk.QueueFilter) (rows []desk.Row, next desk.Cursor, err error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return nil, next, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		rows, next, err = tx.Queue(f, who.Person)
		return err
	})
	return rows, next, err
}

// countMemory is how long the rail's figures are remembered, so that no page
// pays for counting.
const countMemory = 10 * time.Second

// readerOf is one person at one desk.
type readerOf struct{ desk, person desk.ID }

type railCounts struct {
	counts map[desk.View]int
	until  time.Time
}

// Counts is how many tickets each open view holds for this reader, at most
// desk.CountLimit + 1, at most some seconds old.
func (a *App) Counts(ctx context.Context, who desk.Actor) (map[desk.View]int, error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return nil, err
	}
	key := readerOf{who.Desk.ID, who.Person.ID}
	if c, ok := a.counts.Load(key); ok && a.now().Before(c.(railCounts).until) {
		return c.(railCounts).counts, nil
	}
	counts := map[desk.View]int{}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		for _, v := range desk.Views() {
			if v == desk.ViewEnded {
				continue
			}
			n, err := tx.Count(v, who.Person)
			if err != nil {
				return err
			}
			counts[v] = n
		}
		return nil
	})
	if err == nil {
		a.counts.Store(key, railCounts{counts, a.now().Add(countMemory)})
	}
	return counts, err
}

// forgetCounts lets the reader see his own act in the rail at once.
func (a *App) forgetCounts(who desk.Actor) {
	a.counts.Delete(readerOf{who.Desk.ID, who.Person.ID})
	a.handed.Delete(readerOf{who.Desk.ID, who.Person.ID})
}

// assignableTo is who asks for that list: the desk's own people, or one
// subcontractor's.
type assignableTo struct{ desk, subcontractor desk.ID }

// assignable is a desk's people whom a ticket can be given to, remembered for
// the pages that offer them; giving it to one asks again.
type assignable struct {
	people []desk.Person
	until  time.Time
}

// Agents lists who a ticket can be assigned to, at most some seconds old.
func (a *App) Agents(ctx context.Context, who desk.Actor) (people []desk.Person, err error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return nil, err
	}
	key := assignableTo{who.Desk.ID, who.Person.SubcontractorID}
	if known, ok := a.agents.Load(key); ok && a.now().Before(known.(assignable).until) {
		return known.(assignable).people, nil
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		people, err = tx.Agents()
		return err
	})
	if err == nil {
		a.agents.Store(key, assignable{people, a.now().Add(deskMemory)})
	}
	return people, err
}

// Colleagues lists the active people of a ticket's company, to follow it.
func (a *App) Colleagues(ctx context.Context, who desk.Actor, customer desk.ID) (people []desk.Person, err error) {
	if err := who.May(desk.FollowTicket); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		people, err = tx.Colleagues(customer)
		return err
	})
	return people, err
}
