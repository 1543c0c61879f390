package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/demo"
)

// cut takes the database away from everybody until the function it returns is
// called.
func (d *door) cut(t *testing.T) (back func()) {
	t.Helper()
	super, err := demo.TestServer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), super)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	u, err := url.Parse(d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`alter database ` + name + ` allow_connections false`)
	run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '` + name + `'`)
	return func() { run(`alter database ` + name + ` allow_connections true`) }
}

func (d *door) ready(t *testing.T) (status int, said map[string]string) {
	t.Helper()
	a := d.get(t, d.visitor(t), "/readyz")
	if err := json.Unmarshal([]byte(a.body), &said); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return a.status, said
}

func TestDatabaseGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea, max, nobody := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "max@lumen.example"), d.visitor(t)
	form := d.get(t, lea, "/alpine/tickets/new").form(t, "/alpine/tickets")
	form.Set("subject", "Pendant la panne")
	form.Set("body", "…")
	if status, said := d.ready(t); status != http.StatusOK || said["status"] != "ready" {
		t.Fatalf("before: %d %v", status, said)
	}
	before := d.fingerprint(t)
	back := d.cut(t)

	if status, said := d.ready(t); status != http.StatusServiceUnavailable || said["status"] != "unavailable" || said["reason"] != "database unreachable" {
		t.Errorf("without a database: %d %v", status, said)
	}
	if a := d.get(t, nobody, "/healthz"); a.status != http.StatusOK {
		t.Errorf("the process itself is well: %d", a.status)
	}
	for range 2 { // with the connections that were cut, then with none
		d.isDown(t, lea, http.MethodGet, "/alpine/tickets", nil, "fr")
		d.isDown(t, max, http.MethodGet, "/alpine/tickets", nil, "en")
		d.isDown(t, lea, http.MethodPost, "/alpine/tickets", form, "fr")
		d.isDown(t, nobody, http.MethodGet, "/meridian/tickets", nil, "en")
		d.isDown(t, nobody, http.MethodGet, "/", nil, "fr")
		d.isDown(t, d.visitor(t), http.MethodPost, "/alpine/tickets", form, "fr")
		d.isDown(t, d.visitor(t), http.MethodGet, "/alpine/sign-in", nil, "fr")
		d.isDown(t, d.visitor(t), http.MethodPost, "/alpine/sign-in/link", url.Values{"email": {"lea@lumen.example"}}, "fr")
	}

	back()
	d.db.Reset()
	d.unchanged(t, before, "what was asked without a database")
	if status, _ := d.ready(t); status != http.StatusOK {
		t.Errorf("afterwards: %d", status)
	}
	if a := d.get(t, lea, "/alpine/tickets"); a.status != http.StatusOK {
		t.Errorf("Léa is not where she was: %d", a.status)
	}
	if a := d.post(t, lea, "/alpine/tickets", form); a.status != http.StatusSeeOther {
		t.Errorf("sending again: %d", a.status)
	}
	d.await(t, "lea@lumen.example", "Pendant la panne")
}

// isDown holds an answer to a page that says, in the reader's language, that it
// will pass.
func (d *door) isDown(t *testing.T, c *http.Client, method, path string, form url.Values, lang string) {
	t.Helper()
	r := d.request(t, method, path, form)
	r.Header.Set("Accept-Language", lang)
	began := time.Now()
	a := d.do(t, c, r)
	doc := a.page(t)
	says := map[string]string{"fr": "Notre base de données ne répond pas", "en": "Our database does not answer"}[lang]
	if a.status != http.StatusServiceUnavailable || doc.Find("html").AttrOr("lang", "") != lang || !strings.Contains(doc.Text(), says) {
		t.Errorf("%s %s: %d in %q after %v: %s", method, path, a.status, doc.Find("html").AttrOr("lang", ""), time.Since(began), a.text(t))
	}
	if n := strings.Count(a.body, "<html"); n != 1 || !strings.HasSuffix(strings.TrimSpace(a.body), "</html>") {
		t.Errorf("%s %s: %d pages in one answer, ending in %q", method, path, n, a.body[max(0, len(a.body)-80):])
	}
	if a.header.Get("Location") != "" || a.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%s %s: %v", method, path, a.header)
	}
}
