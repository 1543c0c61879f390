// Command guichet is the support desk of Microsoft CSP partners: the web door,
// the workers, migrations, and an admin's tools, as subcommands.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"guichet/internal/config"
)

type cli struct {
	Serve       ServeCmd       `cmd:"" help:"Serve the portal, with its workers unless told not to."`
	Work        WorkCmd        `cmd:"" help:"Run the workers alone."`
	Migrate     MigrateCmd     `cmd:"" help:"Bring the database's tables up to date."`
	Desk        DeskCmd        `cmd:"" help:"Open a desk with its first admin, or remove one."`
	Circle      CircleCmd      `cmd:"" help:"List the desks of the early-warning circle, let one in or put one out."`
	Reseal      ResealCmd      `cmd:"" help:"Seal stored secrets anew after SECRET_KEY was changed."`
	Doctor      DoctorCmd      `cmd:"" help:"Check configuration and database roles; say what is wrong and how to mend it."`
	Healthcheck HealthcheckCmd `cmd:"" help:"Ask the portal on ADDR whether it is ready."`
	Demo        DemoCmd        `cmd:"" help:"Start the portal with everything around it, on this machine."`
	Seed        SeedCmd        `cmd:"" help:"Fill a desk with realistic tickets."`
	Triage      TriageCmd      `cmd:"" help:"Triage tickets given as JSON lines, without a database."`
	Incidents   IncidentsCmd   `cmd:"" help:"Find the incidents that several customers share in streams of tickets given as JSON lines, without a database."`
	Hours       HoursCmd       `cmd:"" help:"Answer calendars and questions given as JSON lines with deadlines and their sums, without a database."`
	Mail        MailCmd        `cmd:"" help:"Show what a desk makes of one raw mail, without a database."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("guichet"), kong.Description("The support desk of Microsoft CSP partners."), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "guichet:", err)
		os.Exit(1)
	}
}

// settings reads the environment and makes the log that it asks for.
func settings() (config.Config, *slog.Logger, error) {
	cfg, err := config.Load(os.Environ())
	if err != nil {
		return cfg, nil, err
	}
	o := &slog.HandlerOptions{Level: cfg.LogLevel}
	var h slog.Handler = slog.NewTextHandler(os.Stderr, o)
	if cfg.LogFormat == "json" {
		h = slog.NewJSONHandler(os.Stderr, o)
	}
	log := slog.New(h)
	slog.SetDefault(log)
	return cfg, log, nil
}
