package signals

import "sync"

// passage is a text with its words, and what the lexicons find in it.
type passage struct {
	original string
	words    []word
	hits     [parts][]hit
}

// part is one of the lexicons that are looked for at once: a text is walked but a single time.
type part uint8

const (
	inCauses part = iota
	inNegators
	inServices
	inRegions
	parts
)

// everything is made when the first text is read.
var everything = sync.OnceValue(func() *lexicon { return merged(causes, negators, serviceLexicon, regionLexicon) })

func merged(lexicons ...*lexicon) *lexicon {
	all := newLexicon()
	for i, l := range lexicons {
		for _, p := range l.phrases {
			p.part = part(i)
			all.open(p)
		}
	}
	return all
}

func passageOf(text string) passage {
	p := passage{original: text, words: recognise(split(text))}
	for _, h := range everything().findBy(p.words, func(w word) []int { return w.known.phrases }) {
		p.hits[h.part] = append(p.hits[h.part], h)
	}
	return p
}

// calm is the words without those that a customer presses with: they tell nothing about who
// must act.
func (p passage) calm() []word {
	pressing := make([]bool, len(p.words))
	n := 0
	for _, h := range p.hits[inCauses] {
		if h.concept != "urgent" {
			continue
		}
		for i := h.from; i < h.to; i++ {
			if !pressing[i] {
				pressing[i], n = true, n+1
			}
		}
	}
	if n == 0 {
		return p.words
	}
	rest := make([]word, 0, len(p.words)-n)
	for i, w := range p.words {
		if !pressing[i] {
			rest = append(rest, w)
		}
	}
	return rest
}
