package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAgentCorrectsAFactAndSeesTheDecisionChange(t *testing.T) {
	t.Parallel()
	d := open(t)
	const from = "?from=mine"
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	ines := d.as(t, "alpine", "ines@alpine.example")
	outcome := func(a answer) string { return a.page(t).Find("summary .outcome").AttrOr("data-outcome", "") }
	before := d.get(t, ines, ticket+from+"&why=1")
	if before.page(t).Find("#why .trace > li").Length() < 20 || before.page(t).Find(".known h3").Length() == 0 {
		t.Fatalf("behind the decision stands %q", before.page(t).Find("#why").Text())
	}
	if d.get(t, ines, ticket+from).page(t).Find("#why, .known").Length() != 0 {
		t.Error("what nobody asked for is shown")
	}
	form := d.get(t, ines, ticket+from+"&correct=kind").page(t).Find("#correct form")
	if form.AttrOr("action", "") != ticket+"/corrections"+from || form.Find("#value option[selected]").AttrOr("value", "") != "problem" {
		t.Errorf("the form posts to %q", form.AttrOr("action", ""))
	}
	done := d.post(t, ines, ticket+"/corrections"+from, url.Values{"do": {"set"}, "fact": {"kind"}, "value": {"billing"}})
	if done.status != http.StatusSeeOther || done.to() != ticket+from+"&why=1" {
		t.Fatalf("%d to %q", done.status, done.to())
	}
	after := d.get(t, ines, done.to())
	text := after.text(t)
	if outcome(after) != "partner" || !strings.Contains(text, "Inès Caron corrige « type de demande » : Facture, au lieu de Problème") ||
		!strings.Contains(text, "type de demande : Facture par Inès Caron") || after.page(t).Find(".toast").Length() != 1 {
		t.Errorf("%s: %s", outcome(after), text)
	}
	if rule := after.page(t).Find("#why .trace > li[data-fired]").Text(); !strings.Contains(rule, "facturation") {
		t.Errorf("decided by %q", rule)
	}
	// A twin whose facts nobody corrects: a finding alone may move a decision.
	twin := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	for _, k := range []string{ticket, twin} {
		d.post(t, ines, k+"/findings", url.Values{"finding_kind": {"other"}, "result": {"info"}, "text": {"Le client a rappelé."}})
	}
	if outcome(d.get(t, ines, ticket)) != "partner" {
		t.Error("a later finding forgets the correction")
	}
	back := d.post(t, ines, ticket+"/corrections", url.Values{"do": {"back"}, "fact": {"kind"}})
	if again := d.get(t, ines, back.to()); outcome(again) != outcome(d.get(t, ines, twin)) || again.page(t).Find(".known button[value=back]").Length() != 0 ||
		!strings.Contains(again.text(t), "Inès Caron annule la correction de « type de demande »") {
		t.Errorf("taken back: %d, %s", back.status, outcome(again))
	}
}

func TestWrongCorrectionsComeBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	ines := d.as(t, "alpine", "ines@alpine.example")
	for _, c := range []struct {
		to, field, kept string
		form            url.Values
	}{
		{"corrections", "value", `#value[value="beaucoup"]`, url.Values{"fact": {"similar"}, "value": {"beaucoup"}}},
		{"corrections", "value", `#correct [name=fact][value=affected]`, url.Values{"fact": {"affected"}, "value": {"tous"}}},
		{"corrections", "fact", `#fact`, url.Values{"fact": {"hint_bug"}, "value": {"3"}}},
		{"corrections", "fact", `#fact`, url.Values{"do": {"back"}, "fact": {"<b>"}}},
		{"tags", "tags", `#team[value="Réseau"]`, url.Values{"tags": {strings.Repeat("t", 31)}, "team": {"Réseau"}}},
		{"tags", "team", `#tags[value="vip"]`, url.Values{"tags": {"vip"}, "team": {strings.Repeat("t", 31)}}},
	} {
		a := d.post(t, ines, ticket+"/"+c.to, c.form)
		doc := a.page(t)
		if a.status != http.StatusUnprocessableEntity || doc.Find(`[role=alert] a[href="#`+c.field+`"]`).Length() != 1 || doc.Find("#"+c.field+"[aria-invalid=true]").Length() != 1 {
			t.Errorf("%v: %d, told as %q", c.form, a.status, strings.TrimSpace(doc.Find("[role=alert]").Text()))
		}
		if doc.Find(c.kept).Length() != 1 {
			t.Errorf("%v forgets %s", c.form, c.kept)
		}
	}
}

func TestTagsAndTeamAreSetShownAndFilteredBy(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	ticket := d.opened(t, lea)
	ines := d.as(t, "alpine", "ines@alpine.example")
	done := d.post(t, ines, ticket+"/tags", url.Values{"tags": {"zèbre, <i>"}, "team": {"Équipe Réseau"}})
	page := d.get(t, ines, done.to())
	if done.status != http.StatusSeeOther || page.page(t).Find(`.title-bar a.badge[href="/alpine/queue/all?team=%C3%89quipe+R%C3%A9seau"]`).Length() != 1 ||
		!strings.Contains(page.text(t), "Inès Caron change le classement : étiquettes zèbre, <i> ; équipe Équipe Réseau") {
		t.Errorf("%d: %s", done.status, page.page(t).Find(".title-bar").Text())
	}
	for path, found := range map[string]int{"?tag=z%C3%A8bre": 1, "?team=%C3%89quipe+R%C3%A9seau": 1, "?tag=z%C3%A8bre&team=Autre": 0, "?tag=" + strings.Repeat("x", 31): -1, "?tag=%00": -1} {
		doc := d.get(t, ines, "/alpine/queue/all"+path).page(t)
		n := doc.Find(".queue tbody tr").Length()
		if found >= 0 && (n != found || doc.Find(".chip").Length() == 0) || found < 0 && (n < 2 || doc.Find(".chip").Length() != 0) {
			t.Errorf("%s finds %d, chips %q", path, n, doc.Find(".chip").Text())
		}
		if found == 1 && !strings.Contains(doc.Find(".queue .title .labels").Text(), "zèbre, <i>") {
			t.Errorf("the row says %q", doc.Find(".queue .title").Text())
		}
	}
	if a := d.get(t, lea, ticket); strings.Contains(a.body, "zèbre") || strings.Contains(a.body, "Équipe Réseau") {
		t.Error("the customer reads tags")
	}
}

// What was typed when a session ended waits on the ticket.
func TestCorrectionOutlivesASession(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	for path, form := range map[string]struct {
		sent url.Values
		kept string
	}{
		"corrections": {url.Values{"do": {"set"}, "fact": {"similar"}, "value": {"12"}}, `#correct #value[value="12"]`},
		"tags":        {url.Values{"tags": {"vip"}, "team": {"Réseau"}}, `.panel[open] #tags[value=vip]`},
	} {
		c := d.visitor(t)
		ended := d.post(t, c, ticket+"/"+path, form.sent)
		if ended.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", path, ended.status)
		}
		d.signIn(t, c, "/alpine/sign-in?to="+url.QueryEscape(ticket), "ines@alpine.example")
		if doc := d.get(t, c, ticket).page(t); doc.Find(form.kept).Length() != 1 {
			t.Errorf("%s is forgotten", path)
		}
	}
	if n := look[int64](t, d, `select count(*) from corrections`); n != 0 {
		t.Errorf("%d corrections came to be", n)
	}
}
