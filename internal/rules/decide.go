package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Decision is what a ruleset made of a ticket's facts. Rule is empty, and the outcome
// NEEDS_INFO, when no rule fired.
type Decision struct {
	Outcome   Outcome
	Category  Category
	Rule      string
	Ruleset   int
	Questions []Question
	Effects   Effects
	Because   []Reason
}

// Reason is a fact that the deciding rule rests on.
type Reason struct {
	Fact   string `json:"fact"`
	Value  string `json:"value,omitempty"`
	Quote  string `json:"quote,omitempty"`  // the words that made the fact, if any
	Source string `json:"source,omitempty"` // form, text, finding, health, tickets, hint or person
}

// Verdict is the value of a condition in CEL's logic, where an error is a third value
// that gives way to a deciding neighbour: false && error is false, true || error is true.
type Verdict uint8

// The verdicts. The zero Verdict is that of a condition not looked at.
const (
	unknown Verdict = iota
	Held
	NotHeld
	Failed
)

// Step is what became of one rule. Every rule has one, also those behind the rule that decided.
type Step struct {
	Rule    string
	Result  Verdict
	Decided bool // the first that held
	Whole   Part
}

// Part is a condition, or a part of one: "and" or "or" over parts, or a single question put to
// the facts, with the values that answered it.
type Part struct {
	All    bool   // with Parts: whether all must hold, or one
	Parts  []Part // none for a single question
	Text   string // the question in CEL
	Row    Row    // the same as a row, where Row.Fact is not empty
	Facts  []Reading
	Result Verdict
	Error  string // why it could not be evaluated
}

// Reading is a fact with the value that a condition read.
type Reading struct {
	Fact  string
	Value any // bool, int64, string, []string; nil when absent
}

// Decide evaluates the rules in order until one fires. A rule that cannot be evaluated
// does not fire. The same facts always give the same decision.
func (p *Program) Decide(facts map[string]any) Decision {
	d := Decision{Outcome: NeedsInfo, Category: Unclear, Ruleset: p.version}
	run := p.evaluate(facts)
	for i := range p.rules {
		r := &p.rules[i]
		if run.holds(r.root) != Held {
			continue
		}
		d.Outcome, d.Category, d.Rule, d.Effects = r.Outcome, r.Category, r.Key, r.Effects
		d.Questions = slices.Clone(r.Questions)
		d.Because = run.reasons(r.root)
		return d
	}
	return d
}

// Explain tells what became of every rule, down to each part of its condition and the values
// that it met.
func (p *Program) Explain(facts map[string]any) []Step {
	run := p.evaluate(facts)
	steps := make([]Step, 0, len(p.rules))
	decided := false
	for _, r := range p.rules {
		s := Step{Rule: r.Key, Whole: run.part(r.root)}
		s.Result = s.Whole.Result
		s.Decided = s.Result == Held && !decided
		decided = decided || s.Decided
		steps = append(steps, s)
	}
	return steps
}

// Uses tells whether any rule asks for a fact.
func (p *Program) Uses(fact string) bool {
	return slices.ContainsFunc(p.atoms, func(a atom) bool { return slices.Contains(a.facts, fact) })
}

func (p *Program) evaluate(facts map[string]any) *evaluation {
	return &evaluation{program: p, facts: facts, known: make([]Verdict, len(p.atoms))}
}

// evaluation is one decision under way: the verdicts on atoms so far.
type evaluation struct {
	program *Program
	facts   map[string]any
	vars    cel.Activation
	known   []Verdict
	faults  map[int]string // by atom
}

func (e *evaluation) holds(n *node) Verdict {
	if len(n.children) == 0 {
		if e.known[n.atom] == unknown {
			e.known[n.atom] = e.ask(n.atom)
		}
		return e.known[n.atom]
	}
	decided, otherwise := Held, NotHeld
	if n.all {
		decided, otherwise = NotHeld, Held
	}
	for _, child := range n.children {
		switch e.holds(child) {
		case decided:
			return decided
		case Failed:
			otherwise = Failed
		}
	}
	return otherwise
}

func (e *evaluation) ask(i int) (v Verdict) {
	a := &e.program.atoms[i]
	if a.plain != nil {
		if held, known := a.plain.holds(e.facts); known {
			return verdict(held)
		}
	}
	defer func() {
		if fault := recover(); fault != nil {
			v = e.fail(i, fmt.Sprint(fault))
		}
	}()
	if e.vars == nil {
		vars, err := cel.NewActivation(e.facts)
		if err != nil {
			return e.fail(i, err.Error())
		}
		e.vars = vars
	}
	program, err := a.program()
	if err != nil {
		return e.fail(i, err.Error())
	}
	out, _, err := program.Eval(e.vars)
	if err != nil {
		return e.fail(i, err.Error())
	}
	return verdict(out == types.True)
}

func verdict(held bool) Verdict {
	if held {
		return Held
	}
	return NotHeld
}

func (e *evaluation) fail(atom int, why string) Verdict {
	if e.faults == nil {
		e.faults = map[int]string{}
	}
	e.faults[atom] = why
	return Failed
}

// decisive collects the atoms that explain why a condition held.
func (e *evaluation) decisive(n *node, into []int) []int {
	if len(n.children) == 0 {
		return append(into, n.atom)
	}
	for _, child := range n.children {
		if e.holds(child) == Held {
			into = e.decisive(child, into)
		}
	}
	return into
}

// part tells a whole condition, also what holds had no need of.
func (e *evaluation) part(n *node) Part {
	p := Part{All: n.all, Result: e.holds(n)}
	if len(n.children) > 0 {
		for _, child := range n.children {
			p.Parts = append(p.Parts, e.part(child))
		}
		return p
	}
	a := e.program.atoms[n.atom]
	p.Text, p.Error = a.text, e.faults[n.atom]
	if a.plain != nil {
		p.Row = *a.plain
	}
	for _, name := range a.facts {
		p.Facts = append(p.Facts, Reading{name, e.facts[name]})
	}
	return p
}

// reasons lists the facts of the atoms that held, leaving out those that are
// false, zero or empty: an absence is seldom what a reader wants to be told first.
func (e *evaluation) reasons(n *node) []Reason {
	var because []Reason
	seen := map[string]bool{}
	for _, i := range e.decisive(n, nil) {
		for _, name := range e.program.atoms[i].facts {
			value := Said(e.facts[name])
			if seen[name] || value == "" {
				continue
			}
			seen[name] = true
			because = append(because, Reason{Fact: name, Value: value})
		}
	}
	return because
}

// Said writes a fact's value as a text: "" for what is false, zero or empty.
func Said(value any) string {
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
