package rest

import (
	"context"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"guichet/internal/desk"
)

// Renewed is what a refresh token brought.
type Renewed struct {
	Access  string
	Refresh string    // the next one; the one that was sent where no other came
	Until   time.Time // how long Access is good for
}

// Renew trades a person's refresh token for an access token of the interface
// (Microsoft identity platform, "Refresh the access token"). Such tokens end after
// ninety days without use, and each answer may bring the next. Errors:
// desk.Refusal; RefusedConsent for a token that is no longer good.
func (c *Client) Renew(ctx context.Context, tenant, refresh, scope string) (Renewed, error) {
	switch {
	case !c.Configured():
		return Renewed{}, desk.Refusal{Kind: desk.RefusedSetup, Detail: "no application is registered"}
	case !GUID(tenant):
		return Renewed{}, desk.Refusal{Kind: desk.RefusedSetup, Detail: "no tenant id"}
	case refresh == "":
		return Renewed{}, desk.Refusal{Kind: desk.RefusedConsent, Detail: "no refresh token"}
	}
	grant := clientcredentials.Config{ClientID: c.config.ClientID, ClientSecret: c.config.ClientSecret, TokenURL: c.Tenant(tenant, "oauth2", "v2.0", "token").String(),
		Scopes: []string{scope, "offline_access"}, AuthStyle: oauth2.AuthStyleInParams, EndpointParams: url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}}
	given, err := grant.Token(context.WithValue(ctx, oauth2.HTTPClient, c.http))
	if err != nil {
		return Renewed{}, c.tokenRefusal(err)
	}
	if given.RefreshToken == "" {
		given.RefreshToken = refresh
	}
	if unusable(given.AccessToken) || unusable(given.RefreshToken) {
		return Renewed{}, desk.Refusal{Kind: desk.RefusedForm, Detail: "no token in the answer"}
	}
	lasts := time.Duration(0)
	if !given.Expiry.IsZero() {
		lasts = min(time.Until(given.Expiry), 24*time.Hour)
	}
	return Renewed{given.AccessToken, given.RefreshToken, c.Now().Add(lasts - tokenSlack)}, nil
}

func unusable(token string) bool {
	return token == "" || len(token) > 64<<10 || strings.ContainsAny(token, "\r\n")
}
