package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// together sends the same form from one browser many times at once.
func (d *door) together(t *testing.T, c *http.Client, path string, form url.Values) []answer {
	t.Helper()
	answers := make([]answer, 10)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+path, strings.NewReader(form.Encode()))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := c.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			answers[i] = answer{status: resp.StatusCode, header: resp.Header}
		})
	}
	all.Wait()
	return answers
}

func TestOneFormOpensOneTicketHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	form := d.get(t, lea, "/alpine/tickets/new").form(t, "/alpine/tickets")
	form.Set("subject", "Pressé dix fois")
	form.Set("body", "Le bouton ne répondait pas.")
	first := d.post(t, lea, "/alpine/tickets", form)
	for _, a := range append(d.together(t, lea, "/alpine/tickets", form), first) {
		if a.status != http.StatusSeeOther || a.to() != first.to() {
			t.Errorf("%d %s, want %s", a.status, a.to(), first.to())
		}
	}
	if n := look[int64](t, d, `select count(*) from tickets where subject = 'Pressé dix fois'`); n != 1 {
		t.Errorf("%d tickets", n)
	}

	form = d.get(t, lea, "/alpine/tickets/new").form(t, "/alpine/tickets")
	form.Set("subject", "Pressé dix fois d’un coup")
	form.Set("body", "…")
	places := map[string]bool{}
	for _, a := range d.together(t, lea, "/alpine/tickets", form) {
		places[a.to()] = true
		if a.status != http.StatusSeeOther {
			t.Errorf("at once: %d", a.status)
		}
	}
	if n := look[int64](t, d, `select count(*) from tickets where subject = 'Pressé dix fois d’un coup'`); n != 1 || len(places) != 1 {
		t.Errorf("%d tickets, %d places", n, len(places))
	}
	d.await(t, "lea@lumen.example", "Pressé dix fois d’un coup")
	d.settled(t)
	letters := 0
	for _, m := range d.Mail.Messages() {
		if strings.Contains(m.Subject, "Pressé dix fois d’un coup") {
			letters++
		}
	}
	if letters != 1 {
		t.Errorf("%d letters", letters)
	}
}

func TestOneFormWritesOneMessage(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea, ines := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "ines@alpine.example")
	ticket := d.post(t, lea, "/alpine/tickets", url.Values{"subject": {"Un échange"}, "body": {"…"}}).to()
	for who, c := range map[string]*http.Client{"Léa": lea, "Inès": ines} {
		for _, kind := range []string{"message", "note"} {
			if kind == "note" && who == "Léa" {
				continue
			}
			form := d.get(t, c, ticket).form(t, ticket+"/messages")
			form.Set("kind", kind)
			form.Set("body", kind+" de "+who)
			for _, a := range d.together(t, c, ticket+"/messages", form) {
				if a.status != http.StatusSeeOther {
					t.Errorf("a %s of %s: %d", kind, who, a.status)
				}
			}
			if n := look[int64](t, d, `select count(*) from messages where body = $1`, form.Get("body")); n != 1 {
				t.Errorf("%d times the %s of %s", n, kind, who)
			}
		}
	}
}

// TestWhatWasTypedWaitsBehindTheSignIn sends each long form after its session
// has ended: having signed in again, its writer finds it as he typed it, once,
// and nothing is stored meanwhile.
func TestWhatWasTypedWaitsBehindTheSignIn(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.post(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/tickets", url.Values{"subject": {"Un échange"}, "body": {"…"}}).to()
	for _, form := range []struct{ email, post, page, field string }{
		{"lea@lumen.example", "/alpine/tickets", "/alpine/tickets/new", "subject"},
		{"lea@lumen.example", ticket + "/messages", ticket, "body"},
		{"ines@alpine.example", ticket + "/messages", ticket, "body"},
		{"ines@alpine.example", ticket + "/findings", ticket, "text"},
		{"ines@alpine.example", ticket + "/decision", ticket, "reason"},
		{"paul@alpine.example", "/alpine/settings/customers", "/alpine/settings/customers/new", "note"},
		{"paul@alpine.example", "/alpine/settings/people", "/alpine/settings/people/new", "name"},
		{"paul@alpine.example", "/alpine/settings/subcontractors", "/alpine/settings/subcontractors/new", "name"},
		{"paul@alpine.example", "/alpine/settings/desk", "/alpine/settings/desk", "address"},
	} {
		c := d.as(t, "alpine", form.email)
		shown := d.get(t, c, form.page).form(t, form.post)
		d.stage(t, `update sessions set expires_at = now()`)
		before := d.fingerprint(t)
		shown.Set(form.field, "Tapé longuement, avec « soin » & <patience>")
		shown.Set("client_secret", "hush-hush")
		sent := d.post(t, c, form.post, shown)
		if sent.status != http.StatusSeeOther {
			t.Errorf("%s without a session: %d", form.post, sent.status)
			continue
		}
		d.unchanged(t, before, form.post+" without a session")
		if n := look[int64](t, d, `select count(*) from sessions where data::text like '%hush-hush%'`); n != 0 {
			t.Error("a secret waits in a session")
		}
		ended := d.get(t, c, sent.to()).page(t) // a page of ours: no browser lets a form be led to another site
		if !strings.Contains(ended.Find("main").Text(), "gardé") {
			t.Errorf("%s without a session says nothing of what was typed", form.post)
		}
		back := d.signIn(t, c, ended.Find("main a[href*='/sign-in?']").AttrOr("href", ""), form.email)
		if back.to() != form.page {
			t.Errorf("%s comes back to %s", form.post, back.to())
		}
		again := d.get(t, c, form.page)
		if got := value(again.page(t).Find(`[name="` + form.field + `"]`)); got != shown.Get(form.field) {
			t.Errorf("%s: %s is %q", form.post, form.field, got)
		}
		if a := d.get(t, c, form.page); strings.Contains(a.body, "Tapé longuement") {
			t.Errorf("%s is filled in for ever", form.page)
		}
	}
}
