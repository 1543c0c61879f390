package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// publish gives a desk rules of its own, as version n.
func (w *world) publish(t *testing.T, o office, n int, list ...rules.Rule) {
	t.Helper()
	for i := range list {
		list[i].Name = map[string]string{"en": list[i].Key}
		if list[i].Outcome == "" {
			list[i].Outcome, list[i].Category = rules.Partner, rules.HowTo
		}
	}
	err := w.db.Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error {
		return tx.AddRuleset(desk.RulesetVersion{Version: n, Rules: list, PersonID: o.admin.Person.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	wide   = rules.Rule{Key: "wide", When: `affected == "whole_tenant"`, Effects: rules.Effects{Priority: 1, Tags: []string{"wide", "urgent"}, Team: "Crisis"}}
	narrow = rules.Rule{Key: "narrow", When: `affected == "one_user"`, Effects: rules.Effects{Tags: []string{"narrow"}}}
	other  = rules.Rule{Key: "other", When: "true", Outcome: rules.NeedsInfo, Category: rules.Unclear, Questions: []rules.Question{{Key: "question.scope"}, {Key: "question.error"}}}
)

func TestACorrectedFactDecidesAnewAndIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(t, w.one, 2, wide, narrow, other)
	ctx, n := t.Context(), w.submit(t, w.one.first.contact, desk.Submission{Subject: "Teams", Body: "It fails.", Affected: "whole_tenant", Service: "Microsoft Teams"})
	w.clock.pass(time.Minute)
	if err := w.CorrectFact(ctx, w.one.agent, n, "affected", "one_user"); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if th.Decision.Verdict.Rule != "narrow" || len(th.Corrected) != 1 || th.Corrected[0].AuthorName != w.one.agent.Person.Name {
		t.Fatalf("%+v, %+v", th.Decision.Verdict, th.Corrected)
	}
	last := th.Happened[slices.IndexFunc(th.Happened, func(e desk.Happened) bool { return e.Kind == desk.EventCorrected })]
	if last.Data["fact"] != "affected" || last.Data["was"] != "whole_tenant" || last.Data["value"] != "one_user" || !last.Internal || last.ActorID != w.one.agent.Person.ID {
		t.Errorf("the timeline says %+v", last)
	}
	if i := slices.IndexFunc(th.Decision.Verdict.Facts, func(k desk.Known) bool { return k.Name == "affected" && k.Source == "person" }); i < 0 {
		t.Errorf("facts %+v", th.Decision.Verdict.Facts)
	}
	w.clock.pass(time.Minute)
	if err := w.RecordFinding(ctx, w.one.agent, n, "other", "info", "Customer called"); err != nil {
		t.Fatal(err)
	}
	if err := w.TriageAgain(ctx, app.Retriage{Desk: w.one.desk.ID, Ticket: n}); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, w.one, n); th.Decision.Verdict.Rule != "narrow" || fact(th, "findings") != int64(1) {
		t.Errorf("a later triage forgot it, or the facts stay old: %+v", th.Decision.Verdict)
	}
	w.clock.pass(time.Minute)
	for range 2 { // pressed twice, taken back once
		if err := w.TakeBackCorrection(ctx, w.one.lead, n, "affected"); err != nil {
			t.Fatal(err)
		}
	}
	th = w.thread(t, w.one, n)
	if th.Decision.Verdict.Rule != "wide" || len(th.Corrected) != 0 {
		t.Errorf("taken back: %+v", th.Decision.Verdict)
	}
	if n := w.count(t, `select count(*) from events where kind = 'corrected'`); n != 2 {
		t.Errorf("%d events", n)
	}
}

func fact(th desk.Thread, name string) any { return th.Decision.Verdict.Map("", "")[name] }

func TestWrongCorrectionsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	var invalid desk.Invalid
	for _, c := range [][3]string{{"nothing", "x", "fact"}, {"hint_bug", "4", "fact"}, {"subject", "x", "fact"}, {"affected", "half", "value"}, {"similar", "many", "value"}, {"said_outage", "", "value"}} {
		err := w.CorrectFact(t.Context(), w.one.agent, n, c[0], c[1])
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != c[2] {
			t.Errorf("%v: %v", c, err)
		}
	}
	if err := w.TakeBackCorrection(t.Context(), w.one.agent, n, "nothing"); !errors.As(err, &invalid) {
		t.Errorf("taking back nothing: %v", err)
	}
	for _, other := range []desk.Actor{w.two.agent, w.two.admin} {
		if err := w.CorrectFact(t.Context(), other, n, "affected", "one_user"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another desk corrects: %v", err)
		}
	}
	if n := w.count(t, `select count(*) from corrections`); n != 0 {
		t.Errorf("%d corrections kept", n)
	}
}

func TestAConfirmedDecisionOutlivesACorrection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(t, w.one, 2, wide, narrow, other)
	ctx, n := t.Context(), w.submit(t, w.one.first.contact, desk.Submission{Subject: "Teams", Body: "It fails.", Affected: "whole_tenant", Impact: "minor"})
	if err := w.ConfirmDecision(ctx, w.one.agent, n); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Minute)
	if err := w.CorrectFact(ctx, w.one.agent, n, "affected", "one_user"); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if th.Decision.ConfirmedBy == desk.Nobody || th.Decision.Verdict.Rule != "narrow" || th.Ticket.Team != "Crisis" {
		t.Errorf("%+v, %+v", th.Decision, th.Ticket)
	}
}

// What a rule does besides deciding lasts as long as its decision, unless a
// person has done otherwise.
func TestRulesSetPriorityTagsAndTeam(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(t, w.one, 2, wide, narrow, other)
	ctx := t.Context()
	submission := desk.Submission{Subject: "Teams", Body: "It fails.", Affected: "whole_tenant", Impact: "minor"}
	n := w.submit(t, w.one.first.contact, submission)
	th := w.thread(t, w.one, n)
	if th.Ticket.Priority != 1 || !slices.Equal(th.Ticket.Tags, []string{"wide", "urgent"}) || th.Ticket.Team != "Crisis" {
		t.Fatalf("born %+v", th.Ticket)
	}
	e := th.Happened[len(th.Happened)-1]
	if e.Kind != desk.EventEffects || e.Data["rule"] != "wide" || e.Data["priority"] != "1" || e.Data["tags"] != "wide, urgent" || e.Data["team"] != "Crisis" || !e.Internal {
		t.Errorf("the timeline says %+v", e)
	}
	w.clock.pass(time.Minute)
	if err := w.SortTicket(ctx, w.one.agent, n, " vip,wide , urgent, vip", "Crisis"); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Minute)
	if err := w.CorrectFact(ctx, w.one.agent, n, "affected", "one_user"); err != nil {
		t.Fatal(err)
	}
	if k := w.thread(t, w.one, n).Ticket; k.Priority != 3 || !slices.Equal(k.Tags, []string{"vip", "narrow"}) || k.Team != "" {
		t.Errorf("under another rule: %d %v %q", k.Priority, k.Tags, k.Team)
	}

	n = w.submit(t, w.one.first.contact, submission)
	if err := errors.Join(w.SetPriority(ctx, w.one.agent, n, 4), w.SortTicket(ctx, w.one.agent, n, "", "Network")); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Minute)
	for _, affected := range []string{"one_user", "whole_tenant"} {
		if err := w.CorrectFact(ctx, w.one.agent, n, "affected", affected); err != nil {
			t.Fatal(err)
		}
		if k := w.thread(t, w.one, n).Ticket; k.Priority != 4 || k.Team != "Network" {
			t.Errorf("what a person set is gone: %d %q", k.Priority, k.Team)
		}
	}
	var invalid desk.Invalid
	if err := w.SortTicket(ctx, w.one.agent, n, "this tag is far too long to be read in a list", ""); !errors.As(err, &invalid) {
		t.Errorf("an endless tag: %v", err)
	}
}

// The desk reads what each rule made of the ticket; its customer's own reading
// computes none of it.
func TestTheDeskReadsWhyAndTheCustomerNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(t, w.one, 2, wide, narrow, other)
	n := w.submit(t, w.one.first.contact, desk.Submission{Subject: "Teams", Body: "It fails."})
	th := w.thread(t, w.one, n)
	trace := th.Trace()
	if len(trace) != 3 || !trace[2].Decided || trace[0].Result != rules.NotHeld || th.Program.Version() != 2 || len(th.Questions) != 1 || th.Questions[0].Key != "question.scope" {
		t.Errorf("trace %+v, questions %v", trace, th.Questions)
	}
	w.publish(t, w.one, 3, other)
	if th := w.thread(t, w.one, n); len(th.Trace()) != 3 {
		t.Errorf("judged by version 2, explained by %d rules", len(th.Trace()))
	}
	for _, who := range []desk.Actor{w.one.first.contact, w.one.first.manager} {
		th := made(w.ReadTicket(t.Context(), who, n))
		if th.Trace() != nil || th.Program != nil || th.Questions != nil || th.Corrected != nil || th.Decision.ID != desk.Nobody {
			t.Errorf("a %s reads %+v", who.Person.Role, th)
		}
	}
}
