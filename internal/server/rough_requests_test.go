package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTooLargeABodyIsTurnedAway(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	before := d.fingerprint(t)
	for what, c := range map[string]*http.Client{"Léa": lea, "a visitor": d.visitor(t)} {
		a := d.post(t, c, "/alpine/sign-in/link", url.Values{"email": {strings.Repeat("x", 1<<20)}})
		if a.status != http.StatusRequestEntityTooLarge || a.page(t).Find("h1").Length() != 1 {
			t.Errorf("%s sends a MiB: %d", what, a.status)
		}
	}
	if a := d.post(t, lea, "/alpine/tickets", url.Values{"subject": {"x"}, "body": {strings.Repeat("x", 2<<20)}}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("two MiB: %d", a.status)
	}
	if a := d.post(t, d.visitor(t), "/alpine/tickets", url.Values{"body": {strings.Repeat("x", 2<<20)}}); a.status != http.StatusSeeOther {
		t.Errorf("two MiB from a visitor: %d", a.status)
	}
	d.unchanged(t, before, "what is too large")
}

func TestWhatIsNoFormIsNoTicket(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	before := d.fingerprint(t)
	for kind, body := range map[string]string{
		"application/json":                    `{"subject":"x","body":"y"}`,
		"text/plain":                          "subject=x&body=y",
		"":                                    "subject=x&body=y",
		"multipart/form-data":                 "subject=x",
		"multipart/form-data; boundary=z":     "--z\r\nnot a part",
		"application/x-www-form-urlencoded":   "subject=%zz&body=y",
		"application/x-www-form-urlencoded;;": "subject=x&body=y",
	} {
		for _, path := range []string{"/alpine/tickets", "/alpine/account", "/alpine/sign-in/link"} {
			r := d.request(t, http.MethodPost, path, nil)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL.String(), strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", kind)
			if a := d.do(t, lea, r); a.status != http.StatusUnprocessableEntity && a.status != http.StatusUnsupportedMediaType && a.status != http.StatusBadRequest {
				t.Errorf("%q at %s: %d", kind, path, a.status)
			}
		}
	}
	d.unchanged(t, before, "what is no form")
}

func TestAddressesThatNameNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, nobody := d.as(t, "alpine", "ines@alpine.example"), d.visitor(t)
	for _, path := range []string{"/alpine/tickets/abc", "/alpine/tickets/-1", "/alpine/tickets/0", "/alpine/tickets/99999999999999999999", "/alpine/tickets/9223372036854775807",
		"/alpine/tickets/1%00", "/alpine/tickets/1e3", "/alpine/tickets/%2e%2e", "/alpine/tickets/0x10", "/alpine/queue/everything", "/alpine/queue/%00", "/alpine/queue/todo/x",
		"/alpine/settings/customers/x", "/alpine/queue?customer=x", "/alpine/nothing", "/alpine/tickets/12/nothing"} {
		if a := d.get(t, ines, path); a.status != http.StatusNotFound || a.page(t).Find("h1").Length() != 1 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/nodesk", "/ALPINE", "/alpine%00", "/%2e%2e/alpine", "/..%2falpine", "/alpine%2f..", "/nodesk/tickets", "/nodesk/sign-in", "/%ff", "/api", "/assets", "/assets/app.css", "/robots.txt",
		"/alpine'--/tickets", "/" + strings.Repeat("a", 4000)} {
		if a := d.get(t, nobody, path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/alpine/tickets/abc/messages", "/alpine/tickets/-1/closure", "/alpine/tickets/99999999999999999999/state", "/alpine/account/sessions/../end", "/alpine/account/sessions/%00/end"} {
		if a := d.post(t, ines, path, url.Values{"body": {"x"}, "state": {"open"}}); a.status != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, a.status)
		}
	}
}

// What no list offers is left out of a filter: an address that was mistyped,
// or is somebody's attempt, opens a list and never fails.
func TestNonsenseInFiltersNeverFails(t *testing.T) {
	t.Parallel()
	d := open(t)
	people := map[string]*http.Client{"ines": d.as(t, "alpine", "ines@alpine.example"), "max": d.as(t, "alpine", "max@lumen.example"), "nobody": d.visitor(t)}
	values := []string{"", "%00", "%ff", "'", "%25", "_", "\\", "-1", "99999999999999999999", "nonsense", strings.Repeat("é", 3000), "a%26b%3dc", "%e2%80%ae", "1%3bdrop+table+tickets",
		"MC4wLjAxOTAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA", "MC45MjIzMzcyMDM2ODU0Nzc1ODA3LjAxOTAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA",
		"MC4tOTIyMzM3MjAzNjg1NDc3NTgwOC4wMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA", "OTk5OTk5OTk5OTkubmV2ZXIuMDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw"}
	for _, at := range []struct {
		who, path string
		fields    []string
	}{
		{"ines", "/alpine/queue/all", []string{"q", "after", "sort", "service", "outcome", "state", "priority"}},
		{"ines", "/alpine/queue/all?sort=activity", []string{"after"}},
		{"ines", "/alpine/queue/all?sort=priority", []string{"after"}},
		{"ines", "/alpine/settings/customers", []string{"q", "after"}},
		{"ines", "/alpine/tickets/new", []string{"q", "after", "customer", "kind"}},
		{"max", "/alpine/search", []string{"q", "after"}},
		{"max", "/alpine/tickets", []string{"after", "which", "mine"}},
		{"max", "/alpine/tickets/new", []string{"kind"}},
		{"nobody", "/alpine", []string{"lang"}},
		{"nobody", "/alpine/sign-in?by=mail", []string{"to", "lang"}},
	} {
		for _, field := range at.fields {
			for _, value := range values {
				path := at.path + map[bool]string{true: "&", false: "?"}[strings.Contains(at.path, "?")] + field + "=" + strings.NewReplacer("\\", "%5c", "'", "%27").Replace(value)
				if a := d.get(t, people[at.who], path); a.status != http.StatusOK {
					t.Errorf("%s %.120s: %d", at.who, path, a.status)
				}
			}
		}
	}
}

func TestMethodsThatNoRouteHas(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	before := d.fingerprint(t)
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, http.MethodTrace, "PROPFIND"} {
		for _, path := range []string{"/alpine", "/alpine/tickets", "/alpine/account", "/sign-in/return", "/"} {
			if a := d.do(t, lea, d.request(t, method, path, nil)); a.status < 400 || a.status >= 500 {
				t.Errorf("%s %s: %d", method, path, a.status)
			}
		}
	}
	d.unchanged(t, before, "methods that no route has")
}

// A form sent by another site's page carries our cookie; the browser says where
// it comes from (Sec-Fetch-Site, Origin), and that is where it ends.
func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	before := d.fingerprint(t)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		for _, path := range []string{"/alpine/tickets", "/alpine/sign-out", "/alpine/account", "/alpine/sign-in/link"} {
			r := d.request(t, http.MethodPost, path, url.Values{"subject": {"x"}, "body": {"y"}, "email": {"lea@lumen.example"}})
			r.Header.Set(header[0], header[1])
			a := d.do(t, lea, r)
			if a.status != http.StatusForbidden || a.page(t).Find("h1").Length() != 1 || a.header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s to %s: %d", header, path, a.status)
			}
		}
	}
	d.unchanged(t, before, "another site")
	for _, header := range [][2]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", d.Base}} {
		r := d.request(t, http.MethodPost, "/alpine/tickets", url.Values{"subject": {"x"}, "body": {"y"}})
		r.Header.Set(header[0], header[1])
		if a := d.do(t, lea, r); a.status != http.StatusSeeOther {
			t.Errorf("our own page, %s: %d", header, a.status)
		}
	}
	r := d.request(t, http.MethodGet, "/alpine/tickets", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := d.do(t, lea, r); a.status != http.StatusOK {
		t.Errorf("a link on another site: %d", a.status)
	}
}

func TestAnotherHostsNameIsNotOurs(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, path := range []string{"/", "/alpine", "/alpine/sign-in", "/alpine/nothing"} {
		r := d.request(t, http.MethodGet, path, nil)
		r.Host = "evil.example"
		a := d.do(t, d.visitor(t), r)
		if a.status != http.StatusMisdirectedRequest || strings.Contains(a.body+a.to(), "evil") || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s as evil.example: %d %s", path, a.status, a.to())
		}
	}
	r := d.request(t, http.MethodGet, "/alpine?lang=en", nil)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	r.Header.Set("Forwarded", "host=evil.example")
	if a := d.do(t, d.visitor(t), r); a.status != http.StatusOK || strings.Contains(a.body, "evil") {
		t.Errorf("a proxy that nobody trusts: %d", a.status)
	}
	r = d.request(t, http.MethodGet, "/healthz", nil)
	r.Host = "10.0.0.7:8080"
	if a := d.do(t, d.visitor(t), r); a.status != http.StatusOK {
		t.Errorf("a probe by address: %d", a.status)
	}
}
