package worker_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Who hears of what: from form to closure, through the queue and SMTP.
func TestEachHearsWhatConcernsHim(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.work(t)
	ctx := t.Context()
	n := h.submit(t)
	heard := 0
	expect := func(what string, err error, want ...string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		h.done(t)
		var got []string
		for _, m := range h.letters()[heard:] {
			got = append(got, m.To...)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: letters to %q, want %q", what, got, want)
		}
		heard += len(got)
	}
	expect("submission", nil, "l@lumen.example")
	expect("assignment to himself", h.AssignTicket(ctx, h.agent, n, h.agent.Person.ID))
	expect("assignment", h.AssignTicket(ctx, h.agent, n, h.lead.Person.ID), "p@alpine.example")
	expect("following", h.FollowTicket(ctx, h.contact, n, h.follower.Person.ID))
	expect("a note", h.WriteMessage(ctx, h.agent, n, app.Reply{Body: "SECRET: bad payer", Internal: true}))
	expect("a finding", h.RecordFinding(ctx, h.agent, n, "health", "info", "SECRET finding"))
	expect("a reply", h.WriteMessage(ctx, h.agent, n, app.Reply{Body: "Depuis quand ?"}), "l@lumen.example", "m@lumen.example")
	expect("the customer's reply", h.WriteMessage(ctx, h.contact, n, app.Reply{Body: "Ce matin"}), "m@lumen.example", "p@alpine.example")
	expect("the solution", h.SetState(ctx, h.agent, n, desk.Resolved), "l@lumen.example", "m@lumen.example")
	expect("reopening", h.ReopenTicket(ctx, h.follower, n), "l@lumen.example", "p@alpine.example")
	expect("a state that asks nothing of anybody", h.SetState(ctx, h.agent, n, desk.WaitingCustomer))
	expect("closing", h.CloseTicket(ctx, h.contact, n), "m@lumen.example", "p@alpine.example")
	expect("a link", h.AskForLink(ctx, h.desk, h.agent.Person.Email), "i@alpine.example")
	for _, m := range h.letters() {
		if strings.Contains(m.Text+m.HTML+m.Subject, "SECRET") {
			t.Errorf("a letter to %v holds what only the desk may see:\n%s", m.To, m.Text)
		}
		if from := m.Headers["From"]; !slices.Equal(from, []string{`"Alpine Cloud" <desk@portal.example>`}) {
			t.Errorf("from %q", from)
		}
		if english := strings.Contains(m.Text, "Hello "); english != strings.HasSuffix(m.To[0], "alpine.example") {
			t.Errorf("to %v in the wrong language:\n%s", m.To, m.Text)
		}
	}
}

// A mail server out of space loses nothing and doubles nothing.
func TestAFailedLetterIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.sink.FailFirst(2)
	h.submit(t)
	h.work(t)
	h.done(t)
	if got := h.letters(); len(got) != 1 || got[0].To[0] != "l@lumen.example" {
		t.Errorf("%d letters", len(got))
	}
	var state string
	var attempt int
	if err := h.owner.QueryRow(t.Context(), `select state, attempt from river.river_job where kind = 'notice'`).Scan(&state, &attempt); err != nil || state != "completed" || attempt != 3 {
		t.Errorf("the job is %s after %d attempts (%v)", state, attempt, err)
	}
}

// A worker that dies after the mail server took a letter, and before it could
// say so, sends it again under the same name: a mail program shows it once.
func TestALetterSentTwiceIsOneLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.submit(t)
	stop := h.work(t)
	h.done(t)
	stop()
	const forgotten = `update river.river_job set state = 'available', finalized_at = null where kind = 'notice'`
	if _, err := h.owner.Exec(t.Context(), forgotten); err != nil {
		t.Fatal(err)
	}
	stop = h.work(t)
	h.done(t)
	if got := h.letters(); len(got) != 1 { // the job was forgotten, the letter was not
		t.Errorf("a letter that was sent is sent again: %d", len(got))
	}
	stop()
	for _, sql := range []string{`update deliveries set state = 'sending', sent_at = null`, forgotten} {
		if _, err := h.owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	h.work(t)
	h.done(t)
	got := h.letters()
	if len(got) != 2 || len(got[0].Headers["Message-Id"]) != 1 || got[0].Headers["Message-Id"][0] != got[1].Headers["Message-Id"][0] {
		t.Errorf("%d letters: %v", len(got), got)
	}
}

func TestJobsOfAFailedTransactionNeverRun(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.work(t)
	n := h.submit(t)
	late := errors.New("late")
	err := h.db.Update(t.Context(), desk.Scope{Desk: h.desk.ID}, func(tx *postgres.Tx) error {
		job := app.Notice{Desk: h.desk.ID, About: app.NoticeReceived, Ticket: n, To: h.follower.Person.ID, Letter: desk.NewID()}
		if err := tx.Enqueue(job, nil); err != nil {
			return err
		}
		return late
	})
	if !errors.Is(err, late) {
		t.Fatal(err)
	}
	h.submit(t) // what is enqueued after it arrives
	h.done(t)
	if got := h.letters(); len(got) != 2 || got[0].To[0] != "l@lumen.example" || got[1].To[0] != "l@lumen.example" {
		t.Errorf("letters: %v", got)
	}
}

// News that waited until it was none, or for somebody who is gone, is not told.
func TestOldNewsIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, n := t.Context(), h.submit(t)
	for _, err := range []error{
		h.AssignTicket(ctx, h.agent, n, h.lead.Person.ID), h.AssignTicket(ctx, h.agent, n, h.agent.Person.ID),
		h.SetState(ctx, h.agent, n, desk.Resolved), h.ReopenTicket(ctx, h.agent, n),
		h.FollowTicket(ctx, h.contact, n, h.follower.Person.ID), h.WriteMessage(ctx, h.agent, n, app.Reply{Body: "Bonjour"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.owner.Exec(ctx, `update people set active = false where id = $1`, h.follower.Person.ID); err != nil {
		t.Fatal(err)
	}
	h.work(t)
	h.done(t)
	var got []string
	for _, m := range h.letters() {
		first, _, _ := strings.Cut(m.Text[strings.Index(m.Text, "\n\n")+2:], "\n")
		got = append(got, fmt.Sprintf("%s %.10s", m.To[0], first))
	}
	slices.Sort(got)
	want := []string{"l@lumen.example Inès Roche", "l@lumen.example La demande", "l@lumen.example Nous avons"} // the reply, reopened, received
	if !slices.Equal(got, want) {
		t.Errorf("letters %q, want %q", got, want)
	}
}

// The customer's words are weighed by a job, and what is over is forgotten by
// the clock: every kind of job that a verb makes has its worker.
func TestEveryJobHasItsWorker(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, n := t.Context(), h.submit(t)
	if err := h.WriteMessage(ctx, h.contact, n, app.Reply{Body: "Oubliez, je voudrais commander deux licences Business Premium de plus pour de nouveaux collègues."}); err != nil {
		t.Fatal(err)
	}
	if err := h.AskForLink(ctx, h.desk, h.contact.Person.Email); err != nil {
		t.Fatal(err)
	}
	if err := h.db.Sessions().CommitCtx(ctx, "over", []byte(`{"values": {}}`), time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	h.work(t)
	ended, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for left := 1; left > 0; {
		if err := h.owner.QueryRow(ended, `select count(*) from sessions`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.done(t)
	rows, err := h.owner.Query(ctx, `select kind || ' ' || state from river.river_job group by kind, state order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{"catch_up_figures completed", "charge_month completed", "circle_rounds completed", "forget_expired completed", "learn_hint completed", "learn_hints completed",
		"notice completed", "owed_letters completed", "poll_azure completed", "poll_health completed", "propose_monthly completed", "read_mailboxes completed", "reminders completed", "renew_search completed", "renew_searches completed", "retriage completed", "ring completed", "roll_up completed", "roll_ups completed",
		"sign_in_link completed", "sign_in_link_request completed", "sweep_desk_files completed", "sweep_files completed", "sweep_webhooks completed", "watch_access completed", "watch_requests completed", "watch_tickets completed", "watches completed"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("jobs %q, want %q (%v)", got, want, err)
	}
	th, err := h.ReadTicket(ctx, h.agent, n)
	if err != nil || th.Ticket.Category != "licensing_subscription" {
		t.Errorf("triaged %s (%v)", th.Ticket.Category, err)
	}
}
