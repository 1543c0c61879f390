package signals

import (
	"fmt"
	"slices"
	"strings"
)

// step is one place of a phrase: one of some words, or a gap.
type step struct {
	letters  uint64 // that its words and beginnings open with: most words are told by it alone
	words    []string
	prefixes []string
	optional bool
	gap      bool
}

const (
	gapWords  = 4
	maxPrefix = 24
)

func parseStep(field string) (step, error) {
	if field == "~" {
		return step{gap: true}, nil
	}
	s := step{optional: strings.HasSuffix(field, "?")}
	for w := range strings.SplitSeq(strings.TrimSuffix(field, "?"), "|") {
		beginning, cut := strings.CutSuffix(w, "*")
		switch {
		case cut && (len(beginning) < 2 || len(beginning) > maxPrefix):
			return s, fmt.Errorf("beginning %q is too short or too long", beginning)
		case cut:
			s.prefixes = append(s.prefixes, beginning)
		default:
			s.words = append(s.words, w)
		}
		if beginning != "" {
			s.letters |= 1 << letter(beginning[0])
		}
	}
	return s, nil
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

const nowhere = -2

// match returns the place behind the steps when they match from a place on, in one direction
// and within a sentence; else nowhere.
func match(steps []step, words []word, at, by, sentence int) int {
	if len(steps) == 0 {
		return at
	}
	s := &steps[0]
	if s.gap {
		for skip := 0; skip <= gapWords; skip++ {
			if end := match(steps[1:], words, at+by*skip, by, sentence); end != nowhere {
				return end
			}
			if next := at + by*skip; next < 0 || next >= len(words) || words[next].sentence != sentence {
				return nowhere
			}
		}
		return nowhere
	}
	if at >= 0 && at < len(words) && words[at].sentence == sentence && s.accepts(words[at].text) {
		if end := match(steps[1:], words, at+by, by, sentence); end != nowhere {
			return end
		}
	}
	if s.optional {
		return match(steps[1:], words, at, by, sentence)
	}
	return nowhere
}

// rarest is the place of the step that the fewest words of a text are likely to be.
func rarest(steps []step) int {
	best, least := 0, 0
	for i, s := range steps {
		if s.gap || s.optional {
			continue
		}
		if n := s.frequency(); i == 0 || n < least {
			best, least = i, n
		}
	}
	return best
}

// frequency is a guess at how often a step meets one of its words: short words and short
// beginnings are common, and those that a language is told by most of all.
func (s *step) frequency() int {
	n := 0
	for _, w := range s.words {
		switch {
		case slices.Contains(frequent, w):
			n += 60
		case len(w) <= 3:
			n += 8
		case len(w) <= 5:
			n += 3
		default:
			n++
		}
	}
	for _, w := range s.prefixes {
		n += max(20-3*len(w), 2)
	}
	return n
}

// frequent are words that most texts have, beside those that tell the language.
var frequent = func() []string {
	words := strings.Fields(`no not none was were has have had does did do so or if as by at an any other same after before now new very only just get
		our out up off all one two more can will would there their they he she his her who which what how why than then because also
		a ca est sont ete etre avoir fait tout tous toute rien aucun aucune si ou qui quand comme tres bien chez par vers depuis nos vos leur leurs
		wird wurde werden hat als wenn aber oder nur noch schon sehr mehr alle uber durch vom zum zur nach kein keine keinen ohne
		hay ha han sin pero como cuando muy mas todo todos nada ni son era fue
		ha hanno sono era come quando molto piu tutto tutti nulla senza
		tem foi sao como quando muito mais tudo todos nada sem
		wordt werd heeft als maar of alleen nog zeer meer alle zonder geen`)
	data, err := lexiconFiles.ReadFile("lexicon/language.txt")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "[") && !strings.HasPrefix(line, "#") {
			words = append(words, strings.Split(strings.TrimSpace(line), "|")...)
		}
	}
	return words
}()
