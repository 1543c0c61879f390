package journey_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/testbed/running"
)

// linked says where the first of a kind is linked from: on which page, and what finds
// the link there. Of two pages the second is for those who may not see the first.
var linked = []struct{ name, page, link string }{
	{"{article}", "/help", "main [data-rows] a"},
	{"{ticket}", "/tickets?which=all", "tbody .title a, tbody th a"},
	{"{order}", "/search?q=%22Business+Standard%22", "[data-rows] a[href*='/tickets/']"},
	{"{customer}", "/settings/customers", "tbody a"},
	{"{person}", "/settings/people", "tbody a"},
	{"{subcontractor}", "/settings/subcontractors", "tbody a"},
	{"{charge}", "/charges", "tbody td:last-child a"},
	{"{statement}", "/statements", "tbody th a[href*='/statements/']"},
	{"{provider}", "/settings/escalation", "#providers ~ ul a"},
	{"{rule}", "/settings/rules", ".rules h3 a"},
	{"{plan}", "/settings/plans", "tbody a"},
	{"{incident}", "/incidents", "tbody a[href*='/incidents/']"},
}

// guideOf finds what of a kind comes first for somebody of the desk, as far as the
// tour goes there: a ticket, a customer, a person.
func guideOf(t *testing.T, site *running.Portal, x tour, who string) *strings.Replacer {
	t.Helper()
	c, at := site.SignIn(t, x.desk, who), site.Base+"/"+x.desk
	goes := func(name string) bool {
		return slices.ContainsFunc(x.pages, func(page string) bool { return strings.Contains(page, name) })
	}
	found := map[string]string{}
	for _, l := range linked {
		if !goes(l.name) || found[l.name] != "" {
			continue
		}
		if href := linkOn(t, c, at+l.page, l.link); href != "" {
			found[l.name] = path.Base(href)
		}
	}
	if incident := found["{incident}"]; incident != "" {
		found["{issue}"], found["{told}"], found["{said}"] = knows(t, site, c, incident)
	}
	if goes("{trial}") {
		found["{trial}"] = tries(t, c, at+"/settings/rules")
	}
	if goes("{prepared}") {
		found["{prepared}"], found["{service}"] = prepares(t, site, c)
	}
	if goes("{mail}") {
		found["{mail}"], found["{mailed}"], found["{sent}"] = mails(t, site, c)
	}
	if goes("{import}") {
		found["{import}"] = movesIn(t, c, at+"/settings/import")
	}
	if goes("{webhook}") {
		found["{webhook}"], found["{delivery}"] = hears(t, site, c)
	}
	var pairs []string
	for name, id := range found {
		pairs = append(pairs, name, id)
	}
	return strings.NewReplacer(pairs...)
}

// knows has somebody of the desk record an issue that hits everyone, of a service
// that no journey speaks of, and say a word to all of it and to all of an incident. It returns what the three are
// called.
func knows(t *testing.T, site *running.Portal, c *http.Client, incident string) (issue, told, said string) {
	t.Helper()
	at := site.Base + "/alpine"
	issue = sends(t, c, at+"/issues", url.Values{"title": {"Rendez-vous impossibles"}, "service": {"Microsoft Bookings"}, "classification": {"incident"},
		"stage": {"investigating"}, "everyone": {"on"}, "sees_fr": {"Les rendez-vous ne s’ouvrent pas."}})
	sends(t, site.SignIn(t, "alpine", "lea@lumen.example"), at+"/tickets", url.Values{"subject": {"Nous aussi"}, "body": {"Les rendez-vous ne s’ouvrent pas chez nous."}, "service": {"Microsoft Bookings"}, "issue": {issue}})
	word := url.Values{"text_fr": {"Nous suivons, merci de votre patience."}, "do": {"send"}}
	return issue, sends(t, c, at+"/issues/"+issue+"/announcements", word), sends(t, c, at+"/incidents/"+incident+"/announcements", word)
}

// hears has an admin add a webhook to a port that nobody listens at, and send it a test.
// It returns what both are called.
func hears(t *testing.T, site *running.Portal, c *http.Client) (webhook, delivery string) {
	t.Helper()
	at := site.Base + "/alpine/settings/webhooks"
	answer, err := c.PostForm(at, url.Values{"url": {"http://127.0.0.1:9/guichet"}, "events": {"ticket.created", "message.created"}, "key": {desk.NewID().String()}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	webhook = path.Base(linkOn(t, c, at, "tbody a"))
	return webhook, sends(t, c, at+"/"+webhook+"/test", url.Values{})
}

// sends fills a form and returns the end of the address that its answer leads to.
func sends(t *testing.T, c *http.Client, to string, fields url.Values) string {
	t.Helper()
	fields.Set("key", desk.NewID().String())
	answer, err := c.PostForm(to, fields)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", to, answer.Status)
	}
	return path.Base(answer.Request.URL.Path)
}

// prepares has somebody of the desk prepare a request that Azure's portal takes, with
// a file in its dossier. It returns its number, and a service that the connector
// offers to file it under.
func prepares(t *testing.T, site *running.Portal, c *http.Client) (number, service string) {
	t.Helper()
	at := site.Base + "/alpine"
	ticket := at + "/tickets/" + sends(t, site.SignIn(t, "alpine", "lea@lumen.example"), at+"/tickets", url.Values{"subject": {"Disques lents"},
		"body": {"Les disques de nos machines virtuelles sont lents depuis hier."}, "service": {"Azure Virtual Machines"}, "affected": {"some_users"}, "impact": {"slowed"}})
	for kind, result := range map[string]string{"health": "ruled_out", "reproduced": "confirmed"} {
		sends(t, c, ticket+"/findings", url.Values{"finding_kind": {kind}, "result": {result}, "text": {"Vu avec le client."}})
	}
	number = sends(t, c, ticket+"/escalation", url.Values{"reason": {"Hors de notre portée."}})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("files", "disques.txt")
	if err == nil {
		_, err = io.WriteString(file, "2026-11-25T08:00:00Z disk latency 900 ms\npassword=licorne-2026\n")
	}
	if err := errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	answer, err := c.Post(at+"/escalations/"+number+"/evidence", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer, err = c.Get(at + "/escalations/" + number + "/connector"); err != nil {
		t.Fatal(err)
	}
	return number, running.Page(t, answer).Find("#service option:not([value=''])").First().AttrOr("value", "")
}

// mails has a stranger's mail and a customer's come in. It returns the first, which
// waits, the ticket that the second opened, and its message.
func mails(t *testing.T, site *running.Portal, c *http.Client) (waits, ticket, message string) {
	t.Helper()
	at, subject := site.Base+"/alpine", "Courrier "+desk.NewID().String()
	for _, from := range []string{"inconnu@ailleurs.example", "lea@lumen.example"} {
		raw := "From: " + from + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + desk.NewID().String() + "@ailleurs.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: text/html; charset=utf-8\r\n\r\n<h1>Bonjour</h1><p>Nos boîtes restent vides.<img src=\"https://ailleurs.example/p.png\" alt=\"\"></p><table><tr><td>Code</td><td>0x8004010F</td></tr></table>"
		if _, err := site.Parts.App.TakeMail(t.Context(), app.Envelope{From: from, To: []string{"alpine@guichet.example"}, Raw: []byte(raw), Via: desk.ViaSMTP, Peer: "127.0.0.1", Helo: "ailleurs.example"}); err != nil {
			t.Fatal(err)
		}
	}
	wait := time.Now().Add(30 * time.Second)
	for time.Now().Before(wait) && (waits == "" || message == "") {
		time.Sleep(50 * time.Millisecond)
		if found := linkOn(t, c, at+"/quarantine", "tbody th a:contains('"+subject+"')"); found != "" {
			waits = path.Base(found)
		}
		if found := linkOn(t, c, at+"/queue/all", "tbody .title a:contains('"+subject+"')"); found != "" {
			ticket = path.Base(found)
			message = path.Base(path.Dir(linkOn(t, c, at+"/tickets/"+ticket, "a[href$='/mail']")))
		}
	}
	return waits, ticket, message
}

// linkOn is where the first link that matches leads to, without its query; "" for none.
func linkOn(t *testing.T, c *http.Client, address, link string) string {
	t.Helper()
	answer, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	href, _, _ := strings.Cut(running.Page(t, answer).Find(link).First().AttrOr("href", ""), "?")
	return href
}

// tries begins a draft of a desk's rules and a try of it on the past, and returns the trial's id.
func tries(t *testing.T, c *http.Client, at string) string {
	t.Helper()
	answer, err := c.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	mark := running.Page(t, answer).Find("form[action$='/hint'] [name=at]").AttrOr("value", "")
	sends(t, c, at+"/hint", url.Values{"at": {mark}, "hint": {"off"}})
	return sends(t, c, at+"/trials", url.Values{"most": {"100"}})
}
