package page

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// LetterField is the words of a letter in a language, as typed.
type LetterField struct {
	desk.LetterWords
	Typed desk.Saying
}

// LetterPage is the words of a letter in both languages.
type LetterPage struct {
	Kind     desk.LetterKind
	Fields   []LetterField
	Shared   []desk.LetterWords // the subject that it shares, in both languages, where it does
	History  []desk.LetterText
	Previews []desk.LetterPreview // what was asked for
	Problems desk.Problems
}

// Typed fills the form with what was typed.
func (l *LetterPage) Typed(texts map[string]desk.Saying) {
	for i := range l.Fields {
		l.Fields[i].Typed = texts[l.Fields[i].Language]
	}
}

func (l LetterPage) own() bool {
	for _, x := range l.Fields {
		if x.Own != (desk.Saying{}) {
			return true
		}
	}
	return false
}

// sharedSubject is the one in the reader's language.
func (l LetterPage) sharedSubject(ctx context.Context) string {
	for _, x := range l.Shared {
		if x.Language == string(i18n.From(ctx).Lang()) {
			return x.InUse().Subject
		}
	}
	return ""
}

func (l LetterPage) lead(ctx context.Context) string {
	switch {
	case l.Kind == desk.LetterSubject:
		return i18n.T(ctx, "words.subject_lead")
	case l.Kind == "dossier":
		return i18n.T(ctx, "words.dossier_lead")
	case l.Kind.InThread():
		return i18n.T(ctx, "words.one_lead")
	}
	return i18n.T(ctx, "words.own_lead")
}

// hints say what may stand in the fields.
func (l LetterPage) hints(ctx context.Context) (list []string) {
	if !l.Kind.HasBody() {
		return []string{i18n.T(ctx, "words.variables", "Variables", braced(l.Kind.SubjectVariables()))}
	}
	list = append(list, i18n.T(ctx, "words.variables", "Variables", braced(l.Kind.Variables())))
	if block := l.Kind.Block(); block != "" {
		list = append(list, i18n.T(ctx, "words.block."+block), i18n.T(ctx, "words.subject_variables", "Variables", braced(l.Kind.SubjectVariables())))
	}
	return list
}

// Languages are those that letters are written in.
func Languages() (list []string) {
	for _, l := range i18n.Langs() {
		list = append(list, string(l))
	}
	return list
}

func braced(variables []string) string { return "{" + strings.Join(variables, "} {") + "}" }

func (l LetterPage) subject(ctx context.Context, x LetterField) ui.Field {
	return l.field(ctx, "subject_"+x.Language, i18n.T(ctx, "words.subject_in", "Language", i18n.T(ctx, "language."+x.Language)), x.Language, x.Typed.Subject)
}

func (l LetterPage) body(ctx context.Context, x LetterField) ui.Field {
	f := l.field(ctx, "body_"+x.Language, i18n.T(ctx, "words.text_in", "Language", i18n.T(ctx, "language."+x.Language)), x.Language, x.Typed.Body)
	f.More["rows"] = strconv.Itoa(max(4, strings.Count(x.Typed.Body, "\n")+2))
	return f
}

func (l LetterPage) field(ctx context.Context, name, label, language, value string) ui.Field {
	return ui.Field{Name: name, Value: shown(value), Label: label, Error: problemOf(ctx, l.Problems, name), More: templ.Attributes{"lang": language}}
}

// letterRow is a kind in the list, with the languages in which the desk has its own words.
type letterRow struct {
	Kind desk.LetterKind
	Own  []string
}

func letterRows(ctx context.Context, kinds []desk.LetterKind, words []desk.LetterWords) (rows []letterRow) {
	for _, k := range kinds {
		row := letterRow{Kind: k}
		for _, w := range words {
			if w.Kind == k && w.Own != (desk.Saying{}) {
				row.Own = append(row.Own, i18n.T(ctx, "language."+w.Language))
			}
		}
		rows = append(rows, row)
	}
	return rows
}
