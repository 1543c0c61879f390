package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guichet/internal/demo"
)

var stopPath = regexp.MustCompile(`/alpine/letters/[A-Za-z0-9_-]+`)

// A mail program's press turns letters off without a sign-in; following the link does
// not, and a link that is none has a page of its own.
func TestOnePressTurnsLettersOff(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent := d.byLink(t, "alpine", "ines@alpine.example")
	number := look[string](t, d, `select k.number::text from tickets k join people p on p.id = k.requester_id join desks d on d.id = k.desk_id
		where p.email = 'lea@lumen.example' and d.slug = 'alpine' and k.state = 'open' order by k.number limit 1`)
	form := d.get(t, agent, "/alpine/tickets/"+number).form(t, "/alpine/tickets/"+number+"/messages")
	form.Set("body", "We are looking into it.")
	if a := d.post(t, agent, "/alpine/tickets/"+number+"/messages", form); a.status != http.StatusSeeOther {
		t.Fatalf("writing: %d\n%s", a.status, a.text(t))
	}
	m, err := d.Mail.Wait(t.Context(), func(m demo.Message) bool {
		return m.To[0] == "lea@lumen.example" && strings.Contains(m.Text, "We are looking")
	})
	if err != nil {
		t.Fatal(err)
	}
	path := stopPath.FindString(m.Headers["List-Unsubscribe"][0])
	chosen := func() string {
		return look[string](t, d, `select coalesce(letters->>'mine', '') from people where email = 'lea@lumen.example' and desk_id = (select id from desks where slug = 'alpine')`)
	}
	page := d.get(t, d.visitor(t), path)
	if page.status != http.StatusOK || page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" || strings.Contains(page.body, "lea@lumen") || chosen() != "" {
		t.Fatalf("looking: %d, %v, he chose %q", page.status, page.header, chosen())
	}
	page.form(t, path) // the button
	other := strings.Replace(path, "alpine", "brume", 1)
	for what, p := range map[string]string{"another desk's": other, "a wrong one": path[:len(path)-3] + "AAA"} {
		for _, a := range []answer{d.get(t, d.visitor(t), p), d.post(t, d.visitor(t), p, nil)} {
			if a.status != http.StatusGone || !strings.Contains(a.text(t), "Ce lien ne sert plus") || chosen() != "" {
				t.Errorf("%s: %d", what, a.status)
			}
		}
	}
	press := func(origin string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+path, strings.NewReader(url.Values{"List-Unsubscribe": {"One-Click"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		return got.StatusCode
	}
	if got := press("https://evil.example"); got != http.StatusForbidden || chosen() != "" {
		t.Errorf("from another site: %d", got)
	}
	if got := press(""); got != http.StatusOK || chosen() != "never" {
		t.Errorf("a mail program's press: %d, he chose %q", got, chosen())
	}
}
