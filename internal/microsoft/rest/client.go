// Package rest asks Microsoft's interfaces as an application, in the name of no
// person: a token for each tenant, lists page by page, and a reason for every
// answer that is none. Errors are all desk.Refusal.
package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guichet/internal/desk"
)

// What one answer may hold. Microsoft Graph gives at most 1,000 entries a page
// ("List issues", Prefer: odata.maxpagesize); the rest are our own limits.
const (
	mostBytes       = 16 << 20 // of a page
	mostErrorBytes  = 64 << 10
	mostPages       = 60 // of a list
	mostPageEntries = 2_000
)

// Config is what a client needs to be known by.
type Config struct {
	Root         *url.URL // of the interface, such as https://graph.microsoft.com; may have a path
	Authority    *url.URL // who gives tokens, such as https://login.microsoftonline.com
	ClientID     string   // empty: every question is refused with RefusedSetup
	ClientSecret string
	HTTP         *http.Client     // nil: one that gives up after half a minute
	Now          func() time.Time // nil: the wall clock
}

// Client asks one interface. It may be used by many goroutines.
type Client struct {
	config Config
	http   *http.Client
	tokens tokens
}

// New makes a client. It asks nothing yet.
func New(config Config) *Client {
	if config.Now == nil {
		config.Now = time.Now
	}
	c := &Client{config: config, http: &http.Client{Timeout: 30 * time.Second}}
	if config.HTTP != nil {
		own := *config.HTTP
		c.http = &own
	}
	// A redirect would take the token somewhere else.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Now is the time by the client's clock.
func (c *Client) Now() time.Time { return c.config.Now() }

// Question is what is asked of a tenant.
type Question struct {
	Tenant string     // GUID
	Path   string     // below the root, without a slash at the beginning
	Params url.Values // of the address
	Most   int        // entries of a list, all pages together
	Size   int        // wished entries of a page; 0: as the other side likes
}

// Document reads one answer whole. Calls may be nil: then nothing is counted.
func (c *Client) Document(ctx context.Context, q Question, calls *desk.Calls, into any) error {
	body, err := c.page(ctx, q, c.address(q), calls)
	if err != nil {
		return err
	}
	return decode(body, into)
}

// List hands over the entries of a list, following its pages. What was handed
// over before an error stands. Calls may be nil: then nothing is counted.
func (c *Client) List(ctx context.Context, q Question, calls *desk.Calls, take func(json.RawMessage)) error {
	next, taken := c.address(q), 0
	seen := map[string]bool{}
	for range mostPages {
		seen[next] = true
		body, err := c.page(ctx, q, next, calls)
		if err != nil {
			return err
		}
		var p page
		if err := decode(body, &p); err != nil {
			return err
		}
		if p.Value == nil {
			return desk.Refusal{Kind: desk.RefusedForm, Detail: "a list without its value"}
		}
		for _, entry := range *p.Value {
			if taken++; taken > q.Most {
				return desk.Refusal{Kind: desk.RefusedForm, Detail: fmt.Sprintf("more than %d entries", q.Most)}
			}
			take(entry)
		}
		if next = p.next(); next == "" {
			return nil
		}
		if next, err = c.within(next); err != nil {
			return err
		}
		if seen[next] {
			return desk.Refusal{Kind: desk.RefusedForm, Detail: "a page that leads to one read before"}
		}
	}
	return desk.Refusal{Kind: desk.RefusedForm, Detail: fmt.Sprintf("more than %d pages", mostPages)}
}

// Address is where a path of the interface is, to be asked as Call.At.
func (c *Client) Address(path string, params url.Values) string {
	return c.address(Question{Path: path, Params: params})
}

// address writes spaces as %20: OData reads a plus sign as itself.
func (c *Client) address(q Question) string {
	if c.config.Root == nil {
		return ""
	}
	u := c.config.Root.JoinPath(q.Path)
	u.RawQuery = strings.ReplaceAll(q.Params.Encode(), "+", "%20")
	return u.String()
}

// within keeps the token at home: an answer may send us to another page of the
// same host, and nowhere else.
func (c *Client) within(link string) (string, error) {
	u, err := c.config.Root.Parse(link)
	if err != nil || len(link) > 8<<10 {
		return "", desk.Refusal{Kind: desk.RefusedForm, Detail: "the next page has no address"}
	}
	if u.Scheme != c.config.Root.Scheme || !strings.EqualFold(u.Host, c.config.Root.Host) || u.User != nil {
		return "", desk.Refusal{Kind: desk.RefusedForm, Detail: "the next page is at another host, " + brief(u.Host)}
	}
	return u.String(), nil
}

// page reads one answer. A token of ours may be older than the consent that it
// is refused for: then a new one is tried, once.
func (c *Client) page(ctx context.Context, q Question, address string, calls *desk.Calls) ([]byte, error) {
	for {
		token, kept, err := c.token(ctx, q.Tenant)
		if err != nil {
			return nil, err
		}
		if calls != nil && !calls.Take() {
			return nil, desk.Refusal{Kind: desk.RefusedBudget, Detail: "the calls of this tenant are spent"}
		}
		body, denied, err := c.ask(ctx, q, address, token)
		if denied {
			c.tokens.forget(q.Tenant, token)
		}
		if !denied || !kept {
			return body, err
		}
	}
}

func (c *Client) ask(ctx context.Context, q Question, address, token string) (body []byte, denied bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, desk.Refusal{Kind: desk.RefusedForm, Detail: brief(err.Error())}
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Guichet")
	if q.Size > 0 {
		r.Header.Set("Prefer", fmt.Sprintf("odata.maxpagesize=%d", q.Size))
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, false, desk.Refusal{Kind: desk.RefusedDown, Detail: brief(err.Error())}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		refusal := c.refusal(answer)
		return nil, refusal.Kind == desk.RefusedConsent, refusal
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, false, desk.Refusal{Kind: desk.RefusedDown, Detail: brief(err.Error())}
	case err != nil:
		return nil, false, desk.Refusal{Kind: desk.RefusedForm, Detail: "cut off: " + brief(err.Error())}
	case len(body) > mostBytes:
		return nil, false, desk.Refusal{Kind: desk.RefusedForm, Detail: fmt.Sprintf("a page of more than %d MiB", mostBytes>>20)}
	}
	return body, false, nil
}
