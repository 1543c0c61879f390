package app_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

func init() {
	at := desk.DraftMark{} // of no rules: who may is told that they moved on
	maps.Copy(rights, map[string]right{
		"Rules": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Rules(bg, who); return err }, agents},
		"RulesVersion": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.RulesVersion(bg, who, 1)
			return err
		}, agents},
		"SaveRule": {func(w *world, who desk.Actor, _ int64) error { return w.SaveRule(bg, who, at, rules.Rule{}) }, admins},
		"AddRule": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.AddRule(bg, who, at, rules.Rule{}, "")
			return err
		}, admins},
		"RemoveRule":   {func(w *world, who desk.Actor, _ int64) error { return w.RemoveRule(bg, who, at, "x") }, admins},
		"RestoreRule":  {func(w *world, who desk.Actor, _ int64) error { return w.RestoreRule(bg, who, at, "x") }, admins},
		"MoveRule":     {func(w *world, who desk.Actor, _ int64) error { return w.MoveRule(bg, who, at, "x", 1) }, admins},
		"ShiftRule":    {func(w *world, who desk.Actor, _ int64) error { return w.ShiftRule(bg, who, at, "x", 1) }, admins},
		"SwitchHint":   {func(w *world, who desk.Actor, _ int64) error { return w.SwitchHint(bg, who, at, false) }, admins},
		"ImportRules":  {func(w *world, who desk.Actor, _ int64) error { return w.ImportRules(bg, who, at, nil) }, admins},
		"DiscardRules": {func(w *world, who desk.Actor, _ int64) error { return w.DiscardRules(bg, who, at) }, admins},
		"PublishRules": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.PublishRules(bg, who, at, "n")
			return err
		}, admins},
		"RestoreVersion": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.RestoreVersion(bg, who, at, 1, "n")
			return err
		}, admins},
	})
}

// book reads the rules as an admin does, with the mark that his forms carry.
func (w *world) book(t *testing.T, o office) (desk.Rulebook, desk.DraftMark) {
	t.Helper()
	b, err := w.Rules(t.Context(), o.admin)
	if err != nil {
		t.Fatal(err)
	}
	return b, b.Mark()
}

// mine is a rule that every ticket meets.
func mine(name string) rules.Rule {
	return rules.Rule{Name: map[string]string{"en": name}, When: "words >= 0", Outcome: rules.Partner, Category: rules.HowTo,
		Effects: rules.Effects{Priority: 1}}
}

func TestRulesArePublishedFromADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	b, at := w.book(t, o)
	if b.Published.Version != 1 || b.Draft != nil || len(b.Versions) != 1 {
		t.Fatalf("a new desk has %+v", b)
	}
	key := made(w.AddRule(t.Context(), o.admin, at, mine("Everything"), ""))
	b, at = w.book(t, o)
	if key != "everything" || b.Draft == nil || b.Draft.Author != o.admin.Person.Name || b.CountChanges() != 1 || b.Rules()[0].Key != key || b.Published.Version != 1 {
		t.Fatalf("the draft is %+v", b)
	}
	if th := w.thread(t, o, w.submit(t, o.first.contact, desk.Submission{})); th.Decision.Verdict.Rule == key {
		t.Error("a draft decides")
	}
	if seen, err := w.Rules(t.Context(), o.agent); err != nil || seen.Draft != nil {
		t.Errorf("an agent reads the draft %+v (%v)", seen.Draft, err)
	}
	if v := made(w.PublishRules(t.Context(), o.admin, at, "Try it")); v != 2 {
		t.Errorf("published as %d", v)
	}
	th := w.thread(t, o, w.submit(t, o.first.contact, desk.Submission{}))
	if v := th.Decision.Verdict; v.Rule != key || v.Ruleset != 2 {
		t.Errorf("decided by %s of %d", v.Rule, v.Ruleset)
	}
	b, _ = w.book(t, o)
	if b.Draft != nil || b.Published.Note != "Try it" || len(b.Versions) != 2 || b.Versions[0].Version != 2 || len(b.Versions[0].Rules) != 0 {
		t.Errorf("afterwards %+v", b)
	}
	if other, _ := w.book(t, w.two); other.Published.Version != 1 || len(other.Versions) != 1 {
		t.Errorf("the other desk has %+v", other)
	}
}

func TestTheSecondOfTwoAdminsIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	_, at := w.book(t, o)
	made(w.AddRule(t.Context(), o.admin, at, mine("First"), ""))
	late := func(what string, at desk.DraftMark) {
		t.Helper()
		before, _ := w.book(t, o)
		key := before.Rules()[0].Key
		changed := before.Rules()[0]
		changed.When = "words > 3"
		for name, err := range map[string]error{
			"add": second(w.AddRule(bg, o.admin, at, mine("Second"), "")), "save": w.SaveRule(bg, o.admin, at, changed),
			"remove": w.RemoveRule(bg, o.admin, at, key), "move": w.MoveRule(bg, o.admin, at, key, 3), "shift": w.ShiftRule(bg, o.admin, at, key, 1),
			"restore": w.RestoreRule(bg, o.admin, at, key), "hint": w.SwitchHint(bg, o.admin, at, false), "discard": w.DiscardRules(bg, o.admin, at),
			"import":  w.ImportRules(bg, o.admin, at, made(rules.Format(rules.Default()))),
			"publish": second(w.PublishRules(bg, o.admin, at, "n")), "bring back": second(w.RestoreVersion(bg, o.admin, at, 1, "n")),
		} {
			if !errors.Is(err, desk.ErrConflict) {
				t.Errorf("%s: %s is answered %v", what, name, err)
			}
		}
		if after, _ := w.book(t, o); after.Mark() != before.Mark() {
			t.Errorf("%s changed the rules", what)
		}
	}
	late("a form from before the draft", at)
	_, of1 := w.book(t, o)
	if err := w.ShiftRule(t.Context(), o.admin, of1, "first", 1); err != nil {
		t.Fatal(err)
	}
	late("a form from a revision ago", of1)
	_, now := w.book(t, o)
	if err := w.DiscardRules(t.Context(), o.admin, now); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Second)
	_, now = w.book(t, o)
	made(w.AddRule(t.Context(), o.admin, now, mine("First"), ""))
	late("a form of a draft that was discarded, at the same revision", of1)
	_, now = w.book(t, o)
	made(w.PublishRules(t.Context(), o.admin, now, "n"))
	late("a form from before a publication", now)
}

func second[T any](_ T, err error) error { return err }

func TestAnEarlierVersionComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	_, at := w.book(t, o)
	made(w.AddRule(t.Context(), o.admin, at, mine("Everything"), ""))
	_, at = w.book(t, o)
	made(w.PublishRules(t.Context(), o.admin, at, "n"))
	_, at = w.book(t, o)
	made(w.AddRule(t.Context(), o.admin, at, mine("In the making"), ""))
	_, at = w.book(t, o)
	if v := made(w.RestoreVersion(t.Context(), o.admin, at, 1, "Back")); v != 3 {
		t.Errorf("it is version %d", v)
	}
	b, at := w.book(t, o)
	if b.Published.RestoredFrom != 1 || len(b.Published.Rules) != len(rules.Default().Rules) || b.Draft == nil || b.Draft.BasedOn != 2 {
		t.Errorf("published %+v, draft %+v", b.Published.RestoredFrom, b.Draft)
	}
	if th := w.thread(t, o, w.submit(t, o.first.contact, desk.Submission{})); th.Decision.Verdict.Ruleset != 3 || th.Decision.Verdict.Rule == "everything" {
		t.Errorf("decided by %+v", th.Decision.Verdict)
	}
	var invalid desk.Invalid
	if _, err := w.RestoreVersion(t.Context(), o.admin, at, 3, "n"); !errors.As(err, &invalid) {
		t.Errorf("the version that decides: %v", err)
	}
	if _, err := w.RestoreVersion(t.Context(), o.admin, at, 9, "n"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a version to come: %v", err)
	}
	v, before, err := w.RulesVersion(t.Context(), o.agent, 2)
	if err != nil || v.Rules[0].Key != "everything" || before.Version != 1 {
		t.Errorf("version 2 is %+v after %d (%v)", v.Rules[0].Key, before.Version, err)
	}
}

// A desk of an installation from before rules were stored has judged by the shipped ones.
func TestADeskWithoutRulesBeginsWithTheShippedOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	if _, err := w.sql(t).Exec(t.Context(), `delete from rulesets where desk_id = $1`, o.desk.ID); err != nil {
		t.Fatal(err)
	}
	w.App = w.build(t, false)
	b, at := w.book(t, o)
	if b.Published.Version != 1 || len(b.Versions) != 1 || len(b.Published.Rules) == 0 {
		t.Fatalf("it has %+v", b.Published.Version)
	}
	if v, before, err := w.RulesVersion(t.Context(), o.agent, 1); err != nil || v.Version != 1 || before.Version != 0 {
		t.Errorf("version 1: %d after %d (%v)", v.Version, before.Version, err)
	}
	if err := w.SwitchHint(t.Context(), o.admin, at, false); err != nil {
		t.Fatal(err)
	}
	_, at = w.book(t, o)
	made(w.PublishRules(t.Context(), o.admin, at, "Without the hint"))
	b, _ = w.book(t, o)
	if len(b.Versions) != 2 || b.Versions[1].Version != 1 || b.Versions[1].Author != "" || !b.Published.NoHint {
		t.Errorf("its history is %+v", b.Versions)
	}
}

func TestAnImportIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	file := string(made(rules.Format(rules.Ruleset{Version: 9, NoHint: true, Rules: []rules.Rule{{Key: "only", Name: map[string]string{"fr": "Seule"}, When: "true",
		Outcome: rules.Partner, Category: rules.Unclear}}})))
	_, at := w.book(t, o)
	var wrong desk.InvalidRules
	if err := w.ImportRules(t.Context(), o.admin, at, []byte(strings.Replace(file, `"true"`, `"tru"`, 1))); !errors.As(err, &wrong) || wrong.Faults[0].Line == 0 {
		t.Errorf("a bad line: %v", err)
	}
	if b, _ := w.book(t, o); b.Draft != nil {
		t.Error("a refused file began a draft")
	}
	if err := w.ImportRules(t.Context(), o.admin, at, []byte(file)); err != nil {
		t.Fatal(err)
	}
	b, at := w.book(t, o)
	if len(b.Rules()) != 1 || !b.Draft.NoHint || b.Published.Version != 1 {
		t.Errorf("imported %+v", b.Draft)
	}
	var invalid desk.Invalid
	if _, err := w.PublishRules(t.Context(), o.admin, at, ""); !errors.As(err, &invalid) || invalid.Problems[0].Field != "note" {
		t.Errorf("without a note: %v", err)
	}
	if err := w.ImportRules(t.Context(), o.admin, at, made(rules.Format(b.Published.Ruleset()))); err != nil {
		t.Fatal(err)
	}
	_, at = w.book(t, o)
	if _, err := w.PublishRules(t.Context(), o.admin, at, "n"); !errors.As(err, &invalid) || invalid.Problems[0].Key != "error.nothing_to_publish" {
		t.Errorf("what is published already: %v", err)
	}
}
