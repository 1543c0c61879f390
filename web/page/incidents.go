package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Incidents is the list of a desk's incidents.
type Incidents struct {
	desk.IncidentList
	After desk.Cursor // where this page of past ones starts, zero at the top
}

// incidentHref is an incident's page.
func incidentHref(f Frame, n int64) string { return f.Href("/incidents/" + number(n)) }

// incidentTones give each state its colour and its shape.
var incidentTones = map[desk.IncidentState]struct{ tone, icon string }{
	desk.IncidentProposed: {"warn", "ask"}, desk.IncidentOpen: {"bad", "alert"}, desk.IncidentMitigated: {"ok", "eye"},
	desk.IncidentClosed: {"", "ok"}, desk.IncidentDismissed: {"", "cross"}, desk.IncidentMerged: {"", "link"},
}

// incidentPlace says where an incident is.
func incidentPlace(ctx context.Context, region string) string {
	if region == "" {
		return i18n.T(ctx, "incident.anywhere")
	}
	return region
}

// reach says how many tickets of how many customers.
func incidentReach(ctx context.Context, customers, tickets int) string {
	p := i18n.From(ctx)
	return p.T("incident.reach", "Customers", p.N("incident.customers", customers), "Tickets", p.N("incident.tickets", tickets))
}

// watched says when the desk's tickets were last looked through.
func watched(ctx context.Context, w desk.Watch) string {
	if w.WatchedAt == nil {
		return i18n.T(ctx, "incident.never_watched")
	}
	return i18n.T(ctx, "incident.watched", "When", i18n.From(ctx).Ago(*w.WatchedAt))
}
