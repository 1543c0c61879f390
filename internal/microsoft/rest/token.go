package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"guichet/internal/desk"
)

// Tokens last an hour or so (Microsoft, "Configurable token lifetimes"); one that
// is about to end is no longer used.
const (
	tokenSlack = 5 * time.Minute
	mostTokens = 10_000 // some 2 KiB each
)

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// ClientID is that of the application, for addresses that people open.
func (c *Client) ClientID() string { return c.config.ClientID }

// GUID tells whether a text is one: of a tenant or a subscription, to be put into
// an address.
func GUID(s string) bool { return guid.MatchString(s) }

// Configured tells whether there is an application to ask as.
func (c *Client) Configured() bool {
	return c.config.ClientID != "" && c.config.Root != nil && c.config.Authority != nil
}

// Check tells why no token of a tenant can be had.
func (c *Client) Check(ctx context.Context, tenant string) error {
	_, _, err := c.token(ctx, tenant)
	return err
}

// Tenant is the address of a tenant at the authority.
func (c *Client) Tenant(tenant string, path ...string) *url.URL {
	return c.config.Authority.JoinPath(append([]string{tenant}, path...)...)
}

// Scope asks for whatever the tenant has granted for this interface (Microsoft,
// "v2.0 admin consent", on .default).
func (c *Client) Scope() string { return strings.TrimSuffix(c.config.Root.String(), "/") + "/.default" }

// token gives one that was kept, or asks for one.
func (c *Client) token(ctx context.Context, tenant string) (token string, kept bool, err error) {
	if !c.Configured() {
		return "", false, desk.Refusal{Kind: desk.RefusedSetup, Detail: "no application is registered"}
	}
	if !GUID(tenant) {
		return "", false, desk.Refusal{Kind: desk.RefusedConsent, Detail: "no tenant id"}
	}
	if token, ok := c.tokens.kept(tenant, c.Now()); ok {
		return token, true, nil
	}
	grant := clientcredentials.Config{ClientID: c.config.ClientID, ClientSecret: c.config.ClientSecret,
		TokenURL: c.Tenant(tenant, "oauth2", "v2.0", "token").String(), Scopes: []string{c.Scope()}, AuthStyle: oauth2.AuthStyleInParams}
	given, err := grant.Token(context.WithValue(ctx, oauth2.HTTPClient, c.http))
	if err != nil {
		return "", false, c.tokenRefusal(err)
	}
	if given.AccessToken == "" || len(given.AccessToken) > 64<<10 || strings.ContainsAny(given.AccessToken, "\r\n") {
		return "", false, desk.Refusal{Kind: desk.RefusedForm, Detail: "no token in the answer"}
	}
	lasts := time.Duration(0)
	if !given.Expiry.IsZero() {
		lasts = min(time.Until(given.Expiry), 24*time.Hour)
	}
	c.tokens.keep(tenant, given.AccessToken, c.Now().Add(lasts-tokenSlack), c.Now())
	return given.AccessToken, false, nil
}

// Why a tenant gives no token. The codes are Microsoft's ("Microsoft Entra
// authentication and authorization error codes"); what is not ours to mend is a
// missing consent.
var ours = []string{
	"AADSTS7000215", // invalid client secret
	"AADSTS7000222", // the secret has expired
	"AADSTS7000216", // a secret or an assertion is asked for
	"AADSTS7000218", // the same, not sent
	"AADSTS700027",  // an assertion's signature
	"AADSTS900144",  // a parameter is missing
	"AADSTS70011",   // the scope
	"AADSTS1002012", // the scope of client credentials
}

func (c *Client) tokenRefusal(err error) desk.Refusal {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		kind := desk.RefusedForm
		if failed := new(url.Error); errors.As(err, &failed) {
			kind = desk.RefusedDown
		}
		return desk.Refusal{Kind: kind, Detail: brief(err.Error())}
	}
	said := strings.TrimSpace(answer.ErrorCode + " " + answer.ErrorDescription)
	refusal := desk.Refusal{Kind: desk.RefusedConsent, Detail: brief(answer.Response.Status + ": " + said)}
	switch status := answer.Response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && answer.Response.Header.Get("Retry-After") != "":
		refusal.Kind, refusal.After = desk.RefusedThrottle, c.retryAfter(answer.Response)
	case status >= 500 || status == http.StatusRequestTimeout || answer.ErrorCode == "temporarily_unavailable":
		refusal.Kind = desk.RefusedDown
	case status < 400 || answer.ErrorCode == "":
		refusal.Kind = desk.RefusedForm
	case namesOneOf(said, ours), answer.ErrorCode == "invalid_client" && !strings.Contains(said, "AADSTS"):
		refusal.Kind = desk.RefusedSetup
	}
	return refusal
}

// namesOneOf finds a code that no further digit follows.
func namesOneOf(text string, codes []string) bool {
	for _, code := range codes {
		_, rest, found := strings.Cut(text, code)
		if found && (rest == "" || rest[0] < '0' || rest[0] > '9') {
			return true
		}
	}
	return false
}

// tokens are those of the tenants asked lately.
type tokens struct {
	mu  sync.Mutex
	all map[string]keptToken
}

type keptToken struct {
	token string
	until time.Time
}

func (t *tokens) kept(tenant string, now time.Time) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, ok := t.all[strings.ToLower(tenant)]
	return k.token, ok && now.Before(k.until)
}

// keep makes room by dropping what has ended; when nothing has, any other.
func (t *tokens) keep(tenant, token string, until, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]keptToken{}
	}
	if len(t.all) >= mostTokens {
		for key, k := range t.all {
			if !now.Before(k.until) {
				delete(t.all, key)
			}
		}
	}
	for key := range t.all {
		if len(t.all) < mostTokens {
			break
		}
		delete(t.all, key)
	}
	t.all[strings.ToLower(tenant)] = keptToken{token, until}
}

func (t *tokens) forget(tenant, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if key := strings.ToLower(tenant); t.all[key].token == token {
		delete(t.all, key)
	}
}

// drop is forget, whichever token is kept.
func (t *tokens) drop(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, strings.ToLower(tenant))
}
