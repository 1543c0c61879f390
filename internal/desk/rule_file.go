package desk

import (
	"bytes"
	"slices"
	"strings"

	"guichet/internal/rules"
)

// Read puts the rules of a file in the place of the draft's. Errors: InvalidRules, with lines
// of the file.
func (d *RuleDraft) Read(file []byte) error {
	rs, lines, err := rules.ParseWithLines(file)
	if err != nil {
		return InvalidRules{rules.Faults(err)}
	}
	if wrong := faults(rs); len(wrong) > 0 {
		for _, f := range wrong {
			f.Line, f.Column = lineOf(file, lines, rs.Rules, f), 0
		}
		slices.SortStableFunc(wrong, func(a, b *rules.Error) int { return a.Line - b.Line })
		return InvalidRules{wrong}
	}
	d.Rules, d.NoHint = rs.Rules, rs.NoHint
	return nil
}

// lineOf is the line of a file on which a fault is: that of the field, else of the rule.
func lineOf(file []byte, lines []int, list []rules.Rule, f *rules.Error) int {
	at := -1
	for n, r := range list {
		if r.Key == f.Rule && (at < 0 || f.Kind == rules.KeyTwice) { // the second of two that share a key
			at = n
		}
	}
	if at < 0 {
		return 0
	}
	all := strings.Split(string(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n"))), "\n")
	end := len(all)
	if at+1 < len(lines) {
		end = max(lines[at+1]-1, lines[at])
	}
	for n := lines[at]; n <= end; n++ {
		if strings.Contains(all[n-1], `"`+f.Field+`"`) {
			return n
		}
	}
	return lines[at]
}
