package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// trialBatch is how many tickets are read at once: what a trial holds in memory
// does not grow with how many it tries.
const trialBatch = 1_000

// TrialTime is the longest that a trial may take.
const TrialTime = 10 * time.Minute

// trialRun is a trial under way.
type trialRun struct {
	db               *postgres.DB
	scope            desk.Scope
	trial            desk.Trial
	reach            postgres.PastReach
	published, draft *rules.Program
	words            bool // a rule asks for what the customer wrote
	changes          desk.TrialChanges
}

// RunTrial works a TryRules. A worker that is told to end lets another start the
// trial over; any other trouble ends it, for good and to be seen.
func (a *App) RunTrial(ctx context.Context, j TryRules) error {
	r := &trialRun{db: a.db, scope: desk.Scope{Desk: j.Desk}}
	begun, err := r.begin(ctx, a, j.Trial)
	if err == nil && begun {
		err = r.walk(ctx)
	}
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, desk.ErrNotFound) && !begun {
		return err
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	failed := a.db.Update(end, r.scope, func(tx *postgres.Tx) error {
		_, err := tx.EndTrial(j.Trial, desk.TrialFailed)
		return err
	})
	return errors.Join(fmt.Errorf("trial %s: %w", j.Trial, err), failed)
}

func (r *trialRun) begin(ctx context.Context, a *App, id desk.ID) (begun bool, err error) {
	var draft rules.Ruleset
	err = r.db.View(ctx, r.scope, func(tx *postgres.Tx) (err error) {
		if r.trial, err = tx.Trial(id); err != nil || r.trial.State.Over() {
			return err
		}
		if draft, err = tx.TrialRules(id); err != nil {
			return err
		}
		if r.published, err = a.programAt(tx, r.trial.BasedOn); err != nil {
			return fmt.Errorf("published rules: %w", err)
		}
		r.reach, err = tx.PastReach(r.trial.Most, r.trial.Since, r.trial.Until)
		return err
	})
	if err != nil || r.trial.State.Over() {
		return false, err
	}
	if r.draft, err = rules.Compile(draft, desk.Vocabulary()); err != nil {
		return false, fmt.Errorf("draft: %w", err)
	}
	r.words = r.published.Uses("text") || r.draft.Uses("text")
	r.trial.TrialFigures = desk.TrialFigures{Total: r.reach.Total}
	err = r.db.Update(ctx, r.scope, func(tx *postgres.Tx) (err error) {
		begun, err = tx.BeginTrial(id, r.reach.Total)
		return err
	})
	return begun, err
}

// walk tries the tickets batch by batch, from the newest down, until there are
// none or somebody stops it.
func (r *trialRun) walk(ctx context.Context) error {
	below, runs := r.reach.Newest+1, true
	for runs {
		batch, words, err := r.read(ctx, below)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		for _, p := range batch {
			if r.wanted(p) {
				r.try(p, words[p.ID])
			}
		}
		below = batch[len(batch)-1].Number
		if runs, err = r.save(ctx); err != nil {
			return err
		}
	}
	return r.end(ctx)
}

func (r *trialRun) read(ctx context.Context, below int64) (batch []desk.PastTicket, words map[desk.ID]string, err error) {
	err = r.db.View(ctx, r.scope, func(tx *postgres.Tx) (err error) {
		if batch, err = tx.PastTickets(below, r.reach.Oldest, trialBatch); err != nil || !r.words {
			return err
		}
		ids := make([]desk.ID, len(batch))
		for i, p := range batch {
			ids[i] = p.ID
		}
		words, err = tx.PastWords(ids)
		return err
	})
	return batch, words, err
}

// wanted leaves out what lies between the numbers and not within the time.
func (r *trialRun) wanted(p desk.PastTicket) bool {
	return r.trial.Since == nil || !p.CreatedAt.Before(*r.trial.Since) && p.CreatedAt.Before(*r.trial.Until)
}

func (r *trialRun) try(p desk.PastTicket, words string) {
	facts := p.Facts(words)
	if change, ok := r.trial.Compare(p, decide(r.published, facts), decide(r.draft, facts)); ok {
		r.changes.Add(change)
	}
}

// decide judges by rules that want no hint as if none had been given.
func decide(p *rules.Program, facts map[string]any) rules.Decision {
	if p.Hinted() {
		return p.Decide(facts)
	}
	return p.Decide(desk.WithoutHint(facts))
}

func (r *trialRun) save(ctx context.Context) (runs bool, err error) {
	err = r.db.Update(ctx, r.scope, func(tx *postgres.Tx) (err error) {
		runs, err = tx.SaveTrial(r.trial.ID, r.trial.TrialFigures)
		return err
	})
	return runs, err
}

// end keeps the changes in the transaction that ends the trial, so that one
// which is started over never finds the changes of an earlier start.
func (r *trialRun) end(ctx context.Context) error {
	return r.db.Update(ctx, r.scope, func(tx *postgres.Tx) error {
		_, err := tx.EndTrial(r.trial.ID, desk.TrialDone)
		if err != nil {
			return err
		}
		tx.AddTrialChanges(r.trial.ID, r.changes.Kept())
		return nil
	})
}
