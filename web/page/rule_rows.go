package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

// Limits of a condition in rows; more is written in CEL.
const (
	maxGroups = 12
	maxRows   = 40
)

func rowName(group, row int) string { return "g" + strconv.Itoa(group) + "_r" + strconv.Itoa(row) }

func readCondition(v url.Values) rules.Condition {
	c := rules.Condition{Any: v.Get("any") == "true"}
	for g := 0; g < maxGroups && v.Has(groupName(g)); g++ {
		group := rules.Group{Join: rules.Join(v.Get(groupName(g)))}
		if !slices.Contains(rules.Joins(), group.Join) {
			group.Join = rules.JoinAll
		}
		for r := 0; r < maxRows; r++ {
			name := rowName(g, r)
			switch {
			case v.Has(name + "_cel"):
				group.Rows = append(group.Rows, rules.Row{CEL: v.Get(name + "_cel")})
			case v.Has(name + "_fact"):
				group.Rows = append(group.Rows, readRow(v, name))
			}
		}
		c.Groups = append(c.Groups, group)
	}
	return c
}

func groupName(g int) string { return "g" + strconv.Itoa(g) + "_join" }

func readRow(v url.Values, name string) rules.Row {
	r := rules.Row{Fact: v.Get(name + "_fact"), Op: rules.Op(v.Get(name + "_op"))}
	value := v.Get(name + "_value")
	switch {
	case r.Op == rules.OpOneOf || r.Op == rules.OpNoneOf:
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				r.Values = append(r.Values, part)
			}
		}
	case value != "":
		r.Values = []string{value}
	}
	return r
}

// rowFault is what is wrong with a row by itself, "" when nothing is.
func rowFault(r rules.Row) string {
	if r.Fact == "" && r.Op == "" {
		if strings.TrimSpace(r.CEL) == "" {
			return "fault.row_empty"
		}
		return ""
	}
	f, ok := desk.FactNamed(r.Fact)
	switch {
	case r.Fact == "":
		return "fault.row_fact"
	case !ok:
		return "fault.row_unknown"
	case !slices.Contains(rules.Ops(f.Type), r.Op):
		return "fault.row_op"
	case rules.NeedsValue(f.Type, r.Op) && len(r.Values) == 0:
		return "fault.row_value"
	case f.Type == rules.Int && rules.NeedsValue(f.Type, r.Op) && !isNumber(r.Values[0]):
		return "fault.row_number"
	}
	return ""
}

func isNumber(s string) bool {
	_, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return err == nil
}
