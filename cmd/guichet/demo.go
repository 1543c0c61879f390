package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"guichet/internal/config"
	"guichet/internal/demo"
	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// DemoCmd starts everything on this machine.
type DemoCmd struct{}

// Run serves the demo until a signal; what it holds is kept for the next run.
func (*DemoCmd) Run(ctx context.Context) error {
	cfg, log, err := settings()
	if err != nil {
		return err
	}
	world, err := demo.Start(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		if err := world.Stop(); err != nil {
			log.Warn("stopping the demo", "err", err)
		}
	}()
	return serveDemo(ctx, world, log)
}

func serveDemo(ctx context.Context, world *demo.World, log *slog.Logger) error {
	if _, err := postgres.Migrate(ctx, world.Config.DatabaseOwnerURL.Reveal()); err != nil {
		return err
	}
	p, err := portal.Build(ctx, world.Config, log, demo.Names{})
	if err != nil {
		return err
	}
	defer p.DB.Close()
	if err := p.DB.CheckRole(ctx); err != nil {
		return err
	}
	sealer, err := portal.Sealer(world.Config)
	if err != nil {
		return err
	}
	if err := demo.Load(ctx, p.DB, sealer, progress("Loading the demo desks")); err != nil {
		return err
	}
	if err := demo.Connect(ctx, p.DB); err != nil {
		return err
	}
	if err := demo.ReadAccess(ctx, p.DB); err != nil {
		return err
	}
	if err := demo.SetUpConnectors(ctx, p.DB, p.App); err != nil {
		return err
	}
	if err := demo.LetIntoCircle(ctx, world.Config.DatabaseOwnerURL.Reveal()); err != nil {
		return err
	}
	greet(world.Config, world.MailURL)
	return p.Run(ctx, portal.Doors{Web: true, Mail: true, Worker: true, Clock: true})
}

// progress shows a growing figure on a terminal's one line; a log that is no
// terminal gets the last figure alone.
func progress(what string) func(done, all int) {
	info, err := os.Stderr.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return func(done, all int) {
		if terminal {
			fmt.Fprintf(os.Stderr, "\r%s: %d of %d", what, done, all)
		}
		switch {
		case done == all && terminal:
			fmt.Fprintln(os.Stderr)
		case done == all:
			fmt.Fprintf(os.Stderr, "%s: %d\n", what, done)
		}
	}
}

func greet(cfg config.Config, mail string) {
	base := strings.TrimSuffix(cfg.BaseURL.String(), "/")
	fmt.Printf(`
Guichet is open: %[1]s

  %[1]s/alpine      Alpine Cloud, direct-bill partner in Lyon
  %[1]s/brume       Brume Informatique, indirect reseller of Meridian
  %[1]s/meridian    Meridian Distribution, indirect provider

Who can sign in (choose a name, there is no password):

  lea@lumen.example        contact of Fabrique Lumen, customer of alpine
  max@lumen.example        manager of Fabrique Lumen
  sam@hoteldulac.example   contact of Hôtel du Lac, customer of alpine
  ines@alpine.example      agent of alpine
  paul@alpine.example      admin of alpine
  nora@brume.example       agent and admin of brume
  otto@meridian.example    agent and admin of meridian
  eve@outsider.example     of a company that no desk knows

Mail that the desks send: %[2]s
Mail to the desks: %[3]s takes what is written to alpine@%[4]s and the like.
Ctrl+C stops; the next start finds everything as it was left (make reset forgets it).

`, base, mail, cfg.MailInAddr, cfg.MailDomain)
}
