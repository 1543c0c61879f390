package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

// handed are the two pages of one of the demo's hand-offs: Brume's escalation and
// ticket, and Meridian's ticket.
type handed struct{ escalation, ticket, there string }

func handedOver(t *testing.T, d *door) handed {
	t.Helper()
	const one = ` from handoffs h join escalations e on e.desk_id = h.reseller_id and e.id = h.escalation_id join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id
		where t.subject = 'La boîte de la scierie ne se synchronise plus'`
	return handed{
		escalation: "/brume/escalations/" + look[string](t, d, `select e.number::text`+one),
		ticket:     "/brume/tickets/" + look[string](t, d, `select t.number::text`+one),
		there:      "/meridian/tickets/" + look[string](t, d, `select h.number::text`+one),
	}
}

// The provider's people read the dossier and what the two desks write each other, and
// nothing else of the reseller or its customer; and the other way round.
func TestHandoffShowsDossierAndThreadAlone(t *testing.T) {
	t.Parallel()
	d := open(t)
	nora, otto, marc := d.as(t, "brume", "nora@brume.example"), d.as(t, "meridian", "otto@meridian.example"), d.as(t, "brume", "marc@scierie-beaulieu.example")
	h := handedOver(t, d)
	for who, note := range map[string]url.Values{"nora": {"body": {"Marge secrète de la scierie"}}, "otto": {"body": {"Coût secret de Meridian"}}} {
		note.Set("kind", "note")
		note.Set("key", desk.NewID().String())
		a := answer{}
		if who == "nora" {
			a = d.post(t, nora, h.ticket+"/messages", note)
		} else {
			a = d.post(t, otto, h.there+"/messages", note)
		}
		if a.status != http.StatusSeeOther {
			t.Fatalf("%s notes: %d", who, a.status)
		}
	}
	d.post(t, nora, h.ticket+"/messages", url.Values{"kind": {"message"}, "body": {"Pour Marc seul"}, "key": {desk.NewID().String()}})

	there := d.get(t, otto, h.there)
	text := there.text(t)
	for _, want := range []string{"Brume Informatique", "Scierie Beaulieu", "bonjour nora la boite commune", "profil recréé sans effet", "Version 2410, build 18129.20158", "Coût secret de Meridian"} {
		if !strings.Contains(text, want) {
			t.Errorf("the provider does not read %q", want)
		}
	}
	for _, secret := range []string{"Marge secrète", "Pour Marc seul", "marc@", "Marc ", "Hors de notre portée", "nora@brume", strings.TrimPrefix(h.ticket, "/brume/tickets/"), "/brume/"} {
		if strings.Contains(there.body, secret) {
			t.Errorf("the provider reads %q", secret)
		}
	}
	for _, path := range []string{"/meridian/queue/all?q=scierie+beaulieu", "/meridian/settings/customers?q=scierie"} {
		if a := d.get(t, otto, path); strings.Contains(a.text(t), "Scierie Beaulieu") {
			t.Errorf("%s finds the reseller's customer", path)
		}
	}

	here := d.get(t, nora, h.escalation)
	if text := here.text(t); !strings.Contains(text, "nous ouvrons une demande") || !strings.Contains(text, "meridian #") {
		t.Errorf("the reseller does not read the answer: %s", text)
	}
	for page, a := range map[string]answer{"escalation": here, "ticket": d.get(t, nora, h.ticket), "customer's page": d.get(t, marc, h.ticket)} {
		for _, secret := range []string{"Coût secret", "otto@meridian", "/meridian/"} {
			if strings.Contains(a.body, secret) {
				t.Errorf("the reseller's %s shows %q", page, secret)
			}
		}
	}
	own := d.get(t, marc, h.ticket)
	for _, secret := range []string{"Otto", "meridian", "Marge", "nous ouvrons une demande", "scalade"} {
		if strings.Contains(own.text(t), secret) {
			t.Errorf("the customer reads %q", secret)
		}
	}
	if !strings.Contains(own.text(t), "Pour Marc seul") {
		t.Error("the customer does not read what was written to him")
	}
}

// Given back without a reason it stays; with one, the reseller reads it and prepares
// anew.
func TestHandoffIsGivenBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	nora, otto := d.as(t, "brume", "nora@brume.example"), d.as(t, "meridian", "otto@meridian.example")
	h := handedOver(t, d)
	long := strings.Repeat("é", 20_001)
	a := d.post(t, otto, h.there+"/return", url.Values{"why": {long}})
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#why").Text() != long {
		t.Errorf("a reason too long: %d", a.status)
	}
	a.complains(t, "why")
	if a := d.post(t, otto, h.there+"/return", url.Values{"why": {" "}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no reason: %d", a.status)
	}
	if a := d.post(t, otto, h.there+"/return", url.Values{"why": {"Il manque la version d’Outlook."}}); a.status != http.StatusSeeOther {
		t.Fatalf("given back: %d %s", a.status, a.text(t))
	}
	if d.get(t, otto, h.there).page(t).Find(`form[action$="/return"]`).Length() != 0 {
		t.Error("it may be given back twice")
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		text := d.get(t, nora, h.escalation).text(t)
		if strings.Contains(text, "Il manque la version d’Outlook.") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the reseller does not read why: %s", text)
		}
	}
}

func TestLinksFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	const at = "/brume/settings/providers"
	nora := d.as(t, "brume", "nora@brume.example")
	for slug, why := range map[string]string{"brume": "itself", "nowhere": "nobody", "": "nothing"} {
		a := d.post(t, nora, at, url.Values{"side": {"reseller"}, "slug": {slug}})
		if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#slug").AttrOr("value", "") != slug || a.page(t).Find(`[name=side][value=reseller][checked]`).Length() != 1 {
			t.Errorf("%s: %d", why, a.status)
		}
		a.complains(t, "slug")
	}
	for desk, email := range map[string]string{"brume": "marc@scierie-beaulieu.example", "alpine": "karim@alpine.example"} {
		who := d.as(t, desk, email)
		if a := d.get(t, who, "/"+desk+"/settings/providers"); a.status != http.StatusForbidden {
			t.Errorf("%s reads the links: %d", email, a.status)
		}
		if a := d.get(t, who, at); desk != "brume" && a.status == http.StatusOK {
			t.Errorf("%s reads another desk's links", email)
		}
	}
}
