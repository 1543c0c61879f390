package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"guichet/internal/app"
	"guichet/internal/config"
	"guichet/internal/demo"
	"guichet/internal/postgres"
)

// SeedCmd fills a desk.
type SeedCmd struct {
	Desk       string `required:"" placeholder:"SLUG" help:"The desk to fill; it is opened when there is none."`
	Customers  int    `default:"200" placeholder:"M" help:"Customers to add, with two to six people each (200)."`
	Tickets    int    `default:"10000" placeholder:"N" help:"Tickets to add, spread over two years, one in five open (10000)."`
	RandomSeed uint64 `default:"1" placeholder:"S" help:"The same one makes the same history (1)."`
}

// Help tells where the tickets go.
func (*SeedCmd) Help() string {
	return `The tickets go into the database of DATABASE_URL. When it is unset they go into the demo's own database under STATE_DIR, whether the demo runs or not; one that does not exist yet is made, with the demo desks.

Ctrl+C stops; what was counted by then stays, and every ticket in it is whole. With DATABASE_OWNER_URL, or in the demo's database, the planner's statistics are brought up to date at the end.`
}

// Run fills the desk. Errors: fewer than one customer; what the database says.
func (c *SeedCmd) Run(ctx context.Context) error {
	if c.Customers < 1 || c.Tickets < 0 {
		return errors.New("give at least one customer, and tickets from 0")
	}
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	owner, serving, stop, err := seedDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer stop() //nolint:errcheck // what was written is committed
	db, err := postgres.Open(ctx, serving, int32(demo.SeedConns+1))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.CheckRole(ctx); err != nil {
		return err
	}
	bar := newBar(c.Tickets)
	err = demo.Seed(ctx, db, demo.Seeding{Desk: c.Desk, Customers: c.Customers, Tickets: c.Tickets, Seed: c.RandomSeed, Now: time.Now()}, bar.show)
	bar.end(c.Desk)
	if err != nil {
		return err
	}
	return refresh(ctx, owner)
}

// seedDatabase finds the two addresses of the database to fill.
func seedDatabase(ctx context.Context, cfg config.Config) (owner, serving string, stop func() error, err error) {
	if cfg.DatabaseURL != "" {
		return cfg.DatabaseOwnerURL.Reveal(), cfg.DatabaseURL.Reveal(), func() error { return nil }, nil
	}
	owner, serving, stop, err = demo.SharePostgres(ctx, filepath.Join(cfg.StateDir, "postgres"))
	if err != nil {
		return "", "", nil, fmt.Errorf("demo database: %w", err)
	}
	if err := loadDemo(ctx, owner, serving); err != nil {
		return "", "", nil, errors.Join(err, stop())
	}
	return owner, serving, stop, nil
}

// loadDemo leaves a database that the demo has used as it is. A fresh one gets
// the demo desks first: the demo never loads them beside others.
func loadDemo(ctx context.Context, owner, serving string) error {
	if _, err := postgres.Migrate(ctx, owner); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, serving, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	return demo.Load(ctx, db, app.Sealer{}, progress("Loading the demo desks"))
}

// refresh updates what the planner knows of tables that have just grown. Only
// their owner may.
func refresh(ctx context.Context, owner string) error {
	if owner == "" {
		fmt.Fprintln(os.Stderr, "Without DATABASE_OWNER_URL the planner's statistics follow when autovacuum comes by.")
		return nil
	}
	return postgres.Vacuum(ctx, owner)
}

// bar shows on a terminal's one line how far the work is.
type bar struct {
	all   int
	began time.Time

	mu   sync.Mutex
	done int
}

func newBar(all int) *bar { return &bar{all: all, began: time.Now()} }

func (b *bar) show(done int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if done <= b.done { // another connection told of more meanwhile
		return
	}
	b.done = done
	fmt.Fprintf(os.Stderr, "\r%d of %d tickets, %.0f a second ", done, b.all, float64(done)/time.Since(b.began).Seconds())
}

func (b *bar) end(desk string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprintf(os.Stderr, "\r%d of %d tickets are in %s, after %s\n", b.done, b.all, desk, time.Since(b.began).Round(time.Second))
}
