package postgres_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// unfelt are statements that name no ticket, and why pages still hear of them.
var unfelt = map[string]string{
	"SaveVerdict":        "what it changes, the same act tells in an event or not at all",
	"ConfirmDecision":    "an event of the same act says who confirmed",
	"SaveTimeEntry":      "time is its writer's panel, which his own act draws again",
	"RemoveTimeEntry":    "the same",
	"LeaveEscalationAll": "each ticket that it lets go is told in an event",
	"LeaveAll":           "each is settled by itself, with an event",
	"MoveTickets":        "the same",
	"Unsettle":           "a mark for the worker, which no page shows",
	"CallTickets":        "tickets that are being brought in, which no page shows yet",
	"ErasePerson":        "an open page keeps the name until it is read again",
	"forgetName":         "the same",
}

// Every statement that writes what a ticket's page shows says which ticket that is,
// by the name that the feed looks for: a verb that forgot would leave pages stale.
func TestEveryWriteToATicketIsFelt(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	writes := regexp.MustCompile(`(?i)\b(insert into|update|delete from) (tickets|messages|events|findings|decisions|corrections|followers|ticket_issues|time_entries|escalation_tickets|incident_tickets)\b`)
	found := 0
	for name, f := range s.functions {
		for _, sql := range s.statements(f) {
			if !writes.MatchString(sql) {
				continue
			}
			found++
			argument := postgres.Felt(sql)
			named := argument != "" && (regexp.MustCompile(`@`+argument+`\b`).MatchString(sql) || strings.Contains(sql, "@tickets"))
			if _, known := unfelt[name]; !named && !known {
				t.Errorf("%s: no page hears of %q", name, sql)
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d statements found", found)
	}
}

// What is committed is told, what is rolled back is not, and an inside row is told
// apart from one that customers see.
func TestTidingsFollowTheCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heard, ready := make(chan desk.Tidings, 10), make(chan bool, 1)
	go w.db.Listen(func(d desk.Tidings) { heard <- d }, func() { ready <- true })
	<-ready
	time.Sleep(300 * time.Millisecond) // what made the world has been told
	for len(heard) > 0 {
		<-heard
	}
	p := w.one
	event := desk.NewEvent(p.first.ticket, p.agent.ID, desk.EventState, nil, time.Now())
	note := desk.NewEvent(p.first.ticket, p.agent.ID, desk.EventDecided, nil, time.Now())
	_ = w.db.Update(t.Context(), p.scope(), func(tx *postgres.Tx) error {
		tx.AddEvent(event)
		return desk.ErrConflict
	})
	w.update(t, p.scope(), func(tx *postgres.Tx) error { tx.AddEvent(note); return nil })
	next := func() desk.Tidings {
		select {
		case d := <-heard:
			return d
		case <-time.After(5 * time.Second):
			t.Fatal("nothing is told")
			return desk.Tidings{}
		}
	}
	if d := next(); d.Desk != p.desk.ID || len(d.Public) != 0 || len(d.Touched) != 1 || d.Touched[0] != p.first.ticket.ID {
		t.Errorf("of the inside event: %+v", d)
	}
	w.update(t, p.scope(), func(tx *postgres.Tx) error { tx.AddEvent(event); return nil })
	if d := next(); len(d.Public) != 1 || len(d.Touched) != 0 {
		t.Errorf("of the public event: %+v", d)
	}
	many := make([]desk.ID, desk.MostNamed)
	for i := range many {
		many[i] = desk.NewID()
	}
	w.db.Tell(desk.Tidings{Desk: p.desk.ID, Touched: many})
	named := 0
	for named < len(many) {
		named += len(next().Touched)
	}
	w.db.Tell(desk.Tidings{Desk: p.desk.ID, Touched: append(many, desk.NewID())})
	if d := next(); !d.Many || len(d.Touched) > 0 {
		t.Errorf("of too many: %d named", len(d.Touched))
	}
}
