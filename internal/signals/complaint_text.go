package signals

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// cutConcept parts "family/name" of a lexicon's section.
func cutConcept(concept string) (family, name string, found bool) { return strings.Cut(concept, "/") }

// clipTo cuts a text to a number of bytes, at a rune.
func clipTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// placesOf is the place that the form names, or else the text, with the places that hold it.
func placesOf(region string, p passage) []string {
	region = strings.TrimSpace(fold(clean(clipTo(region, longestSubject))))
	if region == "" || region == "unknown" || region == "global" || region == "worldwide" {
		return chain("", placeIn(p.hits[inRegions]))
	}
	words := split(region)
	narrow := strings.ReplaceAll(region, " ", "")
	for _, l := range []*lexicon{morePlaces, regionLexicon} {
		if at := placeIn(l.find(words)); at.name != "" {
			return chain(narrow, at)
		}
	}
	return []string{narrow}
}

// chain lists a place as it was named, the country or region that it lies in, and the geography.
func chain(narrow string, at place) []string {
	var places []string
	for _, p := range []string{narrow, at.name, at.geography} {
		if p != "" && !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	if len(places) > 1 && narrow != "" && isGeography(narrow, at) {
		return places[len(places)-1:]
	}
	return places
}

// isGeography says whether a name is another one for the geography itself: "emea" for europe.
func isGeography(narrow string, at place) bool { return at.name == at.geography && narrow != at.name }

// answerMarks open the subject of an answer.
var answerMarks = []string{"re", "aw", "sv", "fw", "fwd", "wg", "tr", "rv", "antw", "rif", "res", "enc"}

// threadOf is a subject without the marks of an answer, folded.
func threadOf(subject string) string {
	s := strings.TrimSpace(fold(subject))
	for {
		mark, rest, found := strings.Cut(s, ":")
		if !found || !slices.Contains(answerMarks, strings.TrimSpace(mark)) {
			return s
		}
		s = strings.TrimSpace(rest)
	}
}

const (
	shortestTelling = 4 // bytes
	stemTelling     = 5
	mostTelling     = 60 // words of one text
)

// polite are the beginnings of words that open and close letters and tell nothing.
var polite = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`bonjour hello morning good regards kind thanks thank cheers please merci cordialement journee avance bonne salutations
		hallo guten danke grusse grussen freundlichen bitte hola buenos dias gracias saludo saludos buongiorno salve grazie cordiali saluti distinti
		ola obrigado obrigada cumprimentos bom boa tarde dank groet groeten vriendelijke beste goedemorgen depuis since seit desde sinds urgent
		asap urgente dringend spoed`) {
		set[w[:min(len(w), stemTelling)]] = true
	}
	for _, w := range frequent {
		set[w[:min(len(w), stemTelling)]] = true
	}
	return set
}()

// telling are the words of a text that may tell it from others, cut to their beginnings so that
// endings do not part them; sorted, each once.
func telling(words []word) []string {
	var all []string
	for _, w := range words {
		if len(w.text) < shortestTelling || w.text[0] <= '9' {
			continue
		}
		beginning := clipTo(w.text, stemTelling)
		if !polite[beginning] {
			all = append(all, beginning)
		}
		if len(all) == mostTelling {
			break
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
