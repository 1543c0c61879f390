// Package partnercenter reads service requests that were filed through Partner
// Center, adds notes to them, and reads and writes the support profile that a
// partner's customers see (Partner Center REST API, "Provide support" and "Update
// support profile"). It asks as an application together with a person: from a
// refresh token that one of the partner's administrators gave.
package partnercenter

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"guichet/internal/desk"
	"guichet/internal/microsoft/rest"
)

// Config is where the interface is.
type Config struct {
	Root      *url.URL         // https://api.partnercenter.microsoft.com, or a national cloud's
	Authority *url.URL         // who gives tokens
	HTTP      *http.Client     // nil: one that gives up after half a minute
	Now       func() time.Time // nil: the wall clock
}

// Access is as whom a question is asked.
type Access struct {
	Tenant       string // the partner's, GUID
	ClientID     string
	ClientSecret string
	Refresh      string // a person's refresh token

	// Rotated is given the next refresh token when an answer brings one, before the
	// question is asked; nil: it is dropped, and the old one stays good for its time.
	Rotated func(ctx context.Context, refresh string) error
}

// Client may be used by many goroutines.
type Client struct {
	config Config

	mu     sync.Mutex
	tokens map[[32]byte]rest.Renewed // by application and refresh token
}

// mostTokens bounds how many desks' tokens are kept.
const mostTokens = 1_000

// New makes a client. It asks nothing yet.
func New(config Config) *Client {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Client{config: config, tokens: map[[32]byte]rest.Renewed{}}
}

// Check tells why the support profile cannot be read, asking for a token anew.
// Errors: desk.Refusal.
func (c *Client) Check(ctx context.Context, a Access) error {
	c.forget(a)
	_, err := c.Profile(ctx, a)
	return err
}

// scope is what the person lets the application do in his name.
func (c *Client) scope() string {
	return strings.TrimSuffix(c.config.Root.String(), "/") + "/user_impersonation"
}

func (c *Client) client(a Access) *rest.Client {
	return rest.New(rest.Config{Root: c.config.Root, Authority: c.config.Authority, ClientID: a.ClientID, ClientSecret: a.ClientSecret, HTTP: c.config.HTTP, Now: c.config.Now})
}

func (a Access) key() [32]byte {
	return sha256.Sum256([]byte(strings.Join([]string{a.Tenant, a.ClientID, a.ClientSecret, a.Refresh}, "\x00")))
}

// token gives one that was kept, or trades the refresh token for one.
func (c *Client) token(ctx context.Context, a Access) (token string, kept bool, err error) {
	c.mu.Lock()
	held, ok := c.tokens[a.key()]
	c.mu.Unlock()
	if ok && c.config.Now().Before(held.Until) {
		return held.Access, true, nil
	}
	if c.config.Root == nil {
		return "", false, desk.Refusal{Kind: desk.RefusedSetup, Detail: "no address of Partner Center"}
	}
	given, err := c.client(a).Renew(ctx, a.Tenant, a.Refresh, c.scope())
	if err != nil {
		return "", false, err
	}
	if given.Refresh != a.Refresh && a.Rotated != nil {
		if err := a.Rotated(ctx, given.Refresh); err != nil {
			return "", false, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tokens) >= mostTokens {
		clear(c.tokens)
	}
	c.tokens[a.key()] = given
	if given.Refresh != a.Refresh {
		a.Refresh = given.Refresh
		c.tokens[a.key()] = given
	}
	return given.Access, false, nil
}

func (c *Client) forget(a Access) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tokens, a.key())
}

// ask sends one request. key makes it the same request however often it is sent
// ("Partner Center REST headers": MS-RequestId is for idempotency); "" makes it
// one of its own.
func (c *Client) ask(ctx context.Context, a Access, q rest.Call, key string) (rest.Answer, error) {
	if key == "" {
		key = uuid.NewString()
	}
	for {
		token, kept, err := c.token(ctx, a)
		if err != nil {
			return rest.Answer{}, err
		}
		q.Bearer = token
		q.Header = http.Header{"Ms-Requestid": {key}, "Ms-Correlationid": {uuid.NewString()}, "X-Locale": {"en-US"}}
		answer, err := c.client(a).Send(ctx, q)
		if !kept || !rest.Refused(err, desk.RefusedConsent) {
			return answer, err
		}
		c.forget(a)
	}
}
