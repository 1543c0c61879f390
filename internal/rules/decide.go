package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Decision is what a ruleset made of a ticket's facts, with all it takes to explain it later.
// Rule is empty, and the outcome NEEDS_INFO, when no rule fired.
type Decision struct {
	Outcome   Outcome  `json:"outcome"`
	Category  Category `json:"category"`
	Rule      string   `json:"rule"`
	Ruleset   int      `json:"ruleset"`
	Questions []string `json:"questions,omitempty"`
	Because   []Reason `json:"because,omitempty"`
	Trace     []Step   `json:"trace,omitempty"`
}

// Reason is a fact that the deciding rule rests on.
type Reason struct {
	Fact   string `json:"fact"`
	Value  string `json:"value,omitempty"`
	Quote  string `json:"quote,omitempty"`  // the words that made the fact, if any
	Source string `json:"source,omitempty"` // form, text, finding, health or tickets
}

// Step is one rule that was looked at, in order. The last step is the rule that fired, if any did.
type Step struct {
	Rule   string `json:"rule"`
	Fired  bool   `json:"fired,omitempty"`
	Failed []Atom `json:"failed,omitempty"` // the parts of the condition that kept it from firing
	Error  string `json:"error,omitempty"`  // why it could not be evaluated
}

// Atom is a part of a condition without "and" or "or": one comparison, or one fact.
type Atom struct {
	Text  string   `json:"text"`
	Facts []string `json:"facts"`
}

// MarshalJSON writes a fact or its absence as its text alone: a trace has
// hundreds of them, and is stored with every decision.
func (a Atom) MarshalJSON() ([]byte, error) {
	if len(a.Facts) == 1 && strings.TrimPrefix(a.Text, "!") == a.Facts[0] {
		return json.Marshal(a.Text)
	}
	type whole Atom
	return json.Marshal(whole(a))
}

// UnmarshalJSON reads either form.
func (a *Atom) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		if err := json.Unmarshal(data, &a.Text); err != nil {
			return err
		}
		a.Facts = []string{strings.TrimPrefix(a.Text, "!")}
		return nil
	}
	type whole Atom
	return json.Unmarshal(data, (*whole)(a))
}

// Decide evaluates the rules in order until one fires. A rule that cannot be evaluated
// does not fire, and its step says why. The same facts always give the same decision.
func (p *Program) Decide(facts map[string]any) Decision {
	d := Decision{Outcome: NeedsInfo, Category: Unclear, Ruleset: p.version}
	vars, err := cel.NewActivation(facts)
	if err != nil {
		return d
	}
	run := evaluation{program: p, vars: vars, known: make([]verdict, len(p.atoms))}
	d.Trace = make([]Step, 0, len(p.rules))
	for _, r := range p.rules {
		held := run.holds(r.root)
		step := Step{Rule: r.Key, Fired: held == yes}
		switch held {
		case yes:
			d.Outcome, d.Category, d.Rule = r.Outcome, r.Category, r.Key
			d.Questions = slices.Clone(r.Questions)
			d.Because = reasons(run.decisive(r.root, yes, nil), facts)
			d.Trace = append(d.Trace, step)
			return d
		case no:
			step.Failed = run.decisive(r.root, no, nil)
		case failed:
			step.Failed = run.decisive(r.root, failed, nil)
			step.Error = run.faults[step.Failed[0].Text]
		}
		d.Trace = append(d.Trace, step)
	}
	return d
}

// verdict is the value of a condition in CEL's logic, where an error is a third value
// that gives way to a deciding neighbour: false && error is false, true || error is true.
type verdict uint8

const (
	unknown verdict = iota
	yes
	no
	failed
)

// evaluation is one decision under way: the verdicts on atoms so far.
type evaluation struct {
	program *Program
	vars    cel.Activation
	known   []verdict
	faults  map[string]string // by atom text
}

func (e *evaluation) holds(n *node) verdict {
	if len(n.children) == 0 {
		if e.known[n.atom] == unknown {
			e.known[n.atom] = e.evaluate(n.atom)
		}
		return e.known[n.atom]
	}
	decided, otherwise := yes, no
	if n.all {
		decided, otherwise = no, yes
	}
	for _, child := range n.children {
		switch e.holds(child) {
		case decided:
			return decided
		case failed:
			otherwise = failed
		}
	}
	return otherwise
}

func (e *evaluation) evaluate(i int) (v verdict) {
	a := e.program.atoms[i]
	defer func() {
		if fault := recover(); fault != nil {
			v = e.fail(a.Text, fmt.Sprint(fault))
		}
	}()
	out, _, err := a.program.Eval(e.vars)
	switch {
	case err != nil:
		return e.fail(a.Text, err.Error())
	case out == types.True:
		return yes
	}
	return no
}

func (e *evaluation) fail(atom, why string) verdict {
	if e.faults == nil {
		e.faults = map[string]string{}
	}
	e.faults[atom] = why
	return failed
}

// decisive collects the atoms that explain why the whole has the wanted verdict. It looks at
// every part, also those that holds had no need of, so that a reader sees all that is missing.
func (e *evaluation) decisive(n *node, want verdict, into []Atom) []Atom {
	if len(n.children) == 0 {
		return append(into, e.program.atoms[n.atom].Atom)
	}
	for _, child := range n.children {
		if e.holds(child) == want {
			into = e.decisive(child, want, into)
		}
	}
	return into
}

// reasons lists the facts of the atoms that held, leaving out those that are
// false, zero or empty: an absence is seldom what a reader wants to be told first.
func reasons(atoms []Atom, facts map[string]any) []Reason {
	var because []Reason
	seen := map[string]bool{}
	for _, a := range atoms {
		for _, name := range a.Facts {
			value := format(facts[name])
			if seen[name] || value == "" {
				continue
			}
			seen[name] = true
			because = append(because, Reason{Fact: name, Value: value})
		}
	}
	return because
}

func format(value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "true"
		}
	case int64:
		if v != 0 {
			return strconv.FormatInt(v, 10)
		}
	case string:
		return v
	case []string:
		return strings.Join(v, ", ")
	}
	return ""
}
