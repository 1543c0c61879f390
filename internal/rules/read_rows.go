package rules

import (
	"strconv"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"
)

// Rows reads a condition as rows. What no row can say stays as CEL in a row of its own.
// Errors: *Error, as Compile gives.
func Rows(when string, facts []Fact) (Condition, error) {
	b, err := newBuilder(facts)
	if err != nil {
		return Condition{}, err
	}
	tree, fault := b.parse("", when)
	if fault != nil {
		return Condition{}, fault
	}
	return b.condition(tree.Expr(), tree.SourceInfo())
}

func (b *builder) condition(e ast.Expr, info *ast.SourceInfo) (c Condition, err error) {
	all, is, parts := joined(e)
	if !is {
		all, parts = true, []ast.Expr{e}
	}
	c.Any = !all
	own := JoinAll // rows that stand by themselves count as the whole does
	if c.Any {
		own = JoinAny
	}
	loose := -1 // the group of such rows
	for _, part := range parts {
		if g, ok := b.group(part, info); ok && len(g.Rows) > 1 {
			c.Groups = append(c.Groups, g)
			loose = -1
			continue
		}
		row, err := b.anyRow(part, info)
		if err != nil {
			return c, err
		}
		if loose < 0 {
			loose = len(c.Groups)
			c.Groups = append(c.Groups, Group{Join: own})
		}
		c.Groups[loose].Rows = append(c.Groups[loose].Rows, row)
	}
	return c, nil
}

// group reads an "and", an "or" or a "neither" of plain rows.
func (b *builder) group(e ast.Expr, info *ast.SourceInfo) (Group, bool) {
	g := Group{}
	if inner, not := negated(e); not {
		all, is, _ := joined(inner)
		if !is || all {
			return g, false
		}
		g.Join, e = JoinNone, inner
	}
	all, is, parts := joined(e)
	if !is {
		return g, false
	}
	if g.Join == "" {
		g.Join = map[bool]Join{true: JoinAll, false: JoinAny}[all]
	}
	for _, part := range parts {
		row, ok := b.row(part)
		if !ok {
			if _, logical, _ := joined(part); logical {
				return g, false
			}
			text, err := parser.Unparse(part, info)
			if err != nil {
				return g, false
			}
			row = Row{CEL: text}
		}
		g.Rows = append(g.Rows, row)
	}
	return g, true
}

func (b *builder) anyRow(e ast.Expr, info *ast.SourceInfo) (Row, error) {
	if row, ok := b.row(e); ok {
		return row, nil
	}
	text, err := parser.Unparse(e, info)
	return Row{CEL: text}, err
}

func negated(e ast.Expr) (ast.Expr, bool) {
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalNot && len(e.AsCall().Args()) == 1 {
		return e.AsCall().Args()[0], true
	}
	return e, false
}

// row reads one comparison.
func (b *builder) row(e ast.Expr) (Row, bool) {
	inner, not := negated(e)
	r, ok := b.positive(inner)
	if !ok || !not {
		return r, ok
	}
	opposites := map[Op]Op{OpIs: OpIsNot, OpIsNot: OpIs, OpOneOf: OpNoneOf, OpContains: OpLacks, OpHas: OpHasNot, OpEmpty: OpNotEmpty, OpNotEmpty: OpEmpty,
		OpAtLeast: OpLess, OpLess: OpAtLeast, OpAtMost: OpMore, OpMore: OpAtMost}
	r.Op, ok = opposites[r.Op], opposites[r.Op] != ""
	return r, ok
}

func (b *builder) positive(e ast.Expr) (Row, bool) {
	if name, t, ok := b.fact(e); ok {
		return Row{Fact: name, Op: OpIs, kind: t}, t == Bool
	}
	if e.Kind() != ast.CallKind {
		return Row{}, false
	}
	call := e.AsCall()
	if call.IsMemberFunction() {
		return b.method(call)
	}
	if len(call.Args()) != 2 {
		return Row{}, false
	}
	return b.comparison(call.FunctionName(), call.Args()[0], call.Args()[1])
}

func (b *builder) method(call ast.CallExpr) (Row, bool) {
	name, t, ok := b.fact(call.Target())
	if !ok || t != Text || len(call.Args()) != 1 {
		return Row{}, false
	}
	value, ok := text(call.Args()[0])
	for op, method := range methods {
		if ok && method == call.FunctionName() {
			return Row{Fact: name, Op: op, Values: []string{value}, kind: t}, true
		}
	}
	return Row{}, false
}

var comparisons = map[string]Op{operators.Equals: OpIs, operators.NotEquals: OpIsNot, operators.GreaterEquals: OpAtLeast,
	operators.LessEquals: OpAtMost, operators.Greater: OpMore, operators.Less: OpLess}

func (b *builder) comparison(function string, left, right ast.Expr) (Row, bool) {
	if function == operators.In || function == operators.OldIn {
		return b.membership(left, right)
	}
	op, ok := comparisons[function]
	if !ok {
		return Row{}, false
	}
	if name, ok := b.sized(left); ok {
		n, isInt := number(right)
		none := isInt && n == 0 && op == OpIs
		some := isInt && (n == 0 && (op == OpIsNot || op == OpMore) || n == 1 && op == OpAtLeast)
		if none || some {
			return Row{Fact: name, Op: map[bool]Op{true: OpEmpty, false: OpNotEmpty}[none], kind: List}, true
		}
		return Row{}, false
	}
	name, t, ok := b.fact(left)
	if !ok {
		return Row{}, false
	}
	switch t {
	case Int:
		n, ok := number(right)
		return Row{Fact: name, Op: op, Values: []string{strconv.FormatInt(n, 10)}, kind: t, number: n}, ok
	case Text:
		value, ok := text(right)
		if !ok || op != OpIs && op != OpIsNot {
			return Row{}, false
		}
		if value == "" {
			return Row{Fact: name, Op: map[Op]Op{OpIs: OpEmpty, OpIsNot: OpNotEmpty}[op], kind: t}, true
		}
		return Row{Fact: name, Op: op, Values: []string{value}, kind: t}, true
	}
	return Row{}, false
}

func (b *builder) membership(left, right ast.Expr) (Row, bool) {
	if name, t, ok := b.fact(right); ok && t == List {
		value, ok := text(left)
		return Row{Fact: name, Op: OpHas, Values: []string{value}, kind: t}, ok
	}
	name, t, ok := b.fact(left)
	if !ok || t != Text || right.Kind() != ast.ListKind {
		return Row{}, false
	}
	r := Row{Fact: name, Op: OpOneOf, kind: t}
	for _, element := range right.AsList().Elements() {
		value, ok := text(element)
		if !ok {
			return Row{}, false
		}
		r.Values = append(r.Values, value)
	}
	return r, true
}

func (b *builder) fact(e ast.Expr) (string, Type, bool) {
	if e.Kind() != ast.IdentKind {
		return "", "", false
	}
	t, ok := b.types[e.AsIdent()]
	return e.AsIdent(), t, ok
}

// sized reads size(list) or list.size().
func (b *builder) sized(e ast.Expr) (string, bool) {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "size" {
		return "", false
	}
	call := e.AsCall()
	of := ast.Expr(nil)
	switch {
	case call.IsMemberFunction() && len(call.Args()) == 0:
		of = call.Target()
	case !call.IsMemberFunction() && len(call.Args()) == 1:
		of = call.Args()[0]
	default:
		return "", false
	}
	name, t, ok := b.fact(of)
	return name, ok && t == List
}

func literal(e ast.Expr) (ref.Val, bool) {
	if e.Kind() != ast.LiteralKind {
		return nil, false
	}
	return e.AsLiteral(), true
}

func text(e ast.Expr) (string, bool) {
	v, ok := literal(e)
	if !ok {
		return "", false
	}
	s, ok := v.Value().(string)
	return s, ok
}

func number(e ast.Expr) (int64, bool) {
	v, ok := literal(e)
	if !ok {
		return 0, false
	}
	n, ok := v.Value().(int64)
	return n, ok
}
