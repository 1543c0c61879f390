package microsoft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// entry is one of a list, as it is written.
type entry map[string]any

var clause = regexp.MustCompile(`^(\w+) (eq|ne|gt|ge|lt|le) (?:'((?:[^']|'')*)'|(\S+))$`)

// filtered keeps what an OData filter asks for: comparisons joined by "and".
func filtered(entries []entry, filter string) ([]entry, error) {
	if filter == "" {
		return entries, nil
	}
	for part := range strings.SplitSeq(filter, " and ") {
		found := clause.FindStringSubmatch(part)
		if found == nil {
			return nil, fmt.Errorf("invalid filter clause: %s", part)
		}
		if len(entries) > 0 {
			if _, known := entries[0][found[1]]; !known || found[1] == "details" || found[1] == "posts" {
				return nil, fmt.Errorf("could not find a property named '%s' that can be filtered", found[1])
			}
		}
		wrong := false
		entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool {
			is, err := compare(e[found[1]], found[2], strings.ReplaceAll(found[3], "''", "'"), found[4])
			wrong = wrong || err != nil
			return !is
		})
		if wrong {
			return nil, fmt.Errorf("a value of '%s' does not fit its property", found[1])
		}
	}
	return entries, nil
}

// compare holds a property against text in quotes or a bare literal.
func compare(value any, operator, quoted, literal string) (bool, error) {
	if literal == "null" {
		return operator == "eq" && value == nil || operator == "ne" && value != nil, nil
	}
	if value == nil {
		return operator == "ne", nil
	}
	if yes, ok := value.(bool); ok {
		return (yes == (literal == "true")) == (operator == "eq"), nil
	}
	text := fmt.Sprint(value)
	if literal == "" {
		return holds(operator, strings.Compare(strings.ToLower(text), strings.ToLower(quoted))), nil
	}
	asked, err := time.Parse(time.RFC3339, literal)
	if err != nil {
		return false, err
	}
	held, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return false, err
	}
	return holds(operator, held.Compare(asked)), nil
}

func holds(operator string, order int) bool {
	switch operator {
	case "eq":
		return order == 0
	case "ne":
		return order != 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	}
	return order <= 0
}
