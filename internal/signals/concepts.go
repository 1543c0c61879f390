package signals

import (
	"slices"
	"strings"
)

// causes holds the concepts that become facts.
var causes = loadLexicon("own.txt", "service.txt", "request.txt")

var negators = loadLexicon("negation.txt")

// sight is a concept that a passage holds, with the words that say so.
type sight struct{ concept, quote string }

// sights returns the concepts of a passage, each once. A negated phrase counts as the concept
// that its section names for that case: "no change by customer" is no own_change but unchanged.
func (p passage) sights() []sight {
	var sights []sight
	seen := map[string]bool{}
	for _, h := range p.hits[inCauses] {
		concept := h.concept
		if opposite, turns := causes.negations[concept]; turns && isNegated(h, p.hits[inNegators], p.words) {
			concept = opposite
		}
		if concept == "none" || seen[concept] {
			continue
		}
		seen[concept] = true
		sights = append(sights, sight{concept: concept, quote: quote(p, h)})
	}
	return sights
}

const (
	negationReach = 4
	maxQuote      = 160
)

// isNegated looks for a negator shortly before the phrase, within it or right behind it, in the
// same clause. One that the phrase begins with ("no access") is part of what it says.
func isNegated(h hit, negators []hit, words []word) bool {
	clause := words[h.from].clause
	for _, n := range negators {
		if words[n.from].clause != clause || n.from == h.from {
			continue
		}
		if n.from >= h.from-negationReach && n.from <= h.to {
			return true
		}
	}
	return false
}

// quote returns the words of a hit as they were written.
func quote(p passage, h hit) string {
	return shorten(p.original[p.words[h.from].start:p.words[h.to-1].end])
}

// shorten makes one line of at most maxQuote bytes, cut between words.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxQuote {
		return s
	}
	return s[:max(strings.LastIndexByte(s[:maxQuote], ' '), 0)] + "…"
}

// concepts lists what the lexicon can find, in the order of its file.
func (l *lexicon) concepts() []string {
	var all []string
	for _, p := range l.phrases {
		if !slices.Contains(all, p.concept) {
			all = append(all, p.concept)
		}
	}
	return all
}
