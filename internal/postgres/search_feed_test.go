package postgres_test

import (
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Beside what was said tickets are found by the names of their files, by the numbers of
// requests that they wait on, and by the names of those who ask: at once when these
// come, and as they are now once they change.
func TestTicketsAreFoundByWhatHangsOnThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, c := w.one, w.one.first
	agent := desk.Actor{Desk: p.desk, Person: p.agent}
	manager := desk.Actor{Desk: p.desk, Person: c.manager}
	both, one := []int64{p.second.ticket.Number, c.ticket.Number}, []int64{c.ticket.Number}
	finds := func(when string, s desk.Scope, who desk.Actor, typed string, want []int64) {
		t.Helper()
		if got := w.found(t, s, who, typed); !same(got, want) {
			t.Errorf("%s: %s finds %v by %q, want %v", when, who.Person.Email, got, typed, want)
		}
	}
	round := func() {
		t.Helper()
		w.update(t, p.scope(), func(tx *postgres.Tx) error { _, err := tx.RenewSearch(100); return err })
	}
	hang := func(when string) {
		t.Helper()
		finds(when, p.scope(), agent, "shared picture", both)
		finds(when, p.scope(), agent, "desk.png", both)
		finds(when, p.scope(), agent, c.escalation.Request, one)
		finds(when, p.scopeOf(c), manager, "shared picture", one)
		finds(when, p.scopeOf(c), manager, "desk.png", nil)
		finds(when, p.scopeOf(c), manager, c.escalation.Request, nil)
	}
	hang("as they came")
	w.update(t, p.scope(), func(tx *postgres.Tx) error { tx.FindAnew(c.ID); return nil })
	round()
	hang("written anew")

	company, person := c.Customer, c.contact
	company.Name, person.Name = "Zéphyr", "Dominique Roseau"
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.SaveCustomer(company); err != nil {
			return err
		}
		return tx.SavePerson(person)
	})
	round()
	finds("renamed", p.scope(), agent, "zephyr", one)
	finds("renamed", p.scope(), agent, "roseau", one)
	finds("renamed", p.scope(), agent, "first -example", nil)
	company.Note = "calls often"
	w.update(t, p.scope(), func(tx *postgres.Tx) error { return tx.SaveCustomer(company) })
	w.view(t, p.scope(), func(tx *postgres.Tx) error {
		if n := tally(t, tx, `select count(*) from search_texts where stale`); n != 0 {
			t.Errorf("%d tickets are to be written anew for a note on their customer", n)
		}
		return nil
	})

	e := c.escalation
	was := e.Request
	e.Request = "2611199999990000"
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
		return tx.SaveEscalation(e) // changes nothing more
	})
	finds("another number", p.scope(), agent, e.Request, one)
	round()
	finds("another number", p.scope(), agent, e.Request, one)
	finds("another number", p.scope(), agent, was, nil)
	late := p.second.ticket
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if _, err := tx.LeaveEscalation(p.second.escalation.ID, late.ID); err != nil {
			return err
		}
		_, err := tx.JoinEscalation(e.ID, []desk.ID{late.ID}, p.agent.ID)
		return err
	})
	finds("joined", p.scope(), agent, e.Request, both)
}
