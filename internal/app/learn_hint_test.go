package app_test

import (
	"fmt"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// hinted submits a ticket and tells what the hint made of it, by fact.
func hinted(t *testing.T, w *world, o office, subject string) map[string]any {
	t.Helper()
	number := made(w.SubmitTicket(t.Context(), o.first.contact, desk.Submission{Subject: subject, Body: subject, Service: "Exchange Online", Affected: "some_users"}, desk.Nobody))
	facts := map[string]any{}
	for _, k := range made(w.ReadTicket(t.Context(), o.agent, number)).Decision.Verdict.Facts {
		facts[k.Name] = k.Value
	}
	return facts
}

func TestADeskLearnsFromItsOwnDecisions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kinds := []struct{ word, category string }{{"zebrafax", "third_party"}, {"kolibri", "migration"}}
	decide := func(n int) {
		for i := range n {
			k := kinds[i%2]
			subject := fmt.Sprintf("The %s gives error %d on floor %d", k.word, i, i%7)
			number := made(w.SubmitTicket(t.Context(), w.one.first.contact, desk.Submission{Subject: subject, Body: subject, Service: "Exchange Online", Affected: "some_users"}, desk.Nobody))
			if err := w.OverrideDecision(t.Context(), w.one.agent, number, "PARTNER", k.category, "It always is."); err != nil {
				t.Fatal(err)
			}
			w.clock.pass(time.Minute)
		}
	}
	teach := func() {
		t.Helper()
		if err := w.TeachHint(t.Context(), app.LearnHint{Desk: w.one.desk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	before := hinted(t, w, w.one, "The zebrafax is silent")
	decide(desk.LeastLessons - 1)
	teach()
	if got := w.count(t, `select count(*)::int from hint_models`); got != 0 {
		t.Fatal("a desk with too few decisions has learned")
	}
	decide(1)
	teach()
	if got := w.count(t, `select examples from hint_models`); got != desk.LeastLessons {
		t.Fatalf("learned from %d", got)
	}
	after := hinted(t, w, w.one, "The zebrafax is silent")
	if was, is := number(before["hint_third_party"]), number(after["hint_third_party"]); is < 50 || was >= is {
		t.Errorf("zebrafax is another vendor's with %d %%, before the lessons %d %%", is, was)
	}
	if got := number(hinted(t, w, w.two, "The zebrafax is silent")["hint_third_party"]); got != number(before["hint_third_party"]) {
		t.Errorf("another desk's hint says %d %%, the shipped one %v", got, before["hint_third_party"])
	}
	teach() // nothing new: no second model
	if got := w.count(t, `select max(version) from hint_models`); got != 1 {
		t.Errorf("version %d was learned from nothing new", got)
	}
}

func number(v any) int64 { n, _ := v.(int64); return n }

func TestEveryDeskIsAskedToLearn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.FanOutHints(t.Context(), app.LearnHints{}); err != nil {
		t.Fatal(err)
	}
	if got := w.count(t, `select count(distinct args ->> 'desk')::int from river.river_job where kind = 'learn_hint'`); got != 2 {
		t.Errorf("%d desks are to learn", got)
	}
}
