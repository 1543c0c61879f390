package postgres_test

import (
	"errors"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

var someRules = []rules.Rule{{Key: "a", Name: map[string]string{"fr": "A"}, When: "true", Outcome: rules.Partner, Category: rules.HowTo}}

func TestVersionsAreKeptForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		return tx.AddRuleset(desk.RulesetVersion{Version: 2, Note: "why", NoHint: true, Rules: someRules, PersonID: w.one.admin.ID, RestoredFrom: 1})
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		v, err := tx.PublishedRules()
		if err != nil || v.Version != 2 || v.Note != "why" || !v.NoHint || v.Author != w.one.admin.Name || v.RestoredFrom != 1 || len(v.Rules) != 1 || v.CreatedAt.IsZero() {
			t.Errorf("published %+v (%v)", v, err)
		}
		if rs, err := tx.Ruleset(); err != nil || rs.Version != 2 || !rs.NoHint || rs.Rules[0].When != "true" {
			t.Errorf("newest %+v (%v)", rs, err)
		}
		if rs, err := tx.RulesetAt(1); err != nil || rs.Version != 1 || rs.NoHint || len(rs.Rules) != 0 {
			t.Errorf("first %+v (%v)", rs, err)
		}
		if v, err := tx.RulesetVersion(1); err != nil || v.Version != 1 || v.RestoredFrom != 0 {
			t.Errorf("first as people see it %+v (%v)", v, err)
		}
		if _, err := tx.RulesetVersion(3); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a version to come: %v", err)
		}
		for below, want := range map[int]int{100: 2, 2: 1, 1: 0} {
			if list, err := tx.RulesetVersions(below, 10); err != nil || len(list) != want || want > 0 && list[0].Version != min(below, 3)-1 {
				t.Errorf("below %d: %+v (%v)", below, list, err)
			}
		}
		return nil
	})
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		return tx.AddRuleset(desk.RulesetVersion{Version: 2, PersonID: w.one.admin.ID})
	})
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a number that is taken: %v", err)
	}
}

func TestADraftMovesOnByRevisions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft := desk.RuleDraft{BasedOn: 1, Revision: w.one.revision, NoHint: true, Rules: someRules, PersonID: w.one.admin.ID}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.SaveRuleDraft(draft) })
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		d, err := tx.RuleDraft()
		if err != nil || d.Revision != w.one.revision+1 || !d.NoHint || len(d.Rules) != 1 || d.Author != w.one.admin.Name || d.PersonID != w.one.admin.ID {
			t.Errorf("draft %+v (%v)", d, err)
		}
		return nil
	})
	for what, call := range map[string]func(*postgres.Tx) error{
		"a second draft": func(tx *postgres.Tx) error { return tx.AddRuleDraft(draft) },
		"a late change":  func(tx *postgres.Tx) error { return tx.SaveRuleDraft(draft) },
		"a late end":     func(tx *postgres.Tx) error { return tx.RemoveRuleDraft(draft.Revision) },
	} {
		if err := w.db.Update(t.Context(), w.one.scope(), call); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.RemoveRuleDraft(draft.Revision + 1) })
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		if _, err := tx.RuleDraft(); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("after its end: %v", err)
		}
		return nil
	})
	w.view(t, w.two.scope(), func(tx *postgres.Tx) error {
		d, err := tx.RuleDraft()
		if d.Revision != w.two.revision {
			t.Errorf("the other desk's draft %+v", d)
		}
		return err
	})
}
