package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// delayed is an incident of Exchange Online that hits Léa's company alone, with
// the partner's words for it in French.
func (d *door) delayed(t *testing.T) (id string) {
	t.Helper()
	d.stage(t, `insert into issues (desk_id, id, source, kind, code, title, service, classification, status, impact, words, started_at, changed_at, first_seen_at, seen_at)
		select c.desk_id, gen_random_uuid(), 'graph', 'issue', 'EX1184999', 'Some users may experience delays of email messages', 'Exchange Online', 'incident', 'serviceDegradation', 'Delays <b>of</b> mail.',
		'{"fr": {"title": "Le courrier traîne", "sees": "Vos messages arrivent tard."}}', now() - interval '1 hour', now(), now(), now() from customers c where c.name = 'Fabrique Lumen'`)
	d.stage(t, `insert into issue_customers (desk_id, issue_id, customer_id, first_seen_at, seen_at)
		select i.desk_id, i.id, c.id, now(), now() from issues i join customers c on c.desk_id = i.desk_id and c.name = 'Fabrique Lumen' where i.code = 'EX1184999'`)
	return look[string](t, d, `select id::text from issues where code = 'EX1184999'`)
}

// From "this is my problem too" to "everything works again", as the customer and
// the agent see it.
func TestKnownIssueOnTheTicket(t *testing.T) {
	t.Parallel()
	d := open(t)
	issue := d.delayed(t)
	lea, sam, ines := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "sam@hoteldulac.example"), d.as(t, "alpine", "ines@alpine.example")
	radio := `#known-first input[type=radio][name=issue][value="` + issue + `"]`
	for path, want := range map[string]int{"/alpine/tickets/new?service=Exchange+Online": 1, "/alpine/tickets/new": 1, "/alpine/tickets/new?service=Power+BI": 0} {
		if n := d.get(t, lea, path).page(t).Find(radio).Length(); n != want {
			t.Errorf("%s offers it %d times, want %d", path, n, want)
		}
	}
	if a := d.get(t, lea, "/alpine/tickets/new/known?service=Exchange+Online"); a.status != http.StatusOK || !strings.Contains(a.page(t).Text(), "Le courrier traîne") {
		t.Errorf("%d %s", a.status, a.text(t))
	}
	if a := d.get(t, sam, "/alpine/tickets/new?service=Exchange+Online"); strings.Contains(a.text(t), "traîne") {
		t.Error("offered to another customer")
	}
	form := url.Values{"subject": {"Nous aussi"}, "body": {"Comme annoncé."}, "service": {"Exchange Online"}, "issue": {issue}, "key": {desk.NewID().String()}}
	if a := d.post(t, sam, "/alpine/tickets", form); a.status != http.StatusUnprocessableEntity || strings.Contains(a.text(t), "traîne") {
		t.Errorf("taken from another customer: %d", a.status)
	}
	sent := d.post(t, lea, "/alpine/tickets", form)
	page := d.get(t, lea, sent.to()).page(t)
	card := page.Find(`section[aria-labelledby="known"]`)
	if text := card.Text(); !strings.Contains(text, "Le courrier traîne") || !strings.Contains(text, "Vos messages arrivent tard.") || card.Find(`details [lang="en"]`).Length() == 0 || card.Find("b").Length() > 0 {
		t.Errorf("the card says %q", text)
	}
	if page.Find(`form[action$="/works"]`).Length() != 0 {
		t.Error("asked before it is over")
	}
	desked := d.get(t, ines, sent.to()).page(t)
	if desked.Find(`form[action*="/issues"] button[name=do][value=detach]`).Length() != 1 || !strings.Contains(desked.Find("aside").Text(), "EX1184999") {
		t.Error("the agent does not see what covers it")
	}
	// An agent's wrong choice comes back beside its field.
	path := strings.SplitN(sent.to(), "?", 2)[0]
	if a := d.post(t, ines, path+"/issues", url.Values{"do": {"attach"}, "code": {"XX1"}}); a.status != http.StatusUnprocessableEntity || a.page(t).Find(`[name=code][value="XX1"][aria-invalid]`).Length() != 1 {
		t.Errorf("%d", a.status)
	}
	// It ends: he is asked.
	d.stage(t, `update tickets set state = 'waiting_customer' where subject = 'Nous aussi'`)
	d.stage(t, `insert into events (desk_id, id, ticket_id, customer_id, kind, internal, data, created_at) select desk_id, gen_random_uuid(), id, customer_id, 'asked_again', false, '{}', now() from tickets where subject = 'Nous aussi'`)
	page = d.get(t, lea, sent.to()).page(t)
	if page.Find(`form[action$="/works"]`).Length() != 2 {
		t.Fatal("not asked")
	}
	if a := d.post(t, lea, path+"/works", url.Values{"works": {"no"}, "word": {strings.Repeat("a", desk.MaxBody+1)}}); a.status != http.StatusUnprocessableEntity || a.page(t).Find(`[name=word][aria-invalid]`).Length() != 1 {
		t.Errorf("too long a word: %d", a.status)
	}
	if a := d.post(t, lea, path+"/works", url.Values{"works": {"yes"}}); a.status != http.StatusSeeOther {
		t.Errorf("%d", a.status)
	}
	if state := look[string](t, d, `select state from tickets where subject = 'Nous aussi'`); state != "resolved" {
		t.Error(state)
	}
}

// One word to all is typed, seen, sent.
func TestOneWordIsSeenBeforeItIsSent(t *testing.T) {
	t.Parallel()
	d := open(t)
	at := "/alpine/issues/" + d.delayed(t) + "/announcements"
	lea, ines := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "ines@alpine.example")
	if page := d.get(t, ines, at).page(t); page.Find("textarea").Length() != 0 {
		t.Error("written to nobody")
	}
	d.post(t, lea, "/alpine/tickets", url.Values{"subject": {"Nous aussi"}, "body": {"Comme annoncé."}, "service": {"Exchange Online"}, "issue": {strings.Split(at, "/")[3]}, "key": {desk.NewID().String()}})
	if page := d.get(t, ines, at).page(t); page.Find("textarea").Length() != 2 {
		t.Error("no form")
	}
	word := url.Values{"text_fr": {"Patience, <b>merci</b>."}, "do": {"preview"}, "key": {desk.NewID().String()}}
	sample := d.post(t, ines, at, word)
	if text := sample.text(t); sample.status != http.StatusOK || !strings.Contains(text, "Patience, <b>merci</b>.") || sample.page(t).Find("button[name=do][value=send]").Length() != 1 {
		t.Errorf("%d %s", sample.status, text)
	}
	if a := d.post(t, ines, at, url.Values{"do": {"preview"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing said: %d", a.status)
	}
	word.Set("do", "send")
	sent := d.post(t, ines, at, word)
	if page := d.get(t, ines, sent.to()).page(t); sent.status != http.StatusSeeOther || page.Find("#progress").Length() != 1 {
		t.Errorf("%d %s", sent.status, sent.to())
	}
	if again := d.post(t, ines, at, word); again.to() != sent.to() {
		t.Error("sent twice")
	}
	if a := d.get(t, lea, sent.to()); a.status != http.StatusForbidden {
		t.Errorf("a customer sees it: %d", a.status)
	}
}
