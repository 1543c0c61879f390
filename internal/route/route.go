// Package route tells who must act on an escalation, and where they take it:
// Microsoft and in which portal, the indirect provider, a publisher, Microsoft's
// security response centre, another partner, or nobody. It is a table of lines
// of which the first that fits wins, and an explanation of why. It does no I/O.
package route

import (
	_ "embed"
	"encoding/json"
	"reflect"
	"strconv"
	"sync"
)

// Target is who must act.
type Target string

// The targets. Partner Center is a portal of Microsoft.
const (
	Microsoft    Target = "microsoft"
	Provider     Target = "provider" // the indirect provider that the partner buys from
	Publisher    Target = "publisher"
	MSRC         Target = "msrc"
	OtherPartner Target = "other_partner" // sold what is concerned, and answers for it
	Nobody       Target = "nobody"        // no request is taken: somebody at hand does it himself
)

// Targets lists them in the order a form shows them.
func Targets() []Target {
	return []Target{Microsoft, Provider, Publisher, MSRC, OtherPartner, Nobody}
}

// Case is what is known of a request when it is to be handed on.
type Case struct {
	Relation      string // what the partner is for the customer: "direct", "reseller" or "provider"
	Workload      string // one of Workloads
	Plan          string // one of Plans, "" for the entitlement that every partner has
	Kind          string // of the ticket, one of Kinds
	Category      string // of the decision, one of Categories; "" while undecided
	Channel       string // who sold what is concerned, one of Channels; "" for the partner
	Topic         string // what it is about, one of Topics; "" where it is not said
	Vulnerability bool   // a weakness of a product of Microsoft's, not an attack on the customer
}

func (c Case) whole() Case {
	if c.Plan == "" {
		c.Plan = "csp"
	}
	if c.Channel == "" {
		c.Channel = "csp"
	}
	if c.Workload == "" {
		c.Workload = "other"
	}
	return c
}

// Line is one line of a policy. A condition of "" fits everything.
type Line struct {
	Relation      string            `json:"relation,omitempty"`
	Workload      string            `json:"workload,omitempty"`
	Family        string            `json:"family,omitempty"`
	Plan          string            `json:"plan,omitempty"`
	Kind          string            `json:"kind,omitempty"`
	Category      string            `json:"category,omitempty"`
	Channel       string            `json:"channel,omitempty"`
	Topic         string            `json:"topic,omitempty"`
	Vulnerability bool              `json:"vulnerability,omitempty"`
	Target        Target            `json:"target"`
	Portal        string            `json:"portal,omitempty"` // of Portals; "" where the target has but one, or none
	Note          map[string]string `json:"note,omitempty"`   // what whoever carries it must know, by language
}

// condition is one column of a line.
type condition struct {
	name  string
	value string
	words []string
}

// conditions lists a line's, in the order a page shows them.
func (l Line) conditions() []condition {
	return []condition{
		{"relation", l.Relation, Relations}, {"channel", l.Channel, Channels}, {"family", l.Family, Families},
		{"workload", l.Workload, Workloads()}, {"topic", l.Topic, Topics}, {"kind", l.Kind, Kinds},
		{"category", l.Category, Categories}, {"plan", l.Plan, Plans},
	}
}

// Any tells a line that fits everything.
func (l Line) Any() bool {
	for _, c := range l.conditions() {
		if c.value != "" {
			return false
		}
	}
	return !l.Vulnerability
}

func (l Line) fits(c Case) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	return is(l.Relation, c.Relation) && is(l.Workload, c.Workload) && is(l.Family, FamilyOf(c.Workload)) && is(l.Plan, c.Plan) &&
		is(l.Kind, c.Kind) && is(l.Category, c.Category) && is(l.Channel, c.Channel) && is(l.Topic, c.Topic) &&
		(!l.Vulnerability || c.Vulnerability)
}

// Policy is a desk's table: the first line that fits wins, and the last fits all.
type Policy struct {
	Lines []Line `json:"lines"`
}

// Route is where a request goes, and why.
type Route struct {
	Target  Target
	Portal  string            // key of Portals, "" for none
	Line    int               // the policy's, from 1; 0 where what nobody may change decided
	Note    map[string]string // by language
	Because []Reason          // sentences, the deciding ones first
}

// Reason is one sentence: a message key that begins with "route.because.", and
// the words that it speaks of. A word of one of the lists (Relation, Workload,
// Family, Plan, Kind, Category, Channel, Topic, Target) stands as it is here.
type Reason struct {
	Key  string
	Args map[string]string
}

// Route finds the line for a case. A policy that says what Check refuses is not
// followed there.
func (p Policy) Route(c Case) Route {
	c = c.whole()
	if c.Vulnerability {
		return p.vulnerability(c)
	}
	for i, l := range p.Lines {
		if !l.fits(c) {
			continue
		}
		r := Route{Target: l.Target, Portal: portalFor(l.Target, l.Portal), Line: i + 1, Note: l.Note, Because: l.reasons(i + 1)}
		if why, no := Forbidden(c, l.Target); no {
			return Route{Target: Provider, Portal: string(Provider), Because: []Reason{why}}
		}
		return r
	}
	return Route{Target: Nobody, Because: []Reason{{Key: "route.because.no_line"}}}
}

// vulnerability goes to the security response centre whatever the lines say;
// theirs is the note.
func (p Policy) vulnerability(c Case) Route {
	r := Route{Target: MSRC, Portal: string(MSRC), Because: []Reason{{Key: "route.because.vulnerability"}}}
	for i, l := range p.Lines {
		if l.fits(c) && l.Target == MSRC {
			r.Line, r.Note = i+1, l.Note
			break
		}
	}
	return r
}

// reasons are a line's conditions as sentences, and its number.
func (l Line) reasons(number int) []Reason {
	var list []Reason
	for _, c := range l.conditions() {
		if c.value != "" {
			list = append(list, Reason{Key: "route.because." + c.name, Args: map[string]string{argOf[c.name]: c.value}})
		}
	}
	if list == nil {
		list = append(list, Reason{Key: "route.because.last"})
	}
	return append(list, Reason{Key: "route.because.line", Args: map[string]string{"Line": strconv.Itoa(number)}})
}

var argOf = map[string]string{"relation": "Relation", "channel": "Channel", "family": "Family", "workload": "Workload",
	"topic": "Topic", "kind": "Kind", "category": "Category", "plan": "Plan"}

// Forbidden tells, and says why, that a case can never go to a target, by a line
// or by a person's choice. An indirect reseller cannot create a request for Azure
// at Microsoft, "even if they have a support contract" (Partner Center, "Report
// problems on behalf of a customer"), and a vulnerability is no support request
// (Partner Center, "Escalating problems").
func Forbidden(c Case, t Target) (Reason, bool) {
	c = c.whole()
	switch {
	case c.Vulnerability && t != MSRC:
		return Reason{Key: "route.because.vulnerability"}, true
	case !c.Vulnerability && c.Relation == "reseller" && FamilyOf(c.Workload) == "azure" && t == Microsoft:
		return Reason{Key: "route.because.azure_reseller"}, true
	}
	return Reason{}, false
}

// shippedFile is what the sources say (Partner Center, "Report problems on behalf
// of a customer", "Which support portal should I use?", "Escalating problems",
// "Marketplace support"), as lines.
//
//go:embed shipped.json
var shippedFile []byte

var shipped = sync.OnceValue(func() (p Policy) {
	if err := json.Unmarshal(shippedFile, &p); err != nil {
		panic("shipped.json: " + err.Error())
	}
	return p
})

// Shipped is the policy that every desk begins with.
func Shipped() Policy { return Policy{Lines: append([]Line(nil), shipped().Lines...)} }

// Same tells that two lines say the same.
func (l Line) Same(other Line) bool {
	notes := len(l.Note) == len(other.Note)
	for lang, text := range l.Note {
		notes = notes && other.Note[lang] == text
	}
	l.Note, other.Note = nil, nil
	return notes && reflect.DeepEqual(l, other)
}
