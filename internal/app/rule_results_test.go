package app_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

func TestRuleFiguresAreRememberedForAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	key := w.thread(t, w.one, n).Decision.Verdict.Rule
	fired := func(want desk.RuleCount) {
		t.Helper()
		counts, err := w.RuleCounts(ctx, w.one.agent)
		if err != nil || counts[key] != want {
			t.Errorf("%+v, want %+v (%v)", counts[key], want, err)
		}
	}
	fired(desk.RuleCount{Fired: 1})
	if err := w.OverrideDecision(ctx, w.one.agent, n, "MICROSOFT", "bug", "A defect"); err != nil {
		t.Fatal(err)
	}
	fired(desk.RuleCount{Fired: 1})
	w.clock.pass(2 * time.Minute)
	fired(desk.RuleCount{Fired: 1, Overridden: 1})
	if counts, err := w.RuleCounts(ctx, w.two.agent); err != nil || len(counts) != 0 {
		t.Errorf("another desk counts %v (%v)", counts, err)
	}
	r, err := w.RuleResults(ctx, w.one.agent, key)
	if err != nil || r.Rule.Name == nil || r.Overridden != 1 || len(r.Reasons) != 1 || r.Reasons[0].Reason != "A defect" || r.Reasons[0].Category != rules.Bug {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := w.RuleResults(ctx, w.two.agent, "no_such_rule"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("no such rule: %v", err)
	}
	w.clock.pass(31 * 24 * time.Hour)
	fired(desk.RuleCount{})
}
