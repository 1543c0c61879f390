package search

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
)

// forms are what a word is kept and looked for by: its French stem as it is
// written, its French and its English stem without accents. Whoever leaves the
// accents out finds what was written with them, and the other way round. Words
// that everybody uses have none. One with a digit (an error code, a number) is
// kept as it is.
func (t token) forms() []string {
	if t.word == "" || stop[t.word] {
		return nil
	}
	if len(t.word) <= 3 || strings.ContainsAny(t.word, "0123456789") {
		return []string{t.word}
	}
	if known, ok := remembered.Load(t.written); ok {
		return known.([]string)
	}
	list := []string{}
	add := func(s string) {
		if s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	add(stem(french.Stem, t.word))
	add(stem(english.Stem, t.word))
	if t.written != t.word {
		add(fold(stem(french.Stem, t.written)))
	}
	if len(t.written) <= longestRemembered && count.Load() < mostRemembered {
		if _, known := remembered.LoadOrStore(strings.Clone(t.written), list); !known {
			count.Add(1)
		}
	}
	return list
}

// Words come again and again: their forms are remembered, up to a bound that a
// hostile text cannot move.
var (
	remembered sync.Map
	count      atomic.Int64
)

const (
	mostRemembered    = 20_000
	longestRemembered = 24
)

// stem cuts the endings of a language's words (Porter, Snowball: a language for
// stemming algorithms, 2001).
func stem(f func(*snowballstem.Env) bool, word string) string {
	env := snowballstem.NewEnv(word)
	f(env)
	return env.Current()
}

// stop holds words that stand in most texts and tell none from another, French
// and English, without accents.
var stop = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		a au aux avec ce ces cet cette c d dans de des du elle elles en et eux il ils j je l la le les leur leurs lui m ma mais me meme mes moi mon
		n ne nos notre nous on ou par pas pour qu que qui s sa se ses son sont sur t ta te tes toi ton tu un une vos votre vous y est suis sommes etes
		ete etre ai as ont avons avez avait cela ca donc car si
		an and are be been but by for from had has have he her his i if in into is it its not of or our she so that the their them then there these
		they this to was we were what when which who will with would you your at do does did re ve ll don`) {
		m[w] = true
	}
	return m
}()
