package signals

import (
	"slices"
	"strings"
	"sync"
)

// known is all that is asked of a word, looked up once: what it was meant to be, the phrases
// that are anchored at it, the languages that it is common in, and its stem in each language.
type known struct {
	text      string
	phrases   []int // of everything
	languages []int
	stems     []string // in the order of languages, the last for an unknown one
	hashes    []uint32 // of the stems
}

// vocabulary remembers the words met: tickets are written with few thousand. A flood of made-up
// ones only makes it begin anew.
var vocabulary struct {
	mu    sync.RWMutex
	words map[string]*known
}

const (
	maxKnown      = 20_000
	maxRemembered = 40 // bytes of the longest word worth remembering
)

// recognise looks up every word of a text.
func recognise(words []word) []word {
	var met []int
	vocabulary.mu.RLock()
	for i := range words {
		if k := vocabulary.words[words[i].text]; k != nil {
			words[i].known, words[i].text = k, k.text
		} else {
			met = append(met, i)
		}
	}
	vocabulary.mu.RUnlock()
	if len(met) == 0 {
		return words
	}
	fresh := make(map[string]*known, len(met))
	for _, i := range met {
		w := words[i].text
		k := fresh[w]
		if k == nil {
			k = meet(strings.Clone(w))
			fresh[strings.Clone(w)] = k
		}
		words[i].known, words[i].text = k, k.text
	}
	remember(fresh)
	return words
}

func remember(fresh map[string]*known) {
	vocabulary.mu.Lock()
	defer vocabulary.mu.Unlock()
	if vocabulary.words == nil || len(vocabulary.words) > maxKnown {
		vocabulary.words = make(map[string]*known, 4096)
	}
	for w, k := range fresh {
		if len(w) <= maxRemembered {
			vocabulary.words[w] = k
		}
	}
}

func meet(w string) *known {
	k := &known{text: spelling().meant(w)}
	k.phrases = slices.Clip(everything().anchored(k.text))
	k.languages = commonWords[k.text]
	for _, language := range append(slices.Clone(languages), "") {
		s := stemmed(language, k.text)
		k.stems, k.hashes = append(k.stems, s), append(k.hashes, hashed(offset, s))
	}
	return k
}
