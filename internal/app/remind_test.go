package app_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// atMicrosoft files a request of severity B on a new ticket, which they have to
// answer within four hours.
func (w *world) atMicrosoft(t *testing.T, o office, request string) int64 {
	t.Helper()
	ticket := w.submit(t, o.first.contact, desk.Submission{Subject: "No mail since nine", Body: "Our mails do not arrive.", Service: "Exchange Online", Impact: "stopped", Affected: "whole_tenant"})
	for _, kind := range []string{"health", "reproduced"} {
		if err := w.RecordFinding(t.Context(), o.agent, ticket, kind, "confirmed", "seen by us"); err != nil {
			t.Fatal(err)
		}
	}
	n := made(w.BeginEscalation(t.Context(), o.agent, ticket, app.Begin{Reason: "not ours"}))
	if err := w.FileEscalation(t.Context(), o.agent, n, 0, desk.Filing{Request: request, Severity: "B", Anyway: true}); err != nil {
		t.Fatal(err)
	}
	return n
}

// reminded works the clock's job and what comes of it, and returns the letters.
func (w *world) reminded(t *testing.T) (list []app.EscalationNotice) {
	t.Helper()
	if err := w.FanOutReminders(t.Context(), app.Reminders{}); err != nil {
		t.Fatal(err)
	}
	for _, o := range []office{w.one, w.two} {
		n := w.count(t, `with gone as (delete from river.river_job where kind = 'remind_desk' and args ->> 'desk' = $1 returning id) select count(*) from gone`, o.desk.ID.String())
		var wg sync.WaitGroup
		for range 2 * n { // two workers at once say it once
			wg.Go(func() {
				if err := w.RemindEscalations(t.Context(), app.RemindDesk{Desk: o.desk.ID}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	rows := made(w.sql(t).Query(t.Context(), `with gone as (delete from river.river_job where kind = 'escalation_notice' returning args, id) select args from gone order by id`))
	return made(pgx.CollectRows(rows, pgx.RowTo[app.EscalationNotice]))
}

// Of each time that passes whom it concerns hears once, however many workers look.
func TestSilenceIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.atMicrosoft(t, w.one, "2603020030001234")
	w.atMicrosoft(t, w.two, "2603020030001234") // of the other desk, which nobody reminds too early either
	if list := w.reminded(t); len(list) != 0 {
		t.Errorf("told before they are late: %+v", list)
	}
	w.clock.pass(4*time.Hour + time.Minute)
	list := w.reminded(t)
	if len(list) != 2 || list[0].To != w.one.agent.Person.ID || list[0].What != desk.ReplyOverdue || list[0].Escalation != n {
		t.Fatalf("told %+v", list)
	}
	for _, one := range list {
		if err := w.SendEscalationNotice(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if letters := w.mail.Messages(); len(letters) != 2 || !strings.Contains(letters[0].Text+letters[1].Text, "/one/escalations/1") || !strings.Contains(letters[0].Text+letters[1].Text, "2603020030001234") {
		t.Errorf("letters %+v", letters)
	}
	if again := w.reminded(t); len(again) != 0 {
		t.Errorf("told again %+v", again)
	}
	s := made(w.Escalation(t.Context(), w.one.agent, n))
	if s.Events[0].Kind != desk.EscalationReminded || s.Events[0].Data["what"] != "reply" || s.Revision != 2 {
		t.Errorf("time line %+v, revision %d", s.Events[0], s.Revision)
	}
	next := w.clock.read().Add(2 * time.Hour)
	if err := w.ChaseEscalation(t.Context(), w.one.agent, n, s.Revision, desk.Step{Next: &next}); err != nil {
		t.Fatal(err) // a reminder is no revision
	}
	list[0].Letter = desk.NewID() // one that has gone out goes no second time
	if err := w.SendEscalationNotice(t.Context(), list[0]); err != nil || len(w.mail.Messages()) != 3 {
		t.Errorf("a promise that they broke is still broken: %v, %d letters", err, len(w.mail.Messages()))
	}
	w.clock.pass(2 * time.Hour)
	if list = w.reminded(t); len(list) != 1 || list[0].What != desk.NewsOverdue {
		t.Fatalf("after chasing %+v", list)
	}
	if err := w.EnterEntry(t.Context(), w.one.agent, n, 0, desk.EntryForm{Side: desk.Them, Text: "We look into it."}, &desk.Step{State: desk.EscalationFiled}); err != nil {
		t.Fatal(err)
	}
	if err := w.SendEscalationNotice(t.Context(), list[0]); err != nil || len(w.mail.Messages()) != 3 {
		t.Errorf("they answered meanwhile: %v, %d letters", err, len(w.mail.Messages()))
	}
	w.clock.pass(72 * time.Hour)
	for _, one := range w.reminded(t) {
		if one.Desk == w.one.desk.ID {
			t.Errorf("nothing is owed: %+v", one)
		}
	}
}

// A day later those who lead the desk hear, too; and an approval is theirs from the
// first hour.
func TestTheLeadsHear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.atMicrosoft(t, w.one, "2603020030001234")
	w.clock.pass(4*time.Hour + time.Minute)
	w.reminded(t)
	w.clock.pass(24 * time.Hour)
	if list := w.reminded(t); len(list) != 2 || list[0].To != w.one.agent.Person.ID || list[1].To != w.one.lead.Person.ID {
		t.Errorf("a day later %+v", list)
	}
	err := w.db.At(w.clock.read).Update(t.Context(), desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalation(1)
		if err != nil {
			return err
		}
		e.State = desk.EscalationPreparing
		return errors.Join(e.AskApproval(tx.Now), tx.SaveEscalation(e))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(desk.ApprovalWithin - time.Second)
	if list := w.reminded(t); len(list) != 0 {
		t.Errorf("before the hour %+v", list)
	}
	w.clock.pass(time.Second)
	if list := w.reminded(t); len(list) != 1 || list[0].To != w.one.lead.Person.ID || list[0].What != desk.ApprovalWaits {
		t.Errorf("an approval %+v", list)
	}
}

// What waits without a date is asked after, of those who lead, and a word of the
// desk's own starts its time anew.
func TestWhatHasNoDateIsAskedAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.atMicrosoft(t, w.one, "2603020030001234")
	if err := w.MoveEscalation(t.Context(), w.one.agent, n, 0, desk.Step{State: desk.EscalationWaitsUs}); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(23 * time.Hour)
	if err := w.EnterEntry(t.Context(), w.one.agent, n, 0, desk.EntryForm{Side: desk.Us, Text: "We are looking for the trace."}, nil); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(23 * time.Hour)
	if list := w.reminded(t); len(list) != 0 {
		t.Errorf("told although the desk spoke: %+v", list)
	}
	w.clock.pass(2 * time.Hour)
	list := w.reminded(t)
	if len(list) != 1 || list[0].To != w.one.lead.Person.ID || list[0].What != desk.OursSilent {
		t.Fatalf("told %+v", list)
	}
	if err := w.SendEscalationNotice(t.Context(), list[0]); err != nil || len(w.mail.Messages()) != 1 || strings.Contains(w.mail.Messages()[0].Text, "remind.") {
		t.Errorf("the letter: %v, %+v", err, w.mail.Messages())
	}
	if err := w.MoveEscalation(t.Context(), w.one.agent, n, 0, desk.Step{State: desk.EscalationWaitsCustomer}); err != nil {
		t.Fatal(err)
	}
	if err := w.SendEscalationNotice(t.Context(), list[0]); err != nil || len(w.mail.Messages()) != 1 {
		t.Errorf("a letter about what is given: %v, %d letters", err, len(w.mail.Messages()))
	}
	w.clock.pass(71 * time.Hour)
	if list := w.reminded(t); len(list) != 0 {
		t.Errorf("told too early: %+v", list)
	}
	w.clock.pass(2 * time.Hour)
	if list := w.reminded(t); len(list) != 1 || list[0].What != desk.TheirsSilent {
		t.Errorf("told %+v", list)
	}
}
