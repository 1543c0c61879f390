package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// A hostile mail on its pages: what it says is there to be read, and can do nothing.
func TestAMailIsShownAndCanDoNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea, max, ines, noe := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "sam@hoteldulac.example"), d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "noe@vigienuit.example")
	send := func(from, subject, body string) {
		t.Helper()
		raw := "From: " + from + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@sender.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
		if _, err := d.Parts.App.TakeMail(t.Context(), app.Envelope{From: from, To: []string{"alpine@guichet.example"}, Raw: []byte(raw), Via: desk.ViaSMTP, Peer: "127.0.0.1", Helo: "x"}); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			if look[int](t, d, `select count(*) from mails where state = 'waiting'`) == 0 {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatal("the mail is not judged")
	}
	send("lea@lumen.example", "Hostile", `<p>Bonjour</p><script>alert(1)</script><img src=x onerror=alert(2)><a href="data:text/html,<script>alert(3)</script>">a</a>`+
		`<img src="https://tracker.test/p.png"><form action="https://evil.test"><input name=a></form><div style="position:fixed">x</div>`)
	ticket := "/alpine/tickets/" + look[string](t, d, `select number::text from mails where subject = 'Hostile' and state = 'taken'`)
	message := ticket + "/messages/" + look[string](t, d, `select message::text from mails where subject = 'Hostile'`)
	for name, who := range map[string]*http.Client{"the customer": lea, "the agent": ines} {
		p := d.get(t, who, ticket).page(t)
		if p.Find(`a[href="`+message+`/mail"]`).Length() != 1 || p.Find(`.bubble [data-tone=ok]`).Length() != 1 {
			t.Errorf("%s is not told how the message came", name)
		}
		if n := p.Find(`a[href="` + message + `/original"]`).Length(); n != map[bool]int{true: 1}[who == ines] {
			t.Errorf("%s finds %d originals", name, n)
		}
		around := d.get(t, who, message+"/mail")
		frame := around.page(t).Find("iframe")
		if sandbox := frame.AttrOr("sandbox", "none"); strings.Contains(sandbox, "script") || strings.Contains(sandbox, "same-origin") || !strings.Contains(around.header.Get("Content-Security-Policy"), "frame-src 'self'") {
			t.Errorf("%s: the frame may %q", name, sandbox)
		}
		mail := d.get(t, who, frame.AttrOr("src", ""))
		csp := mail.header.Get("Content-Security-Policy")
		if mail.status != http.StatusOK || !strings.Contains(mail.body, "Bonjour") || !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script") || strings.Contains(csp, "https:") || strings.Contains(csp, "allow-same-origin") {
			t.Errorf("%s reads %d with %s", name, mail.status, csp)
		}
		for _, bad := range []string{"alert(", "onerror", "<script", "<form", "<input", "data:text", `src="https:`} {
			if strings.Contains(mail.body, bad) {
				t.Errorf("%s is sent %q in\n%s", name, bad, mail.body)
			}
		}
		if asked := d.get(t, who, message+"/html?images=1"); !strings.Contains(asked.body, `src="https://tracker.test`) || !strings.Contains(asked.header.Get("Content-Security-Policy"), "https:") {
			t.Errorf("%s asked for the images: %s", name, asked.header.Get("Content-Security-Policy"))
		}
	}
	raw := d.get(t, ines, message+"/original")
	if raw.status != http.StatusOK || !strings.HasPrefix(raw.header.Get("Content-Type"), "text/plain") || !strings.HasPrefix(raw.header.Get("Content-Disposition"), "attachment") || !strings.Contains(raw.body, "alert(1)") {
		t.Errorf("the original: %d %v", raw.status, raw.header)
	}
	for path, want := range map[string]int{message + "/mail": http.StatusNotFound, message + "/html": http.StatusNotFound, message + "/original": http.StatusForbidden, "/alpine/quarantine": http.StatusForbidden} {
		if a := d.get(t, max, path); a.status != want {
			t.Errorf("another customer asks %s: %d", path, a.status)
		}
	}
	if a := d.get(t, lea, message+"/original"); a.status != http.StatusForbidden {
		t.Errorf("the customer asks for the original: %d", a.status)
	}
	if a := d.get(t, noe, "/alpine/quarantine"); a.status != http.StatusForbidden {
		t.Errorf("a subcontractor reads what waits: %d", a.status)
	}
	send("eve@nowhere.test", "<b>Stranger</b>", "<p>Let me in</p>")
	list := d.get(t, ines, "/alpine/quarantine").page(t)
	link := list.Find("tbody a").First()
	if link.Text() != "<b>Stranger</b>" {
		t.Fatalf("what waits: %q", list.Find("tbody").Text())
	}
	at := link.AttrOr("href", "")
	if p := d.get(t, ines, at).page(t); !strings.Contains(p.Text(), "Let me in") || p.Find("b").Length() != 0 {
		t.Errorf("a mail that waits: %s", p.Text())
	}
	if a := d.post(t, ines, at+"/ticket", url.Values{}); a.status != http.StatusUnprocessableEntity || a.page(t).Find("#customer-error").Length() != 1 {
		t.Errorf("for nobody: %d", a.status)
	}
	number := strings.TrimPrefix(ticket, "/alpine/tickets/")
	if a := d.post(t, ines, at+"/attachment", url.Values{"number": {number}}); a.status != http.StatusSeeOther || a.to() != ticket {
		t.Fatalf("onto a ticket: %d %s\n%s", a.status, a.to(), a.text(t))
	}
	if p := d.get(t, ines, ticket).page(t); p.Find(`.entry[data-kind=note]:contains("Let me in")`).Length() != 1 {
		t.Error("a stranger's mail is no note")
	}
	if strings.Contains(d.get(t, lea, ticket).body, "Let me in") {
		t.Error("the customer reads a note")
	}
	if a := d.post(t, ines, at+"/removal", url.Values{}); a.status != http.StatusSeeOther || look[string](t, d, `select state from mails where reason = '' and from_email = 'eve@nowhere.test'`) != "taken" {
		t.Errorf("dropping what was taken: %d", a.status)
	}
}
