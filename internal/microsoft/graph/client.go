// Package graph reads the service health of customers' tenants from Microsoft
// Graph ("Overview for accessing service health and communications in Microsoft
// Graph"): which services a tenant has and how they do, issues, messages.
package graph

import (
	"net/http"
	"net/url"
	"time"

	"guichet/internal/microsoft/rest"
)

// Config is what the client needs to be known by.
type Config struct {
	Root         *url.URL // https://graph.microsoft.com, or a national cloud's
	Authority    *url.URL // who gives tokens and takes consents
	ClientID     string   // empty: everything is refused with RefusedSetup
	ClientSecret string
	HTTP         *http.Client     // nil: one that gives up after half a minute
	Now          func() time.Time // nil: the wall clock
}

// Client asks Microsoft Graph as an application. It may be used by many
// goroutines.
type Client struct{ rest *rest.Client }

// New makes a client. It asks nothing yet.
func New(c Config) *Client {
	return &Client{rest.New(rest.Config{Root: c.Root, Authority: c.Authority, ClientID: c.ClientID, ClientSecret: c.ClientSecret, HTTP: c.HTTP, Now: c.Now})}
}

// Configured tells whether there is an application to ask as.
func (c *Client) Configured() bool { return c.rest.Configured() }

// ConsentURL is where a customer's administrator lets the application read his
// tenant (Microsoft, "Admin consent on the Microsoft identity platform"). What
// comes back to the redirect address proves nothing without the state. Empty
// without an application.
func (c *Client) ConsentURL(tenant, redirect, state string) string {
	if !c.rest.Configured() || !rest.GUID(tenant) {
		return ""
	}
	u := c.rest.Tenant(tenant, "v2.0", "adminconsent")
	u.RawQuery = url.Values{"client_id": {c.rest.ClientID()}, "scope": {c.rest.Scope()}, "redirect_uri": {redirect}, "state": {state}}.Encode()
	return u.String()
}
