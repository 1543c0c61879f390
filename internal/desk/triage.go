package desk

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"guichet/internal/hint"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

// Verdict is what the rules said of a ticket, with the facts they judged: enough to tell later,
// for each rule of that version, why it fired or did not.
type Verdict struct {
	Outcome  Outcome  `json:"outcome"`
	Category Category `json:"category"`
	Rule     string   `json:"rule"` // "" when none fired
	Ruleset  int      `json:"ruleset"`
	Because  []Reason `json:"because,omitempty"`
	Facts    []Known  `json:"facts,omitempty"`
	// What the rule does besides is an act of the moment, and not kept here.
	Effects rules.Effects `json:"-"`
}

// Known is a fact of a ticket that holds: not false, zero or empty.
type Known struct {
	Name   string `json:"name"`
	Value  any    `json:"value"` // bool, int64, string or []string
	Source string `json:"source,omitempty"`
	Quote  string `json:"quote,omitempty"`
}

// UnmarshalJSON gives the value the type that rules know.
func (k *Known) UnmarshalJSON(data []byte) error {
	type plain Known
	raw := struct {
		*plain
		Value json.RawMessage `json:"value"`
	}{plain: (*plain)(k)}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	value, err := factValue(raw.Value)
	k.Value = value
	return err
}

func factValue(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	switch raw[0] {
	case 't', 'f':
		return raw[0] == 't', nil
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case '[':
		var list []string
		err := json.Unmarshal(raw, &list)
		return list, err
	}
	var n int64
	err := json.Unmarshal(raw, &n)
	return n, err
}

// Triage reads a ticket and decides who has to solve it. The model gives its hint where the
// ruleset wants it; nil gives none.
func Triage(p *rules.Program, model *hint.Model, in signals.Input) Verdict {
	facts := signals.Read(in)
	values := facts.Map()
	maps.Copy(values, blankHint)
	hinted := model != nil && p.Hinted()
	if hinted {
		addHint(facts, model)
	} else {
		facts.Set(likelyPartner, string(signs(values).partnerBySigns()), signals.Evidence{Source: signals.FromText})
		facts.Set(likelyMicrosoft, string(signs(values).microsoftBySigns()), signals.Evidence{Source: signals.FromText})
	}
	own, service := lean(values, hinted)
	facts.Set(leansOwn, own, signals.Evidence{Source: signals.FromFinding, Counted: []string{"own_signs", hintPartner}})
	facts.Set(leansService, service, signals.Evidence{Source: signals.FromFinding, Counted: []string{"service_signs", hintMicrosoft}})
	facts.Correct(in.Corrections)
	d := p.Decide(values)
	return Verdict{Outcome: d.Outcome, Category: d.Category, Rule: d.Rule, Ruleset: d.Ruleset, Effects: d.Effects,
		Because: explain(d.Because, facts), Facts: held(facts)}
}

// Vocabulary is what conditions may speak of: every fact, sorted by name, and every question.
func Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{Facts: declared, Questions: TriageQuestions}
}

var declared = func() []rules.Fact {
	values := signals.Read(signals.Input{}).Map()
	maps.Copy(values, blankHint)
	facts := make([]rules.Fact, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		facts = append(facts, rules.Fact{Name: name, Type: typeOf(values[name]), Values: closed[name]})
	}
	return facts
}()

// closed lists what a text fact can hold, where the form offers no other answer.
var closed = map[string][]string{
	"kind": Kinds, "affected": Affecteds, "family": {"m365", "azure", "power", "dynamics", "commerce", "other"},
	likelyPartner: plainTexts(Categories(Partner)), likelyMicrosoft: plainTexts(Categories(Microsoft)),
	"language": {"fr", "en", "de", "es", "it", "pt", "nl"}, "service": serviceNames(),
}

func plainTexts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = string(t)
	}
	return out
}

func serviceNames() []string {
	var names []string
	for _, s := range Services() {
		names = append(names, s.Name)
	}
	return names
}

// FactNamed finds a declared fact.
func FactNamed(name string) (rules.Fact, bool) {
	i, ok := slices.BinarySearchFunc(declared, name, func(f rules.Fact, n string) int { return strings.Compare(f.Name, n) })
	if !ok {
		return rules.Fact{}, false
	}
	return declared[i], true
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

// held lists the facts that hold, by name. The ticket's own words are kept with the ticket.
func held(facts signals.Facts) []Known {
	var list []Known
	values := facts.Map()
	for _, f := range declared {
		if f.Name == "text" || f.Name == "subject" || rules.Said(values[f.Name]) == "" {
			continue
		}
		why := facts.Evidence(f.Name)
		list = append(list, Known{Name: f.Name, Value: values[f.Name], Source: why.Source, Quote: why.Quote})
	}
	return list
}

// Map is all facts by name, as the rules judged them, with the words of the ticket, which a
// verdict does not keep. A fact that was not known yet when the verdict was given is blank.
func (v Verdict) Map(subject, words string) map[string]any {
	values := maps.Clone(blankFacts)
	values["subject"] = subject
	if words != "" {
		values["text"] = signals.Text(subject, words)
	}
	for _, k := range v.Facts {
		if blank, known := values[k.Name]; known && typeOf(blank) == typeOf(k.Value) {
			values[k.Name] = k.Value
		}
	}
	return values
}

var blankFacts = func() map[string]any {
	values := map[string]any{}
	for _, f := range declared {
		values[f.Name] = map[rules.Type]any{rules.Bool: false, rules.Int: int64(0), rules.Text: "", rules.List: []string{}}[f.Type]
	}
	return values
}()

// explain adds to each reason its source and words. What was computed from other facts gives
// way to those, down to what somebody wrote or counted.
func explain(reasons []rules.Reason, facts signals.Facts) []rules.Reason {
	var full []rules.Reason
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		why, value := facts.Evidence(name), rules.Said(facts.Map()[name])
		if seen[name] || value == "" {
			return
		}
		seen[name] = true
		if len(why.Counted) == 0 {
			full = append(full, rules.Reason{Fact: name, Value: value, Source: why.Source, Quote: why.Quote})
		}
		for _, counted := range why.Counted {
			add(counted)
		}
	}
	for _, r := range reasons {
		add(r.Fact)
	}
	return full
}
