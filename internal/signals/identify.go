package signals

import (
	"regexp"
	"slices"
)

// The marks by which Microsoft's support finds an event: service-health and message-centre numbers
// ("EX123456"), Entra's error codes, SMTP's enhanced status codes, and correlation ids.
var idPattern = regexp.MustCompile(`\b(?:[A-Z]{2}\d{6,8}|AADSTS\d{4,7}|[45]\.\d{1,3}\.\d{1,4}|0x[0-9A-Fa-f]{8}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b`)

const maxIDs = 20

// ids returns the marks of a text, each once, in its order.
func ids(text string) []string {
	found := []string{}
	for _, id := range idPattern.FindAllString(text, maxIDs) {
		if !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

var languageLexicon = loadLexicon("language.txt")

// detect guesses the language by its commonest words; "" when none is found.
func detect(words []word) string {
	count := map[string]int{}
	for _, h := range languageLexicon.find(words) {
		count[h.concept]++
	}
	best := ""
	for _, language := range languageLexicon.concepts() {
		if count[language] > count[best] {
			best = language
		}
	}
	return best
}
