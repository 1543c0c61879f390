package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"guichet/internal/app"
	"guichet/internal/config"
	"guichet/internal/desk"
)

// checkConnectors asks each connector that a desk set up and switched on, and looks
// whether stored secrets wait for a key that is to go.
func checkConnectors(ctx context.Context, w io.Writer, cfg config.Config) bool {
	a, closed, err := verbs(ctx, cfg)
	if err != nil {
		return check(w, "the parts can be built", err, "")
	}
	defer closed()
	ok := checkSeals(ctx, w, a)
	ok = checkLetters(ctx, w, a) && ok
	asked := 0
	err = a.CheckConnectors(ctx, func(slug string, c desk.Connector, err error) {
		asked++
		if err == nil && c.Trouble != "" {
			err = desk.Refusal{Kind: c.Trouble, Detail: c.Detail}
		}
		mend := "see /" + slug + "/settings/connectors: " + connectorMends[c.Kind]
		if errors.Is(err, app.ErrSealed) {
			err, mend = fmt.Errorf("its secret is %w", app.ErrSealed), lostMend
		}
		ok = check(w, slug+": "+connectorNames[c.Kind]+" answers", err, mend) && ok
	})
	if err != nil {
		return check(w, "connectors can be read", err, "")
	}
	if asked == 0 {
		fmt.Fprintln(w, "off     connectors: no desk has switched one on")
	}
	return ok
}

var (
	connectorNames = map[desk.ConnectorKind]string{desk.AzureSupport: "Azure support", desk.PartnerCenter: "Partner Center"}
	connectorMends = map[desk.ConnectorKind]string{
		desk.AzureSupport:  "the application's secret and its expiry, the customer's consent, the role Support Request Contributor, and a plan that lets requests be filed this way",
		desk.PartnerCenter: "the application's secret and its expiry, and a refresh token that is still good",
	}
)

func checkSeals(ctx context.Context, w io.Writer, a *app.App) bool {
	found, err := a.Reseal(ctx, true, nil)
	if err != nil {
		return check(w, "stored secrets can be read", err, "")
	}
	if found.Secrets > 0 {
		fmt.Fprintf(w, "wait    %s sealed by the key before: run guichet reseal\n", storedSecrets(found.Secrets))
	}
	if n := len(found.Lost); n > 0 {
		check(w, "stored secrets open", fmt.Errorf("%s sealed by a key that is neither SECRET_KEY nor SECRET_KEY_OLD", storedSecrets(n)), lostMend)
		tellLost(w, found.Lost)
		return false
	}
	return found.Secrets > 0 || check(w, "stored secrets are sealed by today's key", nil, "")
}
