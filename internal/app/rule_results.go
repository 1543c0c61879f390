package app

import (
	"cmp"
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// ruleMemory is how long the figures of a desk's rules are remembered: they look
// back over weeks.
const ruleMemory = time.Minute

type ruleCounts struct {
	counts map[string]desk.RuleCount
	until  time.Time
}

// RuleCounts is how often each rule decided lately, by its key, and how often
// people decided otherwise; at most a minute old.
func (a *App) RuleCounts(ctx context.Context, who desk.Actor) (map[string]desk.RuleCount, error) {
	if err := who.May(desk.ReadRules); err != nil {
		return nil, err
	}
	if c, ok := a.fired.Load(who.Desk.ID); ok && a.now().Before(c.(ruleCounts).until) {
		return c.(ruleCounts).counts, nil
	}
	var counts map[string]desk.RuleCount
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		counts, err = tx.RuleCounts(tx.Now.Add(-desk.RuleWindow))
		return err
	})
	if err == nil {
		a.fired.Store(who.Desk.ID, ruleCounts{counts, a.now().Add(ruleMemory)})
	}
	return counts, err
}

// RuleResults tells how one rule fared lately. Errors: ErrNotFound for a rule
// that there is not, and that has decided nothing.
func (a *App) RuleResults(ctx context.Context, who desk.Actor, key string) (r desk.RuleResults, err error) {
	if err := who.May(desk.ReadRules); err != nil {
		return r, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if r, err = tx.RuleResults(key, tx.Now.Add(-desk.RuleWindow)); err != nil {
			return err
		}
		found, err := a.findRule(tx, key)
		if err != nil || found.Key == "" && r.RuleCount == (desk.RuleCount{}) {
			return cmp.Or(err, desk.ErrNotFound)
		}
		if found.Key != "" {
			r.Rule = found
		}
		return nil
	})
	return r, err
}

// findRule looks among the published rules, then in the draft; without a key
// there is none.
func (a *App) findRule(tx *postgres.Tx, key string) (rules.Rule, error) {
	published, err := tx.Ruleset()
	if errors.Is(err, desk.ErrNotFound) {
		published, err = rules.Default(), nil
	}
	if found, ok := published.Rule(key); ok || err != nil {
		return found, err
	}
	draft, err := tx.RuleDraft()
	if errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	found, _ := draft.Ruleset(0).Rule(key)
	return found, err
}
