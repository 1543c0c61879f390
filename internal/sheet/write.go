package sheet

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// NewWriter begins a file in UTF-8 (RFC 4180, lines end with CRLF), with the mark by
// which spreadsheets know it. What is written goes through Guarded first.
func NewWriter(to io.Writer, comma rune) (*csv.Writer, error) {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return nil, err
	}
	out := csv.NewWriter(to)
	out.Comma, out.UseCRLF = comma, true
	return out, nil
}

var plainFigure = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// formulas are what a formula begins with (OWASP, "CSV Injection"), the wide signs
// included.
const formulas = "=+-@\t\r\n＝＋－＠"

// Guarded keeps a text from being read as a formula: an apostrophe stands before what
// begins like one. A figure is none.
func Guarded(text string) string {
	if text == "" || plainFigure.MatchString(text) {
		return text
	}
	if strings.ContainsRune(formulas, []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// Unguarded takes the apostrophe of Guarded away again.
func Unguarded(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && rest != "" && strings.ContainsRune(formulas, []rune(rest)[0]) {
		return rest
	}
	return text
}
