package postgres_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// What he is there for goes through the wall.
func TestSubcontractorWorksWhatIsGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe, _ := w.outsourced(t, w.one)
	w.update(t, w.one.scopeOfNight(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(w.one.first.ticket.Number, noe)
		if err != nil {
			return err
		}
		tx.AddMessage(made(desk.NewMessage(k, noe, "an answer", false, desk.Nobody, tx.Now)))
		tx.AddFinding(made(desk.NewFinding(k, noe.ID, "health", "confirmed", "seen", tx.Now)))
		tx.AddEvent(desk.NewEvent(k, noe.ID, desk.EventAssigned, nil, tx.Now))
		k.AssigneeID = noe.ID
		tx.SaveTicket(k)
		added, message := ticket(t, w.one.first.contact, "Taken by telephone", desk.Nobody, tx.Now)
		added.Number = 501
		tx.AddTicket(added)
		tx.AddMessage(message)
		if err := tx.Hold(noe.ID); err != nil {
			return err
		}
		noe.Language = "en"
		return tx.SavePerson(noe)
	})
	w.view(t, w.one.scopeOfNight(), func(tx *postgres.Tx) error {
		rows, _, err := tx.Queue(desk.QueueFilter{View: desk.ViewAll}, noe)
		if err != nil || len(rows) != 2 {
			t.Errorf("his queue has %d tickets (%v)", len(rows), err)
		}
		th, err := tx.Thread(w.one.first.ticket.Number, noe)
		if err != nil || len(th.Said) != 3 || len(th.Found) != 2 || th.Assignee.ID != noe.ID {
			t.Errorf("his ticket is %+v (%v)", th, err)
		}
		people, err := tx.Agents()
		if err != nil || len(people) != 3 {
			t.Errorf("he can give tickets to %v (%v)", people, err)
		}
		return nil
	})
}

// Another subcontractor's people are no colleagues to give a ticket to, and one
// that was switched off has none.
func TestAgentsAreThoseWhoWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe, _ := w.outsourced(t, w.one)
	other := made(desk.NewSubcontractor(desk.SubcontractorSettings{Name: "Day", Zone: "Europe/Paris", Always: true, AllCustomers: true, AllServices: true}))
	day := made(desk.NewPerson(desk.PersonSettings{Name: "Dan", Email: "dan@day.example", Role: desk.Lead, SubcontractorID: other.ID}))
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddSubcontractor(other); err != nil {
			return err
		}
		return tx.AddPerson(day)
	})
	can := func(s desk.Scope) (ids []desk.ID) {
		w.view(t, s, func(tx *postgres.Tx) error {
			people, err := tx.Agents()
			for _, p := range people {
				ids = append(ids, p.ID)
			}
			return err
		})
		return ids
	}
	if got := can(w.one.scope()); len(got) != 4 {
		t.Errorf("the desk gives tickets to %d", len(got))
	}
	if got := can(w.one.scopeOfNight()); len(got) != 3 || slices.Contains(got, day.ID) {
		t.Errorf("the night gives tickets to %d", len(got))
	}
	off := w.one.night
	off.Active = false
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.SaveSubcontractor(off) })
	if got := can(w.one.scope()); len(got) != 3 || slices.Contains(got, noe.ID) {
		t.Errorf("with the night off the desk gives tickets to %d", len(got))
	}
}

func TestGrantsNameOwnCustomers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.night
	c.Customers = []desk.ID{w.one.first.ID, w.two.first.ID}
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.SaveSubcontractor(c) })
	var invalid desk.Invalid
	if !errors.As(err, &invalid) || invalid.Problems[0].Field != "customers" {
		t.Errorf("another desk's customer: %v", err)
	}
	for field, change := range map[string]func(*desk.Subcontractor){"tenant": func(s *desk.Subcontractor) { s.Tenant = w.one.night.Tenant },
		"name": func(s *desk.Subcontractor) { s.Name = strings.ToUpper(w.one.night.Name) }} {
		twin := made(desk.NewSubcontractor(desk.SubcontractorSettings{Name: "Twin " + strconv.Itoa(len(field)), Zone: "UTC", Always: true, AllCustomers: true, AllServices: true}))
		change(&twin)
		err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.AddSubcontractor(twin) })
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != field {
			t.Errorf("a %s that is taken: %v", field, err)
		}
	}
}

// Their queue is read as everybody's is: what has ended is never touched.
func TestSubcontractorsReadOpenTicketsThroughTheirOwnIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	b.history(t, b.first, 2000, 40)
	super := w.superuser(t)
	if _, err := super.Exec(t.Context(), `analyze`); err != nil {
		t.Fatal(err)
	}
	partial := names(t, super, `select indexrelid::regclass::text from pg_index where indrelid = 'tickets'::regclass and indpred is not null`)
	scope := b.scope()
	scope.Subcontractor = &b.night
	for name, read := range map[string]func(*postgres.Tx) error{
		"queue": queue(b, desk.QueueFilter{View: desk.ViewTodo}), "of a customer": queue(b, desk.QueueFilter{View: desk.ViewAll, Customer: b.first.ID}),
		"by activity": queue(b, desk.QueueFilter{View: desk.ViewAll, Sort: "activity"}),
		"a count":     func(tx *postgres.Tx) error { _, err := tx.Count(desk.ViewTodo, b.agent); return err },
	} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			for _, index := range explained(t, w, scope, mode, read) {
				if !slices.Contains(partial, index) {
					t.Errorf("%s (%s) reads tickets through %q", name, mode, index)
				}
			}
		}
	}
}
