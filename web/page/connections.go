package page

import (
	"context"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// OneConnection is a customer's connection with what was typed into its forms.
type OneConnection struct {
	desk.CustomersHealth
	Link         string // of the consent that was asked for, "" for none
	Subscription desk.SubscriptionForm
	Problems     desk.Problems
}

// connectionLooks are the tone and the sign of a connection; the word is in the
// catalogue.
var connectionLooks = map[desk.ConnectionState][2]string{
	desk.ConnectionAsked: {"info", "clock"}, desk.Connected: {"ok", "ok"}, desk.ConnectionLost: {"bad", "stop"}, desk.ConnectionOff: {"", "pause"}, "": {"", "pause"},
}

func connectionWord(ctx context.Context, c desk.Connection) string {
	switch {
	case c.State == "":
		return i18n.T(ctx, "connections.state.never")
	case c.State == desk.ConnectionAsked && c.ConsentedAt != nil:
		return i18n.T(ctx, "connections.state.checking")
	}
	return i18n.T(ctx, "connections.state."+string(c.State))
}

// refusedWord says why an entry was not taken as it stood.
func refusedWord(ctx context.Context, e desk.RefusedEntry) string {
	if slices.Contains([]string{desk.EntryOlder, desk.EntryOtherContent, desk.EntryOtherKind, desk.EntryOtherService, desk.EntryFuture, desk.EntryTooMany}, e.Reason) {
		return i18n.T(ctx, "connections.refused."+e.Reason)
	}
	return i18n.T(ctx, "connections.refused_else", "Reason", shown(e.Reason))
}

// refusedTimes counts what was not taken.
func refusedTimes(list []desk.RefusedEntry) int {
	n := 0
	for _, e := range list {
		n += e.Count
	}
	return n
}

func connectionHref(f Frame, customer desk.ID) string {
	return f.Href("/settings/health/" + customer.String())
}

func nextConnections(f Frame, h desk.HealthSettings) string {
	q := url.Values{"after": {h.Next}}
	if h.Lost {
		q.Set("lost", "1")
	}
	return f.Href("/settings/health?" + q.Encode())
}

// doing names what a button asks for.
func doing(what string) templ.Attributes { return templ.Attributes{"name": "do", "value": what} }

// says is what the connection's page tells first.
func (o OneConnection) says() string {
	return connectionSays(o.Customer.Tenant, o.Link, o.Graph, o.Connection)
}

// connectionSays is where a reading of a tenant stands, by what it lacks first.
func connectionSays(tenant, link string, graph bool, c desk.Connection) string {
	switch {
	case tenant == "":
		return "no_tenant"
	case !graph:
		return "no_application"
	case link != "":
		return "link"
	case c.State == "":
		return "never"
	case c.State == desk.ConnectionAsked && c.ConsentedAt != nil:
		return "checking"
	}
	return string(c.State)
}
