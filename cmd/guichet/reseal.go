package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"guichet/internal/app"
	"guichet/internal/config"
	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// ResealCmd changes the key that stored secrets are sealed by.
type ResealCmd struct{}

// Help tells how a key is changed.
func (*ResealCmd) Help() string {
	return `To change SECRET_KEY: give the new key as SECRET_KEY and the one before as SECRET_KEY_OLD, start all processes with both, then run guichet reseal. When it says that nothing is left, SECRET_KEY_OLD can go.

It may be stopped and run again. What no key opens is left as it is and counted: an admin has to type that secret anew.`
}

// Run seals anew what another key sealed. Errors: secrets that no key opens.
func (*ResealCmd) Run(ctx context.Context) error {
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	if err := cfg.ForServing(); err != nil {
		return err
	}
	a, closed, err := verbs(ctx, cfg)
	if err != nil {
		return err
	}
	defer closed()
	return reseal(ctx, a, os.Stdout)
}

func reseal(ctx context.Context, a *app.App, w io.Writer) error {
	done, err := a.Reseal(ctx, false, func(r app.Resealed) {
		if r.Desks%1000 == 0 {
			fmt.Fprintf(w, "%d desks, %d secrets sealed anew\n", r.Desks, r.Secrets)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d desks, %d secrets sealed anew, %d that no key opens\n", done.Desks, done.Secrets, done.Lost)
	if done.Lost > 0 {
		return fmt.Errorf("%d secrets can be read by neither SECRET_KEY nor SECRET_KEY_OLD", done.Lost)
	}
	return nil
}

// verbs are those of the app over the configuration's database, without doors.
func verbs(ctx context.Context, cfg config.Config) (*app.App, func(), error) {
	sealer, err := portal.Sealer(cfg)
	if err != nil {
		return nil, nil, err
	}
	db, err := postgres.Open(ctx, cfg.DatabaseURL.Reveal(), 2)
	if err != nil {
		return nil, nil, err
	}
	support, partner := portal.Connectors(cfg)
	a, err := app.New(app.Parts{DB: db, Secrets: sealer, Support: support, Partner: partner})
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return a, db.Close, nil
}
