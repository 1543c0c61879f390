package demo

import (
	"context"
	"fmt"

	"guichet/internal/postgres"
)

// LetIntoCircle lets the demo desks into the early-warning circle, as an operator
// would. None takes part until its admin says so; and three are too few for any of
// them to be told something, so that the demo shows no line that it made up.
func LetIntoCircle(ctx context.Context, ownerURL string) error {
	for _, d := range demoDesks {
		if err := postgres.LetIntoCircle(ctx, ownerURL, d.slug); err != nil {
			return fmt.Errorf("demo circle: %w", err)
		}
	}
	return nil
}
