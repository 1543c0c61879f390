package signals

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// Lexicons are plain text. "[concept]" starts a section; every other line is a phrase of it:
//
//	word      that word, accents and case ignored
//	word*     any word that begins so
//	a|b|c*    any of these
//	word?     may be absent
//	~         up to four words of any kind, within the sentence
//
// "[concept] not: opposite" says what a negated phrase counts as; "none" is nothing.
// "#" starts a comment. Phrases of all languages stand side by side: customers mix them.
//
//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// lexicon finds the phrases of all its concepts in one pass over a text.
type lexicon struct {
	phrases []phrase
	firsts  trie // first words, and beginnings of first words → phrases

	negations map[string]string // concept → what it is when negated
}

type phrase struct {
	concept string
	steps   []step
}

type step struct {
	letters  uint64 // that its words and beginnings open with: most words are told by it alone
	words    []string
	prefixes []string
	optional bool
	gap      bool
}

// hit is a phrase found: words[from:to] of the text.
type hit struct {
	concept  string
	from, to int
}

const (
	gapWords  = 4
	maxPrefix = 24
)

func loadLexicon(files ...string) *lexicon {
	l := newLexicon()
	for _, file := range files {
		data, err := fs.ReadFile(lexiconFiles, "lexicon/"+file)
		if err != nil {
			panic(err)
		}
		if err := l.parse(string(data)); err != nil {
			panic(fmt.Sprintf("lexicon %s: %v", file, err)) // the tests load every file
		}
	}
	return l
}

func newLexicon() *lexicon {
	return &lexicon{firsts: newTrie(), negations: map[string]string{}}
}

// only is the part of a lexicon that one concept has.
func (l *lexicon) only(concept string) *lexicon {
	part := newLexicon()
	for _, p := range l.phrases {
		if p.concept == concept {
			part.open(p)
		}
	}
	return part
}

func (l *lexicon) parse(text string) error {
	concept := ""
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		line = strings.TrimSpace(fold(line))
		switch {
		case line == "":
		case strings.HasPrefix(line, "["):
			concept = l.section(line)
		case concept == "":
			return fmt.Errorf("line %d: phrase before the first concept", n)
		default:
			if err := l.add(concept, line); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	return lines.Err()
}

func (l *lexicon) section(line string) string {
	concept, opposite, turns := strings.Cut(line, "] not:")
	concept = strings.Trim(concept, "[]")
	if turns {
		l.negations[concept] = strings.TrimSpace(opposite)
	}
	return concept
}

func (l *lexicon) add(concept, line string) error {
	var steps []step
	for field := range strings.FieldsSeq(line) {
		steps = append(steps, parseStep(field))
	}
	first := steps[0]
	if first.gap || first.optional || steps[len(steps)-1].gap {
		return fmt.Errorf("phrase %q must begin and end with a word", line)
	}
	for _, w := range first.prefixes {
		if len(w) < 2 || len(w) > maxPrefix {
			return fmt.Errorf("beginning %q is too short or too long", w)
		}
	}
	l.open(phrase{concept: concept, steps: steps})
	return nil
}

// open adds a phrase under each word that it can begin with.
func (l *lexicon) open(p phrase) {
	index := len(l.phrases)
	l.phrases = append(l.phrases, p)
	for _, w := range p.steps[0].words {
		l.firsts.add(w, index, false)
	}
	for _, w := range p.steps[0].prefixes {
		l.firsts.add(w, index, true)
	}
}

func parseStep(field string) step {
	if field == "~" {
		return step{gap: true}
	}
	s := step{optional: strings.HasSuffix(field, "?")}
	for w := range strings.SplitSeq(strings.TrimSuffix(field, "?"), "|") {
		if beginning, ok := strings.CutSuffix(w, "*"); ok {
			s.prefixes = append(s.prefixes, beginning)
		} else {
			s.words = append(s.words, w)
		}
		if w != "" {
			s.letters |= 1 << letter(w[0])
		}
	}
	return s
}

// find returns the phrases found, in the order of the text.
func (l *lexicon) find(words []word) []hit {
	var hits []hit
	try := func(phrases []int, at int) {
		for _, i := range phrases {
			p := &l.phrases[i]
			if !p.steps[0].accepts(words[at].text) { // letters that are rare share a place
				continue
			}
			if end := match(p.steps[1:], words, at+1); end > 0 {
				hits = append(hits, hit{concept: p.concept, from: at, to: end})
			}
		}
	}
	for at, w := range words {
		node := int32(0)
		for n := 0; n < len(w.text); n++ {
			if node = l.firsts.nodes[node].next[letter(w.text[n])]; node == 0 {
				break
			}
			if opened := l.firsts.nodes[node].beginning; len(opened) > 0 {
				try(opened, at)
			}
		}
		if node != 0 {
			try(l.firsts.nodes[node].whole, at)
		}
	}
	return hits
}

// match returns where the steps end when they match from at on, or 0.
func match(steps []step, words []word, at int) int {
	if len(steps) == 0 {
		return at
	}
	s := &steps[0]
	if s.gap {
		for skip := 0; skip <= gapWords; skip++ {
			if end := match(steps[1:], words, at+skip); end > 0 {
				return end
			}
		}
		return 0
	}
	if at < len(words) && words[at].sentence == words[at-1].sentence && s.accepts(words[at].text) {
		if end := match(steps[1:], words, at+1); end > 0 {
			return end
		}
	}
	if s.optional {
		return match(steps[1:], words, at)
	}
	return 0
}

func (s *step) accepts(w string) bool {
	if w == "" || s.letters&(1<<letter(w[0])) == 0 {
		return false
	}
	for _, x := range s.words {
		if x == w {
			return true
		}
	}
	for _, x := range s.prefixes {
		if strings.HasPrefix(w, x) {
			return true
		}
	}
	return false
}
