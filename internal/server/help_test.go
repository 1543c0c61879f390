package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

// publishArticle writes an article of alpine that everybody may read.
func (d *door) publishArticle(t *testing.T, title, body string) string {
	t.Helper()
	id, err := d.Parts.App.AddArticle(t.Context(), d.actor(t, "alpine", "paul@alpine.example"), desk.ArticleSettings{TitleFr: title, BodyFr: body, Published: true})
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

func (d *door) used(t *testing.T, id string) string {
	t.Helper()
	return look[string](t, d, `select coalesce(sum(shown) || ' ' || sum(opened) || ' ' || sum(solved), '0 0 0') from article_days where article_id = $1`, id)
}

// Without a script the panel comes by a button, and the form comes back as it
// was typed.
func TestHelpComesByAButton(t *testing.T) {
	t.Parallel()
	d := open(t)
	id := d.publishArticle(t, "Changer le toner de la Zébulon 3000", "1. Ouvrez le capot.\n2. Changez le toner.")
	lea := d.as(t, "alpine", "lea@lumen.example")
	typed := url.Values{"help": {"1"}, "kind": {"problem"}, "subject": {"La zebulon n’imprime plus"}, "body": {"Depuis ce matin."}, "service": {"Microsoft Teams"}, "affected": {"some_users"}, "impact": {"minor"}}
	a := d.post(t, lea, "/alpine/tickets", typed)
	if a.status != http.StatusOK {
		t.Fatalf("asking for help: %d", a.status)
	}
	form := a.form(t, "/alpine/tickets")
	for name, want := range map[string]string{"subject": "La zebulon n’imprime plus", "body": "Depuis ce matin.", "service": "Microsoft Teams", "affected": "some_users", "impact": "minor", "shown": id} {
		if form.Get(name) != want {
			t.Errorf("%s came back as %q", name, form.Get(name))
		}
	}
	panel := a.page(t).Find("#help")
	if !strings.Contains(panel.Text(), "Changer le toner") || panel.Find("details ol li").Length() < 2 || panel.Find(`a[href="https://support.microsoft.com/fr-fr/teams"]`).Length() != 1 {
		t.Errorf("the panel says %q", panel.Text())
	}
	if n := look[int64](t, d, `select count(*) from tickets where subject = $1`, typed.Get("subject")); n != 0 {
		t.Errorf("%d tickets were sent", n)
	}
	form.Set("help", "1")
	d.post(t, lea, "/alpine/tickets", form)
	if got := d.used(t, id); got != "1 0 0" {
		t.Errorf("counted %s, want one showing a form", got)
	}
	form.Del("help")
	if a := d.post(t, lea, "/alpine/tickets", form); a.status != http.StatusSeeOther {
		t.Errorf("sending after all: %d", a.status)
	}
}

func TestHelpFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	id := d.publishArticle(t, "Changer le toner de la Zébulon 3000", "Ouvrez le capot.")
	lea := d.as(t, "alpine", "lea@lumen.example")
	a := d.get(t, lea, "/alpine/help/fitting?subject=zebulon&fitting=")
	mark := a.page(t).Find("[name=fitting]").AttrOr("value", "")
	if a.status != http.StatusOK || !strings.Contains(a.body, "toner") || strings.Contains(a.body, "<html") || !strings.Contains(mark, id) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := d.get(t, lea, "/alpine/help/fitting?"+url.Values{"subject": {"la zebulon"}, "fitting": {mark}, "shown": {id}}.Encode()); a.status != http.StatusNoContent {
		t.Errorf("the same again: %d", a.status)
	}
	for range 2 {
		if a := d.post(t, lea, "/alpine/help/"+id+"/opened", nil); a.status != http.StatusNoContent {
			t.Errorf("opening: %d", a.status)
		}
		if a := d.post(t, lea, "/alpine/help/"+id+"/solved", url.Values{"subject": {"zebulon"}}); a.status != http.StatusSeeOther || a.to() != "/alpine/tickets" {
			t.Errorf("solved: %d %s", a.status, a.to())
		}
	}
	if a := d.get(t, lea, "/alpine/tickets"); !strings.Contains(a.page(t).Find(".toast").Text(), "Merci") {
		t.Error("nobody thanks")
	}
	if got := d.used(t, id); got != "1 2 1" {
		t.Errorf("counted %s: who presses twice has one problem", got)
	}
	for range 120 {
		a = d.get(t, lea, "/alpine/help/fitting?subject=x")
	}
	if a.status != http.StatusTooManyRequests {
		t.Errorf("asking without end: %d", a.status)
	}
}

func TestPublicHelp(t *testing.T) {
	t.Parallel()
	d := open(t)
	id := d.publishArticle(t, "Changer le toner de la Zébulon 3000", "Lisez https://example.org/aide <b>vite</b>.")
	draft := look[string](t, d, `select id::text from articles where not published limit 1`)
	c := d.visitor(t)
	if text := d.get(t, c, "/alpine/help").text(t); !strings.Contains(text, "Zébulon") || strings.Contains(text, "Inviter une personne extérieure") {
		t.Errorf("the list says %q", text)
	}
	if text := d.get(t, c, "/alpine/help?q=ZEBULON").text(t); !strings.Contains(text, "Zébulon") || strings.Contains(text, "OneDrive avec") {
		t.Errorf("looking for it finds %q", text)
	}
	if text := d.get(t, c, "/alpine/help?q=introuvable").text(t); !strings.Contains(text, "Aucun article trouvé") {
		t.Errorf("looking for nothing finds %q", text)
	}
	a := d.get(t, c, "/alpine/help/"+id)
	if a.status != http.StatusOK || a.page(t).Find(`main a[href="https://example.org/aide"]`).Length() != 1 || a.page(t).Find("main article b").Length() != 0 || a.page(t).Find("form[action$='/solved']").Length() != 0 {
		t.Errorf("%d %s", a.status, a.text(t))
	}
	for _, path := range []string{"/alpine/help/" + draft, "/brume/help/" + id, "/alpine/help/x"} {
		if a := d.get(t, c, path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if got := d.used(t, id); got != "0 0 0" {
		t.Errorf("a visitor is counted: %s", got)
	}
	if a := d.get(t, d.as(t, "alpine", "ines@alpine.example"), "/alpine/help/"+draft); a.status != http.StatusOK || !strings.Contains(a.text(t), "Brouillon") {
		t.Errorf("an agent reads a draft: %d", a.status)
	}
}

func TestArticlesAreKept(t *testing.T) {
	t.Parallel()
	d := open(t)
	karim := d.as(t, "alpine", "karim@alpine.example") // a lead
	a := d.post(t, karim, "/alpine/settings/articles", url.Values{"title_fr": {"Sans texte"}, "service": {"x"}, "body_en": {"y"}})
	if a.status != http.StatusUnprocessableEntity || a.form(t, "/alpine/settings/articles").Get("title_fr") != "Sans texte" || a.form(t, "/alpine/settings/articles").Get("body_en") != "y" {
		t.Errorf("a bad article: %d", a.status)
	}
	a.complains(t, "service", "body_fr", "title_en")
	a = d.post(t, karim, "/alpine/settings/articles", url.Values{"title_fr": {"Zébulon"}, "body_fr": {"Texte."}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("a good one: %d", a.status)
	}
	at := a.to()
	if a := d.post(t, karim, at, url.Values{"title_fr": {strings.Repeat("x", 121)}, "body_fr": {"Texte."}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a title too long: %d", a.status)
	} else {
		a.complains(t, "title_fr")
	}
	for _, step := range []struct {
		path string
		form url.Values
		want int
	}{
		{"/publication", url.Values{"do": {"publish"}}, 303}, {"/publication", url.Values{"do": {"x"}}, 422}, {"", url.Values{"title_fr": {"Zébulon 2"}, "body_fr": {"Texte."}}, 303},
	} {
		if a := d.post(t, karim, at+step.path, step.form); a.status != step.want {
			t.Errorf("%s %v: %d", step.path, step.form, a.status)
		}
	}
	id := strings.TrimPrefix(at, "/alpine/settings/articles/")
	d.stage(t, `insert into article_days (desk_id, article_id, day, opened) select desk_id, id, $2, 3 from articles where id = $1`, id, time.Now())
	if text := d.get(t, d.as(t, "alpine", "ines@alpine.example"), "/alpine/settings/articles").text(t); !strings.Contains(text, "Zébulon 2") {
		t.Errorf("an agent reads %q", text)
	}
	a = d.post(t, karim, at+"/removal", nil)
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#sure-error").Length() != 1 {
		t.Errorf("removing what was read: %d", a.status)
	}
	if a := d.post(t, karim, at+"/removal", url.Values{"sure": {"on"}}); a.status != http.StatusSeeOther || d.get(t, karim, at).status != http.StatusNotFound {
		t.Errorf("removing for sure: %d", a.status)
	}
}
