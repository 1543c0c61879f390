// Package rules compiles and evaluates rulesets: ordered conditions, written in the Common
// Expression Language (CEL), over the facts of a ticket. The first rule whose condition holds
// decides. The package knows no fact by name; whoever computes the facts declares them.
package rules

import (
	_ "embed"
	"encoding/json"
)

// Outcome says who has to solve a ticket.
type Outcome string

// The partner solves, Microsoft has to, or it cannot be told before the customer has answered.
const (
	Partner   Outcome = "PARTNER"
	Microsoft Outcome = "MICROSOFT"
	NeedsInfo Outcome = "NEEDS_INFO"
)

// Outcomes lists them.
func Outcomes() []Outcome { return []Outcome{Partner, Microsoft, NeedsInfo} }

// Category says what kind of problem a ticket is. Every category belongs to one outcome,
// except Unclear, which also serves NEEDS_INFO.
type Category string

// The categories that Microsoft expects a partner to escalate.
const (
	Undocumented       Category = "undocumented_service_issue"
	ServiceUnavailable Category = "service_unavailable"
	Bug                Category = "bug"
	NetworkOutage      Category = "network_outage"
	Regional           Category = "regional_multitenant"
)

// The categories that a partner solves himself.
const (
	Known         Category = "known_issue"
	Configuration Category = "configuration"
	HowTo         Category = "how_to"
	Client        Category = "software_client"
	Identity      Category = "identity_access"
	Licensing     Category = "licensing_subscription"
	Billing       Category = "billing"
	Recovery      Category = "data_recovery"
	Migration     Category = "migration"
	ThirdParty    Category = "third_party"
	Security      Category = "security_incident"
	Unclear       Category = "unclear"
)

// Categories returns the categories that go with an outcome; none for an unknown outcome.
func Categories(o Outcome) []Category {
	switch o {
	case Partner:
		return []Category{Known, Configuration, HowTo, Client, Identity, Licensing, Billing, Recovery, Migration, ThirdParty, Security, Unclear}
	case Microsoft:
		return []Category{Undocumented, ServiceUnavailable, Bug, NetworkOutage, Regional}
	case NeedsInfo:
		return []Category{Unclear}
	}
	return nil
}

// Type is the type of a fact, as conditions see it.
type Type string

// The types a fact can have; a List is a list of texts.
const (
	Bool Type = "bool"
	Int  Type = "int"
	Text Type = "text"
	List Type = "list"
)

// Fact declares a variable that conditions may use.
type Fact struct {
	Name   string   `json:"name"`
	Type   Type     `json:"type"`
	Values []string `json:"values,omitempty"` // what a Text or List fact can hold, where that is a closed list
}

// Rule is a condition and what follows when it holds.
type Rule struct {
	Key       string            `json:"key"`
	Name      map[string]string `json:"name"` // by language: "fr", "en"
	When      string            `json:"when"` // CEL, of type bool
	Outcome   Outcome           `json:"outcome"`
	Category  Category          `json:"category"`
	Because   map[string]string `json:"because,omitempty"`   // by language: a sentence in which {fact} stands for the fact's value
	Questions []Question        `json:"questions,omitempty"` // for NEEDS_INFO
	Effects   Effects           `json:"effects,omitzero"`
}

// Effects is what a deciding rule does to the ticket besides.
type Effects struct {
	Priority int      `json:"priority,omitempty"` // 1 critical to 4 low; 0 leaves it
	Tags     []string `json:"tags,omitempty"`
	Team     string   `json:"team,omitempty"`
}

// Zero tells that a rule has no effects.
func (e Effects) IsZero() bool { return e.Priority == 0 && len(e.Tags) == 0 && e.Team == "" }

// Question is one of the shipped questions, by its message key, or a desk's own, by language.
type Question struct {
	Key  string
	Text map[string]string
}

// MarshalJSON writes a shipped question as its key alone.
func (q Question) MarshalJSON() ([]byte, error) {
	if q.Key != "" {
		return json.Marshal(q.Key)
	}
	return json.Marshal(q.Text)
}

// UnmarshalJSON reads either form.
func (q *Question) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &q.Key)
	}
	return json.Unmarshal(data, &q.Text)
}

// Ruleset is an ordered list of rules. Once used, a version never changes.
type Ruleset struct {
	Version int    `json:"version"`
	NoHint  bool   `json:"no_hint,omitempty"` // the learned hint is switched off: its facts are never set
	Rules   []Rule `json:"rules"`
}

// Rule finds one by its key.
func (rs Ruleset) Rule(key string) (Rule, bool) {
	for _, r := range rs.Rules {
		if r.Key == key {
			return r, true
		}
	}
	return Rule{}, false
}

//go:embed default.json
var defaultJSON []byte

// Default is the ruleset that a desk starts with, version 1.
func Default() Ruleset {
	rs, err := Parse(defaultJSON)
	if err != nil {
		panic(err) // the embedded file is compiled by the tests
	}
	return rs
}
