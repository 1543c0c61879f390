package page

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// drawn is a page as a reader of this language gets it.
func drawn(t *testing.T, lang i18n.Lang, c templ.Component) *goquery.Document {
	t.Helper()
	alpine := deskOf(t)
	ctx := i18n.With(t.Context(), i18n.New(lang, alpine.Location(), noon))
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSignInByMailKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	form := MailForm{Email: "lea@", To: "/alpine/tickets/12?x=1&y=2", Problems: desk.Problems{{Field: "email", Key: "error.email"}}}
	doc := drawn(t, i18n.French, SignInByMail(visitor(t), form))
	if got := doc.Find(`form[method=post][action="/alpine/sign-in/link"] input[name=email][aria-invalid=true]`).AttrOr("value", ""); got != "lea@" {
		t.Errorf("the address is %q", got)
	}
	if got := doc.Find("input[type=hidden][name=to]").AttrOr("value", ""); got != form.To {
		t.Errorf("it leads to %q", got)
	}
	if doc.Find(`[role=alert] a[href="#email"]`).Length() != 1 {
		t.Error("the summary does not lead to the field")
	}
	other := doc.Find("a[hreflang=en]").AttrOr("href", "")
	for _, part := range []string{"by=mail", "lang=en", "to=%2Falpine%2Ftickets%2F12%3Fx%3D1%26y%3D2"} {
		if !strings.Contains(other, part) {
			t.Errorf("the other language is at %q, without %s", other, part)
		}
	}
}

func TestDeskWithoutLinksOffersNone(t *testing.T) {
	t.Parallel()
	f := visitor(t)
	f.Who.Desk.EmailSignIn = false
	for name, c := range map[string]templ.Component{
		"mail": SignInByMail(f, MailForm{}), "down": SignInDown(f, ""), "again": SignInFailed(f, "again"), "link": SignInFailed(f, "link"),
	} {
		doc := drawn(t, i18n.English, c)
		if doc.Find(`main form, main a[href*="by=mail"]`).Length() != 0 {
			t.Errorf("%s offers a link by mail", name)
		}
		if doc.Find(`main a[data-kind=main][href^="/alpine/sign-in"]`).Length() != 1 {
			t.Errorf("%s has no way on", name)
		}
	}
}

func TestUseLinkSpendsNothingByItself(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.French, UseLink(visitor(t), `a"/..?b`))
	form := doc.Find("main form[method=post]")
	if got := form.AttrOr("action", ""); got != "/alpine/sign-in/link/a%22%2F..%3Fb" {
		t.Errorf("posts to %q", got)
	}
	if form.Find("button").Length() != 1 || doc.Find("meta[http-equiv]").Length() != 0 {
		t.Error("one button is all that may spend the link")
	}
}

func TestFailedSignInSaysWhomToReach(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.French, SignInFailed(visitor(t), "stranger"))
	for _, href := range []string{"tel:+33478000000", "mailto:support@alpine.example"} {
		if doc.Find(`main a[href="`+href+`"]`).Length() != 1 {
			t.Errorf("no link to %s", href)
		}
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1", n)
	}
}
