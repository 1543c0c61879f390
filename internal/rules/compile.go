package rules

import (
	"errors"
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/parser"
)

// Bounds that no honest condition meets. maxCost is in CEL's own units, roughly one
// an operation; the sizes are what the estimate assumes of a text and of a list.
const (
	MaxSource = 4096
	maxDepth  = 40
	maxNodes  = 400
	maxCost   = 50_000
	maxText   = 20_000
	maxItems  = 64
)

// Program is a compiled ruleset. It is immutable and safe for concurrent use.
type Program struct {
	version int
	noHint  bool
	rules   []compiled
	atoms   []atom
}

// Hinted tells whether the ruleset wants the learned hint's facts.
func (p *Program) Hinted() bool { return !p.noHint }

// Version is the ruleset's.
func (p *Program) Version() int { return p.version }

// Rule finds a rule by its key.
func (p *Program) Rule(key string) (Rule, bool) {
	for _, r := range p.rules {
		if r.Key == key {
			return r.Rule, true
		}
	}
	return Rule{}, false
}

type compiled struct {
	Rule
	root *node
}

// node is the logical skeleton of a condition: "&&" and "||" over atoms. Rules share
// most of their atoms, so each atom is its own CEL program and is evaluated once a
// decision; that is what makes the explanation of every rule nearly free.
type node struct {
	all      bool // true for &&, false for ||
	children []*node
	atom     int // index into Program.atoms, when there are no children
}

// atom is a part of a condition without "and" or "or": one comparison, or one fact.
// Most are comparisons that Go does itself, some hundred times faster than CEL; a test
// holds the two ways to the same answers.
type atom struct {
	text    string
	facts   []string
	plain   *Row                        // nil where only CEL can tell
	program func() (cel.Program, error) // made when it is first needed: for most, never
}

// Vocabulary is what conditions may speak of: the declared facts, and the questions that
// are known by key. A nil Questions accepts any key.
type Vocabulary struct {
	Facts     []Fact
	Questions []string
}

// Compile checks every rule against the vocabulary and prepares it for Decide.
// The error joins one *Error for each fault found.
func Compile(rs Ruleset, words Vocabulary) (*Program, error) {
	b, err := newBuilder(words.Facts)
	if err != nil {
		return nil, err
	}
	if len(rs.Rules) > MaxRules {
		return nil, &Error{Kind: TooLarge, Detail: fmt.Sprint(MaxRules)}
	}
	v := validator{keys: map[string]bool{}, names: map[string]bool{}, facts: b.types, questions: words.Questions}
	var faults []error
	for _, r := range rs.Rules {
		faults = append(faults, v.check(r)...)
		if err := b.add(r); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Program{version: rs.Version, noHint: rs.NoHint, rules: b.rules, atoms: b.atoms}, nil
}

// builder gathers the rules and, once each, the atoms they are made of.
type builder struct {
	*environment
	rules []compiled
	atoms []atom
	known map[string]int // atom text → index
}

func newBuilder(facts []Fact) (*builder, error) {
	env, err := environmentOf(facts)
	if err != nil {
		return nil, err
	}
	return &builder{environment: env, known: map[string]int{}}, nil
}

// parse compiles a condition and judges its cost.
func (b *builder) parse(key, when string) (*ast.AST, *Error) {
	fail := func(kind Kind, line int, detail string) *Error {
		return &Error{Rule: key, Field: "when", Kind: kind, Line: line, Column: line, Detail: detail}
	}
	if len(when) > MaxSource {
		return nil, fail(TooLong, 0, fmt.Sprint(MaxSource))
	}
	if blank(when) {
		return nil, fail(Empty, 0, "")
	}
	checked, issues := b.env.Compile(when)
	if issues.Err() != nil {
		return nil, b.judged(key, when, issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, fail(NotBool, 1, checked.OutputType().String())
	}
	estimate, err := b.env.EstimateCost(checked, sizes{})
	if err != nil || estimate.Max > maxCost {
		return nil, fail(TooCostly, 0, "")
	}
	return checked.NativeRep(), nil
}

func (b *builder) add(r Rule) error {
	tree, fault := b.parse(r.Key, r.When)
	if fault != nil {
		return fault
	}
	root, err := b.skeleton(tree.Expr(), tree.SourceInfo())
	if err != nil {
		return &Error{Rule: r.Key, Field: "when", Kind: Syntax, Detail: err.Error()}
	}
	b.rules = append(b.rules, compiled{Rule: r, root: root})
	return nil
}

// sizes tells the estimate how large the facts can be.
type sizes struct{}

func (sizes) EstimateSize(element cost.AstNode) *cost.SizeEstimate {
	switch element.Type().Kind() {
	case cel.StringKind:
		return &cost.SizeEstimate{Min: 0, Max: maxText}
	case cel.ListKind:
		return &cost.SizeEstimate{Min: 0, Max: maxItems}
	}
	return nil
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// joined tells the parts of an "and" or an "or", each flattened to one level, so that a
// reader of a && (b && c) sees a list of three.
func joined(e ast.Expr) (all, is bool, parts []ast.Expr) {
	if e.Kind() != ast.CallKind {
		return false, false, nil
	}
	name := e.AsCall().FunctionName()
	if name != operators.LogicalAnd && name != operators.LogicalOr {
		return false, false, nil
	}
	for _, arg := range e.AsCall().Args() {
		if arg.Kind() == ast.CallKind && arg.AsCall().FunctionName() == name {
			_, _, inner := joined(arg)
			parts = append(parts, inner...)
			continue
		}
		parts = append(parts, arg)
	}
	return name == operators.LogicalAnd, true, parts
}

func (b *builder) skeleton(e ast.Expr, info *ast.SourceInfo) (*node, error) {
	all, is, parts := joined(e)
	if !is {
		return b.leaf(e, info)
	}
	n := &node{all: all}
	for _, part := range parts {
		child, err := b.skeleton(part, info)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	return n, nil
}

func (b *builder) leaf(e ast.Expr, info *ast.SourceInfo) (*node, error) {
	text, err := parser.Unparse(e, info)
	if err != nil {
		return nil, fmt.Errorf("write condition: %w", err)
	}
	if i, ok := b.known[text]; ok {
		return &node{atom: i}, nil
	}
	a := atom{text: text, facts: b.factsIn(e), program: b.program(text)}
	if row, ok := b.row(e); ok {
		a.plain = &row
	} else if _, err := a.program(); err != nil {
		return nil, err
	}
	b.known[text] = len(b.atoms)
	b.atoms = append(b.atoms, a)
	return &node{atom: b.known[text]}, nil
}

// program compiles a part of a condition by itself, once.
func (b *builder) program(text string) func() (cel.Program, error) {
	env := b.env
	return sync.OnceValues(func() (cel.Program, error) {
		checked, issues := env.Compile(text)
		if issues.Err() != nil {
			return nil, fmt.Errorf("compile %s: %w", text, issues.Err())
		}
		program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(maxCost))
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", text, err)
		}
		return program, nil
	})
}

func (b *builder) factsIn(e ast.Expr) []string {
	var names []string
	seen := map[string]bool{}
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.IdentKind {
			return
		}
		name := e.AsIdent()
		if _, declared := b.types[name]; declared && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}))
	return names
}
