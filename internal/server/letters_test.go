package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// The pages of letters: a domain with the records to make, words with their preview and
// their faults beside the field, an address that fails.
func TestAnAdminSetsHowLettersGoOut(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.byLink(t, "alpine", "paul@alpine.example")
	const sender, words = "/alpine/settings/sender", "/alpine/settings/letters/received"
	form := d.get(t, c, sender).form(t, sender)
	form.Set("address", "x")
	a := d.post(t, c, sender, form)
	a.complains(t, "address")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("no address: %d", a.status)
	}
	form.Set("address", "support@alpine.example")
	if a := d.post(t, c, sender, form); a.status != http.StatusSeeOther {
		t.Fatalf("saving: %d\n%s", a.status, a.text(t))
	}
	if a := d.post(t, c, sender, form); a.status != http.StatusConflict {
		t.Errorf("an old form: %d", a.status)
	}
	if a := d.post(t, c, sender+"/check", nil); a.status != http.StatusSeeOther {
		t.Fatalf("checking: %d", a.status)
	}
	text := d.get(t, c, sender).text(t)
	for _, want := range []string{"._domainkey.alpine.example", "v=DKIM1; k=rsa; p=", "_dmarc.alpine.example", "Absent", "Différent", "Pas encore vérifié"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}

	form = d.get(t, c, words).form(t, words)
	if !strings.Contains(form.Get("body_fr"), "n° {number}") {
		t.Errorf("what ships reads %q", form.Get("body_fr"))
	}
	form.Set("body_fr", "Bonjour {prenom}")
	form.Set("do", "save")
	d.post(t, c, words, form).complains(t, "body_fr")
	form.Set("body_fr", "Essai pour {name}")
	form.Set("do", "preview")
	if a := d.post(t, c, words, form); a.status != http.StatusOK || !strings.Contains(a.text(t), "Essai pour Léa") || !strings.Contains(a.text(t), "We have your ticket") || look[int](t, d, `select count(*)::int from letter_texts`) != 0 {
		t.Errorf("the preview: %d\n%s", a.status, a.text(t))
	}
	form.Set("do", "save")
	if a := d.post(t, c, words, form); a.status != http.StatusSeeOther {
		t.Errorf("saving words: %d", a.status)
	}
	a = d.get(t, c, words)
	form = a.form(t, words)
	if !strings.Contains(a.text(t), "Revenir au texte du portail") || form.Get("revision_fr") != "1" || form.Get("revision_en") != "0" {
		t.Errorf("after saving: %v", form)
	}
	form.Set("do", "reset")
	if a := d.post(t, c, words, form); a.status != http.StatusSeeOther || !strings.Contains(d.get(t, c, words).form(t, words).Get("body_fr"), "Nous avons bien reçu") {
		t.Errorf("what ships is not back: %d", a.status)
	}

	all, link := d.get(t, c, "/alpine/settings/letters"), "/alpine/settings/letters/link"
	for _, k := range desk.LetterKinds() {
		if n := all.page(t).Find(`a[href="/alpine/settings/letters/` + string(k) + `"]`).Length(); n != 1 {
			t.Errorf("%s is %d times in the list", k, n)
		}
	}
	if text := d.get(t, c, words).text(t); !strings.Contains(text, "n° {number}] {subject}") {
		t.Errorf("a letter about a ticket does not say which subject it has:\n%s", text)
	}
	form = d.get(t, c, link).form(t, link)
	form.Set("subject_fr", "Entrez {link}")
	form.Set("body_fr", "Bonjour")
	a = d.post(t, c, link, form)
	a.complains(t, "subject_fr", "body_fr")
	if !strings.Contains(a.text(t), "{link} manque") {
		t.Errorf("what is missing is not said:\n%s", a.text(t))
	}

	lea := look[string](t, d, `select p.id::text from people p join desks d on d.id = p.desk_id where p.email = 'lea@lumen.example' and d.slug = 'alpine'`)
	d.stage(t, `update people set bounces = 2, failing_since = now(), failing = '550 <b>No such user</b>' where id = $1`, lea)
	person := "/alpine/settings/people/" + lea
	a = d.get(t, c, person)
	if !strings.Contains(a.text(t), "550 <b>No such user</b>") {
		t.Errorf("the person's page:\n%s", a.text(t))
	}
	number := look[string](t, d, `select number::text from tickets where requester_id = $1 order by number limit 1`, lea)
	if text := d.get(t, d.byLink(t, "alpine", "ines@alpine.example"), "/alpine/tickets/"+number).text(t); !strings.Contains(text, "reviennent") {
		t.Error("the ticket's page does not tell")
	}
	if text := d.get(t, d.byLink(t, "alpine", "lea@lumen.example"), "/alpine/tickets/"+number).text(t); strings.Contains(text, "reviennent") {
		t.Error("the customer's page tells")
	}
	if a := d.post(t, c, person+"/address", url.Values{}); a.status != http.StatusSeeOther || strings.Contains(d.get(t, c, person).text(t), "reviennent") {
		t.Errorf("trusting it: %d", a.status)
	}
	d.stage(t, `insert into deliveries (desk_id, id, kind, person_id, state, address, began_at, due_at, tries, tried_at, answer)
		select desk_id, gen_random_uuid(), 'daily', id, 'sending', email, now(), now(), 3, now() - interval '1 hour', '451 later' from people where id = $1`, lea)
	if text := d.get(t, c, "/alpine/settings/mail").text(t); !strings.Contains(text, "451 later") {
		t.Errorf("what waits for the mail server:\n%s", text)
	}
}
