// Package rules compiles and evaluates rulesets: ordered conditions, written in the Common
// Expression Language (CEL), over the facts of a ticket. The first rule whose condition holds
// decides. The package knows no fact by name; whoever computes the facts declares them.
package rules

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

// Outcome says who has to solve a ticket.
type Outcome string

// The partner solves, Microsoft has to, or it cannot be told before the customer has answered.
const (
	Partner   Outcome = "PARTNER"
	Microsoft Outcome = "MICROSOFT"
	NeedsInfo Outcome = "NEEDS_INFO"
)

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
	Name string `json:"name"`
	Type Type   `json:"type"`
}

// Rule is a condition and what follows when it holds.
type Rule struct {
	Key       string            `json:"key"`
	Name      map[string]string `json:"name"` // by language: "fr", "en"
	When      string            `json:"when"` // CEL, of type bool
	Outcome   Outcome           `json:"outcome"`
	Category  Category          `json:"category"`
	Questions []string          `json:"questions,omitempty"` // message keys, for NEEDS_INFO
}

// Ruleset is an ordered list of rules. Once used, a version never changes.
type Ruleset struct {
	Version int    `json:"version"`
	Rules   []Rule `json:"rules"`
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

// Parse reads a ruleset from JSON. It checks the form only; Compile checks the rules.
func Parse(data []byte) (Ruleset, error) {
	var rs Ruleset
	if err := json.Unmarshal(data, &rs); err != nil {
		return Ruleset{}, fmt.Errorf("read ruleset: %w", err)
	}
	return rs, nil
}

func (r Rule) validate(seen map[string]bool) error {
	fail := func(format string, args ...any) error {
		return &Error{Rule: r.Key, Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case r.Key == "":
		return fail("a rule needs a key")
	case seen[r.Key]:
		return fail("the key is used twice")
	case Categories(r.Outcome) == nil:
		return fail("unknown outcome %q", r.Outcome)
	case !slices.Contains(Categories(r.Outcome), r.Category):
		return fail("category %q does not go with %s", r.Category, r.Outcome)
	}
	seen[r.Key] = true
	return nil
}
