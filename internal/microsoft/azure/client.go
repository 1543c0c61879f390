// Package azure reads the service health of Azure from Resource Health: what is
// published for everyone, and the events of a subscription (Azure REST,
// "Emerging Issues" and "Events - List By Subscription Id").
package azure

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/rest"
)

// Config is what the client needs to be known by.
type Config struct {
	Root         *url.URL // https://management.azure.com, or a national cloud's
	Authority    *url.URL // who gives tokens
	ClientID     string   // empty: everything is refused with RefusedSetup
	ClientSecret string
	Tenant       string           // of the portal's own; empty: Emerging is refused with RefusedSetup
	HTTP         *http.Client     // nil: one that gives up after half a minute
	Now          func() time.Time // nil: the wall clock
}

// Client asks Azure as an application. It may be used by many goroutines.
type Client struct {
	rest   *rest.Client
	tenant string
}

// New makes a client. It asks nothing yet.
func New(c Config) *Client {
	return &Client{tenant: c.Tenant, rest: rest.New(rest.Config{Root: c.Root, Authority: c.Authority, ClientID: c.ClientID,
		ClientSecret: c.ClientSecret, HTTP: c.HTTP, Now: c.Now})}
}

// Configured tells whether what is published for everyone can be read.
func (c *Client) Configured() bool { return c.rest.Configured() && c.tenant != "" }

// Check tells why no token of the portal's own tenant can be had. Errors:
// desk.Refusal.
func (c *Client) Check(ctx context.Context) error {
	if !c.Configured() {
		return errOff
	}
	return c.rest.Check(ctx, c.tenant)
}

var errOff = desk.Refusal{Kind: desk.RefusedSetup, Detail: "no tenant of the portal's own is set"}
