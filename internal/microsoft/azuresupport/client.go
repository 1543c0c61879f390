// Package azuresupport files support requests at Microsoft for a customer's Azure
// subscription and reads what becomes of them (Azure REST, "Support", version
// 2024-04-01). It asks with the customer's token and the partner's beside it.
package azuresupport

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/rest"
)

const (
	version = "2024-04-01"
	support = "/providers/Microsoft.Support/"
)

// Config is where the interface is.
type Config struct {
	Root      *url.URL                                   // https://management.azure.com, or a national cloud's
	Authority *url.URL                                   // who gives tokens
	HTTP      *http.Client                               // nil: one that gives up after half a minute
	Now       func() time.Time                           // nil: the wall clock
	Wait      func(context.Context, time.Duration) error // nil: as long as it says, or until the context ends
	Patience  time.Duration                              // how long Create waits for what was accepted; 0: 20 seconds
}

// Access is as whom, and where, a question is asked.
type Access struct {
	Tenant        string // the customer's, GUID
	Subscription  string // GUID
	PartnerTenant string // GUID; "": the customer's token goes alone
	ClientID      string
	ClientSecret  string
}

// Client may be used by many goroutines.
type Client struct {
	config Config

	mu     sync.Mutex
	apps   map[[32]byte]*rest.Client // by application, each with its tokens
	listed map[string]listed         // catalogues, by path
}

// mostApps bounds how many desks' applications keep their tokens.
const mostApps = 1_000

// New makes a client. It asks nothing yet.
func New(config Config) *Client {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Wait == nil {
		config.Wait = wait
	}
	if config.Patience == 0 {
		config.Patience = 20 * time.Second
	}
	return &Client{config: config, apps: map[[32]byte]*rest.Client{}, listed: map[string]listed{}}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Check tells why the application is not heard: no token of the partner's tenant,
// or none of the customer's, or no right to read its requests. Without a customer
// only the partner's side is asked. plan is the support plan of the newest request
// that is there; "" when there is none. Errors: desk.Refusal.
func (c *Client) Check(ctx context.Context, a Access) (plan string, err error) {
	app := c.as(a)
	if err := app.Authorised(ctx, a.PartnerTenant); err != nil {
		return "", err
	}
	if a.Tenant == "" {
		return "", nil
	}
	if err := app.Authorised(ctx, a.Tenant); err != nil {
		return "", err
	}
	q, err := c.call(http.MethodGet, a, "supportTickets")
	if err != nil {
		return "", err
	}
	q.Params.Set("$top", "1")
	answer, err := app.Send(ctx, q)
	if err != nil {
		return "", refused(err)
	}
	var list struct {
		Value []ticket `json:"value"`
	}
	if err := answer.Into(&list); err != nil || len(list.Value) == 0 {
		return "", err
	}
	return list.Value[0].request(c.config.Now()).PlanType, nil
}

// as is the client of an application: tokens of one are never another's.
func (c *Client) as(a Access) *rest.Client {
	key := sha256.Sum256([]byte(a.ClientID + "\x00" + a.ClientSecret))
	c.mu.Lock()
	defer c.mu.Unlock()
	if app, ok := c.apps[key]; ok {
		return app
	}
	for other := range c.apps {
		if len(c.apps) < mostApps {
			break
		}
		delete(c.apps, other)
	}
	app := rest.New(rest.Config{Root: c.config.Root, Authority: c.config.Authority, ClientID: a.ClientID, ClientSecret: a.ClientSecret,
		HTTP: c.config.HTTP, Now: c.config.Now})
	c.apps[key] = app
	return app
}

// ourName is what we may name a thing there: it becomes part of an address.
var ourName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,62}$`)

// call is a request to something of the subscription. The parts are names of ours
// and fixed words.
func (c *Client) call(method string, a Access, parts ...string) (rest.Call, error) {
	if !rest.GUID(a.Subscription) {
		return rest.Call{}, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no subscription id"}
	}
	return rest.Call{Method: method, Tenant: a.Tenant, Also: a.PartnerTenant, Params: url.Values{"api-version": {version}},
		Path: "subscriptions/" + strings.ToLower(a.Subscription) + support + strings.Join(parts, "/")}, nil
}

// named is call with a name of ours behind a kind. Errors: desk.Refusal.
func (c *Client) named(method string, a Access, kind, name string, more ...string) (rest.Call, error) {
	if !ourName.MatchString(name) {
		return rest.Call{}, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no name that Microsoft takes"}
	}
	return c.call(method, a, append([]string{kind, name}, more...)...)
}

// planWords are what Microsoft says where the plan does not reach: "Your support
// plan type is CSP. To create and update support tickets, and add communication
// operations, you need access to our high tier-support plans."
var planWords = regexp.MustCompile(`(?i)support plan type is|high[ -]tier[ -]support[ -]plan|eligible support plan`)

// refused tells a plan that is too small from other refusals.
func refused(err error) error {
	var r desk.Refusal
	if err == nil || !asRefusal(err, &r) {
		return err
	}
	if r.Kind != desk.RefusedThrottle && planWords.MatchString(r.Detail) {
		r.Kind = desk.RefusedPlan
	}
	return r
}
