package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// incidentOf is the page of the demo's incident in a state.
func incidentOf(t *testing.T, d *door, state string) string {
	t.Helper()
	return "/alpine/incidents/" + look[string](t, d, `select i.number::text from incidents i join desks d on d.id = i.desk_id where d.slug = 'alpine' and i.state = $1 order by number desc limit 1`, state)
}

func TestIncidentsAreListedAndOpenedByHand(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	list := d.get(t, ines, "/alpine/incidents").page(t)
	if n := list.Find("section[aria-labelledby=live] tbody tr").Length(); n == 0 {
		t.Error("nothing is under way")
	}
	if n := list.Find("section[aria-labelledby=past] tbody tr").Length(); n != 1 {
		t.Errorf("%d are over", n)
	}
	if nav := list.Find(`nav a[href="/alpine/incidents"]`).Text(); !strings.Contains(nav, "(") {
		t.Errorf("the rail says %q", nav)
	}
	ticket := look[string](t, d, `select t.number::text from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine' and t.subject = 'Ça rame'`)
	form := url.Values{"title": {""}, "service": {"Microsoft Teams"}, "kind": {"regional_multitenant"}, "tickets": {ticket + ", 999999"}}
	bad := d.post(t, ines, "/alpine/incidents", form)
	if bad.status != http.StatusUnprocessableEntity || bad.page(t).Find("#title-error").Length() != 1 || bad.page(t).Find("#tickets").AttrOr("value", "") != ticket+", 999999" {
		t.Errorf("without a title: %d", bad.status)
	}
	form.Set("title", "Lenteurs")
	if a := d.post(t, ines, "/alpine/incidents", form); a.status != http.StatusUnprocessableEntity || a.page(t).Find("#tickets-error").Length() != 1 {
		t.Errorf("with a number that is none: %d", a.status)
	}
	form.Set("tickets", ticket)
	a := d.post(t, ines, "/alpine/incidents", form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("opened: %d %s", a.status, a.text(t))
	}
	doc := d.get(t, ines, a.to()).page(t)
	if !strings.Contains(doc.Find("section[aria-labelledby=tickets] table").Text(), "Ça rame") || doc.Find("figure.chart svg[role=img]").Length() != 2 {
		t.Errorf("its page: %s", doc.Text())
	}
}

// A form that comes too late comes back beside what holds now.
func TestIncidentIsNotOverwritten(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, karim := d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "karim@alpine.example")
	path := incidentOf(t, d, "open")
	revision := d.get(t, ines, path).page(t).Find(`form[action$="/words"] input[name=revision]`).AttrOr("value", "")
	words := func(title string) url.Values {
		return url.Values{"revision": {revision}, "title_fr": {title}, "sees_fr": {"<b>Ceci</b>"}}
	}
	if a := d.post(t, karim, path+"/words", words("Le premier")); a.status != http.StatusSeeOther {
		t.Fatalf("the first: %d", a.status)
	}
	late := d.post(t, ines, path+"/words", words("Le second"))
	if late.status != http.StatusConflict {
		t.Fatalf("the second: %d", late.status)
	}
	doc := late.page(t)
	if doc.Find("#title_fr").AttrOr("value", "") != "Le second" || !strings.Contains(doc.Find("#words").Parent().Text(), "Le premier") || doc.Find(".banner[role=alert]").Length() != 1 {
		t.Errorf("both texts: %s", doc.Find("section[aria-labelledby=words]").Text())
	}
	if fresh := doc.Find(`form[action$="/words"] input[name=revision]`).AttrOr("value", ""); fresh == revision {
		t.Error("sent again it would be refused again")
	}
}

// What Microsoft is sent cites the tenants, for the desk's people alone; the number
// of the request is checked, and stands for all.
func TestIncidentGoesToMicrosoftWithItsTenants(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	path := incidentOf(t, d, "open")
	packet := d.get(t, ines, path).page(t).Find("pre[lang=en]").Text()
	for _, tenant := range list[string](t, d, `select c.tenant from customers c join incident_tickets b on b.desk_id = c.desk_id and b.customer_id = c.id
		join incidents i on i.desk_id = b.desk_id and i.id = b.incident_id join desks k on k.id = i.desk_id where k.slug = 'alpine' and i.number::text = $1 and b.state = 'joined'`, strings.TrimPrefix(path, "/alpine/incidents/")) {
		if !strings.Contains(packet, tenant) {
			t.Errorf("%s is missing in %s", tenant, packet)
		}
	}
	number := look[string](t, d, `select t.number::text from tickets t where t.subject = 'Appels Teams impossibles à l’atelier'`)
	text := d.get(t, ines, "/alpine/tickets/"+number).page(t).Find("aside").Text()
	if !strings.Contains(text, "2611101420004217") || !strings.Contains(text, "Retirer de l’incident") {
		t.Errorf("the ticket's page: %s", text)
	}
}

// A customer of an incident reads that several companies are touched, in the
// desk's words: nobody's name, no figure, not the team's title, nothing of another.
func TestCustomerLearnsNothingOfTheOthers(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update incident_files set title = 'Titre interne'`)
	lea := d.as(t, "alpine", "lea@lumen.example")
	number := look[string](t, d, `select t.number::text from tickets t where t.subject = 'Teams coupe les appels au bout de dix secondes'`)
	a := d.get(t, lea, "/alpine/tickets/"+number)
	doc := a.page(t)
	card := doc.Find("section[aria-labelledby=shared]").Text()
	if !strings.Contains(card, "Plusieurs entreprises") || !strings.Contains(card, "Lancez une réunion plutôt qu’un appel") {
		t.Errorf("the card says %q", card)
	}
	secrets := list[string](t, d, `select c.name from customers c join desks k on k.id = c.desk_id where k.slug = 'alpine' and c.name <> 'Fabrique Lumen'
		union select c.id::text from customers c where c.name <> 'Fabrique Lumen' union select c.tenant from customers c where c.name <> 'Fabrique Lumen'
		union select t.number::text from incident_tickets b join tickets t on t.desk_id = b.desk_id and t.id = b.ticket_id join customers c on c.desk_id = t.desk_id and c.id = t.customer_id where c.name <> 'Fabrique Lumen'
		union select '2611101420004217' union select 'Titre interne'`)
	for _, secret := range secrets {
		if secret != "" && strings.Contains(a.body, secret) {
			t.Errorf("Léa reads %q", secret)
		}
	}
	for _, path := range []string{"/alpine/incidents", incidentOf(t, d, "open"), "/alpine/incidents/new"} {
		if got := d.get(t, lea, path); got.status != http.StatusForbidden {
			t.Errorf("Léa opens %s: %d", path, got.status)
		}
	}
	for _, who := range []string{"nora@brume.example"} {
		n := strings.TrimPrefix(incidentOf(t, d, "open"), "/alpine")
		if got := d.get(t, d.as(t, "brume", who), "/brume"+n); got.status != http.StatusNotFound {
			t.Errorf("another desk's agent opens it: %d", got.status)
		}
	}
}

// What was typed before a session ended is there after signing in again.
func TestIncidentFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	d := open(t)
	visitor := d.visitor(t)
	path := incidentOf(t, d, "open")
	d.post(t, visitor, path+"/words", url.Values{"title_fr": {"Gardé"}, "revision": {"1"}})
	d.signIn(t, visitor, "/alpine/sign-in", "ines@alpine.example")
	if got := d.get(t, visitor, path).page(t).Find("#title_fr").AttrOr("value", ""); got != "Gardé" {
		t.Errorf("the form holds %q", got)
	}
}

// Merging, leaving and dismissing by the page, each told where it belongs.
func TestIncidentsActsByTheirForms(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	path := incidentOf(t, d, "open")
	d.post(t, ines, "/alpine/incidents", url.Values{"title": {"Un autre"}, "service": {"Exchange Online"}, "kind": {"regional_multitenant"}})
	for form, want := range map[string]string{"state": "reason", "merge": "into", "request": "", "tickets": "ticket"} {
		v := url.Values{"act": {"dismiss"}, "request": {"2611101420004217"}, "into": {"777777"}, "ticket": {"777777"}}
		a := d.post(t, ines, path+"/"+form, v)
		if want == "" {
			if a.status != http.StatusSeeOther { // the number that it has
				t.Errorf("%s: %d", form, a.status)
			}
			continue
		}
		if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#"+want+"-error").Length() != 1 {
			t.Errorf("%s: %d, %d errors at %s", form, a.status, a.page(t).Find("#"+want+"-error").Length(), want)
		}
	}
	if a := d.post(t, ines, path+"/state", url.Values{"act": {"close"}, "summary": {"Un relais à Lyon a été remplacé."}}); a.status != http.StatusSeeOther {
		t.Fatalf("closed: %d", a.status)
	}
	if text := d.get(t, ines, path).page(t).Find("h1").Parent().Text(); !strings.Contains(text, "Un relais à Lyon") || !strings.Contains(text, "Clos") {
		t.Errorf("closed: %s", text)
	}
	if a := d.post(t, ines, path+"/state", url.Values{"act": {"mitigate"}}); a.status != http.StatusConflict {
		t.Errorf("mitigating what is closed: %d", a.status)
	}
	if got := look[string](t, d, `select state from incidents where state = 'closed' and number::text = $1 limit 1`, strings.TrimPrefix(path, "/alpine/incidents/")); got != string(desk.IncidentClosed) {
		t.Error(got)
	}
}
