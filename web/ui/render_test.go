package ui

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"guichet/internal/i18n"
)

var now = time.Date(2026, 11, 10, 13, 18, 0, 0, time.UTC)

// render draws a component for a reader of French in Paris, at 14:18.
func render(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	var html strings.Builder
	if err := c.Render(i18n.With(context.Background(), i18n.New(i18n.French, paris, now)), &html); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// within gives a component its children.
func within(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func words(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(text))
		return err
	})
}

// want asserts that a selector finds so many elements.
func want(t *testing.T, doc *goquery.Document, count int, selector string) {
	t.Helper()
	if got := doc.Find(selector).Length(); got != count {
		html, _ := doc.Find("body").Html()
		t.Errorf("%d of %s, want %d, in %s", got, selector, count, html)
	}
}

// reads asserts the words of an element, with its spaces made single.
func reads(t *testing.T, doc *goquery.Document, selector, text string) {
	t.Helper()
	if got := strings.Join(strings.FieldsFunc(doc.Find(selector).Text(), func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }), " "); got != text {
		t.Errorf("%s reads %q, want %q", selector, got, text)
	}
}
