package desk

import "guichet/internal/rules"

// signs reads the facts that speak for a category.
type signs map[string]any

func (s signs) any(names ...string) bool {
	for _, name := range names {
		if s[name] == true {
			return true
		}
	}
	return false
}

// told is what the findings say, or before there is one, the customer.
func (s signs) told(concepts ...string) bool {
	prefix := "found_"
	if s.number("findings") == 0 {
		prefix = "said_"
	}
	for _, concept := range concepts {
		if s[prefix+concept] == true {
			return true
		}
	}
	return false
}

func (s signs) number(name string) int64 {
	n, _ := s[name].(int64)
	return n
}

// partnerBySigns is the likeliest category of the partner's side where no hint says it: the
// first that has a sign; "" for none.
func (s signs) partnerBySigns() Category {
	switch {
	case s.told("threat"):
		return rules.Security
	case s.told("billing"):
		return rules.Billing
	case s.told("licence_cause") || s.told("licensing") && (s.told("expired") || s.number("findings") == 0):
		return rules.Licensing
	case s.told("third_party") || s["service"] == "Other":
		return rules.ThirdParty
	case s.told("migration"):
		return rules.Migration
	case s.told("deleted", "restore"):
		return rules.Recovery
	case s.told("account", "credentials"):
		return rules.Identity
	case s.told("misconfigured", "own_change", "own_network"):
		return rules.Configuration
	case s.told("local_cause", "solved_locally"):
		return rules.Client
	case s.told("how_to") || s.told("limit") && s["said_how_to"] == true:
		return rules.HowTo
	}
	return ""
}

// microsoftBySigns is the same for Microsoft's side.
func (s signs) microsoftBySigns() Category {
	similar, several := s.number("similar"), s.any("found_several_customers")
	placed := s.any("found_region_bound", "said_region_bound") || s["region"] != ""
	switch {
	case s.any("found_network") || s.any("said_network") && similar >= 3:
		return rules.NetworkOutage
	case placed && (similar >= 3 || several):
		return rules.Regional
	case similar >= 4 || several && s.any("said_outage"):
		return rules.ServiceUnavailable
	case s.any("found_regression", "found_defect_known", "found_part_works", "found_contradicts_docs", "said_looks", "said_part_works", "said_regression"),
		s.any("found_reproduced") && !s.any("said_outage"):
		return rules.Bug
	}
	return ""
}
