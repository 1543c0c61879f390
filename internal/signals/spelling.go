package signals

import (
	"slices"
	"sync"
)

// speller mends the words that a text misspells by one letter: one too many, one missing, one
// wrong or two swapped. It knows the long words of the lexicons and leaves all others alone;
// the first letter is never doubted. The method is SymSpell's: two words are one edit apart
// when they share a form with one letter deleted.
type speller struct {
	known   map[string]bool     // words, and beginnings of words
	deleted map[string][]string // a known word less one letter → that word
	sizes   []int               // lengths that beginnings have
}

// longWord is the shortest word, in bytes, that is mended: short ones have too many neighbours.
const longWord = 8

var spelling = sync.OnceValue(func() *speller { return newSpeller(causes) })

func newSpeller(l *lexicon) *speller {
	s := &speller{known: map[string]bool{}, deleted: map[string][]string{}}
	learn := func(st step) {
		for _, w := range st.words {
			s.learn(w)
		}
		for _, w := range st.prefixes {
			s.learn(w)
			if len(w) >= longWord && !slices.Contains(s.sizes, len(w)) {
				s.sizes = append(s.sizes, len(w))
			}
		}
	}
	for _, p := range l.phrases {
		learn(p.anchor)
		for _, st := range slices.Concat(p.before, p.after) {
			learn(st)
		}
	}
	slices.SortFunc(s.sizes, func(a, b int) int { return b - a })
	return s
}

func (s *speller) learn(w string) {
	if s.known[w] {
		return
	}
	s.known[w] = true
	if len(w) < longWord {
		return
	}
	s.deleted[w] = append(s.deleted[w], w)
	for i := 1; i < len(w); i++ {
		form := w[:i] + w[i+1:]
		if !slices.Contains(s.deleted[form], w) {
			s.deleted[form] = append(s.deleted[form], w)
		}
	}
}

// meant is what a word was meant to be.
func (s *speller) meant(w string) string {
	if len(w) < longWord || len(w) > maxRemembered {
		return w
	}
	return s.look(w)
}

func (s *speller) look(w string) string {
	for n := 2; n <= len(w); n++ {
		if s.known[w[:n]] && (n == len(w) || n >= longWord-2) {
			return w // it is known, or begins as a known word does
		}
	}
	if meant := s.near(w); meant != "" {
		return meant
	}
	for _, size := range s.sizes {
		if size < len(w) {
			if beginning := s.near(w[:size]); len(beginning) == size {
				return beginning + w[size:]
			}
		}
	}
	return w
}

// near is the known word one edit away, "" when there is none or more than one.
func (s *speller) near(w string) string {
	found := ""
	consider := func(form string) {
		for _, k := range s.deleted[form] {
			if k[0] == w[0] && k != found && oneEdit(w, k) {
				if found != "" {
					found = "?"
					return
				}
				found = k
			}
		}
	}
	consider(w)
	for i := 1; i < len(w); i++ {
		consider(w[:i] + w[i+1:])
	}
	if found == "?" {
		return ""
	}
	return found
}

// oneEdit tells words that differ by one letter added, dropped or replaced, or by two
// neighbours swapped (the Damerau-Levenshtein distance of 1).
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b)-len(a) > 1 || a == b:
		return false
	case len(b) > len(a):
		return a[i:] == b[i+1:]
	case a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
