package desk

import "guichet/internal/route"

// WhereQuestion is what an agent asks before he hands something on; what he does
// not say is "".
type WhereQuestion struct {
	Customer ID     // Nobody: the relation alone counts
	Name     string // of a customer, or how it begins, where its id is not known
	Case     route.Case
}

// WhereAnswer is where it goes.
type WhereAnswer struct {
	Customer  Customer   // zero where none was asked about
	Found     []Customer // those of whom the name may speak, where it is not one alone
	Case      route.Case
	Asked     bool // whether a workload was said; the usual questions are answered anyway
	Route     route.Route
	Portal    route.Portal // zero for none
	Link      string       // opens it in the customer's context, "" where that cannot be
	Lacks     []string     // what the link needs and is not known of the customer, as route.Portal.Lacks
	Plan      PartnerPlan
	Contact   HandoverContact
	Providers []HandoverProvider // how the target is reached: providers, or publishers
	Usual     []UsualRoute
	From      int // the version that says so
}

// UsualRoute is one question of Partner Center's article "Which support portal
// should I use?", and what the desk's lines say to it.
type UsualRoute struct {
	Key   string // "route.usual." and this make its words
	Case  route.Case
	Route route.Route
}

// usual are those questions, in the article's order.
var usual = []struct {
	key string
	c   route.Case
}{
	{"invoice", route.Case{Workload: "other", Kind: "billing", Topic: "invoice"}},
	{"consumption", route.Case{Workload: "azure", Kind: "billing", Topic: "consumption"}},
	{"quota", route.Case{Workload: "azure", Kind: "subscription", Topic: "quota"}},
	{"transfer", route.Case{Workload: "azure", Kind: "subscription", Topic: "transfer"}},
	{"purchase", route.Case{Workload: "other", Kind: "subscription", Topic: "purchase"}},
	{"seats", route.Case{Workload: "other", Kind: "subscription", Topic: "seats"}},
	{"reservation", route.Case{Workload: "azure", Kind: "billing", Topic: "reservation"}},
	{"activation", route.Case{Workload: "windows", Kind: "question", Topic: "activation"}},
	{"m365", route.Case{Workload: "exchange", Kind: "problem", Topic: "technical"}},
	{"azure", route.Case{Workload: "azure", Kind: "problem", Topic: "technical"}},
	{"dynamics", route.Case{Workload: "dynamics", Kind: "problem", Topic: "technical"}},
	{"power", route.Case{Workload: "power_platform", Kind: "problem", Topic: "technical"}},
	{"partner_center", route.Case{Workload: "partner_center", Kind: "problem", Topic: "technical"}},
	{"marketplace", route.Case{Workload: "marketplace", Kind: "problem", Topic: "technical"}},
	{"on_premises", route.Case{Workload: "on_premises", Kind: "problem", Topic: "technical"}},
	{"vulnerability", route.Case{Workload: "other", Kind: "problem", Vulnerability: true}},
}

// Usually answers those questions for a relation.
func (h Handover) Usually(relation string, plans []PartnerPlan, today Day) []UsualRoute {
	list := make([]UsualRoute, len(usual))
	for i, u := range usual {
		u.c.Relation, u.c.Plan = relation, BestPlan(plans, u.c.Workload, today).Kind
		list[i] = UsualRoute{Key: u.key, Case: u.c, Route: h.Policy.Route(u.c)}
	}
	return list
}

// Answer tells where a case goes.
func (h Handover) Answer(q WhereQuestion, c Customer, plans []PartnerPlan, today Day) WhereAnswer {
	a := WhereAnswer{Customer: c, Case: q.Case, Asked: q.Case.Workload != "" || q.Case.Vulnerability, Contact: h.Contact, From: h.Version}
	if c.ID != Nobody {
		a.Case.Relation = string(c.Relationship)
	}
	a.Usual = h.Usually(a.Case.Relation, plans, today)
	if !a.Asked {
		return a
	}
	a.Plan = BestPlan(plans, a.Case.Workload, today)
	a.Case.Plan = a.Plan.Kind
	a.Route = h.Policy.Route(a.Case)
	switch a.Route.Target {
	case route.Provider:
		a.Providers = h.Providers
	case route.Publisher:
		a.Providers = h.Publishers
	}
	a.Portal, _ = route.PortalOf(a.Route.Portal)
	a.Link, _ = a.Portal.LinkFor(c.WhereIs())
	if c.ID != Nobody {
		a.Lacks = a.Portal.Lacks(c.WhereIs())
	}
	return a
}
