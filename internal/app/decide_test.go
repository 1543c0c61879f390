package app_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

var outage = desk.Submission{Subject: "Teams is down for everybody", Body: "Since this morning nobody in the whole company can sign in to Teams, error 503, from any network.",
	Service: "Microsoft Teams", Affected: "whole_tenant", Impact: "stopped"}

// findAll records what an agent finds when the fault is Microsoft's.
func findAll(t *testing.T, w *world, n int64) {
	t.Helper()
	for _, f := range []struct{ kind, result, text string }{
		{"other_account", "confirmed", "The same failure with accounts of several other tenants"},
		{"reproduced", "confirmed", "Reproduced on a clean machine and another network, 503 from the service itself"},
		{"configuration", "ruled_out", "No change to the tenant, its policies or its network; not in service health"},
		{"local_cause", "ruled_out", "Nothing local: other services work from the same machines"},
	} {
		w.clock.pass(time.Minute)
		if err := w.RecordFinding(t.Context(), w.one.agent, n, f.kind, f.result, f.text); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFindingsTriageAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, outage)
	born := w.thread(t, w.one, n)
	findAll(t, w, n)
	th := w.thread(t, w.one, n)
	if len(th.Found) != 4 || th.Ticket.Outcome != desk.Microsoft || th.Decision.Outcome != desk.Microsoft || born.Ticket.Outcome == desk.Microsoft {
		t.Fatalf("%d findings: from %s to %s, the decision says %s", len(th.Found), born.Ticket.Outcome, th.Ticket.Outcome, th.Decision.Outcome)
	}
	last := th.Happened[len(th.Happened)-1]
	if last.Kind != desk.EventDecided || last.ActorID != desk.Nobody || !last.Internal {
		t.Errorf("the timeline ends with %+v", last)
	}
	if last.Data["outcome"] != string(th.Decision.Outcome) || last.Data["rule"] != th.Decision.Verdict.Rule || last.Data["from_outcome"] == "" {
		t.Errorf("the timeline says %v", last.Data)
	}
	events := len(th.Happened)
	if err := w.RecordFinding(t.Context(), w.one.agent, n, "other", "info", "Customer called again"); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, w.one, n); len(th.Happened) != events {
		t.Errorf("a finding that changes nothing is told as a new decision: %v", kinds(th))
	}
	if n := w.count(t, `select count(*) from decisions`); n < 2 {
		t.Errorf("%d decisions kept: history is lost", n)
	}
}

// A customer's own transaction cannot read what the desk found, so that a job
// weighs his new words.
func TestACustomersWordsTriageAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{Subject: "Messages arrive late in Teams",
		Body: "Messages arrive with a delay of several minutes in Teams since this morning.", Service: "Microsoft Teams", Language: "en"})
	if k := w.thread(t, w.one, n).Ticket; k.Outcome != desk.NeedsInfo {
		t.Fatalf("nearly nothing said, and triaged %s", k.Outcome)
	}
	w.clock.pass(time.Minute)
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "Sorry, forget it. I would like to order two more Business Premium licences for new colleagues, please."})
	if jobs := w.count(t, `select count(*) from river.river_job where kind = 'retriage' and args ->> 'ticket' = $1`, strconv.FormatInt(n, 10)); jobs != 1 {
		t.Errorf("%d jobs", jobs)
	}
	again := app.Retriage{Desk: w.one.desk.ID, Ticket: n}
	if err := w.TriageAgain(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if th.Ticket.Outcome != desk.Partner || th.Decision.Outcome != desk.Partner {
		t.Errorf("now %s, %s", th.Ticket.Outcome, th.Decision.Outcome)
	}
	if err := w.TriageAgain(t.Context(), again); err != nil || len(w.thread(t, w.one, n).Happened) != len(th.Happened) {
		t.Errorf("a job run twice tells it twice (%v)", err)
	}
	for _, gone := range []app.Retriage{{Desk: w.two.desk.ID, Ticket: n}, {Desk: w.one.desk.ID, Ticket: n + 50}} {
		if err := w.TriageAgain(t.Context(), gone); err != nil {
			t.Errorf("a ticket that is not there would be tried for ever: %v", err)
		}
	}
}

func TestADecisionIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, n := t.Context(), w.submit(t, w.one.first.contact, desk.Submission{})
	if err := w.ConfirmDecision(ctx, w.one.agent, n); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if !th.Ticket.Confirmed || th.Decision.ConfirmedBy != w.one.agent.Person.ID || th.Confirmer != w.one.agent.Person.Name || !th.Decision.ConfirmedAt.Equal(monday) {
		t.Errorf("%+v", th.Decision)
	}
	if err := w.ConfirmDecision(ctx, w.one.lead, n); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second confirmation: %v", err)
	}
	w.clock.pass(time.Minute)
	if err := w.OverrideDecision(ctx, w.one.lead, n, "MICROSOFT", "bug", "Seen at three customers"); err != nil {
		t.Fatal(err)
	}
	th = w.thread(t, w.one, n)
	if th.Ticket.Outcome != desk.Microsoft || th.Ticket.Category != "bug" || th.Decision.By != desk.ByPerson || th.Decision.Reason != "Seen at three customers" || th.Decider != w.one.lead.Person.Name {
		t.Errorf("overridden: %+v", th.Decision)
	}
	if th.Decision.Verdict.Outcome == desk.Microsoft {
		t.Error("the rules' own word was lost")
	}
	if err := w.ConfirmDecision(ctx, w.one.agent, n); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("confirming what a person decided: %v", err)
	}
	if want := []desk.EventKind{desk.EventDecided, desk.EventConfirmed, desk.EventOverridden}; !slices.Equal(kinds(th), want) {
		t.Errorf("timeline %v, want %v", kinds(th), want)
	}
	var invalid desk.Invalid
	for _, wrong := range [][3]string{{"NOBODY", "bug", "r"}, {"MICROSOFT", "how_to", "r"}, {"MICROSOFT", "bug", " "}, {"PARTNER", "", "r"}} {
		if err := w.OverrideDecision(ctx, w.one.agent, n, wrong[0], wrong[1], wrong[2]); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// What a person stood by stays, whatever the rules make of later facts; their
// new word is on the timeline.
func TestAConfirmedDecisionIsKept(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(w *world, n int64) error{
		"confirmed": func(w *world, n int64) error { return w.ConfirmDecision(bg, w.one.agent, n) },
		"overridden": func(w *world, n int64) error {
			return w.OverrideDecision(bg, w.one.agent, n, "PARTNER", "configuration", "Their proxy, again")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			n := w.submit(t, w.one.first.contact, outage)
			if err := decide(w, n); err != nil {
				t.Fatal(err)
			}
			before := w.thread(t, w.one, n)
			findAll(t, w, n)
			th := w.thread(t, w.one, n)
			if th.Ticket.Outcome != before.Ticket.Outcome || th.Ticket.Category != before.Ticket.Category || !th.Ticket.Confirmed || th.Decision.Outcome != before.Decision.Outcome {
				t.Errorf("decided %s, now %s", before.Decision.Outcome, th.Ticket.Outcome)
			}
			if th.Decision.ConfirmedBy != before.Decision.ConfirmedBy || th.Decision.Reason != before.Decision.Reason || th.Decision.By != before.Decision.By {
				t.Errorf("who stood by it is lost: %+v", th.Decision)
			}
			last := th.Happened[len(th.Happened)-1]
			if th.Decision.Verdict.Outcome != desk.Microsoft || last.Kind != desk.EventDecided || last.Data["kept"] != "true" || last.Data["outcome"] != "MICROSOFT" {
				t.Errorf("the rules now say %s, the timeline %v", th.Decision.Verdict.Outcome, last.Data)
			}
		})
	}
}

func TestTicketsAreAssignedToTheDesksPeopleOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, n := t.Context(), w.submit(t, w.one.first.contact, desk.Submission{})
	left := w.invite(t, w.one, desk.PersonSettings{Name: "Gone", Email: "gone@one.example", Role: desk.Agent})
	if err := w.SavePerson(ctx, w.one.admin, left.Person.ID, desk.PersonSettings{Name: "Gone", Email: "gone@one.example", Role: desk.Agent}); err != nil {
		t.Fatal(err)
	}
	var invalid desk.Invalid
	for who, id := range map[string]desk.ID{"another desk's agent": w.two.agent.Person.ID, "a customer's person": w.one.first.contact.Person.ID,
		"nobody who is": desk.NewID(), "one who left": left.Person.ID} {
		if err := w.AssignTicket(ctx, w.one.agent, n, id); !errors.As(err, &invalid) || invalid.Problems[0].Field != "assignee" {
			t.Errorf("assigned to %s: %v", who, err)
		}
	}
	for _, to := range []desk.ID{w.one.lead.Person.ID, w.one.lead.Person.ID, w.one.agent.Person.ID, desk.Nobody, desk.Nobody} {
		w.clock.pass(time.Second)
		if err := w.AssignTicket(ctx, w.one.agent, n, to); err != nil {
			t.Fatal(err)
		}
		if th := w.thread(t, w.one, n); th.Ticket.AssigneeID != to || th.Assignee.ID != to {
			t.Errorf("assigned to %s, reads %s", to, th.Ticket.AssigneeID)
		}
	}
	want := []desk.EventKind{desk.EventDecided, desk.EventAssigned, desk.EventAssigned, desk.EventReleased} // once each, nothing for no change
	if got := kinds(w.thread(t, w.one, n)); !slices.Equal(got, want) {
		t.Errorf("timeline %v, want %v", got, want)
	}
	if n := w.count(t, `select count(*) from river.river_job where args ->> 'about' = 'assigned'`); n != 1 {
		t.Errorf("%d letters: the lead gets one, who takes it himself none", n)
	}
}

func TestColleaguesFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, o := t.Context(), w.one.first
	n := w.submit(t, o.contact, desk.Submission{})
	var invalid desk.Invalid
	for who, id := range map[string]desk.ID{"another customer's person": w.one.second.contact.Person.ID, "the desk's": w.one.agent.Person.ID, "nobody": desk.NewID()} {
		if err := w.FollowTicket(ctx, o.contact, n, id); !errors.As(err, &invalid) {
			t.Errorf("%s follows: %v", who, err)
		}
	}
	if _, err := w.ReadTicket(ctx, o.other, n); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("before he follows: %v", err)
	}
	for range 2 {
		if err := w.FollowTicket(ctx, o.contact, n, o.other.Person.ID); err != nil {
			t.Fatal(err)
		}
	}
	th, err := w.ReadTicket(ctx, o.other, n)
	if err != nil || len(th.Followers) != 1 || !slices.Equal(kinds(th), []desk.EventKind{desk.EventFollowed}) {
		t.Errorf("he reads %v, %+v (%v)", kinds(th), th.Followers, err)
	}
	if rows, _, err := w.ListTickets(ctx, o.other, desk.TicketFilter{}); err != nil || len(rows) != 1 {
		t.Errorf("his list: %v (%v)", rows, err)
	}
}

func TestPrioritiesAreOneToFour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	var invalid desk.Invalid
	for _, p := range []int{0, 5, -1} {
		if err := w.SetPriority(t.Context(), w.one.agent, n, p); !errors.As(err, &invalid) {
			t.Errorf("priority %d: %v", p, err)
		}
	}
	for _, p := range []int{1, 1} {
		if err := w.SetPriority(t.Context(), w.one.agent, n, p); err != nil {
			t.Fatal(err)
		}
	}
	if th := w.thread(t, w.one, n); th.Ticket.Priority != 1 || len(th.Happened) != 2 || th.Happened[1].Data["to"] != "1" {
		t.Errorf("priority %d, timeline %v", th.Ticket.Priority, kinds(th))
	}
}
