// Package api is the programs' door: JSON over HTTP by the same verbs and rights as
// the pages, described by an OpenAPI document that it makes itself.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Parts is what the door is built from.
type Parts struct {
	App     *app.App
	BaseURL *url.URL // links in answers begin with it
	Rate    int      // requests a minute of one token
	Log     *slog.Logger
}

type door struct {
	app   *app.App
	base  *url.URL
	rate  int
	used  *httprate.RateLimiter // by token
	wrong *httprate.RateLimiter // tokens that open nothing, by address
	log   *slog.Logger
	mux   chi.Router
	spec  []byte
}

// Path is where the door stands.
const Path = "/api/v1"

// wrongTokens is how many texts that are no token one address may try in a minute.
const wrongTokens = 30

// New builds the door, to be mounted at Path. It reads no cookie and makes no
// session; whoever mounts it names the client's address before it.
func New(p Parts) chi.Router {
	d := &door{app: p.App, base: p.BaseURL, rate: p.Rate, log: p.Log, mux: chi.NewRouter(),
		used: httprate.NewRateLimiter(p.Rate, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{
			Limit: "X-RateLimit-Limit", Remaining: "X-RateLimit-Remaining", Reset: "X-RateLimit-Reset", RetryAfter: "Retry-After"})),
		wrong: httprate.NewRateLimiter(wrongTokens, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))}
	d.mux.Use(d.recovered, d.guarded)
	d.mux.NotFound(d.nowhere)
	d.mux.MethodNotAllowed(d.otherMethod)
	d.mux.Get("/openapi.json", d.openAPI)
	d.mux.Group(func(r chi.Router) {
		r.Use(d.bearer, d.limited, d.plainJSON, d.once, d.tagged)
		h := humachi.New(r, d.config())
		h.UseMiddleware(d.scoped)
		d.ticketRoutes(h)
		d.threadRoutes(h)
		d.decisionRoutes(h)
		d.customerRoutes(h)
		d.troubleRoutes(h)
		d.offerRoutes(h)
		d.issueRoutes(h)
		d.webhookRoutes(h)
		tells(h)
		d.spec = specOf(h)
	})
	return d.mux
}

// config describes the door. Documents that load scripts from elsewhere, and links
// to schemas in every answer, are left out.
func (d *door) config() huma.Config {
	c := huma.DefaultConfig("Guichet", "1.0.0")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.Info.Description = "Tickets, customers, incidents, escalations and the offer of one support desk. A token belongs to a desk and acts in the name of one of its people, within its scopes."
	c.Servers = []*huma.Server{{URL: d.base.Scheme + "://" + d.base.Host + Path}}
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat} // and what ends in +json
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{security: {Type: "http", Scheme: "bearer",
		Description: "A token that an admin of the desk made under Settings, Tokens. Each operation names the scope that it needs."}}
	return c
}

const security = "token"

// specOf is the OpenAPI document, written once.
func specOf(h huma.API) []byte {
	spec, err := json.Marshal(h.OpenAPI())
	if err != nil {
		panic(err) // our own words alone
	}
	return spec
}

func (d *door) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(d.spec)
}

// op describes one operation: what it is called, its words and the scope it needs.
func op(method, path string, scope desk.TokenScope, tag, id, summary string) huma.Operation {
	o := huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{tag},
		Security: []map[string][]string{{security: {string(scope)}}}, Metadata: map[string]any{"scope": scope},
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError}}
	if method == http.MethodPost {
		o.DefaultStatus = http.StatusCreated
		o.Errors = append(o.Errors, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
		o.Parameters = []*huma.Param{{Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(maxKey)},
			Description: "Any text of your own. The same request sent again with it within a day is done once and answered alike, also when it was refused with 422: mended, it takes another key. Whatever else failed changed nothing, and is tried anew."}}
	}
	if method == http.MethodDelete {
		o.DefaultStatus = http.StatusNoContent
	}
	if method == http.MethodPatch {
		o.Errors = append(o.Errors, http.StatusBadRequest, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return o
}

// add registers an operation; what a verb refuses becomes a problem.
func add[I, O any](d *door, h huma.API, o huma.Operation, f func(context.Context, desk.Actor, *I) (*O, error)) {
	huma.Register(h, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, callerOf(ctx).who, in)
		if err != nil {
			return nil, d.problemOf(ctx, err)
		}
		return out, nil
	})
}

// Ref names something by its id.
type Ref struct {
	ID   desk.ID `json:"id" format:"uuid"`
	Name string  `json:"name"`
}

// ref is nil for nobody.
func ref(id desk.ID, name string) *Ref {
	if id == desk.Nobody {
		return nil
	}
	return &Ref{id, name}
}

// page is the address of a desk's page.
func (d *door) page(who desk.Actor, path string) string {
	return d.base.Scheme + "://" + d.base.Host + "/" + who.Desk.Slug + path
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
