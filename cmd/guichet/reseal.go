package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"guichet/internal/app"
	"guichet/internal/config"
	"guichet/internal/desk"
	"guichet/internal/portal"
	"guichet/internal/postgres"
)

// ResealCmd changes the key that stored secrets are sealed by.
type ResealCmd struct{}

// Help tells how a key is changed.
func (*ResealCmd) Help() string {
	return `To change SECRET_KEY: give the new key as SECRET_KEY and the one before as SECRET_KEY_OLD, start all processes with both, then run guichet reseal. When it says that nothing waits for the key before, SECRET_KEY_OLD can go.

It may be stopped and run again. What no key opens is left as it is and named: find the key that sealed it and run this again with that as SECRET_KEY_OLD, or have an admin of that desk type the secret anew.

The exit status is 0 when nothing waits for another key, and 1 when something is left or could not be read.`
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
			fmt.Fprintf(w, "%d desks so far, %d secrets sealed anew\n", r.Desks, r.Secrets)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Looked at %d desks, sealed %d secrets anew.\n", done.Desks, done.Secrets)
	if n := len(done.Lost); n > 0 {
		fmt.Fprintf(w, "%s sealed by a key that was not given, and left as they were:\n", storedSecrets(n))
		tellLost(w, done.Lost)
		return fmt.Errorf("%d secrets open by neither SECRET_KEY nor SECRET_KEY_OLD: %s", n, lostMend)
	}
	fmt.Fprintln(w, "Nothing waits for the key before: SECRET_KEY_OLD can go.")
	return nil
}

// lostMend is what to do about secrets that no key opens.
const lostMend = "give the key that sealed them as SECRET_KEY_OLD and run guichet reseal, or have an admin type them anew"

func storedSecrets(n int) string {
	if n == 1 {
		return "1 stored secret is"
	}
	return fmt.Sprintf("%d stored secrets are", n)
}

// mostLost bounds how many are named.
const mostLost = 50

// tellLost names secrets that no key opens, and where each is typed.
func tellLost(w io.Writer, list []app.LostSecret) {
	for _, l := range list[:min(len(list), mostLost)] {
		what, at := "the secret of the desk's own sign-in", "/settings"
		switch l.What {
		case "plan":
			what, at = "the contract id of a support contract", "/settings/plans"
		case "mailbox":
			what, at = "the secret of the desk's mailbox", "/settings/mail"
		case "webhook":
			what, at = "the secret of a webhook, made anew", "/settings/webhooks"
		case string(desk.AzureSupport), string(desk.PartnerCenter):
			what, at = "the secret of the connector "+connectorNames[desk.ConnectorKind(l.What)], "/settings/connectors/"+l.What
		}
		fmt.Fprintf(w, "        %s: %s, typed at /%s%s\n", l.Slug, what, l.Slug, at)
	}
	if more := len(list) - mostLost; more > 0 {
		fmt.Fprintf(w, "        and %d more\n", more)
	}
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
