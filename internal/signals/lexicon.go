package signals

import (
	"bufio"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
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
// A long word that a text misspells by one letter is found all the same.
//
//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// lexicon finds the phrases of all its concepts in one pass over a text.
type lexicon struct {
	phrases []phrase
	indexed sync.Once // the anchors, when they are first asked for
	anchors trie      // words, and beginnings of words → the phrases that are anchored there

	negations map[string]string // concept → what it is when negated
}

// phrase is looked for by its rarest step, its anchor: a phrase that begins with "no" would
// else be tried at every "no".
type phrase struct {
	concept string
	part    part // of everything
	anchor  step
	before  []step // from the anchor backwards
	after   []step
	needs   []uint64 // the first letters of each other step that must be there
}

// hit is a phrase found: words[from:to] of the text.
type hit struct {
	concept  string
	part     part
	from, to int
}

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
	return &lexicon{negations: map[string]string{}}
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
		s, err := parseStep(field)
		if err != nil {
			return err
		}
		steps = append(steps, s)
	}
	first, last := steps[0], steps[len(steps)-1]
	if first.gap || first.optional || last.gap {
		return fmt.Errorf("phrase %q must begin and end with a word", line)
	}
	at := rarest(steps)
	before := slices.Clone(steps[:at])
	slices.Reverse(before)
	l.open(phrase{concept: concept, anchor: steps[at], before: before, after: steps[at+1:]})
	return nil
}

func (l *lexicon) open(p phrase) {
	p.needs = nil
	for _, s := range slices.Concat(p.before, p.after) {
		if !s.gap && !s.optional {
			p.needs = append(p.needs, s.letters)
		}
	}
	l.phrases = append(l.phrases, p)
}

// index puts each phrase under the words that its anchor can be.
func (l *lexicon) index() {
	l.anchors = newTrie()
	for i := range l.phrases {
		for _, w := range l.phrases[i].anchor.words {
			l.anchors.add(w, i, false)
		}
		for _, w := range l.phrases[i].anchor.prefixes {
			l.anchors.add(w, i, true)
		}
	}
}

// find returns the phrases found, in the order of the text.
func (l *lexicon) find(words []word) []hit {
	return l.findBy(words, func(w word) []int { return l.anchored(w.text) })
}

func (l *lexicon) findBy(words []word, anchored func(word) []int) []hit {
	var hits []hit
	opens := openings(words)
	for at, w := range words {
		if phrases := anchored(w); len(phrases) > 0 {
			hits = l.try(phrases, words, at, opens[w.sentence-words[0].sentence], hits)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.from, b.from) })
	return hits
}

// anchored lists the phrases whose anchor accepts a word.
func (l *lexicon) anchored(w string) (phrases []int) {
	l.indexed.Do(l.index)
	node := int32(0)
	for n := 0; n < len(w); n++ {
		if node = l.anchors.nodes[node].next[letter(w[n])]; node == 0 {
			break
		}
		phrases = append(phrases, l.anchors.nodes[node].beginning...)
	}
	phrases = append(phrases, l.anchors.nodes[node].whole...)
	return slices.DeleteFunc(phrases, func(i int) bool { return !l.phrases[i].anchor.accepts(w) }) // rare letters share a place
}

// openings tells for each sentence the letters that its words open with: most phrases are told
// by them to be elsewhere.
func openings(words []word) []uint64 {
	if len(words) == 0 {
		return nil
	}
	opens := make([]uint64, words[len(words)-1].sentence-words[0].sentence+1)
	for _, w := range words {
		if w.text != "" {
			opens[w.sentence-words[0].sentence] |= 1 << letter(w.text[0])
		}
	}
	return opens
}

func (p *phrase) mayBe(opens uint64) bool {
	for _, letters := range p.needs {
		if letters&opens == 0 {
			return false
		}
	}
	return true
}

func (l *lexicon) try(phrases []int, words []word, at int, opens uint64, hits []hit) []hit {
	here := words[at].sentence
	for _, i := range phrases {
		p := &l.phrases[i]
		if !p.mayBe(opens) {
			continue
		}
		to := match(p.after, words, at+1, 1, here)
		if to == nowhere {
			continue
		}
		if from := match(p.before, words, at-1, -1, here); from != nowhere {
			hits = append(hits, hit{concept: p.concept, part: p.part, from: from + 1, to: to})
		}
	}
	return hits
}
