package dossier

import (
	"regexp"
	"slices"
	"strings"
)

// Masked is how many secrets of a kind were found. Its message is "dossier.masked." and the kind:
// one of MaskedKinds.
type Masked struct {
	Kind  string
	Count int
}

// MaskedKinds are the kinds of secrets that are told apart.
var MaskedKinds = []string{"authorization", "card", "client_secret", "code", "cookie", "iban", "key", "left_out", "password", "private_key", "sas", "token"}

// tally counts secrets by kind, in the order they were met.
type tally []Masked

func (t *tally) add(more []Masked) {
	for _, m := range more {
		i := slices.IndexFunc(*t, func(known Masked) bool { return known.Kind == m.Kind })
		if i < 0 {
			i, *t = len(*t), append(*t, Masked{Kind: m.Kind})
		}
		(*t)[i].Count += m.Count
	}
}

func (t tally) total() int {
	n := 0
	for _, m := range t {
		n += m.Count
	}
	return n
}

// list is sorted by kind.
func (t tally) list() []Masked {
	sorted := slices.Clone(t)
	slices.SortFunc(sorted, func(a, b Masked) int { return strings.Compare(a.Kind, b.Kind) })
	return sorted
}

// Mask takes secrets out of a text: each becomes "[masked: kind]". What stays is what support
// searches by: correlation ids, tenant ids, user principal names. Masking twice changes nothing.
func Mask(text string) (string, []Masked) {
	var found tally
	for range maxPasses {
		masked, count := maskOnce(text)
		if masked == text {
			break
		}
		text = masked
		found.add(count)
	}
	return text, found.list()
}

// maxPasses: what one pass masks may uncover the edge of another secret, once or twice.
const maxPasses = 8

func maskOnce(text string) (string, tally) {
	var count tally
	lower := strings.ToLower(text)
	for _, p := range secrets {
		if !slices.ContainsFunc(p.hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
			continue
		}
		if masked, n := replaceSpans(text, p.kind, p.find(text)); n > 0 {
			text, lower = masked, strings.ToLower(masked)
			count.add([]Masked{{p.kind, n}})
		}
	}
	return text, count
}

// secret is one kind of secret and how it is found.
type secret struct {
	kind  string
	hints []string // in lower case: without any of them there is none
	find  func(string) []span
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// replaceSpans masks parts of a text that do not overlap. What is masked already does not count.
func replaceSpans(text, kind string, spans []span) (string, int) {
	mark := maskOf(kind)
	var s strings.Builder
	at, n := 0, 0
	for _, p := range spans {
		if p.from < at || p.to <= p.from || isMask(text[p.from:p.to]) {
			continue
		}
		s.WriteString(text[at:p.from])
		s.WriteString(mark)
		at = p.to
		n++
	}
	if n == 0 {
		return text, 0
	}
	s.WriteString(text[at:])
	return s.String(), n
}

func maskOf(kind string) string { return "[masked: " + kind + "]" }

var maskMark = regexp.MustCompile(`^\[masked: [a-z_]+\]`)

func isMask(s string) bool { return s != "" && maskMark.FindString(s) == s }

// group finds what a group of a pattern matched, where the check lets it.
func group(pattern string, n int, check func(string) bool) func(string) []span {
	re := regexp.MustCompile(pattern)
	return func(text string) []span {
		var spans []span
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			from, to := m[2*n], m[2*n+1]
			if from >= 0 && (check == nil || check(text[from:to])) {
				spans = append(spans, span{from, to})
			}
		}
		return spans
	}
}
