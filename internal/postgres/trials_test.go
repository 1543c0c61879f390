package postgres_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"AddTrial": writes(func(tx *postgres.Tx, i intruder) error {
			r := i.desk.trial
			r.ID, r.State = desk.NewID(), desk.TrialDone
			r.PersonID = i.desk.admin.ID
			if tx.Scope.Customer != desk.Nobody || tx.Scope.Subcontractor != nil {
				r.PersonID = i.who.ID
			}
			return tx.AddTrial(r, desk.RuleDraft{})
		}),
		"Trial": finds(func(tx *postgres.Tx, i intruder) (desk.Trial, error) { return tx.Trial(i.desk.trial.ID) }),
		"RunningTrial": reads(func(tx *postgres.Tx, _ intruder) (desk.Trial, error) {
			r, err := tx.RunningTrial()
			if errors.Is(err, desk.ErrNotFound) && tx.Scope.Customer == desk.Nobody && tx.Scope.Subcontractor == nil {
				return r, errors.New("one's own is under way")
			}
			return r, err
		}),
		"Trials":     reads(func(tx *postgres.Tx, _ intruder) ([]desk.Trial, error) { return tx.Trials(50) }),
		"TrialRules": finds(func(tx *postgres.Tx, i intruder) (rules.Ruleset, error) { return tx.TrialRules(i.desk.trial.ID) }),
		"BeginTrial": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			begun, err := tx.BeginTrial(i.desk.trial.ID, 7)
			return count(begun), err
		}),
		"SaveTrial": finds(func(tx *postgres.Tx, i intruder) (bool, error) {
			return tx.SaveTrial(i.desk.trial.ID, desk.TrialFigures{Tried: 9})
		}),
		"EndTrial": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			ended, err := tx.EndTrial(i.desk.trial.ID, desk.TrialStopped)
			return count(ended), err
		}),
		"AddTrialChanges": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddTrialChanges(i.desk.trial.ID, []desk.TrialChange{{Number: 900, Effect: desk.EffectWorse}})
		}),
		"TrialChanges": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, _, err := tx.TrialChanges(i.desk.trial.ID, desk.TrialFilter{})
			return len(list), err
		}),
		"PastReach": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			r, err := tx.PastReach(100, nil, nil)
			return r.Total - within2(tx), err
		}),
		"PastTickets": reads(func(tx *postgres.Tx, _ intruder) ([]desk.PastTicket, error) {
			return tx.PastTickets(math.MaxInt64, 0, 100)
		}),
		"PastWords": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			words, err := tx.PastWords([]desk.ID{i.theirs.ticket.ID})
			return len(words), err
		}),
		"RuleCounts": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			counts, err := tx.RuleCounts(tx.Now.Add(-time.Hour))
			return counts["r"].Fired - ruled(tx), err
		}),
		"RuleResults": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			r, err := tx.RuleResults("r", tx.Now.Add(-time.Hour))
			return r.Fired - ruled(tx) + len(r.Reasons), err
		}),
	})
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// ruled is how many decisions the scope may see.
func ruled(tx *postgres.Tx) int {
	if tx.Scope.Customer != desk.Nobody {
		return 0
	}
	if tx.Scope.Subcontractor != nil { // the first customer's
		return 1
	}
	return 2
}

// trial gives a desk one that is under way, with a change.
func (w *world) trial(t *testing.T, p partner) desk.Trial {
	t.Helper()
	r := made(desk.NewTrial(desk.TrialChoice{Most: "100"}, p.admin, time.UTC, time.Now().Truncate(time.Microsecond)))
	r.BasedOn, r.Revision = 1, 3
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddTrial(r, desk.RuleDraft{Rules: []rules.Rule{}}); err != nil {
			return err
		}
		if _, err := tx.BeginTrial(r.ID, 2); err != nil {
			return err
		}
		tx.AddTrialChanges(r.ID, []desk.TrialChange{{Number: p.first.ticket.Number, Subject: "Mail is late", WasOutcome: rules.Partner, WasCategory: rules.HowTo,
			Outcome: rules.Microsoft, Category: rules.Bug, Rule: "x", Effect: desk.EffectUnjudged}})
		return nil
	})
	return r
}

func TestTrialIsKeptAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	figures := desk.TrialFigures{Total: 9, Tried: 8, Changed: 7, Judged: 6, AgreedBefore: 5, AgreedAfter: 4, Better: 3, Worse: 2}
	second := w.one.trial
	second.ID = desk.NewID()
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.AddTrial(second, desk.RuleDraft{}) })
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("two are under way at once: %v", err)
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		if runs, err := tx.SaveTrial(w.one.trial.ID, figures); err != nil || !runs {
			t.Errorf("saving: %v, %v", runs, err)
		}
		if ended, err := tx.EndTrial(w.one.trial.ID, desk.TrialStopped); err != nil || !ended {
			t.Errorf("stopping: %v, %v", ended, err)
		}
		if runs, err := tx.SaveTrial(w.one.trial.ID, figures); err != nil || runs {
			t.Errorf("a stopped one runs: %v, %v", runs, err)
		}
		if begun, err := tx.BeginTrial(w.one.trial.ID, 1); err != nil || begun {
			t.Errorf("a stopped one begins: %v, %v", begun, err)
		}
		return nil
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		r, err := tx.Trial(w.one.trial.ID)
		if r.TrialFigures != figures || r.State != desk.TrialStopped || r.EndedAt == nil || r.BeganAt == nil || r.Author != w.one.admin.Name || r.BasedOn != 1 || r.Revision != 3 {
			t.Errorf("%+v", r)
		}
		if _, err := tx.RunningTrial(); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("it is under way: %v", err)
		}
		list, err2 := tx.Trials(50)
		if len(list) != 1 || list[0].ID != r.ID {
			t.Errorf("list %+v", list)
		}
		changes, more, err3 := tx.TrialChanges(r.ID, desk.TrialFilter{Effect: desk.EffectUnjudged})
		none, _, err4 := tx.TrialChanges(r.ID, desk.TrialFilter{Effect: desk.EffectWorse})
		after, _, err5 := tx.TrialChanges(r.ID, desk.TrialFilter{After: w.one.first.ticket.Number})
		if len(changes) != 1 || more || changes[0].Category != rules.Bug || len(none) != 0 || len(after) != 0 {
			t.Errorf("changes %+v, %v, %v", changes, none, after)
		}
		rs, err6 := tx.TrialRules(r.ID)
		if rs.Version != 2 || rs.Rules == nil {
			t.Errorf("rules %+v", rs)
		}
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

func TestPastIsWalkedFromTheNewest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	w.view(t, b.scope(), func(tx *postgres.Tx) error {
		reach, err := tx.PastReach(100, nil, nil)
		one, two := b.first.ticket, b.second.ticket
		if reach != (postgres.PastReach{Total: 2, Newest: two.Number, Oldest: one.Number}) {
			t.Errorf("reach %+v", reach)
		}
		few, err2 := tx.PastReach(1, nil, nil)
		if few.Total != 1 || few.Oldest != two.Number {
			t.Errorf("the last one: %+v", few)
		}
		since, until := b.now.Add(-2*time.Hour), b.now.Add(-time.Hour)
		none, err3 := tx.PastReach(100, &since, &until)
		if none != (postgres.PastReach{}) {
			t.Errorf("an hour before: %+v", none)
		}
		list, err4 := tx.PastTickets(two.Number+1, one.Number, 100)
		if len(list) != 2 || list[0].Number != two.Number || list[1].ID != one.ID || list[0].Outcome != rules.Partner || list[0].By != desk.ByRules || list[0].IsConfirmed {
			t.Errorf("tickets %+v", list)
		}
		next, err5 := tx.PastTickets(two.Number, one.Number, 100)
		if len(next) != 1 || next[0].Number != one.Number {
			t.Errorf("next batch %+v", next)
		}
		words, err6 := tx.PastWords([]desk.ID{one.ID})
		if words[one.ID] != "It does not work" {
			t.Errorf("words %q", words)
		}
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

// However long the history, a batch of a trial reads as many tickets as it
// asks for, and no more.
func TestTrialWalksByNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	b.history(t, b.first, 4000, 40)
	if _, err := w.superuser(t).Exec(t.Context(), `analyze`); err != nil {
		t.Fatal(err)
	}
	batch := func(tx *postgres.Tx) error { _, err := tx.PastTickets(3000, 100, 1000); return err }
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		if through := explained(t, w, b.scope(), mode, batch); !slices.Equal(through, []string{"tickets_number"}) {
			t.Errorf("%s reads tickets through %q", mode, through)
		}
	}
}

func TestRuleCountsTellPeoplesWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	overridden := made(own.ruled.Override(w.one.agent.ID, "MICROSOFT", "bug", "It is a defect", time.Now()))
	agreed := own.ruled.Heard(own.ruled.Verdict, time.Now().Add(time.Minute)) // rules that say the same by now
	agreed.By, agreed.PersonID = desk.ByPerson, w.one.agent.ID
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		confirmed := made(w.one.second.ruled.Confirm(w.one.agent.ID, tx.Now))
		tx.ConfirmDecision(confirmed)
		tx.AddDecision(agreed)
		tx.AddDecision(overridden)
		return nil
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		counts, err := tx.RuleCounts(time.Now().Add(-time.Hour))
		if counts["r"] != (desk.RuleCount{Fired: 2, Overridden: 1}) || len(counts) != 1 {
			t.Errorf("counts %+v", counts)
		}
		r, err2 := tx.RuleResults("r", time.Now().Add(-time.Hour))
		if r.Fired != 2 || r.Overridden != 1 || r.Confirmed != 1 || len(r.Instead) != 1 || r.Instead[0] != (desk.RuleInstead{Outcome: rules.Microsoft, Category: rules.Bug, Count: 1}) {
			t.Errorf("results %+v", r)
		}
		if len(r.Reasons) != 1 || r.Reasons[0].Reason != "It is a defect" || r.Reasons[0].Number != own.ticket.Number || r.Reasons[0].Name != w.one.agent.Name {
			t.Errorf("reasons %+v", r.Reasons)
		}
		old, err3 := tx.RuleCounts(time.Now().Add(time.Hour))
		if len(old) != 0 {
			t.Errorf("nothing happened since: %+v", old)
		}
		return errors.Join(err, err2, err3)
	})
}

// The figures at every rule's row are answered from an index of narrow rows,
// policies included.
func TestFiredRulesAreCountedFromTheIndexAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		for _, s := range []string{"set local enable_seqscan = off", "set local enable_bitmapscan = off"} {
			if err := exec(tx, s); err != nil {
				return err
			}
		}
		plan, err := explain(tx, "force_generic_plan", pgx.TraceQueryStartData{
			SQL:  `select distinct d.rule, d.ticket_id from decisions d where d.desk_id = $1 and d.created_at >= $2 and d.by = 'rules'`,
			Args: []any{w.one.desk.ID, time.Now()}})
		if text := string(made(json.Marshal(plan))); !strings.Contains(text, "Index Only Scan") || !strings.Contains(text, "decisions_rule") {
			t.Error(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
