package desk

import (
	"maps"
	"slices"

	"guichet/internal/rules"
	"guichet/internal/signals"
)

// TriageQuestions are the message keys of the questions that a rule can put to the customer.
var TriageQuestions = []string{"question.scope", "question.since", "question.reproduce", "question.changed", "question.error", "question.steps"}

// Triage reads a ticket and decides who has to solve it. The decision's reasons carry the words,
// and where they come from, that made each fact.
func Triage(p *rules.Program, in signals.Input) rules.Decision {
	facts := signals.Read(in)
	d := p.Decide(facts.Map())
	d.Because = explain(d.Because, facts)
	return d
}

// DeclaredFacts are the facts that conditions may use, sorted by name.
func DeclaredFacts() []rules.Fact {
	values := signals.Read(signals.Input{}).Map()
	facts := make([]rules.Fact, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		facts = append(facts, rules.Fact{Name: name, Type: typeOf(values[name])})
	}
	return facts
}

func typeOf(value any) rules.Type {
	switch value.(type) {
	case bool:
		return rules.Bool
	case int64:
		return rules.Int
	case []string:
		return rules.List
	}
	return rules.Text
}

// explain adds to each reason its source and words. A count gives way to what was counted.
func explain(reasons []rules.Reason, facts signals.Facts) []rules.Reason {
	var full []rules.Reason
	seen := map[string]bool{}
	add := func(r rules.Reason, why signals.Evidence) {
		if !seen[r.Fact] {
			seen[r.Fact] = true
			r.Source, r.Quote = why.Source, why.Quote
			full = append(full, r)
		}
	}
	for _, r := range reasons {
		why := facts.Evidence(r.Fact)
		if len(why.Counted) == 0 {
			add(r, why)
		}
		for _, name := range why.Counted {
			add(rules.Reason{Fact: name, Value: "true"}, facts.Evidence(name))
		}
	}
	return full
}
