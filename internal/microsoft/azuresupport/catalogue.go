package azuresupport

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

// Catalogues change now and then; Microsoft wants them read anew, not written
// down ("Services - List").
const (
	catalogueLife = 12 * time.Hour
	mostListed    = 5_000
	mostLists     = 500
)

type listed struct {
	until time.Time
	all   []desk.RemoteService
}

// Services lists what a request can be about. Errors: desk.Refusal.
func (c *Client) Services(ctx context.Context, a Access) ([]desk.RemoteService, error) {
	return c.list(ctx, a, "providers/Microsoft.Support/services")
}

// serviceID is that of a service; Microsoft's samples have words in the place of
// a GUID.
var serviceID = regexp.MustCompile(`^/providers/Microsoft\.Support/services/[A-Za-z0-9_-]{1,80}$`)

// Classifications lists the problems of a service. Errors: desk.Refusal.
func (c *Client) Classifications(ctx context.Context, a Access, service string) ([]desk.RemoteService, error) {
	if !serviceID.MatchString(service) {
		return nil, desk.Refusal{Kind: desk.RefusedRequest, Detail: "no service id"}
	}
	return c.list(ctx, a, strings.TrimPrefix(service, "/")+"/problemClassifications")
}

func (c *Client) list(ctx context.Context, a Access, path string) ([]desk.RemoteService, error) {
	c.mu.Lock()
	kept, ok := c.listed[path]
	c.mu.Unlock()
	if ok && c.config.Now().Before(kept.until) {
		return kept.all, nil
	}
	var all []desk.RemoteService
	q := rest.Call{Method: http.MethodGet, Path: path, Tenant: a.Tenant, Also: a.PartnerTenant, Params: url.Values{"api-version": {version}}}
	err := c.as(a).Each(ctx, q, mostListed, func(entry json.RawMessage) {
		var s struct {
			ID         string `json:"id"`
			Properties struct {
				Name string `json:"displayName"`
			} `json:"properties"`
		}
		if json.Unmarshal(entry, &s) == nil && len(s.ID) <= 400 && prose.Line(s.Properties.Name, mostTitle) != "" {
			all = append(all, desk.RemoteService{ID: s.ID, Name: prose.Line(s.Properties.Name, mostTitle)})
		}
	})
	if err != nil {
		return nil, refused(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.listed) >= mostLists {
		clear(c.listed)
	}
	c.listed[path] = listed{c.config.Now().Add(catalogueLife), all}
	return all, nil
}
