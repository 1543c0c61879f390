package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet/internal/api"
	"guichet/internal/desk"
)

// A body of a hundred megabytes is refused by what it says of itself, and one that
// says nothing as soon as it is too long: most of it is never read.
func bodyOf100MB(t *testing.T, p program) {
	const size = 100 << 20
	for _, told := range []bool{true, false} {
		var sent atomic.Int64
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.Base+"/api/v1/tickets", io.NopCloser(io.TeeReader(io.LimitReader(endless{}, size), counter{&sent})))
		if err != nil {
			t.Fatal(err)
		}
		if told {
			r.ContentLength = size
		}
		r.Header.Set("Authorization", "Bearer "+p.token)
		r.Header.Set("Content-Type", "application/json")
		began := time.Now()
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Logf("said %v: the door hung up: %v", told, err)
		} else {
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("said %v: %s", told, resp.Status)
			}
		}
		if sent.Load() > 16<<20 || time.Since(began) > 5*time.Second {
			t.Errorf("said %v: %d bytes went over in %v", told, sent.Load(), time.Since(began))
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(b []byte) (int, error) { c.n.Add(int64(len(b))); return len(b), nil }

func nestedBrackets(t *testing.T, p program) {
	for _, open := range []string{"[", `{"a":`} {
		out := p.want(t, http.StatusBadRequest, http.MethodPost, "/tickets", `{"subject":`+strings.Repeat(open, 10_000))
		if detail, _ := out["detail"].(string); out["code"] != "malformed" || !strings.Contains(detail, "brackets") {
			t.Errorf("%v", out)
		}
	}
}

func hostileBodies(t *testing.T, p program) {
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"nothing":            {"", http.StatusBadRequest},
		"not JSON":           {"subject=x", http.StatusBadRequest},
		"cut off":            {`{"subject":"a`, http.StatusBadRequest},
		"a list":             {`[]`, http.StatusBadRequest},
		"null":               {`null`, http.StatusBadRequest},
		"something behind":   {`{"body":"a"} {"body":"b"}`, http.StatusBadRequest},
		"a bracket behind":   {`{"body":"a"}]`, http.StatusBadRequest},
		"two of one name":    {`{"body":"a","body":"b"}`, http.StatusBadRequest},
		"two, one escaped":   {`{"body":"a","b\u006fdy":"b"}`, http.StatusBadRequest},
		"not UTF-8":          {"{\"body\":\"\xff\"}", http.StatusBadRequest},
		"character zero":     {`{"body":"a\u0000b"}`, http.StatusBadRequest},
		"an unknown field":   {`{"body":"a","internal":false}`, http.StatusUnprocessableEntity},
		"of another type":    {`{"body":["a"]}`, http.StatusUnprocessableEntity},
		"nothing to be said": {`{"body":"  "}`, http.StatusUnprocessableEntity},
		"too much":           {`{"body":"` + strings.Repeat("a", 20_001) + `"}`, http.StatusUnprocessableEntity},
	} {
		if a := p.ask(t, http.MethodPost, "/tickets/"+p.aTicket(t)+"/notes", c.body); a.status != c.status || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.body, c.status)
		}
	}
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json;;", "application/cbor"} {
		p.want(t, http.StatusUnsupportedMediaType, http.MethodPost, "/tickets/1/notes", `{"body":"a"}`, "Content-Type", kind)
	}
	script := p.want(t, http.StatusCreated, http.MethodPost, "/tickets/"+p.aTicket(t)+"/notes", `{"body":"<script>alert(1)</script>"}`, "Accept", "text/html")
	if script["body"] != "<script>alert(1)</script>" {
		t.Errorf("%v", script) // it is text, sent as JSON that no browser takes for a page
	}
}

func noAddress(t *testing.T, p program) {
	for path, status := range map[string]int{"/nothing": http.StatusNotFound, "/tickets/99999999": http.StatusNotFound, "/tickets/": http.StatusNotFound, "": http.StatusNotFound,
		"/tickets/1042%2f..": http.StatusUnprocessableEntity, "/tickets/one": http.StatusUnprocessableEntity, "/tickets/9223372036854775807": http.StatusUnprocessableEntity,
		"/customers/" + desk.NewID().String(): http.StatusNotFound, "/offer/versions/77": http.StatusNotFound} {
		p.want(t, status, http.MethodGet, path, "")
	}
	a := p.ask(t, http.MethodDelete, "/tickets/1", "")
	if a.status != http.StatusMethodNotAllowed || strings.Join(a.header.Values("Allow"), ", ") != "GET, PATCH" || a.json(t)["code"] != "method" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
}

// Whoever comes with a session alone is nobody here, and nobody gets one.
func cookiesCountForNothing(t *testing.T, p program) {
	before := count(t, p.door, `select count(*) from sessions`)
	browser := p.as(t, "alpine", "paul@alpine.example")
	signed := count(t, p.door, `select count(*) from sessions`)
	a := p.get(t, browser, "/api/v1/tickets")
	if a.status != http.StatusUnauthorized {
		t.Errorf("%d", a.status)
	}
	if b := p.ask(t, http.MethodGet, "/tickets?limit=1", ""); b.header.Get("Set-Cookie") != "" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("%v", b.header)
	}
	if after := count(t, p.door, `select count(*) from sessions`); after != signed || signed == before {
		t.Errorf("%d sessions, then %d, then %d", before, signed, after)
	}
	q := p.ask(t, http.MethodOptions, "/tickets", "", "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET")
	if q.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", q.header)
	}
}

// door is one of its own, which lets a token ask so often.
func (p program) narrowDoor(t *testing.T, rate int) program {
	t.Helper()
	h := api.New(api.Parts{App: p.Parts.App, BaseURL: p.Config.BaseURL, Rate: rate, Log: slog.New(slog.DiscardHandler)})
	s := httptest.NewServer(http.StripPrefix(api.Path, h))
	t.Cleanup(s.Close)
	portal := *p.Portal
	portal.Base = s.URL
	return program{&door{Portal: &portal, db: p.db}, p.token}
}

func asksTooOften(t *testing.T, p program) {
	q := p.narrowDoor(t, 3)
	for left := 2; left >= 0; left-- {
		a := q.ask(t, http.MethodGet, "/people", "")
		if a.status != http.StatusOK || a.header.Get("RateLimit-Policy") != `"token";q=3;w=60` || !strings.HasPrefix(a.header.Get("RateLimit"), `"token";r=`+string(rune('0'+left))+`;t=`) {
			t.Errorf("%d %v", a.status, a.header)
		}
	}
	a := q.ask(t, http.MethodGet, "/people", "")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.json(t)["code"] != "rate_limited" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	other := program{q.door, p.program(t, "alpine", "paul@alpine.example", "ines@alpine.example").token}
	other.want(t, http.StatusOK, http.MethodGet, "/people", "")
}

func guesses(t *testing.T, p program) {
	q := p.narrowDoor(t, 1000)
	wrong := program{q.door, desk.TokenText([32]byte{7})}
	for range 30 {
		wrong.want(t, http.StatusUnauthorized, http.MethodGet, "/people", "")
	}
	wrong.want(t, http.StatusTooManyRequests, http.MethodGet, "/people", "")
}
