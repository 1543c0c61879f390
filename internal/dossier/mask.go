package dossier

import (
	"cmp"
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
	in := newSearched(text)
	for _, p := range secrets {
		if masked, n := replaceSpans(in.text, p.kind, p.find(in)); n > 0 {
			in = newSearched(masked)
			count.add([]Masked{{p.kind, n}})
		}
	}
	return in.text, count
}

// secret is one kind of secret and how it is found.
type secret struct {
	kind string
	find finder
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// replaceSpans masks parts of a text; of two that overlap, the first. What is masked already does not count.
func replaceSpans(text, kind string, spans []span) (string, int) {
	if len(spans) == 0 {
		return text, 0
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
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
