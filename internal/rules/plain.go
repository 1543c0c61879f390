package rules

import (
	"slices"
	"strings"
)

// holds evaluates a row by itself; known is false where the fact is absent or of another type,
// or where only CEL can tell.
func (r *Row) holds(facts map[string]any) (held, known bool) {
	switch v := facts[r.Fact].(type) {
	case bool:
		return v == (r.Op == OpIs), r.kind == Bool
	case int64:
		return r.compares(v), r.kind == Int
	case string:
		return r.kind == Text && r.reads(v), r.kind == Text && r.Op != OpMatches
	case []string:
		switch r.Op {
		case OpEmpty, OpNotEmpty:
			return (len(v) == 0) == (r.Op == OpEmpty), r.kind == List
		}
		return r.kind == List && slices.Contains(v, r.Values[0]) == (r.Op == OpHas), r.kind == List && len(v) <= maxItems
	}
	return false, false
}

func (r *Row) compares(v int64) bool {
	switch r.Op {
	case OpIs:
		return v == r.number
	case OpIsNot:
		return v != r.number
	case OpAtLeast:
		return v >= r.number
	case OpAtMost:
		return v <= r.number
	case OpMore:
		return v > r.number
	case OpLess:
		return v < r.number
	}
	return false
}

func (r *Row) reads(v string) bool {
	switch r.Op {
	case OpIs:
		return v == r.Values[0]
	case OpIsNot:
		return v != r.Values[0]
	case OpOneOf, OpNoneOf:
		return slices.Contains(r.Values, v) == (r.Op == OpOneOf)
	case OpContains, OpLacks:
		return strings.Contains(v, r.Values[0]) == (r.Op == OpContains)
	case OpStarts:
		return strings.HasPrefix(v, r.Values[0])
	case OpEmpty, OpNotEmpty:
		return (v == "") == (r.Op == OpEmpty)
	}
	return false
}
