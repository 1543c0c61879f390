package page

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// Where is the lookup of where a request goes.
type Where struct {
	Question desk.WhereQuestion
	Answer   desk.WhereAnswer
}

// ReadWhere reads the lookup from an address. What is none of the words there are
// counts as not said.
func ReadWhere(v url.Values) desk.WhereQuestion {
	word := func(list string) string {
		if w := v.Get(list); slices.Contains(routeLists[list].words, w) {
			return w
		}
		return ""
	}
	q := desk.WhereQuestion{Name: strings.TrimSpace(shown(v.Get("q"))), Case: route.Case{Relation: word("relation"), Workload: word("workload"), Topic: word("topic"),
		Kind: word("kind"), Channel: word("channel"), Vulnerability: v.Has("vulnerability")}}
	if q.Case.Relation == "" {
		q.Case.Relation = route.Relations[0]
	}
	return q
}

// href is the same question about a customer, or about none.
func (w Where) href(f Frame, customer desk.ID) string {
	v := url.Values{"relation": {w.Question.Case.Relation}}
	for name, value := range map[string]string{"workload": w.Question.Case.Workload, "topic": w.Question.Case.Topic, "kind": w.Question.Case.Kind, "channel": w.Question.Case.Channel} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if w.Question.Case.Vulnerability {
		v.Set("vulnerability", "on")
	}
	if customer != desk.Nobody {
		v.Set("customer", customer.String())
	}
	return f.Href("/escalations/where?" + v.Encode())
}

// workloads are the services by family.
func (w Where) workloads(p *i18n.Printer) []ui.OptionGroup {
	groups := []ui.OptionGroup{{Options: []ui.Option{{Text: p.T("where.workload_choose")}}}}
	for _, family := range route.Families {
		g := ui.OptionGroup{Title: upperFirst(routeWord(p, "family", family))}
		for _, name := range route.Workloads() {
			if route.FamilyOf(name) == family {
				g.Options = append(g.Options, ui.Option{Value: name, Text: routeWord(p, "workload", name)})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// word asks for one part of the question.
func (w Where) word(ctx context.Context, key, value string) (ui.Field, []ui.Option) {
	p, f := i18n.From(ctx), asked(ctx, nil, key, value, "")
	options := routeOptions(p, f.Name, p.T("where.topic_none"))
	if f.Name == "relation" || f.Name == "channel" {
		options = options[1:]
	}
	return f, options
}

// mayOpen says who can open a request in the answer's portal.
func (w Where) mayOpen(p *i18n.Printer) string {
	o := w.Answer.Portal
	switch {
	case o.Key == "":
		return ""
	case o.Key == "entra":
		return p.T("route.open.entra")
	}
	return p.T("route.open." + o.Form)
}

// lacking names what the link needs of the customer.
func (w Where) lacking(p *i18n.Printer) string {
	names := make([]string, len(w.Answer.Lacks))
	for i, l := range w.Answer.Lacks {
		names[i] = p.T("where.lack." + l)
	}
	return strings.Join(names, ", ")
}

// opens names the link.
func (w Where) opens(p *i18n.Printer) string {
	if len(w.Answer.Portal.Lacks(route.Where{})) == 0 {
		return p.T("where.open_plain", "Portal", portalName(p, w.Answer.Portal))
	}
	return p.T("where.open", "Portal", portalName(p, w.Answer.Portal))
}

// plan is the contract that the request goes by.
func (w Where) plan(p *i18n.Printer) string {
	l := w.Answer.Plan
	if l.Kind == "" {
		return p.T("where.plan_missing")
	}
	if l.ID == desk.Nobody {
		return upperFirst(routeWord(p, "plan", l.Kind))
	}
	parts := []string{p.T("where.plan_is", "Name", l.Name, "Kind", routeWord(p, "plan", l.Kind)) + "."}
	if l.Remaining != nil {
		parts = append(parts, p.T("where.plan_left", "Count", p.Number(*l.Remaining)))
	}
	if l.Expires != nil {
		parts = append(parts, p.T("where.plan_until", "Day", planEnd(p, l)))
	}
	return strings.Join(parts, " ")
}

// usualTo says where one of the usual questions goes.
func usualTo(p *i18n.Printer, routes []desk.UsualRoute, key string) string {
	for _, u := range routes {
		if u.Key == key {
			return routeTo(p, u.Route.Target, "")
		}
	}
	return ""
}
