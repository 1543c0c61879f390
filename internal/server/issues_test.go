package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// fabrique is a customer whose tenant lets the portal in at the sample endpoint.
func fabrique(t *testing.T, d *door) (id desk.ID, tenant string) {
	t.Helper()
	id = look[desk.ID](t, d, `select c.id from customers c join desks k on k.id = c.desk_id where k.slug = 'alpine' and c.name = 'Fabrique Lumen'`)
	return id, look[string](t, d, `select tenant from customers where id = $1`, id)
}

// consentLink asks for one as an admin does, and reads the state that it carries.
func consentLink(t *testing.T, d *door, c *http.Client, customer desk.ID) (state string) {
	t.Helper()
	path := "/alpine/settings/health/" + customer.String()
	if a := d.post(t, c, path+"/consent", url.Values{}); a.status != http.StatusSeeOther || a.to() != path {
		t.Fatalf("asking for a consent: %d %s", a.status, a.to())
	}
	href, _ := d.get(t, c, path).page(t).Find(".banner a.btn").Attr("href")
	link, err := url.Parse(href)
	if err != nil || link.Query().Get("state") == "" || link.Query().Get("redirect_uri") != d.Base+"/consent/return" {
		t.Fatalf("the consent link %q (%v)", href, err)
	}
	if again := d.get(t, c, path).page(t).Find(".banner a.btn").Length(); again != 0 {
		t.Error("the link is shown twice")
	}
	return link.Query().Get("state")
}

func TestAConsentComesBackToWhoAskedForIt(t *testing.T) {
	t.Parallel()
	d := open(t)
	customer, tenant := fabrique(t, d)
	paul, elsewhere, nora := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "paul@alpine.example"), d.as(t, "brume", "nora@brume.example")
	back := func(state, tenant, given string) string {
		return "/consent/return?" + url.Values{"state": {state}, "tenant": {tenant}, "admin_consent": {given}}.Encode()
	}
	if a := d.get(t, d.visitor(t), back(consentLink(t, d, paul, customer), tenant, "True")); a.status != http.StatusNotFound {
		t.Errorf("a browser that asked for nothing: %d", a.status)
	}
	consentLink(t, d, elsewhere, customer) // so that it has asked for one of its own
	for name, a := range map[string]answer{
		"another browser":  d.get(t, elsewhere, back(consentLink(t, d, paul, customer), tenant, "True")),
		"another tenant":   d.get(t, paul, back(consentLink(t, d, paul, customer), desk.NewID().String(), "True")),
		"no consent":       d.get(t, paul, back(consentLink(t, d, paul, customer), tenant, "")),
		"a made-up state":  d.get(t, paul, back("made-up", tenant, "True")),
		"refused":          d.get(t, paul, back(consentLink(t, d, paul, customer), tenant, "")+"&error=access_denied&error_description=%3Cscript%3E"),
		"strange bytes":    d.get(t, paul, "/consent/return?state=%00%ff&tenant=%ff&admin_consent=True"),
		"nothing whatever": d.get(t, paul, "/consent/return"),
	} {
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := d.get(t, nora, back(consentLink(t, d, paul, customer), tenant, "True")); a.status != http.StatusNotFound {
		t.Errorf("another desk's admin: %d", a.status)
	}
	if n := look[int](t, d, `select count(*)::int from connections where customer_id = $1 and (state <> 'asked' or consented_at is not null)`, customer); n != 0 {
		t.Error("a refused consent left something behind")
	}
	state := consentLink(t, d, paul, customer)
	a := d.get(t, paul, back(state, tenant, "True"))
	if a.status != http.StatusSeeOther || a.to() != "/alpine/settings/health/"+customer.String() {
		t.Fatalf("a consent: %d %s", a.status, a.to())
	}
	if text := d.get(t, paul, a.to()).page(t).Find("main").Text(); !strings.Contains(text, "Connecté") {
		t.Errorf("the customer's connection: %s", text)
	}
	if a := d.get(t, paul, back(state, tenant, "True")); a.status != http.StatusForbidden {
		t.Errorf("the same again: %d", a.status)
	}
	ines := d.as(t, "alpine", "ines@alpine.example")
	if rows := d.get(t, ines, "/alpine/issues").page(t).Find("tbody tr").Length(); rows == 0 {
		t.Error("no issue is known after the first reading")
	}
}

func TestAnAgentRecordsAnIssueAndEndsIt(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	page := d.get(t, ines, "/alpine/issues/new?code=tm1234567").page(t)
	if got, _ := page.Find(`select[name="service"] option[selected]`).Attr("value"); got != "Microsoft Teams" {
		t.Errorf("the service of a pasted code: %q", got)
	}
	form := url.Values{"code": {"TM1234567"}, "title": {"Réunions impossibles"}, "service": {"Microsoft Teams"}, "classification": {"incident"}, "stage": {"investigating"},
		"everyone": {"on"}, "sees_fr": {"Les réunions ne s’ouvrent pas."}, "publisher_next": {"hier"}}
	a := d.post(t, ines, "/alpine/issues", form)
	back := a.page(t)
	if a.status != http.StatusUnprocessableEntity || back.Find("#publisher_next-error").Length() != 1 || back.Find(`input[name="title"]`).AttrOr("value", "") != "Réunions impossibles" {
		t.Fatalf("a wrong time: %d", a.status)
	}
	form.Del("publisher_next")
	a = d.post(t, ines, "/alpine/issues", form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("recording: %d", a.status)
	}
	issue := a.to()
	if text := d.get(t, ines, issue).page(t).Find("main").Text(); !strings.Contains(text, "Les réunions ne s’ouvrent pas.") || !strings.Contains(text, "TM1234567") {
		t.Errorf("the issue's page: %s", text)
	}
	if a := d.get(t, ines, "/alpine/issues/new?code=TM1234567"); a.to() != issue {
		t.Errorf("a known code leads to %d %s", a.status, a.to())
	}
	if a := d.post(t, ines, issue+"/words", url.Values{"title_fr": {strings.Repeat("x", 200)}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("words too long: %d", a.status)
	}
	if a := d.post(t, ines, issue+"/state", url.Values{"do": {"end"}}); a.status != http.StatusSeeOther {
		t.Errorf("ending: %d", a.status)
	}
	if text := d.get(t, ines, "/alpine/issues?tab=history").page(t).Find("tbody").Text(); !strings.Contains(text, "Réunions impossibles") {
		t.Errorf("history: %s", text)
	}
	noe := d.as(t, "alpine", "noe@vigienuit.example")
	if a := d.post(t, noe, issue+"/state", url.Values{"do": {"back"}}); a.status != http.StatusForbidden {
		t.Errorf("a subcontractor's person: %d", a.status)
	}
}

// What comes from outside is shown, and never run.
func TestPublishedTextIsShownAsText(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `insert into issues (desk_id, id, source, kind, code, title, service, impact, status, classification, everyone, started_at, changed_at, first_seen_at, seen_at)
		select id, '01a215ce-0000-7000-8000-000000000001', 'graph', 'issue', 'EX7777777', '<script>alert(1)</script>', '<b>x', '<img src=x onerror=alert(1)>', '<i>odd', '"><u>', true,
		now(), now(), now(), now() from desks where slug = 'alpine'`)
	ines := d.as(t, "alpine", "ines@alpine.example")
	for _, path := range []string{"/alpine/issues", "/alpine/issues/01a215ce-0000-7000-8000-000000000001"} {
		a := d.get(t, ines, path)
		if p := a.page(t); a.status != http.StatusOK || p.Find("main script, main img, main u, main b, main i").Length() != 0 || !strings.Contains(p.Text(), "<script>alert(1)</script>") {
			t.Errorf("%s: %d runs what was published", path, a.status)
		}
	}
}
