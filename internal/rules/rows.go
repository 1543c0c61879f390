package rules

import "strings"

// Condition is a rule's condition as rows that a person reads and fills in: groups of rows,
// joined by "and" or by "or". It and the CEL text are two views of one thing.
type Condition struct {
	Any    bool // whether one group suffices
	Groups []Group
}

// Join says how the rows of a group count together.
type Join string

// The joins.
const (
	JoinAll  Join = "all"
	JoinAny  Join = "any"
	JoinNone Join = "none"
)

// Joins lists them.
func Joins() []Join { return []Join{JoinAll, JoinAny, JoinNone} }

// Group is rows that count together.
type Group struct {
	Join Join
	Rows []Row
}

// Op is what a row asks of its fact.
type Op string

// The operators, each for the types that Ops tells.
const (
	OpIs       Op = "is"        // a bool that holds, a text equal to the value, a number equal to it
	OpIsNot    Op = "is_not"    // the opposite
	OpOneOf    Op = "one_of"    // a text among the values
	OpNoneOf   Op = "none_of"   //
	OpContains Op = "contains"  // a text that contains the value
	OpLacks    Op = "lacks"     //
	OpStarts   Op = "starts"    // a text that starts with the value
	OpMatches  Op = "matches"   // a text that matches the regular expression (RE2)
	OpAtLeast  Op = "at_least"  //
	OpAtMost   Op = "at_most"   //
	OpMore     Op = "more"      //
	OpLess     Op = "less"      //
	OpHas      Op = "has"       // a list that holds the value
	OpHasNot   Op = "has_not"   //
	OpEmpty    Op = "empty"     // a list or a text without anything
	OpNotEmpty Op = "not_empty" //
)

// Ops lists the operators that go with a type, the commonest first.
func Ops(t Type) []Op {
	switch t {
	case Bool:
		return []Op{OpIs, OpIsNot}
	case Int:
		return []Op{OpAtLeast, OpAtMost, OpIs, OpIsNot, OpMore, OpLess}
	case Text:
		return []Op{OpIs, OpIsNot, OpOneOf, OpNoneOf, OpContains, OpLacks, OpStarts, OpMatches, OpEmpty, OpNotEmpty}
	case List:
		return []Op{OpHas, OpHasNot, OpEmpty, OpNotEmpty}
	}
	return nil
}

// NeedsValue tells whether a row with the operator compares with something.
func NeedsValue(t Type, o Op) bool { return t != Bool && o != OpEmpty && o != OpNotEmpty }

// Row is one line: a fact, what is asked of it, and the values to compare with; or, where no
// row can say it, a part of the condition in CEL.
type Row struct {
	Fact   string
	Op     Op
	Values []string
	CEL    string
	kind   Type
	number int64
}

// CEL writes a row as an expression. The fact's type must be given.
func (r Row) text(t Type) string {
	if r.CEL != "" {
		return r.CEL
	}
	value := func(n int) string {
		if n >= len(r.Values) {
			return quote("")
		}
		if t == Int {
			return strings.TrimSpace(r.Values[n])
		}
		return quote(r.Values[n])
	}
	list := func() string {
		parts := make([]string, len(r.Values))
		for n := range r.Values {
			parts[n] = value(n)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	switch r.Op {
	case OpIsNot:
		if t == Bool {
			return "!" + r.Fact
		}
		return r.Fact + " != " + value(0)
	case OpOneOf:
		return r.Fact + " in " + list()
	case OpNoneOf:
		return "!(" + r.Fact + " in " + list() + ")"
	case OpContains, OpStarts, OpMatches:
		return r.Fact + "." + methods[r.Op] + "(" + value(0) + ")"
	case OpLacks:
		return "!" + r.Fact + ".contains(" + value(0) + ")"
	case OpAtLeast, OpAtMost, OpMore, OpLess:
		return r.Fact + " " + signs[r.Op] + " " + value(0)
	case OpHas:
		return value(0) + " in " + r.Fact
	case OpHasNot:
		return "!(" + value(0) + " in " + r.Fact + ")"
	case OpEmpty, OpNotEmpty:
		sign := map[Op]string{OpEmpty: " == ", OpNotEmpty: " != "}[r.Op]
		if t == List {
			return "size(" + r.Fact + ")" + sign + "0"
		}
		return r.Fact + sign + `""`
	}
	if t == Bool {
		return r.Fact
	}
	return r.Fact + " == " + value(0)
}

var (
	methods = map[Op]string{OpContains: "contains", OpStarts: "startsWith", OpMatches: "matches"}
	signs   = map[Op]string{OpAtLeast: ">=", OpAtMost: "<=", OpMore: ">", OpLess: "<"}
)

// quote writes a CEL string literal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// CEL writes the condition as text. It does not check it: compile what comes out.
func (c Condition) CEL(facts []Fact) string {
	types := map[string]Type{}
	for _, f := range facts {
		types[f.Name] = f.Type
	}
	sign := map[bool]string{true: " || ", false: " && "}
	var groups []string
	for _, g := range c.Groups {
		var rows []string
		for _, r := range g.Rows {
			text := r.text(types[r.Fact])
			if r.CEL != "" && (len(g.Rows) > 1 || len(c.Groups) > 1 || g.Join == JoinNone) {
				text = "(" + text + ")"
			}
			rows = append(rows, text)
		}
		any := g.Join == JoinAny || g.Join == JoinNone
		text := strings.Join(rows, sign[any])
		switch {
		case len(rows) == 0:
			continue
		case g.Join == JoinNone:
			text = "!(" + text + ")"
		case len(rows) > 1 && any != c.Any:
			text = "(" + text + ")"
		}
		groups = append(groups, text)
	}
	return strings.Join(groups, sign[c.Any])
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
