package demo

import (
	_ "embed"
	"net/http"

	"golang.org/x/text/language"
)

// devStyle dresses the pages that stand in for other people's: sign-in and
// mail.
//
//go:embed dev.css
var devStyle []byte

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Write(devStyle)
}

var devLanguages = language.NewMatcher([]language.Tag{language.French, language.English})

// readerLanguage is 0 for a reader of French, 1 for one of English.
func readerLanguage(r *http.Request) int {
	_, index := language.MatchStrings(devLanguages, r.Header.Get("Accept-Language"))
	return index
}
