package signals

import (
	"regexp"
	"slices"
	"strings"
)

// The marks by which Microsoft's support finds an event: service-health and message-centre numbers
// ("EX123456"), Entra's error codes, SMTP's enhanced status codes, and correlation ids.
var idPattern = regexp.MustCompile(`\b(?:[A-Z]{2}\d{6,8}|AADSTS\d{4,7}|[45]\.\d{1,3}\.\d{1,4}|0x[0-9A-Fa-f]{8}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b`)

const maxIDs = 20

// ids returns the marks of a text, each once, in its order.
func ids(text string) []string {
	found := []string{}
	if !strings.ContainsAny(text, "0123456789") {
		return found
	}
	for token := range strings.FieldsSeq(text) {
		if !mayHoldID(token) {
			continue
		}
		for _, id := range idPattern.FindAllString(token, maxIDs) {
			if len(found) < maxIDs && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	return found
}

// mayHoldID spares the pattern the tokens with fewer than three digits: no mark has fewer.
func mayHoldID(token string) bool {
	digits := 0
	for i := range len(token) {
		if c := token[i]; '0' <= c && c <= '9' {
			digits++
		}
	}
	return digits >= 3 || digits > 0 && strings.Count(token, "-") >= 4
}

// common words of each language, with the languages that have them.
var commonWords, languages = func() (map[string][]int, []string) {
	l := loadLexicon("language.txt")
	names, words := l.concepts(), map[string][]int{}
	for _, p := range l.phrases {
		for _, w := range p.anchor.words {
			words[w] = append(words[w], slices.Index(names, p.concept))
		}
	}
	return words, names
}()

// detect guesses the language by its commonest words, by its place in languages; len(languages)
// when none is found.
func detect(words []word) int {
	var count [16]int
	for _, w := range words {
		for _, language := range w.known.languages {
			count[language]++
		}
	}
	best, most := len(languages), 0
	for i := range languages {
		if count[i] > most {
			best, most = i, count[i]
		}
	}
	return best
}
