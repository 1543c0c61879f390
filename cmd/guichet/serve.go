package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// ServeCmd serves people.
type ServeCmd struct {
	NoWorker bool `help:"Leave the jobs to processes that run 'guichet work'."`
}

// Run serves until a signal.
func (c *ServeCmd) Run(ctx context.Context) error {
	return run(ctx, portal.Doors{Web: true, Mail: true, Worker: !c.NoWorker, Clock: true})
}

// WorkCmd works jobs.
type WorkCmd struct{}

// Run works until a signal.
func (*WorkCmd) Run(ctx context.Context) error {
	return run(ctx, portal.Doors{Worker: true, Clock: true})
}

func run(ctx context.Context, d portal.Doors) error {
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	if err := cfg.ForServing(); err != nil {
		return err
	}
	p, err := portal.Build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer p.DB.Close()
	return p.Run(ctx, d)
}

// MigrateCmd migrates.
type MigrateCmd struct{}

// Run migrates under a lock: several at once do it once.
func (*MigrateCmd) Run(ctx context.Context) error {
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	if err := cfg.ForMigrating(); err != nil {
		return err
	}
	n, err := postgres.Migrate(ctx, cfg.DatabaseOwnerURL.Reveal())
	if err == nil {
		log.InfoContext(ctx, "migrated", "applied", n)
	}
	return err
}

// HealthcheckCmd is the probe of a container that has no other program.
type HealthcheckCmd struct{}

// Run asks /readyz. Errors: anything but ready.
func (*HealthcheckCmd) Run(ctx context.Context) error {
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", resp.Status)
	}
	return nil
}
