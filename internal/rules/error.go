package rules

import (
	"fmt"
	"regexp"
	"strings"

	"cel.dev/cel-go/cel"
)

// Kind names what is wrong with a rule; a page has a sentence for each.
type Kind string

// The kinds. Detail holds the name, the type or the limit that the sentence speaks of, and
// for a syntax or type error what CEL itself says.
const (
	Unreadable      Kind = "unreadable"       // the file is no ruleset
	TooLarge        Kind = "too_large"        // the file, or the list of rules
	KeyMissing      Kind = "key_missing"      // or not made of a-z, 0-9 and _
	KeyTwice        Kind = "key_twice"        // another rule has it
	NameMissing     Kind = "name_missing"     // in every language
	NameTwice       Kind = "name_twice"       // another rule has it in the same language
	TextTooLong     Kind = "text_too_long"    // a name, a sentence, a question, a tag
	UnknownOutcome  Kind = "unknown_outcome"  //
	WrongCategory   Kind = "wrong_category"   // does not go with the outcome
	WrongEffect     Kind = "wrong_effect"     // a priority that does not exist
	WrongTag        Kind = "wrong_tag"        // empty, or with the comma that parts tags
	NoQuestion      Kind = "no_question"      // NEEDS_INFO without one
	UnknownQuestion Kind = "unknown_question" //
	UnknownInText   Kind = "unknown_in_text"  // a {fact} of the sentence that is not declared
	Empty           Kind = "empty"            // no condition
	TooLong         Kind = "too_long"         // the condition, in bytes
	TooComplex      Kind = "too_complex"      // nested too deep or too many parts
	TooCostly       Kind = "too_costly"       // could take too long to evaluate
	UnknownFact     Kind = "unknown_fact"     //
	UnknownFunction Kind = "unknown_function" //
	Syntax          Kind = "syntax"           //
	WrongType       Kind = "wrong_type"       // operator and operands do not go together
	NotBool         Kind = "not_bool"         // the condition is no yes or no
)

// Error says what is wrong with a rule. Line and Column count from 1 and are 0 when the fault
// is not at one place; they are places of the condition, or of the file for one that was imported.
type Error struct {
	Rule   string `json:"rule"`
	Field  string `json:"field"` // key, name, when, outcome, category, because, questions, effects
	Kind   Kind   `json:"kind"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Detail string `json:"detail"`
	Near   string `json:"near,omitempty"` // the known name that an unknown one resembles most
}

// Error writes "rule key:line:column: kind: detail".
func (e *Error) Error() string {
	where := "rule " + e.Rule
	if e.Rule == "" {
		where = "ruleset"
	}
	if e.Line > 0 {
		where += fmt.Sprintf(":%d:%d", e.Line, e.Column)
	}
	text := where + ": " + strings.ReplaceAll(string(e.Kind), "_", " ")
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Near != "" {
		text += " (" + e.Near + "?)"
	}
	return text
}

// Faults lists the rule errors in an error that Parse or Compile returned.
func Faults(err error) []*Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, part := range e.Unwrap() {
			all = append(all, Faults(part)...)
		}
		return all
	case interface{ Unwrap() error }:
		return Faults(e.Unwrap())
	}
	return nil
}

var (
	tooComplex = regexp.MustCompile(`recursion|nesting|exceeds limit|code point size`)
	undeclared = regexp.MustCompile(`undeclared reference to '([^']*)'`)
)

// judged turns what CEL says into our words.
func (b *builder) judged(key, when string, issues *cel.Issues) *Error {
	e := &Error{Rule: key, Field: "when", Kind: Syntax}
	found := issues.Errors()
	if len(found) == 0 {
		e.Detail = issues.Err().Error()
		return e
	}
	first := found[0]
	e.Line, e.Column = max(first.Location.Line(), 1), max(first.Location.Column(), 0)+1
	e.Detail = strings.TrimPrefix(first.Message, "Syntax error: ")
	switch {
	case tooComplex.MatchString(first.Message):
		e.Kind = TooComplex
	case undeclared.MatchString(first.Message):
		e.Kind, e.Detail = UnknownFact, undeclared.FindStringSubmatch(first.Message)[1]
		if strings.HasPrefix(at(when, e.Line, e.Column), "(") { // CEL points behind a function's name
			e.Kind, e.Column = UnknownFunction, max(e.Column-len([]rune(e.Detail)), 1)
		} else {
			e.Near = nearest(e.Detail, b.names)
		}
	case strings.Contains(first.Message, "no matching overload"), strings.Contains(first.Message, "expected type"):
		e.Kind = WrongType
		e.Detail = overload.ReplaceAllString(e.Detail, "$1 $2")
	}
	return e
}

var overload = regexp.MustCompile(`found no matching overload for '([^']*)' applied to '([^']*)'.*`)

// at is the rest of a line from a place of the condition on.
func at(when string, line, column int) string {
	lines := strings.Split(when, "\n")
	if line > len(lines) {
		return ""
	}
	rest := []rune(lines[line-1])
	return string(rest[min(column-1, len(rest)):])
}

// nearest is the known name with the fewest edits to an unknown one, "" when none is near.
func nearest(name string, known []string) string {
	best, fewest := "", max(len(name)/3, 1)+1
	for _, k := range known {
		if n := edits(name, k, fewest); n < fewest {
			best, fewest = k, n
		}
	}
	return best
}

// edits is the Levenshtein distance of two names, or most when it is not below that.
func edits(a, b string, most int) int {
	if d := len(a) - len(b); d >= most || -d >= most {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := last
			if a[i-1] != b[j-1] {
				cost++
			}
			last, row[j] = row[j], min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return min(row[len(b)], most)
}
