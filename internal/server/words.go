package server

import (
	"net/http"
	"net/url"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// wordsForm reads what customers are told.
func wordsForm(v url.Values) page.WordsForm {
	x := page.WordsForm{Words: desk.Words{}, Next: v.Get("next"), Public: v.Has("public")}
	for _, l := range []string{"fr", "en"} {
		x.Words[l] = desk.Wording{Title: v.Get("title_" + l), Sees: v.Get("sees_" + l), Known: v.Get("known_" + l), Meanwhile: v.Get("meanwhile_" + l)}
	}
	return x
}

// saidWords reads them as they were meant, in the reader's zone.
func saidWords(r *http.Request, x page.WordsForm) desk.WordsForm {
	f := desk.WordsForm{Words: x.Words, Public: x.Public}
	f.Next, f.BadNext = formTime(x.Next, i18n.From(r.Context()).Zone())
	return f
}
