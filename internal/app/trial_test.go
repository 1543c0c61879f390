package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// drafted gives a desk a draft: the published rules behind some others.
func (w *world) drafted(t *testing.T, o office, first ...rules.Rule) {
	t.Helper()
	d := desk.RuleDraft{BasedOn: 1, Revision: 1, Rules: append(first, rules.Default().Rules...), PersonID: o.admin.Person.ID}
	if err := w.db.Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error { return tx.AddRuleDraft(d) }); err != nil {
		t.Fatal(err)
	}
}

// says is a rule that sends what its condition finds to the partner's settings.
func says(when string) rules.Rule {
	return rules.Rule{Key: "says", Name: map[string]string{"en": "Says so"}, When: when, Outcome: rules.Partner, Category: rules.Configuration}
}

// tried starts a trial and works its job.
func (w *world) tried(t *testing.T, o office, c desk.TrialChoice) desk.OneTrial {
	t.Helper()
	id, err := w.StartTrial(t.Context(), o.admin, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.RunTrial(t.Context(), app.TryRules{Desk: o.desk.ID, Trial: id}); err != nil {
		t.Fatal(err)
	}
	return w.trial(t, o, id)
}

func (w *world) trial(t *testing.T, o office, id desk.ID) desk.OneTrial {
	t.Helper()
	one, err := w.Trial(t.Context(), o.agent, id, desk.TrialFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

var hundred = desk.TrialChoice{Most: "100"}

func TestPublishedRulesTriedChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, body := range []string{"How do I share a calendar?", "Nobody can sign in since this morning, error AADSTS50076", "Ma facture est fausse",
		"Le site de Lyon entier n’a plus de réseau", "We need two more licences", "?"} {
		n := w.submit(t, w.one.first.contact, desk.Submission{Subject: fmt.Sprint("Ticket ", i), Body: body, Service: "Exchange Online", Impact: "stopped"})
		if i%2 == 0 {
			if err := w.RecordFinding(t.Context(), w.one.agent, n, "health", "ruled_out", "No published issue"); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.drafted(t, w.one)
	one := w.tried(t, w.one, hundred)
	if one.Trial.State != desk.TrialDone || one.Trial.Tried != 6 || one.Trial.Total != 6 || one.Trial.Changed != 0 || len(one.Changes) != 0 {
		t.Errorf("%+v, %v", one.Trial, one.Changes)
	}
}

func TestTrialAgreesWithWhatPeopleDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, numbers := t.Context(), map[string]int64{}
	for _, name := range []string{"other", "unjudged", "worse", "better", "neither"} {
		numbers[name] = w.submit(t, w.one.first.contact, desk.Submission{Subject: "Zebra " + name, Body: "How do I share a calendar?", Service: "Exchange Online", Impact: "slowed"})
	}
	untouched := w.submit(t, w.one.first.contact, desk.Submission{Subject: "A horse", Body: "How do I share a calendar?", Service: "Exchange Online", Impact: "slowed"})
	for _, err := range []error{
		w.ConfirmDecision(ctx, w.one.agent, numbers["worse"]), w.ConfirmDecision(ctx, w.one.agent, untouched),
		w.OverrideDecision(ctx, w.one.agent, numbers["better"], "PARTNER", "configuration", "A setting"),
		w.OverrideDecision(ctx, w.one.agent, numbers["neither"], "MICROSOFT", "bug", "A defect"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.drafted(t, w.one, says(`subject.contains("Zebra") && !subject.contains("other")`))
	one := w.tried(t, w.one, hundred)
	want := desk.TrialFigures{Total: 6, Tried: 6, Changed: 4, Judged: 4, AgreedBefore: 2, AgreedAfter: 2, Better: 1, Worse: 1}
	if one.Trial.TrialFigures != want {
		t.Errorf("figures %+v, want %+v", one.Trial.TrialFigures, want)
	}
	effects := map[int64]desk.TrialEffect{}
	for _, c := range one.Changes {
		effects[c.Number] = c.Effect
		if c.Category != rules.Configuration || c.Rule != "says" || c.WasCategory == rules.Configuration || c.WasRule == "" {
			t.Errorf("change %+v", c)
		}
	}
	for _, effect := range desk.TrialEffects {
		if got := effects[numbers[string(effect)]]; got != effect {
			t.Errorf("%s is %q", effect, got)
		}
	}
	few, err := w.Trial(ctx, w.one.admin, one.Trial.ID, desk.TrialFilter{Effect: desk.EffectWorse})
	if err != nil || len(few.Changes) != 1 || few.Changes[0].Number != numbers["worse"] {
		t.Errorf("only the worse: %+v, %v", few.Changes, err)
	}
}

// Rules may ask for the customer's own words, which verdicts do not keep.
func TestTrialReadsWordsWhereARuleAsksForThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{Subject: "Help", Body: "The zebra printer is on fire", Service: "Exchange Online", Impact: "slowed"})
	w.submit(t, w.one.first.contact, desk.Submission{Subject: "Help", Body: "How do I share a calendar?", Service: "Exchange Online", Impact: "slowed"})
	w.drafted(t, w.one, says(`text.contains("zebra")`))
	one := w.tried(t, w.one, hundred)
	if len(one.Changes) != 1 || one.Changes[0].Number != n {
		t.Errorf("changes %+v", one.Changes)
	}
}

func TestTrialOfDaysReadsTheirTicketsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var numbers []int64
	for range 4 { // at ten o'clock of four days
		numbers = append(numbers, w.submit(t, w.one.first.contact, desk.Submission{}))
		w.clock.pass(24 * time.Hour)
	}
	w.drafted(t, w.one, says(`kind == kind`))
	one := w.tried(t, w.one, desk.TrialChoice{Most: desk.TrialDates, Since: "2026-03-03", Until: "2026-03-04"})
	var got []int64
	for _, c := range one.Changes {
		got = append(got, c.Number)
	}
	if !slices.Equal(got, []int64{numbers[2], numbers[1]}) || one.Trial.Total != 2 {
		t.Errorf("tickets %v of %v, %+v", got, numbers, one.Trial)
	}
}

func TestTrialIsRefusedWithAWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused := func(c desk.TrialChoice, field, key string) {
		t.Helper()
		_, err := w.StartTrial(t.Context(), w.one.admin, c)
		var wrong desk.Invalid
		errors.As(err, &wrong)
		if p, ok := wrong.Problems.Of(field); !ok || p.Key != key {
			t.Errorf("%+v: %v, want %s on %q", c, err, key, field)
		}
	}
	refused(hundred, "", "error.trial_no_draft")
	w.drafted(t, w.one)
	refused(desk.TrialChoice{Most: "101"}, "most", "error.choose")
	refused(desk.TrialChoice{Most: "dates"}, "since", "error.required")
	refused(desk.TrialChoice{Most: "dates", Since: "2026-03-02", Until: "2026-03-03"}, "until", "error.trial_future")
	refused(desk.TrialChoice{Most: "dates", Since: "2026-03-02", Until: "2026-03-01"}, "until", "error.trial_order")
	refused(desk.TrialChoice{Most: "dates", Since: "yesterday", Until: "2026-03-01"}, "since", "error.trial_date")
	id := made(w.StartTrial(t.Context(), w.one.admin, hundred))
	refused(hundred, "", "error.trial_running")
	if err := w.StopTrial(t.Context(), w.two.admin, id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk stops it: %v", err)
	}
	w.drafted(t, w.two, says(`nonsense`))
	if _, err := w.StartTrial(t.Context(), w.two.admin, hundred); err == nil || !strings.Contains(err.Error(), "trial_faulty") {
		t.Errorf("a draft with a fault: %v", err)
	}
}

// many gives a desk more tickets than a trial reads at once, all alike.
func (w *world) many(t *testing.T, o office, n int) {
	t.Helper()
	th := w.thread(t, o, w.submit(t, o.first.contact, desk.Submission{}))
	var tickets []desk.Ticket
	var decisions []desk.Decision
	for i := range n - 1 {
		k, d := th.Ticket, th.Decision
		k.ID, k.Number, d.ID = desk.NewID(), int64(1000+i), desk.NewID()
		d.TicketID = k.ID
		tickets, decisions = append(tickets, k), append(decisions, d)
	}
	err := w.db.Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error {
		tx.AddTickets(tickets)
		return tx.AddDecisions(decisions)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTrialStopsBetweenBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.many(t, w.one, 2500)
	w.drafted(t, w.one, says(`kind == kind`))
	// An admin presses the button after the first batch.
	for _, sql := range []string{
		`create function press() returns trigger language plpgsql as $$ begin new.state := 'stopped'; return new; end $$`,
		`create trigger press before update on trials for each row when (new.tried > 0 and new.state = 'running') execute function press()`,
	} {
		if _, err := w.sql(t).Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	one := w.tried(t, w.one, desk.TrialChoice{Most: "10000"})
	if one.Trial.State != desk.TrialStopped || one.Trial.Tried != 1000 || one.Trial.Total != 2500 || one.Trial.Changed != 1000 || !one.More {
		t.Errorf("%+v", one.Trial)
	}
}

func TestStoppedTrialNeverBegins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(t, w.one.first.contact, desk.Submission{})
	w.drafted(t, w.one)
	id := made(w.StartTrial(t.Context(), w.one.admin, hundred))
	for range 2 { // the second press finds it over
		if err := w.StopTrial(t.Context(), w.one.admin, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.RunTrial(t.Context(), app.TryRules{Desk: w.one.desk.ID, Trial: id}); err != nil {
		t.Fatal(err)
	}
	if one := w.trial(t, w.one, id); one.Trial.State != desk.TrialStopped || one.Trial.Tried != 0 {
		t.Errorf("%+v", one.Trial)
	}
	made(w.StartTrial(t.Context(), w.one.admin, hundred))
}

// A worker that died half-way has left figures; the next one starts over.
func TestTrialStartsOverCleanly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.many(t, w.one, 1500)
	w.drafted(t, w.one, says(`kind == kind`))
	id := made(w.StartTrial(t.Context(), w.one.admin, desk.TrialChoice{Most: "10000"}))
	if _, err := w.sql(t).Exec(t.Context(), `update trials set state = 'running', total = 9, tried = 1000, changed = 1000, judged = 7, better = 3`); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and a second time, as the queue may repeat what is done
		if err := w.RunTrial(t.Context(), app.TryRules{Desk: w.one.desk.ID, Trial: id}); err != nil {
			t.Fatal(err)
		}
	}
	one := w.trial(t, w.one, id)
	if want := (desk.TrialFigures{Total: 1500, Tried: 1500, Changed: 1500}); one.Trial.TrialFigures != want || one.Trial.State != desk.TrialDone {
		t.Errorf("%+v", one.Trial)
	}
	if kept := w.count(t, `select count(*) from trial_changes`); kept != desk.MaxTrialChanges {
		t.Errorf("%d changes are kept", kept)
	}
}

func TestBrokenTrialSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.drafted(t, w.one)
	id := made(w.StartTrial(t.Context(), w.one.admin, hundred))
	if _, err := w.sql(t).Exec(t.Context(), `update trials set rules = '[{"key": "x", "when": "nonsense"}]'`); err != nil {
		t.Fatal(err)
	}
	job := app.TryRules{Desk: w.one.desk.ID, Trial: id}
	if err := w.RunTrial(t.Context(), job); err == nil {
		t.Error("a broken trial is no trouble")
	}
	if one := w.trial(t, w.one, id); one.Trial.State != desk.TrialFailed || one.Trial.EndedAt == nil {
		t.Errorf("%+v", one.Trial)
	}
	if err := w.RunTrial(t.Context(), job); err != nil {
		t.Errorf("once more: %v", err)
	}
}
