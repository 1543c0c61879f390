package page

import (
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func article(fr, en string) desk.Article {
	a := desk.Article{ID: desk.NewID(), Published: true}
	if fr != "" {
		a.TitleFr, a.BodyFr = fr, "Texte."
	}
	if en != "" {
		a.TitleEn, a.BodyEn = en, "Text."
	}
	return a
}

func TestArticleTextHasStepsAndPoints(t *testing.T) {
	t.Parallel()
	a := article("Titre", "")
	a.BodyFr = "Un début\nsur deux lignes.\n\nFaites :\n1. Un <b>pas</b>\n2) Un autre, https://example.org/x.\n\n- Un point\n* Un point\n3 heures plus tard."
	doc := drawn(t, i18n.French, HelpArticle(visitor(t), a)).Find("article")
	if n := doc.Find("ol > li").Length(); n != 2 {
		t.Errorf("%d steps", n)
	}
	if n := doc.Find("ul > li").Length(); n != 2 {
		t.Errorf("%d points", n)
	}
	if n := doc.Find("p.said").Length(); n != 3 || doc.Find("b").Length() != 0 {
		t.Errorf("%d paragraphs, %d bold words", n, doc.Find("b").Length())
	}
	if href := doc.Find("ol a").AttrOr("href", ""); href != "https://example.org/x" {
		t.Errorf("an address leads to %q", href)
	}
}

func TestArticleInTheOtherLanguageSaysSo(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang]string{i18n.French: "en", i18n.English: ""} {
		doc := drawn(t, lang, Help(visitor(t), HelpList{Articles: []desk.Article{article("", "Only English")}}))
		if got := doc.Find(`main li a[href^="/alpine/help/"]`).AttrOr("lang", ""); got != want {
			t.Errorf("%s: lang %q, want %q", lang, got, want)
		}
	}
}

func TestHelpIsNeverInTheWay(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		form := NewTicketForm()
		a := article("Ajouter une boîte", "Add a mailbox")
		form.Help = HelpPanel{Asked: true, Service: "Microsoft Teams", Articles: []desk.Article{a}, Shown: []desk.ID{a.ID}}
		doc := drawn(t, lang, NewTicket(as(t, desk.Contact), form)).Find(`form[action="/alpine/tickets"]`)
		first := doc.Find("button").First()
		if first.AttrOr("data-kind", "") != "main" || first.AttrOr("formaction", "") != "" {
			t.Errorf("%s: the Enter key presses %q", lang, first.Text())
		}
		solved := doc.Find(`button[formaction="/alpine/help/` + a.ID.String() + `/solved"]`)
		if solved.Length() != 1 || solved.AttrOr("formmethod", "") != "post" || solved.Closest("details").AttrOr("open", "none") != "none" {
			t.Errorf("%s: the article cannot be enough, or is in the way", lang)
		}
		if doc.Find("#help a[href^='https://support.microsoft.com/']").Length() != 1 || doc.Find("#help a[href^='https://learn.microsoft.com/']").Length() != 1 {
			t.Errorf("%s: Microsoft's pages of Teams are not there", lang)
		}
		for _, name := range []string{"fitting", "shown"} {
			if doc.Find("#fitting [name="+name+"]").Length() != 1 {
				t.Errorf("%s: no %s", lang, name)
			}
		}
	}
	if doc := drawn(t, i18n.French, NewTicket(as(t, desk.Contact), NewTicketForm())); doc.Find("#help h2").Length() != 0 || doc.Find("#help button[name=help]").Length() != 1 {
		t.Error("a form nobody has filled in yet knows an answer")
	}
}

// Every service that can be chosen leads somewhere of Microsoft's, but for those
// that are none of its products.
func TestOfficialPagesByService(t *testing.T) {
	t.Parallel()
	for _, s := range desk.Services() {
		links := officialLinks(i18n.With(t.Context(), i18n.New(i18n.French, nil, noon)), s.Name)
		if none := s.Name == "Other" || s.Name == "Unknown"; none != (len(links) == 0) {
			t.Errorf("%s: %v", s.Name, links)
		}
		for _, l := range links {
			if !strings.HasPrefix(l.Href, "https://support.microsoft.com/fr-fr/") && !strings.HasPrefix(l.Href, "https://learn.microsoft.com/fr-fr/") {
				t.Errorf("%s leads to %s", s.Name, l.Href)
			}
		}
	}
	for name := range officialPages {
		if _, known := desk.ServiceNamed(name); !known {
			t.Errorf("%s is no service", name)
		}
	}
}

func TestArticlesFormIsForThoseWhoMay(t *testing.T) {
	t.Parallel()
	a := desk.ArticleFigures{Article: article("Titre", "Title"), Opened: 2}
	page := ArticlePage{Article: a, Form: ArticleForm{ArticleSettings: a.Settings()}}
	for role, forms := range map[desk.Role]int{desk.Agent: 0, desk.Lead: 3, desk.Admin: 3} {
		doc := drawn(t, i18n.French, Article(as(t, role), page))
		if n := doc.Find(`main form[method=post]`).Length(); n != forms {
			t.Errorf("a %s has %d forms, want %d", role, n, forms)
		}
		if forms > 0 && doc.Find("[name=sure]").Length() != 1 {
			t.Errorf("a %s is not asked whether he is sure", role)
		}
	}
}
