package page

import (
	"context"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// HelpList is the published articles of a desk, or those that hold the words
// that were looked for.
type HelpList struct {
	Text     string
	Articles []desk.Article
}

// HelpPanel is what stands beside the new-ticket form, before it is sent.
type HelpPanel struct {
	Asked    bool // somebody asked for it, by the button or by typing
	Service  string
	Articles []desk.Article
	Shown    []desk.ID // those that stood there before: each is counted once
}

// Mark tells one content of the panel from another, so that what has not
// changed is not drawn again under the reader's eyes.
func (h HelpPanel) Mark() string {
	marks := []string{h.Service}
	for _, a := range h.Articles {
		marks = append(marks, a.ID.String())
	}
	return strings.Join(marks, " ")
}

// block is a part of an article: a paragraph, or a list of steps or points.
type block struct {
	Steps, Points bool
	Lines         []line
}

var (
	stepMark  = regexp.MustCompile(`^\d{1,2}[.)] +`)
	pointMark = regexp.MustCompile(`^[-*•] +`)
)

// blocks reads the little that an article's text may say of its form: lines
// that begin with a number are steps, with a dash points. All else is text.
func blocks(text string) []block {
	var out []block
	for _, p := range blankLines.Split(strings.Trim(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(shown(text)), "\n"), -1) {
		var b block
		for n, l := range strings.Split(p, "\n") {
			step, point := stepMark.FindString(l), pointMark.FindString(l)
			kind := block{Steps: step != "", Points: point != ""}
			if n > 0 && (kind.Steps != b.Steps || kind.Points != b.Points) {
				out = append(out, b)
				b = block{}
			}
			b.Steps, b.Points = kind.Steps, kind.Points
			b.Lines = append(b.Lines, pieces(l[len(step)+len(point):]))
		}
		out = append(out, b)
	}
	return out
}

// articleText is an article in the reader's language, else in the other.
func articleText(ctx context.Context, a desk.Article) desk.ArticleText {
	return a.In(string(i18n.From(ctx).Lang()))
}

// aboutService is what an article is about, "" for anything.
func aboutService(p *i18n.Printer, service string) string {
	for _, f := range families {
		if f.name == service {
			return f.title
		}
	}
	if service == "" {
		return ""
	}
	return serviceName(p, service)
}

// articleServices offers what an article can be about.
func articleServices(ctx context.Context) []ui.OptionGroup {
	whole := ui.OptionGroup{Title: i18n.T(ctx, "articles.families")}
	for _, f := range families {
		whole.Options = append(whole.Options, ui.Option{Value: f.name, Text: f.title})
	}
	out := []ui.OptionGroup{{Options: []ui.Option{{Text: i18n.T(ctx, "articles.any_service")}}}, whole}
	for _, g := range services(ctx)[1:] {
		var kept []ui.Option
		for _, o := range g.Options {
			if o.Value != "Other" {
				kept = append(kept, o)
			}
		}
		out = append(out, ui.OptionGroup{Title: g.Title, Options: kept})
	}
	return out
}

// ArticleForm is a help article as typed.
type ArticleForm struct {
	desk.ArticleSettings
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// ArticlePage is an article where its desk keeps it.
type ArticlePage struct {
	Article desk.ArticleFigures
	Form    ArticleForm
}

func articleHref(f Frame, a desk.Article, below string) string {
	return f.Href("/settings/articles/" + a.ID.String() + below)
}

// articleTitle is an article's own name where the desk lists it.
func articleTitle(ctx context.Context, a desk.Article) string { return articleText(ctx, a).Title }

// languagesOf tells in which languages an article exists.
func languagesOf(a desk.Article) string {
	var out []string
	if a.TitleFr != "" {
		out = append(out, "FR")
	}
	if a.TitleEn != "" {
		out = append(out, "EN")
	}
	return strings.Join(out, ", ")
}

// solvedByAll is what all articles together saved.
func solvedByAll(list []desk.ArticleFigures) (solved int) {
	for _, a := range list {
		solved += a.Solved
	}
	return solved
}

// inForeign marks a text that is not in the reader's language.
func inForeign(ctx context.Context, t desk.ArticleText) templ.Attributes {
	if t.Language == string(i18n.From(ctx).Lang()) {
		return templ.Attributes{}
	}
	return templ.Attributes{"lang": t.Language}
}
