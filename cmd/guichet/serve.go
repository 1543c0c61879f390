package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"guichet/internal/desk"
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

// DeskCmd opens a desk: the first thing a real installation needs.
type DeskCmd struct {
	Slug     string `arg:"" help:"The desk's part of its addresses, such as alpine."`
	Name     string `required:"" help:"The partner's name, as customers read it."`
	Tenant   string `required:"" help:"The partner's own Microsoft tenant id."`
	Admin    string `required:"" help:"E-mail of the first admin, as his tenant knows it."`
	Language string `default:"fr" enum:"fr,en" help:"The desk's language."`
	Zone     string `default:"Europe/Paris" help:"The desk's time zone."`
}

// Run opens the desk and invites its admin.
func (c *DeskCmd) Run(ctx context.Context) error {
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	p, err := portal.Build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer p.DB.Close()
	d, err := desk.NewDesk(c.Slug, c.Name, c.Language, c.Zone)
	if err != nil {
		return err
	}
	if err := p.App.OpenDesk(ctx, d, c.Tenant, c.Admin, 1); err != nil {
		return err
	}
	fmt.Printf("%s/%s is open; %s comes in at his first sign-in.\n", cfg.BaseURL, c.Slug, c.Admin)
	return nil
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
