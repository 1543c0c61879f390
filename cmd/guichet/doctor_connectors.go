package main

import (
	"context"
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
	asked := 0
	err = a.CheckConnectors(ctx, func(slug string, c desk.Connector, err error) {
		asked++
		if err == nil && c.Trouble != "" {
			err = desk.Refusal{Kind: c.Trouble, Detail: c.Detail}
		}
		ok = check(w, slug+": "+connectorNames[c.Kind]+" answers", err, "see /"+slug+"/settings/connectors: "+connectorMends[c.Kind]) && ok
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
	switch {
	case err != nil:
		return check(w, "stored secrets can be read", err, "")
	case found.Lost > 0:
		return check(w, "stored secrets open", fmt.Errorf("%d open by no key", found.Lost), "give the key that sealed them as SECRET_KEY_OLD, or have them typed anew")
	case found.Secrets > 0:
		fmt.Fprintf(w, "wait    %d stored secrets are sealed by another key than today's: run guichet reseal\n", found.Secrets)
		return true
	}
	return check(w, "stored secrets are sealed by today's key", nil, "")
}
