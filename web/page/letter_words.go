package page

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// LetterField is the words of a letter in a language, as typed.
type LetterField struct {
	desk.LetterWords
	Body string
}

// LetterPage is the words of a letter in both languages.
type LetterPage struct {
	Kind     desk.LetterKind
	Fields   []LetterField
	History  []desk.LetterText
	Previews []desk.LetterPreview // what was asked for
	Problems desk.Problems
}

// Typed fills the form with what was typed.
func (l *LetterPage) Typed(bodies map[string]string) {
	for i := range l.Fields {
		l.Fields[i].Body = bodies[l.Fields[i].Language]
	}
}

func (l LetterPage) own() bool {
	for _, x := range l.Fields {
		if x.Own != "" {
			return true
		}
	}
	return false
}

// Languages are those that letters are written in.
func Languages() (list []string) {
	for _, l := range i18n.Langs() {
		list = append(list, string(l))
	}
	return list
}

func (l LetterPage) variables() string { return "{" + strings.Join(l.Kind.Variables(), "} {") + "}" }

func (l LetterPage) field(ctx context.Context, x LetterField) ui.Field {
	name := "body_" + x.Language
	return ui.Field{Name: name, Value: shown(x.Body), Label: i18n.T(ctx, "language."+x.Language), Error: problemOf(ctx, l.Problems, name),
		More: templ.Attributes{"lang": x.Language, "rows": "4"}}
}

// letterRow is a kind in the list, with the languages in which the desk has its own words.
type letterRow struct {
	Kind desk.LetterKind
	Own  []string
}

func letterRows(ctx context.Context, words []desk.LetterWords) (rows []letterRow) {
	for _, w := range words {
		if n := len(rows); n == 0 || rows[n-1].Kind != w.Kind {
			rows = append(rows, letterRow{Kind: w.Kind})
		}
		if row := &rows[len(rows)-1]; w.Own != "" {
			row.Own = append(row.Own, i18n.T(ctx, "language."+w.Language))
		}
	}
	return rows
}
