package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// askForLink asks for a sign-in link as a visitor does who fills in the form.
func (d *door) askForLink(t *testing.T, c *http.Client, slug, email string) answer {
	t.Helper()
	form := d.get(t, c, "/"+slug+"/sign-in?by=mail").form(t, "/"+slug+"/sign-in/link")
	form.Set("email", email)
	return d.post(t, c, "/"+slug+"/sign-in/link", form)
}

// byLink signs somebody in with a mailed link.
func (d *door) byLink(t *testing.T, slug, email string) *http.Client {
	t.Helper()
	c := d.visitor(t)
	if a := d.askForLink(t, c, slug, email); a.status != http.StatusOK {
		t.Fatalf("asking for a link: %d", a.status)
	}
	if a := d.post(t, c, d.link(t, slug, email), nil); a.status != http.StatusSeeOther {
		t.Fatalf("using a link: %d\n%s", a.status, a.text(t))
	}
	return c
}

// settled waits until the workers have done all there is to do, and what was
// ordered for the seconds that come: tickets are looked through some seconds
// after one was opened.
func (d *door) settled(t *testing.T) {
	t.Helper()
	for range 1500 {
		if look[int64](t, d, `select count(*) from river.river_job where state in ('available', 'running')
			or state in ('scheduled', 'retryable') and scheduled_at < now() + interval '20 seconds'`) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the workers have not finished in half a minute")
}

func TestMailedLinkOpensTheDoorOnce(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	form := d.get(t, c, "/alpine/sign-in?by=mail&to=/alpine/account").form(t, "/alpine/sign-in/link")
	form.Set("email", " LEA@lumen.example ")
	d.post(t, c, "/alpine/sign-in/link", form)
	link := d.link(t, "alpine", "lea@lumen.example")

	// A scanner of mails opens the page, in a browser of its own, twice.
	for range 2 {
		a := d.get(t, d.visitor(t), link)
		if a.status != http.StatusOK || a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("opening the link: %d %v", a.status, a.header)
		}
	}
	if a := d.get(t, c, "/alpine/account"); a.status != http.StatusSeeOther {
		t.Errorf("opening the link signs in: %d", a.status)
	}
	form = d.get(t, c, link).form(t, link)
	if a := d.post(t, c, link, form); a.status != http.StatusSeeOther || a.to() != "/alpine/account" {
		t.Fatalf("pressing the button: %d %s", a.status, a.to())
	}
	if a := d.get(t, c, "/alpine/account"); !strings.Contains(a.body, "lea@lumen.example") {
		t.Errorf("not signed in: %d", a.status)
	}
	if a := d.post(t, d.visitor(t), link, form); a.status != http.StatusGone {
		t.Errorf("pressing it again: %d", a.status)
	}
}

func TestMailedLinkThatIsNotGood(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.askForLink(t, d.visitor(t), "alpine", "sam@hoteldulac.example")
	link := d.link(t, "alpine", "sam@hoteldulac.example")
	token := link[strings.LastIndex(link, "/")+1:]
	for what, path := range map[string]string{
		"another desk's": "/brume/sign-in/link/" + token, "a wrong one": "/alpine/sign-in/link/" + strings.ToLower(token) + "x", "one cut short": link[:len(link)-2],
	} {
		c := d.visitor(t)
		if a := d.post(t, c, path, nil); a.status != http.StatusGone || !strings.Contains(a.text(t), "Ce lien ne sert plus") {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	d.stage(t, `update sign_in_links set expires_at = now() - interval '1 second'`)
	if a := d.post(t, d.visitor(t), link, nil); a.status != http.StatusGone {
		t.Errorf("an old one: %d", a.status)
	}

	link = d.linkFor(t, "sam@hoteldulac.example")
	d.stage(t, `update people set active = false where email = 'sam@hoteldulac.example'`)
	if a := d.post(t, d.visitor(t), link, nil); a.status != http.StatusGone {
		t.Errorf("of somebody switched off: %d", a.status)
	}
	link = d.linkFor(t, "lea@lumen.example")
	d.stage(t, `update customers set active = false where name = 'Fabrique Lumen'`)
	if a := d.post(t, d.visitor(t), link, nil); a.status != http.StatusGone {
		t.Errorf("of a company switched off: %d", a.status)
	}
}

func (d *door) linkFor(t *testing.T, email string) string {
	t.Helper()
	d.askForLink(t, d.visitor(t), "alpine", email)
	return d.link(t, "alpine", email)
}

func TestAskingForALinkTellsNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	known, unknown := "lea@lumen.example", "leo@lumen.example"
	a, b := d.askForLink(t, d.visitor(t), "alpine", known), d.askForLink(t, d.visitor(t), "alpine", unknown)
	if a.status != http.StatusOK || a.status != b.status || strings.ReplaceAll(a.body, known, unknown) != b.body {
		t.Errorf("%d for one who is known, %d for one who is not, or another page", a.status, b.status)
	}
	if len(a.header["Set-Cookie"]) != len(b.header["Set-Cookie"]) {
		t.Error("one of them gets a cookie more")
	}
	d.link(t, "alpine", known)
	d.settled(t)
	for _, m := range d.Mail.Messages() {
		if m.To[0] == unknown {
			t.Error("a letter to nobody")
		}
	}
}

func TestLinksAreNotMailedWithoutEnd(t *testing.T) {
	t.Parallel()
	d := open(t)
	for range 8 {
		if a := d.askForLink(t, d.visitor(t), "alpine", "lea@lumen.example"); a.status != http.StatusOK {
			t.Fatalf("asking: %d", a.status)
		}
	}
	d.settled(t)
	if n := look[int64](t, d, `select count(*) from sign_in_links`); n != 5 {
		t.Errorf("%d links in an hour", n)
	}
	c := d.visitor(t)
	var last answer
	for range 21 {
		last = d.post(t, c, "/alpine/sign-in/link", url.Values{"email": {"nobody@nowhere.example"}})
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" || last.page(t).Find("h1").Length() != 1 {
		t.Errorf("the 21st try of a minute: %d, retry after %q", last.status, last.header.Get("Retry-After"))
	}
	if a := d.post(t, c, "/alpine/sign-in/link/guessed", nil); a.status != http.StatusTooManyRequests {
		t.Errorf("guessing a link after that: %d", a.status)
	}
	if a := d.askForLink(t, d.visitor(t), "alpine", "sam@hoteldulac.example"); a.status != http.StatusOK {
		t.Errorf("somebody elsewhere: %d", a.status)
	}
}

func TestDeskCanTurnLinksOff(t *testing.T) {
	t.Parallel()
	d := open(t)
	link := d.linkFor(t, "lea@lumen.example")
	paul := d.as(t, "alpine", "paul@alpine.example")
	form := d.get(t, paul, "/alpine/settings/desk").form(t, "/alpine/settings/desk")
	form.Del("email_sign_in")
	if a := d.post(t, paul, "/alpine/settings/desk", form); a.status != http.StatusSeeOther {
		t.Fatalf("turning links off: %d\n%s", a.status, a.text(t))
	}
	if a := d.get(t, d.visitor(t), "/alpine/sign-in?by=mail"); a.page(t).Find(`input[name="email"]`).Length() != 0 {
		t.Error("the form is still there")
	}
	if a := d.post(t, d.visitor(t), "/alpine/sign-in/link", url.Values{"email": {"lea@lumen.example"}}); a.status != http.StatusForbidden {
		t.Errorf("asking all the same: %d", a.status)
	}
	if a := d.post(t, d.visitor(t), link, nil); a.status != http.StatusForbidden {
		t.Errorf("using a link from before: %d", a.status)
	}
}

func TestLinkAddressMustBeAnAddress(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, email := range []string{"", "léa", "a@b@c", strings.Repeat("a", 250) + "@b.example", "Léa <lea@lumen.example>", "lea@lumen.example\r\nBcc: x@y.example", "\x00"} {
		a := d.post(t, d.visitor(t), "/alpine/sign-in/link", url.Values{"email": {email}, "to": {"/alpine/account"}})
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", email, a.status)
			continue
		}
		a.complains(t, "email")
		if to := a.form(t, "/alpine/sign-in/link").Get("to"); to != "/alpine/account" {
			t.Errorf("%q forgets where he was going: %q", email, to)
		}
	}
	if n := len(d.Mail.Messages()); n != 0 {
		t.Errorf("%d letters", n)
	}
}
