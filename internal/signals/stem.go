package signals

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// stems cut the endings of a language's words (Porter, Snowball: a language for stemming
// algorithms, 2001), and remember what they cut: tickets are written with few thousand words.
type stems struct {
	cut   func(*snowballstem.Env) bool
	mu    sync.RWMutex
	known map[string]string
}

// maxStems bounds what is remembered of a language; a full memory starts anew.
const maxStems = 20_000

var byLanguage = map[string]*stems{
	"en": {cut: english.Stem}, "fr": {cut: french.Stem}, "de": {cut: german.Stem}, "es": {cut: spanish.Stem},
	"it": {cut: italian.Stem}, "pt": {cut: portuguese.Stem}, "nl": {cut: dutch.Stem},
}

// stemmer is the function that cuts a word of a language; English for one it does not know.
func stemmer(language string) func(string) string {
	s := byLanguage[language]
	if s == nil {
		s = byLanguage["en"]
	}
	return s.stem
}

func (s *stems) stem(w string) string {
	if len(w) <= 3 || len(w) > 40 {
		return w
	}
	s.mu.RLock()
	known, ok := s.known[w]
	s.mu.RUnlock()
	if ok {
		return known
	}
	env := snowballstem.NewEnv(w)
	s.cut(env)
	s.mu.Lock()
	if s.known == nil || len(s.known) >= maxStems {
		s.known = make(map[string]string, 1024)
	}
	s.known[strings.Clone(w)] = env.Current()
	s.mu.Unlock()
	return env.Current()
}
