package dossier

import "slices"

// Severity is how urgent the target is told it is: "A" (critical), "B" (moderate) or "C" (minimal).
type Severity struct {
	Letter     string
	Why        string      // message key
	Conditions []Condition // of A, in the order to show them
	May        []string    // letters that the conditions allow
}

// Condition is one thing that Microsoft asks of severity A: a critical function stopped for the
// organisation, and someone who works with it round the clock. Its message is
// "dossier.condition." and the key.
type Condition struct {
	Key string // "fault", "stopped", "whole", "night", "phone"
	Met bool
}

// wants says whether all but the people on call speak for A.
func (s Severity) wants() bool {
	for _, c := range s.Conditions {
		if !c.Met && c.Key != "night" && c.Key != "phone" {
			return false
		}
	}
	return len(s.Conditions) > 0
}

// advisory are the categories of requests that are no outage, however hard they press.
var advisory = []string{"how_to", "migration", "billing", "licensing_subscription"}

// weigh works the severity out from impact, scope and kind. What a person chose counts as far as
// the conditions allow it.
func (b *builder) weigh() Severity {
	t := b.in.Ticket
	s := Severity{May: []string{"C"}, Conditions: []Condition{
		{"fault", b.fault() && !slices.Contains(advisory, t.Category)},
		{"stopped", t.Impact == "stopped"},
		{"whole", t.Affected == "whole_tenant" || t.Affected == "many_tenants" || yes(b.in.Answers["critical_function"])},
		{"night", digits(b.night()) >= minPhone},
		{"phone", digits(b.contact("contact_phone").value) >= minPhone},
	}}
	if s.Conditions[0].Met {
		s.May = []string{"B", "C"}
	}
	if !slices.ContainsFunc(s.Conditions, func(c Condition) bool { return !c.Met }) {
		s.May = []string{"A", "B", "C"}
	}
	s.Letter, s.Why = s.proposed(t.Impact, t.Affected)
	if chosen := b.in.Answers["severity"]; chosen != s.Letter && slices.Contains(s.May, chosen) {
		s.Letter, s.Why = chosen, "dossier.severity.chosen"
	}
	return s
}

func (s Severity) proposed(impact, affected string) (letter, why string) {
	several := affected != "one_user" && affected != "unknown" && affected != ""
	switch {
	case !s.Conditions[0].Met:
		return "C", "dossier.severity.no_fault"
	case slices.Contains(s.May, "A"):
		return "A", "dossier.severity.stopped_whole"
	case s.wants():
		return "B", "dossier.severity.nobody_at_night"
	case impact == "stopped":
		return "B", "dossier.severity.stopped_some"
	case impact == "slowed" && several:
		return "B", "dossier.severity.slowed_several"
	case impact == "minor":
		return "C", "dossier.severity.minor"
	}
	return "C", "dossier.severity.slowed_few"
}

// severityNames are the letters as Microsoft's forms spell them.
var severityNames = map[string]string{"A": "A - Critical impact", "B": "B - Moderate impact", "C": "C - Minimal impact"}
