package signals

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// stemmers cut the endings of a language's words (Porter, Snowball: a language for stemming
// algorithms, 2001).
var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "fr": french.Stem, "de": german.Stem, "es": spanish.Stem, "it": italian.Stem, "pt": portuguese.Stem, "nl": dutch.Stem,
}

// stemmed cuts a word of a language, of English where it is not known.
func stemmed(language, w string) string {
	if len(w) <= 3 || len(w) > maxRemembered {
		return w
	}
	cut := stemmers[language]
	if cut == nil {
		cut = english.Stem
	}
	env := snowballstem.NewEnv(w)
	cut(env)
	return env.Current()
}
