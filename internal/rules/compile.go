package rules

import (
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/parser"
)

// Bounds that no honest condition meets. maxCost is in CEL's own units, roughly one
// an operation; the sizes are what the estimate assumes of a text and of a list.
const (
	maxSource = 4096
	maxDepth  = 40
	maxNodes  = 400
	maxCost   = 50_000
	maxText   = 20_000
	maxItems  = 64
)

// Error says what is wrong with a rule. Line and Column count from 1; both are 0 when
// the fault is not at one place of the condition.
type Error struct {
	Rule    string `json:"rule"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Error writes "rule key:line:column: message".
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("rule %s: %s", e.Rule, e.Message)
	}
	return fmt.Sprintf("rule %s:%d:%d: %s", e.Rule, e.Line, e.Column, e.Message)
}

// Program is a compiled ruleset. It is immutable and safe for concurrent use.
type Program struct {
	version int
	rules   []compiled
	atoms   []atom
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

type atom struct {
	Atom
	program cel.Program
}

// Compile checks every rule against the declared facts and prepares it for Decide.
// The error joins one *Error for each fault found.
func Compile(rs Ruleset, facts []Fact) (*Program, error) {
	env, err := environment(facts)
	if err != nil {
		return nil, err
	}
	b := builder{env: env, declared: map[string]bool{}, known: map[string]int{}}
	for _, f := range facts {
		b.declared[f.Name] = true
	}
	var faults []error
	seen := map[string]bool{}
	for _, r := range rs.Rules {
		if err := r.validate(seen); err != nil {
			faults = append(faults, err)
			continue
		}
		if err := b.add(r); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Program{version: rs.Version, rules: b.rules, atoms: b.atoms}, nil
}

func environment(facts []Fact) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.ExpressionNestingDepthLimit(maxDepth),
		cel.ExpressionNodeLimit(maxNodes),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.EnableMacroCallTracking(),
		cel.RegexProgramSizeLimit(1000),
	}
	kinds := map[Type]*cel.Type{Bool: cel.BoolType, Int: cel.IntType, Text: cel.StringType, List: cel.ListType(cel.StringType)}
	for _, f := range facts {
		kind, ok := kinds[f.Type]
		if !ok {
			return nil, fmt.Errorf("fact %s has the unknown type %q", f.Name, f.Type)
		}
		options = append(options, cel.Variable(f.Name, kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("declare facts: %w", err)
	}
	return env, nil
}

// builder gathers the rules and, once each, the atoms they are made of.
type builder struct {
	env      *cel.Env
	declared map[string]bool
	rules    []compiled
	atoms    []atom
	known    map[string]int // atom text → index
}

func (b *builder) add(r Rule) error {
	if len(r.When) > maxSource {
		return &Error{Rule: r.Key, Message: "the condition is too long"}
	}
	checked, issues := b.env.Compile(r.When)
	if issues.Err() != nil {
		return firstIssue(r.Key, issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return &Error{Rule: r.Key, Line: 1, Column: 1, Message: fmt.Sprintf("the condition is of type %s, not bool", checked.OutputType())}
	}
	estimate, err := b.env.EstimateCost(checked, sizes{})
	if err != nil {
		return &Error{Rule: r.Key, Message: err.Error()}
	}
	if estimate.Max > maxCost {
		return &Error{Rule: r.Key, Message: "the condition could take too long to evaluate"}
	}
	tree := checked.NativeRep()
	root, err := b.skeleton(tree.Expr(), tree.SourceInfo())
	if err != nil {
		return &Error{Rule: r.Key, Message: err.Error()}
	}
	b.rules = append(b.rules, compiled{Rule: r, root: root})
	return nil
}

func firstIssue(key string, issues *cel.Issues) *Error {
	found := issues.Errors()
	if len(found) == 0 {
		return &Error{Rule: key, Message: issues.Err().Error()}
	}
	at := found[0].Location
	return &Error{Rule: key, Line: max(at.Line(), 1), Column: max(at.Column(), 0) + 1, Message: found[0].Message}
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

func (b *builder) skeleton(e ast.Expr, info *ast.SourceInfo) (*node, error) {
	if e.Kind() != ast.CallKind {
		return b.leaf(e, info)
	}
	call := e.AsCall()
	n := &node{all: call.FunctionName() == operators.LogicalAnd}
	if !n.all && call.FunctionName() != operators.LogicalOr {
		return b.leaf(e, info)
	}
	for _, arg := range call.Args() {
		child, err := b.skeleton(arg, info)
		if err != nil {
			return nil, err
		}
		n.add(child)
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
	checked, issues := b.env.Compile(text)
	if issues.Err() != nil {
		return nil, fmt.Errorf("compile %s: %w", text, issues.Err())
	}
	program, err := b.env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(maxCost))
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", text, err)
	}
	b.known[text] = len(b.atoms)
	b.atoms = append(b.atoms, atom{Atom: Atom{Text: text, Facts: b.factsIn(e)}, program: program})
	return &node{atom: b.known[text]}, nil
}

// add flattens a && (b && c) into one list, so that a reader sees one level.
func (n *node) add(child *node) {
	if len(child.children) > 0 && child.all == n.all {
		n.children = append(n.children, child.children...)
		return
	}
	n.children = append(n.children, child)
}

func (b *builder) factsIn(e ast.Expr) []string {
	var names []string
	seen := map[string]bool{}
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.IdentKind {
			return
		}
		name := e.AsIdent()
		if b.declared[name] && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}))
	return names
}
