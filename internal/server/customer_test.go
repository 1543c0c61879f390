package server_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/testbed/running"
)

func ticketForm(change ...string) url.Values {
	v := url.Values{"kind": {"problem"}, "subject": {"Teams se ferme tout seul"}, "body": {"Depuis ce matin.\n\nVoir https://teams.microsoft.com/l/x."},
		"service": {"Microsoft Teams"}, "region": {""}, "affected": {"one_user"}, "since": {"2025-01-02T08:15"}, "impact": {"slowed"}, "key": {desk.NewID().String()}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

func TestCustomerOpensFollowsAndSettlesATicket(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	form := ticketForm()
	sent := d.post(t, lea, "/alpine/tickets", form)
	if sent.status != http.StatusSeeOther || !strings.HasPrefix(sent.to(), "/alpine/tickets/") {
		t.Fatalf("sent: %d to %q", sent.status, sent.to())
	}
	ticket := sent.to()
	if again := d.post(t, lea, "/alpine/tickets", form); again.to() != ticket {
		t.Errorf("the second press opened %s beside %s", again.to(), ticket)
	}
	shown := d.get(t, lea, ticket)
	if doc := shown.page(t); doc.Find("h1").Text() != "Teams se ferme tout seul" || doc.Find(`.entry a[href="https://teams.microsoft.com/l/x"]`).Length() != 1 || doc.Find(".stub .promise").Length() != 1 {
		t.Errorf("the ticket reads %q", shown.text(t))
	}
	if list := d.get(t, lea, "/alpine/search?q=ferme+seul"); list.page(t).Find(`a[href="`+ticket+`"]`).Length() != 1 {
		t.Error("the ticket is not in the list")
	}

	empty := d.post(t, lea, ticket+"/messages", url.Values{"body": {"  "}, "kind": {"message"}})
	if empty.status != http.StatusUnprocessableEntity || empty.page(t).Find("textarea[aria-invalid=true]").Length() != 1 {
		t.Errorf("an empty message: %d", empty.status)
	}
	if note := d.post(t, lea, ticket+"/messages", url.Values{"body": {"x"}, "kind": {"note"}}); note.status != http.StatusForbidden {
		t.Errorf("a note by a customer: %d", note.status)
	}
	if closed := d.post(t, lea, ticket+"/messages", url.Values{"body": {""}, "close": {"1"}}); closed.status != http.StatusSeeOther {
		t.Errorf("settled without a word: %d", closed.status)
	}
	ended := d.get(t, lea, ticket)
	if ended.page(t).Find(`form[action="`+ticket+`/reopening"]`).Length() != 1 {
		t.Errorf("closed, it reads %q", ended.text(t))
	}
	if reopened := d.post(t, lea, ticket+"/messages", url.Values{"body": {"Encore"}, "key": {desk.NewID().String()}}); reopened.status != http.StatusSeeOther {
		t.Errorf("a message to a closed ticket: %d", reopened.status)
	}
	if open := d.get(t, lea, ticket).page(t); open.Find("button[name=close]").Length() != 1 {
		t.Error("a message did not reopen the ticket")
	}
	if conflict := d.post(t, lea, ticket+"/reopening", nil); conflict.status != http.StatusConflict {
		t.Errorf("reopening what is open: %d", conflict.status)
	}
}

func TestWrongTicketComesBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	for field, wrong := range map[string]url.Values{
		"subject": ticketForm("subject", strings.Repeat("é", desk.MaxSubject+1)), "body": ticketForm("body", "a\x00b"), "service": ticketForm("service", "Lotus Notes"),
		"since": ticketForm("since", "2199-01-01T00:00"), "impact": ticketForm("impact", "none"), "region": ticketForm("region", "\xff\xfe"),
	} {
		a := d.post(t, lea, "/alpine/tickets", wrong)
		doc := a.page(t)
		if a.status != http.StatusUnprocessableEntity || doc.Find(`[role=alert] a[href="#`+field+`"]`).Length() != 1 || doc.Find("#"+field).Length() != 1 {
			t.Errorf("%s: %d, no error at the field", field, a.status)
		}
		if got := doc.Find("input[name=key]").AttrOr("value", ""); got != wrong.Get("key") {
			t.Errorf("%s: the key became %q", field, got)
		}
	}
	if a := d.post(t, lea, "/alpine/tickets", ticketForm("since", "n'importe quoi")); a.page(t).Find("input[name=since]").AttrOr("value", "") != "n'importe quoi" {
		t.Error("what was typed is lost")
	}
}

func TestFilesAreRefusedNotLost(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range ticketForm("subject", "Avec une image") {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.CreateFormFile("attachments", "erreur.png"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+"/alpine/tickets", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	a := d.do(t, lea, r)
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#attachments").Length() != 1 || a.page(t).Find("#subject").AttrOr("value", "") != "Avec une image" {
		t.Errorf("%d: %q", a.status, a.text(t))
	}
}

func TestTicketTypedBeforeTheSessionEndedIsKept(t *testing.T) {
	t.Parallel()
	d := open(t)
	someone := d.visitor(t)
	sent := d.post(t, someone, "/alpine/tickets", ticketForm("subject", "Écrit avant", "impact", "stopped"))
	if sent.status != http.StatusSeeOther {
		t.Fatalf("a visitor's form: %d", sent.status)
	}
	moving := &http.Client{Jar: someone.Jar}
	again := d.get(t, someone, sent.to()).page(t).Find(`main a[href*="/sign-in?"]`).AttrOr("href", "")
	resp, err := moving.Get(d.Base + again)
	if err != nil {
		t.Fatal(err)
	}
	form := running.FormOf(t, running.Page(t, resp).Find("form").First())
	action, err := resp.Request.URL.Parse(form.Action)
	if err != nil {
		t.Fatal(err)
	}
	form.Values.Set("person", "lea@lumen.example")
	if resp, err = moving.PostForm(action.String(), form.Values); err != nil {
		t.Fatal(err)
	}
	back := running.Page(t, resp)
	if back.Find("input[name=subject]").AttrOr("value", "") != "Écrit avant" || back.Find("input[name=impact][checked]").AttrOr("value", "") != "stopped" {
		t.Errorf("after signing in: %q", back.Find("main").Text())
	}
	if !strings.Contains(back.Find("main").Text(), "Rien n’est encore parti.") {
		t.Error("nobody says that nothing was sent")
	}
}

func TestDeskOpensATicketForSomebody(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	if a := d.get(t, ines, "/alpine/tickets"); a.status != http.StatusSeeOther || a.to() != "/alpine/queue" {
		t.Errorf("the desk's own list: %d to %q", a.status, a.to())
	}
	choice := d.get(t, ines, "/alpine/tickets/new?q=Lumen")
	form, found := choice.page(t).Find(`a[href^="/alpine/tickets/new?customer="]`).Attr("href")
	if !found {
		t.Fatalf("no customer to choose: %q", choice.text(t))
	}
	asked := d.get(t, ines, form).page(t)
	customer := asked.Find("input[name=customer]").AttrOr("value", "")
	without := d.post(t, ines, "/alpine/tickets", ticketForm("customer", customer))
	if without.status != http.StatusUnprocessableEntity || without.page(t).Find("#requester[aria-invalid=true]").Length() != 1 {
		t.Errorf("for nobody: %d", without.status)
	}
	person := asked.Find(`select[name=requester] option[value!=""]`).First().AttrOr("value", "")
	sent := d.post(t, ines, "/alpine/tickets", ticketForm("customer", customer, "requester", person))
	if sent.status != http.StatusSeeOther {
		t.Fatalf("sent: %d %q", sent.status, sent.text(t))
	}
	if stolen := d.get(t, ines, "/alpine/tickets/new?customer="+desk.NewID().String()); stolen.status != http.StatusNotFound {
		t.Errorf("a customer that is none: %d", stolen.status)
	}
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	d := open(t)
	v := d.visitor(t)
	if a := d.get(t, v, "/"); a.status != http.StatusOK || a.page(t).Find(`a[href="/alpine"], a[href="/brume"], a[href="/meridian"]`).Length() != 3 {
		t.Errorf("the front door: %d %q", a.status, a.text(t))
	}
	home := d.get(t, v, "/brume?lang=en")
	if home.status != http.StatusOK || home.page(t).Find("html").AttrOr("lang", "") != "en" || home.page(t).Find("table.hours tbody tr").Length() != 7 {
		t.Errorf("a desk's page: %d %q", home.status, home.text(t))
	}
}
