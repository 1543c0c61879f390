package demo

import (
	"context"
	"fmt"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// daysAtOnce is how many days one transaction counts: of a million tickets in two
// years that is an eighth, well within the time that a statement may take.
const daysAtOnce = 92

// rollUp counts the days of the demo desks, so that their reports are full at
// once.
func (l *loader) rollUp(ctx context.Context) error {
	l.clock = l.now
	for _, d := range l.desks {
		from := desk.DayOf(l.now.AddDate(0, -3, -1), d.Location())
		if err := rollUp(ctx, l.app, d, from, desk.DayOf(l.now, d.Location())); err != nil {
			return fmt.Errorf("figures of %s: %w", d.Name, err)
		}
	}
	return nil
}

// rollUp counts the days of a seeded desk.
func (s *seeding) rollUp(ctx context.Context, d desk.Desk) error {
	a, err := app.New(app.Parts{DB: s.db, Silent: true})
	if err != nil {
		return err
	}
	if err := rollUp(ctx, a, d, desk.DayOf(s.began, d.Location()), desk.DayOf(s.Now, d.Location())); err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	return nil
}

func rollUp(ctx context.Context, a *app.App, d desk.Desk, from, to desk.Day) error {
	for ; from <= to; from = from.AddDays(daysAtOnce) {
		if err := a.RollUpRange(ctx, d, from, min(to, from.AddDays(daysAtOnce-1))); err != nil {
			return err
		}
	}
	return nil
}
