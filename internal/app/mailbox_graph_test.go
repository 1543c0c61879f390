package app_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	sample "guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/microsoft/outlook"
)

const (
	mailTenant = "5c0d7a4e-8a39-4b61-9a3e-0f2f1f7c1a10"
	mailClient = "7d1c2b3a-0000-4000-8000-000000000001"
)

// A mailbox of Microsoft 365: what was in it before stays there, pages are followed,
// what comes is taken once and marked as read, and a link that Microsoft forgot loses
// nothing.
func TestAMailboxOfMicrosoftIsReadMailByMail(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	away := httptest.NewUnstartedServer(nil)
	graph := made(sample.New(sample.Config{Base: "http://" + away.Listener.Addr().String(), ClientID: mailClient, ClientSecret: "s3cret", LargestPage: 2, Now: w.clock.read,
		Tenants: []sample.Tenant{{ID: mailTenant, Name: "Alpine"}}}))
	away.Config.Handler = graph
	away.Start()
	t.Cleanup(away.Close)
	w.boxes = func(ctx context.Context, box desk.Mailbox, secret string, from desk.MailPlace) (app.Mailbox, error) {
		return outlook.Open(ctx, outlook.Config{Largest: 1 << 20, Root: graph.Graph(), Authority: graph.Authority(), Now: w.clock.read}, box, secret, from)
	}
	lea := w.one.first.contact.Person.Email
	put := func(subject string, fields ...string) {
		graph.Deliver(mailTenant, "aide@alpine.example", "Inbox", []byte(raw(lea, subject, "It prints nothing", fields...)))
	}
	put("Before")
	form := desk.MailForm{Unknown: desk.UnknownWaits, Kind: desk.MailboxGraph, Tenant: mailTenant, Client: mailClient, User: "aide@alpine.example", Secret: "wrong", On: true}
	for _, step := range []struct {
		secret, folder string
		consent        bool
		want           string
	}{{"wrong", "", true, "mailin.trouble.app"}, {"s3cret", "", false, "mailin.trouble.consent"}, {"s3cret", "No such", true, "mailin.trouble.folder"}, {"", "", true, ""}} {
		form.Secret, form.Folder = step.secret, step.folder
		if err := graph.Consent(mailTenant, step.consent); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveMailSettings(bg, w.one.admin, form); err != nil {
			t.Fatal(err)
		}
		form.Revision++
		if trouble, err := w.TryMailbox(bg, w.one.admin); err != nil || trouble != step.want {
			t.Errorf("%q in %q: %q (%v), want %q", step.secret, step.folder, trouble, err, step.want)
		}
	}
	read := func() desk.MailPlace {
		t.Helper()
		w.clock.pass(app.MailboxTime)
		if err := w.ReadMailbox(bg, app.ReadMailbox{Desk: w.one.desk.ID}); err != nil {
			t.Fatal(err)
		}
		w.judge(t)
		s, _, err := w.App.MailSettings(bg, w.one.admin)
		if err != nil || s.Trouble != "" {
			t.Errorf("after reading: %+v (%v)", s, err)
		}
		return s.Place
	}
	read()
	if n := w.count(t, `select count(*) from mails`); n != 0 {
		t.Errorf("%d old mails were taken", n)
	}
	vouched := []string{"X-MS-Exchange-Organization-AuthAs: Anonymous", "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=" + desk.DomainOf(lea) +
		"; dkim=none (message not signed)\r\n header.d=none;dmarc=pass action=none\r\n header.from=" + desk.DomainOf(lea) + ";compauth=pass reason=100"}
	for _, subject := range []string{"Printer", "Scanner", "Fax", "Telex", "Pager"} { // three pages
		put(subject, vouched...)
	}
	put("Forged", vouched[1])
	read()
	if n := w.count(t, `select count(*) from mails where state = 'taken' and via = 'graph' and vouched->>'dmarc' = 'pass'`); n != 5 {
		t.Errorf("%d mails that Exchange vouches for became tickets, want 5", n)
	}
	if n := w.count(t, `select count(*) from mails where subject = 'Forged' and coalesce(vouched->>'dmarc', '') = ''`); n != 1 {
		t.Error("a result that is not Exchange's was believed")
	}
	for i, m := range graph.Mails(mailTenant, "aide@alpine.example") {
		if m.Read != (i > 0) {
			t.Errorf("mail %d is read: %t", i, m.Read)
		}
	}
	tickets := w.tickets(t)
	w.clock.pass(2 * time.Hour)
	read()
	put("Later", vouched...)
	graph.ForgetPlaces()
	if place := read(); !strings.Contains(place.Link, "deltatoken") || w.tickets(t) != tickets+1 {
		t.Errorf("%d tickets after a forgotten place, want one more than %d; at %q", w.tickets(t), tickets, place.Link)
	}
	put("Huge"+strings.Repeat("e", 10), "X-Filler: "+strings.Repeat("x", 2<<20))
	put("After it", vouched...)
	if read(); w.tickets(t) != tickets+2 {
		t.Errorf("%d tickets, want %d: one mail that is too large holds up the next", w.tickets(t), tickets+2)
	}
	// The secret of one application is not sent in the name of another.
	form.Client, form.Secret = "7d1c2b3a-0000-4000-8000-000000000002", ""
	if err := w.SaveMailSettings(bg, w.one.admin, form); err == nil {
		t.Error("another application got the secret of this one")
	}
}
