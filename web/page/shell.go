// Package page holds one templ function per page, with its form struct beside
// it. Pages take the desk's own nouns and say nothing that their reader may not
// know.
package page

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Frame is what every page of a desk has around it.
type Frame struct {
	Who     desk.Actor
	Path    string      // of the page itself, from "/", with the query it cannot do without
	Section string      // the part of the navigation that is open
	Flash   string      // message key of what was just done, "" for nothing
	Theme   string      // what the reader chose; the device decides otherwise
	Base    string      // the portal's own address, without a slash at the end
	Timer   *desk.Timer // the reader's work under way
	AsOf    time.Time   // when the page was drawn: what is newer, its stream tells
	// Incidents are those of the desk that are not over, for its own people.
	Incidents []desk.IncidentRow
	// Handed is how many escalations wait for the reader's side, or are overdue.
	Handed int
	// Elsewhere is what customers of other desks complain about, on pages where
	// that helps.
	Elsewhere []desk.Elsewhere
}

// Href is an address of this desk.
func (f Frame) Href(path string) string { return "/" + f.Who.Desk.Slug + path }

// SwitchLanguage leads a visitor to the same page in the other language.
func (f Frame) SwitchLanguage(ctx context.Context) (lang i18n.Lang, href string) {
	lang = i18n.English
	if i18n.From(ctx).Lang() == i18n.English {
		lang = i18n.French
	}
	path, query, _ := strings.Cut(f.Path, "?")
	q, _ := url.ParseQuery(query) // ours; what cannot be read is left out
	q.Set("lang", string(lang))
	return lang, path + "?" + q.Encode()
}

// page is the document's own words in the reader's house.
func (f Frame) page(title string) ui.Page {
	p := ui.Page{Title: title + " · " + f.Who.Desk.Name, KeysOff: f.Who.Person.KeysOff, House: ui.Site, Theme: f.Theme}
	if f.Who.DeskSide() {
		p.House = ui.Desk
	}
	if f.Who.Desk.Accent != "" {
		p.AccentHref = f.Href("/accent.css?v=" + strings.TrimPrefix(f.Who.Desk.Accent, "#"))
	}
	if f.Who.May(desk.ReadTickets) == nil && !f.AsOf.IsZero() {
		p.Live = f.Href("/live?at=" + strconv.FormatInt(f.AsOf.UnixMilli(), 10))
	}
	return p
}

func (f Frame) brand() ui.Brand {
	href := f.Href("")
	if f.Who.DeskSide() {
		href = f.Href("/queue")
	}
	return ui.Brand{Name: f.Who.Desk.Name, Href: href}
}

// side is the reader's, as his avatar shows it.
func (f Frame) side() string {
	if f.Who.DeskSide() {
		return ""
	}
	return "customer"
}

// nav is where the reader can go, by his role.
func (f Frame) nav(ctx context.Context) []ui.NavItem {
	item := func(section, path string) ui.NavItem {
		return ui.NavItem{Text: i18n.T(ctx, "nav."+section), Href: f.Href(path), Current: f.Section == section}
	}
	if !f.Who.DeskSide() {
		items := []ui.NavItem{item("support", ""), item("health", "/health"), item("help", "/help"), item("tickets", "/tickets")}
		if f.Who.May(desk.ReadStatements) == nil {
			items = append(items, item("statements", "/statements"))
		}
		return items
	}
	items := []ui.NavItem{item("queue", "/queue")}
	if f.Who.May(desk.ReadIssues) == nil {
		items = append(items, item("issues", "/issues"))
	}
	if f.Who.May(desk.ReadIncidents) == nil {
		items = append(items, f.incidents(ctx, item("incidents", "/incidents")))
	}
	if f.Who.May(desk.ReadEscalations) == nil {
		items = append(items, f.escalations(ctx, item("escalations", "/escalations")))
	}
	if f.Who.May(desk.ReadCustomers) == nil {
		items = append(items, item("customers", "/settings/customers"))
	}
	if f.Who.May(desk.ReadRules) == nil {
		items = append(items, item("rules", "/settings/rules"))
	}
	if f.Who.May(desk.ManageCharges) == nil {
		items = append(items, item("charges", "/charges"))
	}
	if f.Who.May(desk.ReadReports) == nil {
		items = append(items, item("reports", "/reports"))
	}
	if f.Who.May(desk.ManageDesk) == nil {
		settings := item("settings", "/settings/people")
		settings.Current = slices.Contains([]string{"people", "subcontractors", "desk", "articles", "offer", "hours", "prices", "circle", "connections", "connectors", "access", "escalation", "providers", "plans", "mail"}, f.Section)
		items = append(items, settings)
	}
	return items
}

// incidents says beside the name how many wait.
func (f Frame) incidents(ctx context.Context, item ui.NavItem) ui.NavItem {
	waiting := 0
	for _, r := range f.Incidents {
		if r.State != desk.IncidentMitigated {
			waiting++
		}
	}
	if waiting > 0 {
		item.Text = i18n.T(ctx, "nav.incidents_waiting", "Count", waiting)
	}
	return item
}

// escalations says beside the name how many wait.
func (f Frame) escalations(ctx context.Context, item ui.NavItem) ui.NavItem {
	if f.Handed > 0 {
		item.Text = i18n.T(ctx, "nav.escalations_waiting", "Count", f.Handed)
	}
	return item
}

// header is the bar of the agent's house, the masthead of the customer's.
func (f Frame) header(ctx context.Context) templ.Component {
	if f.Who.DeskSide() {
		return ui.Bar(f.brand(), f.nav(ctx), deskMenu(f))
	}
	return ui.Masthead(f.brand(), f.nav(ctx), siteMenu(f))
}

// imprint is who runs the desk, as the foot of a page says it.
func (f Frame) imprint(ctx context.Context) string {
	parts := []string{f.Who.Desk.Name}
	if f.Who.Desk.Address != "" {
		parts = append(parts, f.Who.Desk.Address)
	}
	return strings.Join(parts, ", ") + ". " + i18n.T(ctx, "layout.csp_partner")
}

// problemOf translates what is wrong with a field; "" when nothing is.
func problemOf(ctx context.Context, p desk.Problems, field string) string {
	found, ok := p.Of(field)
	if !ok {
		return ""
	}
	return i18n.T(ctx, found.Key, found.Args...)
}

// summary lists what is wrong with a form, each leading to its field.
func summary(ctx context.Context, p desk.Problems) []ui.Problem {
	out := make([]ui.Problem, len(p))
	for i, q := range p {
		out[i] = ui.Problem{For: q.Field, Text: i18n.T(ctx, q.Key, q.Args...)}
	}
	return out
}

// shown is typed text as it can be shown again: what is not UTF-8, and NUL,
// which HTML cannot hold, become the replacement character.
func shown(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
