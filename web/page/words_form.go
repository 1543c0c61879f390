package page

import (
	"context"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// WordsForm is what the desk says to customers of a problem, as typed.
type WordsForm struct {
	Words    desk.Words
	Next     string // when more is said, as a datetime-local field writes it
	Public   bool
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// WordsFormOf is the form as the words stand.
func WordsFormOf(p *i18n.Printer, i desk.Incident) WordsForm {
	w := WordsForm{Words: i.Words, Public: i.Public}
	if i.NextAt != nil && i.NextAt.After(p.Now()) {
		w.Next = i.NextAt.In(p.Zone()).Format(localMinute)
	}
	return w
}

// localMinute is how a datetime-local field writes an instant (HTML, "local date
// and time").
const localMinute = "2006-01-02T15:04"

// wordLanguages are those in which the desk speaks to customers.
var wordLanguages = []string{"fr", "en"}

// field is one part of the words in one language.
func (w WordsForm) field(ctx context.Context, part, language string) ui.Field {
	x := w.Words[language]
	value := map[string]string{"title": x.Title, "sees": x.Sees, "known": x.Known, "meanwhile": x.Meanwhile}[part]
	label := map[string]string{"title": "incident.say_title", "sees": "incident.say_sees", "known": "incident.say_known", "meanwhile": "incident.say_meanwhile"}[part]
	name := part + "_" + language
	more := templ.Attributes{"lang": language}
	if part != "title" {
		more["rows"] = "3"
	}
	return ui.Field{Name: name, Label: i18n.T(ctx, label), Value: shown(value), Error: problemOf(ctx, w.Problems, name), More: more}
}
