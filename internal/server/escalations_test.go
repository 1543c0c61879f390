package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// escalationOf is the page of the demo's escalation in a state.
func escalationOf(t *testing.T, d *door, state string) string {
	t.Helper()
	return "/alpine/escalations/" + look[string](t, d, `select e.number::text from escalations e join desks d on d.id = e.desk_id where d.slug = 'alpine' and e.state = $1 order by number limit 1`, state)
}

func TestEscalationsSayWhoOwesWhat(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	list := d.get(t, ines, "/alpine/escalations").page(t)
	rows := list.Find("section[aria-labelledby=live] tbody tr")
	if rows.Length() < 6 || !strings.Contains(rows.First().Text(), "en retard de") || rows.First().Find(`[data-tone=bad]`).Length() == 0 {
		t.Errorf("the first of %d: %s", rows.Length(), rows.First().Text())
	}
	if nav := list.Find(`nav a[href="/alpine/escalations"]`).Text(); !strings.Contains(nav, "(") {
		t.Errorf("the rail says %q", nav)
	}
	if list.Find("section[aria-labelledby=past] tbody tr").Length() < 10 {
		t.Error("what is over is missing")
	}
	ours := d.get(t, ines, "/alpine/escalations?owes=us").page(t)
	ours.Find("section[aria-labelledby=live] tbody td:nth-of-type(1) strong").Each(func(_ int, s *goquery.Selection) {
		if s.Text() != "Nous" {
			t.Errorf("among ours: %s", s.Text())
		}
	})
}

// One is filed, numbered, answered, passed on and ended; each form that is wrong comes
// back filled, its error beside the field.
func TestEscalationIsCarriedThrough(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	path := escalationOf(t, d, "preparing")
	taken := look[string](t, d, `select request from escalations where request <> '' order by number limit 1`)
	post := func(form string, v url.Values, want int) answer {
		t.Helper()
		v.Set("revision", d.get(t, ines, path).page(t).Find(`input[name=revision]`).First().AttrOr("value", ""))
		a := d.post(t, ines, path+"/"+form, v)
		if a.status != want {
			t.Fatalf("%s: %d, want %d: %s", form, a.status, want, a.text(t))
		}
		return a
	}
	post("dossier", url.Values{"was_title": {"x"}, "title": {"Un titre à nous"}}, http.StatusSeeOther)
	if got := d.get(t, ines, path).page(t).Find("#dossier-title").AttrOr("value", ""); got != "Un titre à nous" {
		t.Errorf("the title is %q", got)
	}
	bad := post("filing", url.Values{"request": {"12"}, "severity": {"C"}, "anyway": {"on"}}, http.StatusUnprocessableEntity).page(t)
	if bad.Find("#filing-request").AttrOr("value", "") != "12" || bad.Find("#filing-request-error").Length() != 1 {
		t.Error("a wrong number did not come back beside its error")
	}
	post("filing", url.Values{"request": {taken}, "severity": {"C"}, "anyway": {"on"}}, http.StatusUnprocessableEntity)
	post("filing", url.Values{"request": {"2611250030077001"}, "severity": {"C"}, "anyway": {"on"}}, http.StatusSeeOther)
	post("state", url.Values{"state": {"waits_us"}, "next": {"2020-01-01T10:00"}}, http.StatusUnprocessableEntity)
	post("entries", url.Values{"side": {"them"}, "text": {"<b>Their words</b>"}}, http.StatusSeeOther)
	doc := d.get(t, ines, path).page(t)
	relay := doc.Find(`form[action$="/relay"]`)
	if draft := relay.Find("textarea").Text(); !strings.Contains(draft, "Microsoft a répondu à notre demande") || strings.Contains(draft, "Their words") {
		t.Errorf("the draft: %s", draft)
	}
	form := strings.TrimPrefix(relay.AttrOr("action", ""), path+"/")
	post(form, url.Values{"do": {"send"}, relay.Find("textarea").AttrOr("name", ""): {"Ils avancent."}}, http.StatusSeeOther)
	post("entries", url.Values{"side": {"us"}, "text": {"Merci."}}, http.StatusSeeOther)
	post("ending", url.Values{"ending": {"unsolved"}}, http.StatusUnprocessableEntity)
	post("ending", url.Values{"ending": {"solved"}}, http.StatusSeeOther)
	if told := d.get(t, ines, path).text(t); strings.Contains(told, " .") || !strings.Contains(told, "Inès Caron a parlé à Microsoft.") || !strings.Contains(told, "l’a remise à Microsoft, numéro 2611250030077001.") {
		t.Errorf("what happened is not told in sentences: %s", told)
	}
	if n := look[int](t, d, `select count(*) from messages where body = 'Ils avancent.' and not internal`); n != 1 {
		t.Errorf("%d messages reached customers", n)
	}
}

func TestEscalationThatChangedKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	a := d.post(t, d.as(t, "alpine", "ines@alpine.example"), escalationOf(t, d, "filed")+"/entries", url.Values{"revision": {"9999"}, "side": {"us"}, "text": {"Pas perdu"}})
	if a.status != http.StatusConflict || a.page(t).Find("#entries-text").Text() != "Pas perdu" || a.page(t).Find(".banner[role=alert]").Length() != 1 {
		t.Errorf("%d %s", a.status, a.text(t))
	}
}

func TestCustomerReadsNoEscalation(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	if a := d.get(t, lea, "/alpine/escalations"); a.status != http.StatusForbidden {
		t.Errorf("the list: %d", a.status)
	}
	number := look[string](t, d, `select t.number::text from escalations e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id join people p on p.desk_id = t.desk_id and p.id = t.requester_id
		where p.email = 'lea@lumen.example' order by t.number limit 1`)
	if text := d.get(t, lea, "/alpine/tickets/"+number).page(t).Find("main").Text(); strings.Contains(text, "scalade") {
		t.Errorf("her ticket speaks of it: %s", text)
	}
}
