package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A subcontractor's agent signs in with his own company's account and finds the
// tickets that are given to it, and nothing that leads elsewhere.
func TestSubcontractorsAgentSignsInToHisShareOfTheQueue(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	if a := d.signIn(t, c, "/alpine/sign-in", "noe@vigienuit.example"); a.status != http.StatusSeeOther || a.to() != "/alpine/queue" {
		t.Fatalf("he lands on %d %s", a.status, a.to())
	}
	queue := d.get(t, c, "/alpine/queue/all").page(t)
	want := list[string](t, d, `select t.number::text from tickets t join customers c on c.desk_id = t.desk_id and c.id = t.customer_id
		where c.name in ('Fabrique Lumen', 'Hôtel du Lac', 'Clinique Saint-Irénée') and service in ('Exchange Online', 'Microsoft Teams', 'SharePoint Online') and state not in ('resolved', 'closed')`)
	if n := queue.Find("tbody tr").Length(); n != len(want) || n == 0 {
		t.Errorf("his queue has %d rows, want %d", n, len(want))
	}
	for _, number := range want {
		if queue.Find(`tbody a[href^="/alpine/tickets/`+number+`"]`).Length() == 0 {
			t.Errorf("ticket %s is missing", number)
		}
	}
	for _, link := range queue.Find("a[href*='/settings']").EachIter() {
		t.Errorf("he is led to %s", link.AttrOr("href", ""))
	}
	for _, link := range d.get(t, c, "/alpine/tickets/"+want[0]).page(t).Find("a[href*='/settings']").EachIter() {
		t.Errorf("a ticket leads him to %s", link.AttrOr("href", ""))
	}
	for _, slug := range []string{"brume", "meridian"} {
		if a := d.signIn(t, d.visitor(t), "/"+slug+"/sign-in", "noe@vigienuit.example"); a.status != http.StatusForbidden {
			t.Errorf("%s lets him in: %d", slug, a.status)
		}
	}
}

// Outside the hours given there is one calm page, in his language, with the way
// out; what he typed is told to be kept where it was.
func TestOutOfHoursThePortalSaysWhenItOpens(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.as(t, "alpine", "noe@vigienuit.example")
	ticket := "/alpine/tickets/" + look[string](t, d, `select min(number)::text from tickets where assignee_id is not null`)
	d.stage(t, `update subcontractors set always = false, hours = jsonb_build_object('zone', 'Europe/Paris', 'weekly',
		jsonb_build_object((array['sun','mon','tue','wed','thu','fri','sat'])[(extract(dow from now())::int + 3) % 7 + 1], jsonb_build_array('09:15-10:00')))`)
	before := d.fingerprint(t)
	time.Sleep(2100 * time.Millisecond) // what was written behind the portal’s back is seen after two seconds
	for _, ask := range []answer{d.get(t, c, "/alpine/queue"), d.get(t, c, ticket), d.get(t, c, "/alpine/account"), d.post(t, c, ticket+"/messages", url.Values{"body": {"Un mot."}})} {
		if ask.status != http.StatusForbidden || !strings.Contains(ask.body, "9\u202fh\u202f15") {
			t.Errorf("%d: %s", ask.status, ask.text(t))
		}
	}
	d.unchanged(t, before, "an agent out of hours")
	d.stage(t, `update people set language = 'en' where email = 'noe@vigienuit.example'`)
	time.Sleep(2100 * time.Millisecond) // what was written behind the portal’s back is seen after two seconds
	shut := d.get(t, c, "/alpine/queue")
	if !strings.Contains(shut.text(t), "opens again") || !strings.Contains(shut.text(t), "09:15") {
		t.Errorf("in English: %s", shut.text(t))
	}
	if shut.page(t).Find(`main form[action="/alpine/sign-out"]`).Length() != 1 {
		t.Error("the page has no way out")
	}
	if a := d.get(t, c, "/alpine"); a.status != http.StatusOK {
		t.Errorf("the public page: %d", a.status)
	}
	if a := d.post(t, c, "/alpine/sign-out", nil); a.status != http.StatusSeeOther {
		t.Errorf("signing out: %d", a.status)
	}
	if a := d.get(t, c, "/alpine/queue"); a.status != http.StatusSeeOther {
		t.Errorf("after signing out: %d", a.status)
	}
}

// An admin hands out the night by a form, invites its first agent and takes
// everything back.
func TestAdminHandsOutAndTakesBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	form := d.get(t, paul, "/alpine/settings/subcontractors/new").form(t, "/alpine/settings/subcontractors")
	customers := list[string](t, d, `select id::text from customers where name in ('Lycée Ampère', 'Cabinet Morand') order by name`)
	form.Set("name", "Relève Conseil")
	form["customers"], form["services"] = customers, []string{"Microsoft Intune"}
	wrong := d.post(t, paul, "/alpine/settings/subcontractors", form)
	if wrong.status != http.StatusUnprocessableEntity || wrong.page(t).Find("#mon[aria-invalid=true]").Length() != 1 {
		t.Fatalf("without hours: %d", wrong.status)
	}
	if n := wrong.page(t).Find(`input[name=customers][checked], input[name=services][checked]`).Length(); n != 3 {
		t.Errorf("%d of 3 ticks come back", n)
	}
	form.Set("fri", "18:00-08:30")
	added := d.post(t, paul, "/alpine/settings/subcontractors", form)
	shown := d.get(t, paul, added.to())
	if added.status != http.StatusSeeOther || shown.page(t).Find("#fri").AttrOr("value", "") != "18:00-08:30" {
		t.Fatalf("adding: %d %s", added.status, added.to())
	}
	invite := d.get(t, paul, shown.page(t).Find(`a[href*="people/new"]`).AttrOr("href", "")).form(t, "/alpine/settings/people")
	invite.Set("name", "Ada Leroy")
	invite.Set("email", "ada@releve.example")
	if a := d.post(t, paul, "/alpine/settings/people", invite); a.status != http.StatusSeeOther {
		t.Fatalf("inviting: %d %s", a.status, a.text(t))
	}
	if row := d.get(t, paul, "/alpine/settings/people").page(t).Find("tbody tr:contains('Ada Leroy') .badge").Text(); strings.TrimSpace(row) != "Relève Conseil" {
		t.Errorf("the team's list says %q of her company", row)
	}
	save := d.get(t, paul, added.to()).form(t, added.to())
	save.Del("active")
	if a := d.post(t, paul, added.to(), save); a.status != http.StatusSeeOther {
		t.Errorf("taking back: %d", a.status)
	}
	if active := look[bool](t, d, `select active from subcontractors where name = 'Relève Conseil'`); active {
		t.Error("it is still active")
	}
}
