package page

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// AccessList is the list of customers by when access to them ends, with the
// reading at its head.
type AccessList struct {
	desk.AccessPage
	Link     string // of the consent that was asked for, "" for none
	Problems desk.Problems
}

// accessLooks are the tone and the sign of a state; the word is in the catalogue.
var accessLooks = map[desk.AccessState][2]string{
	desk.AccessFine: {"ok", "ok"}, desk.AccessSoon: {"warn", "clock"}, desk.AccessGone: {"bad", "stop"}, desk.AccessUnknown: {"", "info"},
}

// says is what the reading's card tells first.
func (l AccessList) says() string {
	return connectionSays(l.Tenant, l.Link, l.Graph, l.Reader.Connection)
}

// problem is what is wrong with the reading; a missing consent is the partner's
// own here, not a customer's.
func (l AccessList) problem() string {
	if l.Reader.Problem == "connections.problem."+string(desk.RefusedConsent) {
		return "connections.problem.consent_own"
	}
	return l.Reader.Problem
}

func (l AccessList) filters(ctx context.Context, f Frame) []ui.NavItem {
	items := []ui.NavItem{{Text: i18n.T(ctx, "access.all"), Href: f.Href("/settings/access"), Current: l.Filter.State == ""}}
	for _, s := range desk.AccessStates() {
		items = append(items, ui.NavItem{Text: i18n.T(ctx, "access.state."+string(s)), Href: f.Href("/settings/access?state=" + string(s)), Current: l.Filter.State == s})
	}
	return items
}

func (l AccessList) next(f Frame) string {
	q := url.Values{"after": {l.Next}}
	if l.Filter.State != "" {
		q.Set("state", string(l.Filter.State))
	}
	return f.Href("/settings/access?" + q.Encode())
}

func accessHref(f Frame, customer desk.ID) string {
	return f.Href("/settings/access/" + customer.String())
}

// endText writes when an access ends.
func endText(ctx context.Context, at *time.Time, gone bool) string {
	p := i18n.From(ctx)
	switch {
	case at == nil && gone:
		return known("")
	case at == nil:
		return p.T("access.never")
	case gone || at.Before(p.Now()):
		return p.T("access.was", "Day", p.ShortDate(*at))
	}
	return p.ShortDate(*at) + ", " + p.N("access.days", int(at.Sub(p.Now())/(24*time.Hour)))
}

// relationshipEnd writes when a relationship ends; one that is over before its time
// has only the date that it was made for.
func relationshipEnd(ctx context.Context, r desk.AccessRelationship) string {
	p := i18n.From(ctx)
	if r.Live(p.Now()) || r.EndsAt == nil || r.Past(p.Now()) {
		return endText(ctx, r.EndsAt, !r.Live(p.Now()))
	}
	return p.ShortDate(*r.EndsAt)
}

// OneAccess is a customer's access with what was typed into its forms.
type OneAccess struct {
	desk.CustomersAccess
	Edit     desk.ID                // the relationship whose form is open
	Form     *desk.RelationshipForm // as it came back; nil: as it stands
	Facts    desk.AccessFacts
	Problems desk.Problems
}

// edited is the form of a relationship: as it came back, as the one chosen stands,
// or empty.
func (o OneAccess) edited() desk.RelationshipForm {
	if o.Form != nil {
		return *o.Form
	}
	for _, r := range o.List {
		if r.RowID == o.Edit && o.Edit != desk.Nobody {
			return r.FormOf()
		}
	}
	return desk.RelationshipForm{Status: "active", Roles: []string{access.RoleByID("f023fd81-a637-4b56-95fd-791ac0226033").ID}}
}

func (o OneAccess) editsGraph() bool {
	return slices.ContainsFunc(o.List, func(r desk.AccessRelationship) bool {
		return r.RowID == o.Edit && o.Edit != desk.Nobody && r.Source == access.FromGraph
	})
}

// verdictLooks are the tone and the sign of an answer.
var verdictLooks = map[string][2]string{access.Yes: {"ok", "ok"}, access.Soon: {"warn", "clock"}, access.No: {"bad", "stop"}, access.Unknown: {"", "info"}}

// reasonGroup is workloads whose requests stand the same, and why.
type reasonGroup struct {
	Workloads []string
	Verdict   access.Verdict
	Because   []string
	Ways      []string
}

// reasons are why requests can or cannot be opened, services that stand alike
// together.
func (o OneAccess) reasons(ctx context.Context) []reasonGroup {
	var groups []reasonGroup
	for _, w := range access.Workloads() {
		v := o.Verdict(w, access.OpenRequest)
		g := reasonGroup{Verdict: v, Because: accessSentences(ctx, "access.because.", v.Because), Ways: accessSentences(ctx, "access.way.", v.WayOut)}
		i := slices.IndexFunc(groups, func(other reasonGroup) bool {
			return other.Verdict.Answer == v.Answer && slices.Equal(other.Because, g.Because) && slices.Equal(other.Ways, g.Ways)
		})
		if i < 0 {
			groups, i = append(groups, g), len(groups)
		}
		groups[i].Workloads = append(groups[i].Workloads, i18n.T(ctx, "access.workload."+w))
	}
	return groups
}

// accessSentences writes reasons, each once.
func accessSentences(ctx context.Context, prefix string, list []access.Reason) []string {
	var out []string
	for _, r := range list {
		var pairs []any
		for name, value := range r.Args {
			if at, err := time.Parse("2006-01-02", value); err == nil && name == "Date" {
				value = i18n.From(ctx).Day(at)
			}
			pairs = append(pairs, name, shown(value))
		}
		if s := i18n.T(ctx, prefix+r.Key, pairs...); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// pending are the relationships that wait for the customer and can be led to.
func (o OneAccess) pending() []desk.AccessRelationship {
	var list []desk.AccessRelationship
	for _, r := range o.List {
		if r.Pending() && access.ApprovalLink(r.ID) != "" {
			list = append(list, r)
		}
	}
	return list
}

// letter is a text for the customer, for somebody to send.
func (o OneAccess) letter(ctx context.Context, f Frame, r desk.AccessRelationship) string {
	role := o.Verdict("exchange", access.OpenRequest).Least.Name
	if names := roleNames(r.Roles); len(names) > 0 {
		role = strings.Join(names, ", ")
	}
	return i18n.T(ctx, "access.letter_text", "Desk", f.Who.Desk.Name, "Role", shown(role), "Link", access.ApprovalLink(r.ID))
}

func roleNames(ids []string) []string {
	var names []string
	for _, id := range ids {
		names = append(names, access.RoleByID(id).Name)
	}
	return names
}

// groupNames says who got roles of a relationship.
func groupNames(ctx context.Context, r desk.AccessRelationship) string {
	switch {
	case r.Groups == nil:
		return i18n.T(ctx, "access.groups_unknown")
	case len(r.Groups) == 0:
		return i18n.T(ctx, "access.groups_none")
	}
	var names []string
	for _, g := range r.Groups {
		names = append(names, i18n.T(ctx, "access.group_status", "Name", shown(g.Name), "Status", shown(g.Status)))
	}
	return strings.Join(names, ", ")
}

// relationshipStatus is a status in words; one that Microsoft has added since
// stands as it is.
func relationshipStatus(ctx context.Context, r desk.AccessRelationship) string {
	if !slices.Contains(access.Statuses, access.StatusOf(r.Status)) {
		return shown(r.Status)
	}
	return i18n.T(ctx, "access.status."+access.StatusOf(r.Status))
}

func relationshipLook(r desk.AccessRelationship, now time.Time) [2]string {
	switch {
	case r.Live(now):
		return [2]string{"ok", "ok"}
	case r.Pending():
		return [2]string{"info", "clock"}
	}
	return [2]string{"bad", "stop"}
}

func statusOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, s := range access.Statuses {
		options = append(options, ui.Option{Value: s, Text: i18n.T(ctx, "access.status."+s)})
	}
	return options
}

func roleTicks() []ui.OptionGroup {
	var options []ui.Option
	for _, r := range access.Roles() {
		options = append(options, ui.Option{Value: r.ID, Text: r.Name})
	}
	return []ui.OptionGroup{{Options: options}}
}

func azureOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, r := range desk.AzureRoles {
		options = append(options, ui.Option{Value: r, Text: i18n.T(ctx, "access.azure."+r)})
	}
	return options
}

func toldOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, a := range []string{access.Yes, access.No, access.Unknown} {
		options = append(options, ui.Option{Value: a, Text: i18n.T(ctx, "access.fact."+a)})
	}
	return options
}
