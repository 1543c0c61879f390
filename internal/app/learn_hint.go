package app

import (
	"context"
	"fmt"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hint"
	"guichet/internal/postgres"
)

// LearnHints is the clock's job of looking for desks whose hint has something
// to learn.
type LearnHints struct{}

// Kind names the job.
func (LearnHints) Kind() string { return "learn_hints" }

// LearnHint is the job of teaching one desk's hint.
type LearnHint struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (LearnHint) Kind() string { return "learn_hint" }

// FanOutHints works LearnHints: a job a desk.
func (a *App) FanOutHints(ctx context.Context, _ LearnHints) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error { return tx.Enqueue(LearnHint{d.ID}, nil) })
}

// TeachHint works a LearnHint: it reads what the desk's people decided, a batch
// at a time, and stores what the hint made of it where that is better than what
// serves. Nothing is held while it learns.
func (a *App) TeachHint(ctx context.Context, job LearnHint) error {
	scope := desk.Scope{Desk: job.Desk}
	state, due, err := a.hintIsDue(ctx, scope)
	if err != nil || !due {
		return err
	}
	serving, err := a.servingHint(ctx, scope, state.Version)
	if err != nil {
		return err
	}
	lessons, err := a.lessons(ctx, scope)
	if err != nil {
		return err
	}
	learned := desk.LearnHint(serving, lessons)
	if learned == nil {
		return nil
	}
	return a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		tx.AddHintModel(desk.HintState{Version: state.Version + 1, Examples: len(lessons), LearnedAt: tx.Now}, learned.Encode())
		return nil
	})
}

func (a *App) hintIsDue(ctx context.Context, scope desk.Scope) (state desk.HintState, due bool, err error) {
	err = a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		if state, err = tx.HintState(); err != nil {
			return err
		}
		least := desk.LeastLessons
		if state.Version > 0 {
			least = desk.NewLessons
		}
		n, err := tx.CountPrecedents(state.LearnedAt, least)
		due = n >= least
		return err
	})
	return state, due, err
}

// TeachTime is how long it may take: reading five thousand tickets and some
// seconds of arithmetic.
const TeachTime = 5 * time.Minute

const lessonBatch = 500

func (a *App) lessons(ctx context.Context, scope desk.Scope) ([]hint.Example, error) {
	var lessons []hint.Example
	seen := map[desk.ID]bool{}
	for at := (desk.Cursor{}); len(lessons) < desk.MostLessons; {
		var batch []desk.Precedent
		err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
			batch, at, err = tx.Precedents(at, lessonBatch)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, s := range batch {
			if !seen[s.Ticket.ID] { // what was decided last holds
				seen[s.Ticket.ID] = true
				lessons = append(lessons, s.Lesson())
			}
		}
		if at.Zero() {
			break
		}
	}
	return lessons, nil
}

func (a *App) servingHint(ctx context.Context, scope desk.Scope, version int) (m *hint.Model, err error) {
	err = a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		m, err = a.hint(tx, version)
		return err
	})
	return m, err
}

type knownHint struct {
	version int
	model   *hint.Model
}

// hint is what a desk's tickets are compared with: the version that it learned,
// the shipped model for 0. One a desk is remembered.
func (a *App) hint(tx *postgres.Tx, version int) (*hint.Model, error) {
	if version == 0 {
		return hint.Shipped(), nil
	}
	if k, ok := a.hints.Load(tx.Scope.Desk); ok && k.(knownHint).version == version {
		return k.(knownHint).model, nil
	}
	file, err := tx.HintModel(version)
	if err != nil {
		return nil, err
	}
	m, err := hint.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("hint %d: %w", version, err)
	}
	a.hints.Store(tx.Scope.Desk, knownHint{version, m})
	return m, nil
}
