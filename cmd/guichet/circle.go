package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// CircleCmd is the operator's door to the early-warning circle.
type CircleCmd struct {
	Let    string `placeholder:"SLUG" xor:"act" help:"Let this desk in: its admin may then join."`
	Remove string `placeholder:"SLUG" xor:"act" help:"Put this desk out, with all that it told."`
}

// Help tells who should be let in.
func (*CircleCmd) Help() string {
	return `Desks in the circle tell each other how many of their customers complain about which service and where: no names, no text, no exact figures, and nothing unless five customers of three other desks are behind it. Without a flag the desks that were let in are listed.

No figure can guard against desks that are secretly one: two that act together in a circle of four can guess at what the other two count. Let in companies that you know, and rather many than few.

It connects with DATABASE_OWNER_URL: the portal itself cannot let a desk in.`
}

// Run lists the circle, after it let a desk in or put one out. Errors: a desk
// that there is not, or that was not let in.
func (c *CircleCmd) Run(ctx context.Context) error {
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	if err := cfg.ForMigrating(); err != nil {
		return err
	}
	return c.run(ctx, cfg.DatabaseOwnerURL.Reveal(), os.Stdout)
}

func (c *CircleCmd) run(ctx context.Context, owner string, w io.Writer) error {
	var err error
	switch {
	case c.Let != "":
		err = named(c.Let, "there is no such desk", postgres.LetIntoCircle(ctx, owner, c.Let))
	case c.Remove != "":
		err = named(c.Remove, "it was not let in", postgres.RemoveFromCircle(ctx, owner, c.Remove))
	}
	if err != nil {
		return err
	}
	list, err := postgres.CircleDesks(ctx, owner)
	if err != nil {
		return err
	}
	return printCircle(w, list)
}

func named(slug, missing string, err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return fmt.Errorf("%s: %s", slug, missing)
	}
	return err
}

func printCircle(w io.Writer, list []postgres.CircleDesk) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "No desk is let into the circle.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "DESK\tNAME\tLET IN\tJOINED")
	for _, d := range list {
		joined := "no"
		if d.JoinedAt != nil {
			joined = d.JoinedAt.UTC().Format(time.DateOnly)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", d.Slug, d.Name, d.LetAt.UTC().Format(time.DateOnly), joined)
	}
	return t.Flush()
}
