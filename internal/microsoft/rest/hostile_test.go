package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

const tenant = "11111111-1111-4111-8111-111111111111"

// serve answers a list's pages, and tokens to whoever asks.
func serve(t *testing.T, page http.HandlerFunc) (*Client, *httptest.Server) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t"}`)
	})
	mux.HandleFunc("GET /list", page)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	root, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Root: root, Authority: root, ClientID: "guichet", ClientSecret: "hush"}), server
}

func read(t *testing.T, c *Client) (taken int, err error) {
	t.Helper()
	err = c.List(t.Context(), Question{Tenant: tenant, Path: "list", Most: 5000}, nil, func(json.RawMessage) { taken++ })
	return taken, err
}

func wantRefusal(t *testing.T, err error, kind desk.RefusalKind, says string) desk.Refusal {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != kind || !strings.Contains(r.Detail, says) {
		t.Fatalf("error %v, want it refused (%s) with %q", err, kind, says)
	}
	return r
}

func TestHostilePages(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		says string
	}{
		"nothing":             {"", "unexpected end"},
		"no JSON":             {"<html>", "invalid character"},
		"a list":              {"[]", "cannot unmarshal array"},
		"null":                {"null", "without its value"},
		"no value":            {"{}", "without its value"},
		"null value":          {`{"value":null}`, "without its value"},
		"value of text":       {`{"value":"x"}`, "no list"},
		"value of an object":  {`{"value":{}}`, "no list"},
		"more behind":         {`{"value":[]}{"value":[]}`, "after top-level"},
		"next is a number":    {`{"value":[],"@odata.nextLink":7}`, "cannot unmarshal number"},
		"next elsewhere":      {`{"value":[1],"@odata.nextLink":"https://evil.example/list"}`, "another host, evil.example"},
		"next by scheme":      {`{"value":[1],"@odata.nextLink":"//evil.example/list"}`, "another host"},
		"next with a user":    {`{"value":[1],"nextLink":"http://guichet:hush@127.0.0.1/list"}`, "another host"},
		"next is script":      {`{"value":[1],"nextLink":"javascript:alert(1)"}`, "another host"},
		"next is no address":  {`{"value":[1],"nextLink":"http://[::1"}`, "no address"},
		"next is very long":   {`{"value":[1],"nextLink":"/list?` + strings.Repeat("x", 9000) + `"}`, "no address"},
		"deeply nested":       {`{"value":[` + strings.Repeat("[", 1<<20), "exceeded max depth"},
		"too many in a page":  {`{"value":[` + strings.Repeat("1,", 3000) + `1]}`, "more than 2000 entries in a page"},
		"deep within an item": {`{"value":[` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `]}`, "exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, tc.body) })
			_, err := read(t, c)
			r := wantRefusal(t, err, desk.RefusedForm, tc.says)
			if len([]rune(r.Detail)) > 301 {
				t.Errorf("a detail of %d bytes", len(r.Detail))
			}
		})
	}
}

func TestPagesEnd(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[1],"@odata.nextLink":"/list?again=%s"}`, r.URL.Query().Get("none"))
	})
	taken, err := read(t, c)
	wantRefusal(t, err, desk.RefusedForm, "read before")
	if taken != 2 {
		t.Errorf("%d entries were taken", taken)
	}

	n := 0
	c, _ = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		fmt.Fprintf(w, `{"value":[1],"@odata.nextLink":"/list?page=%d"}`, n)
	})
	taken, err = read(t, c)
	wantRefusal(t, err, desk.RefusedForm, "more than 60 pages")
	if taken != mostPages {
		t.Errorf("%d entries were taken", taken)
	}

	c, _ = serve(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprintf(w, `{"value":[%s1],"@odata.nextLink":"/list?page=%d"}`, strings.Repeat("1,", 1500), n)
	})
	taken, err = read(t, c)
	wantRefusal(t, err, desk.RefusedForm, "more than 5000 entries")
	if taken != 5000 {
		t.Errorf("%d entries were taken", taken)
	}
}

// A stream that never ends is cut, and costs what a page may cost.
func TestAnEndlessStreamIsCut(t *testing.T) {
	t.Parallel()
	sent := 0
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"value":["`)
		chunk := []byte(strings.Repeat("x", 1<<20))
		for range 1 << 10 { // a gibibyte
			if _, err := w.Write(chunk); err != nil {
				return
			}
			sent++
		}
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := read(t, c)
	runtime.ReadMemStats(&after)
	wantRefusal(t, err, desk.RefusedForm, "more than 16 MiB")
	if sent > 64 || after.TotalAlloc-before.TotalAlloc > 512<<20 {
		t.Errorf("%d MiB were sent, %d allocated", sent, (after.TotalAlloc-before.TotalAlloc)>>20)
	}
}

func TestACutAnswer(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"value":[1`)
	})
	_, err := read(t, c)
	wantRefusal(t, err, desk.RefusedForm, "cut off")
}

func TestSlowAnswersAreGivenUp(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	c, server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(held); server.CloseClientConnections() })
	c.http.Timeout = 100 * time.Millisecond
	_, err := read(t, c)
	wantRefusal(t, err, desk.RefusedDown, "")
}

// A redirect is no answer: the token goes nowhere else.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	t.Cleanup(elsewhere.Close)
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	_, err := read(t, c)
	wantRefusal(t, err, desk.RefusedForm, "307")
	if visited {
		t.Error("the redirect was followed")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		status int
		header map[string]string
		kind   desk.RefusalKind
		after  time.Duration
	}{
		{429, map[string]string{"Retry-After": "30"}, desk.RefusedThrottle, 30 * time.Second},
		{429, map[string]string{"Retry-After": " 30 "}, desk.RefusedThrottle, 30 * time.Second},
		{429, nil, desk.RefusedThrottle, 0},
		{429, map[string]string{"Retry-After": "soon"}, desk.RefusedThrottle, 0},
		{429, map[string]string{"Retry-After": "-5"}, desk.RefusedThrottle, 0},
		{429, map[string]string{"Retry-After": "99999999"}, desk.RefusedThrottle, longestWait},
		{429, map[string]string{"Retry-After": now.Add(2 * time.Hour).Format(http.TimeFormat), "Date": now.Add(time.Hour).Format(http.TimeFormat)}, desk.RefusedThrottle, time.Hour},
		{503, map[string]string{"Retry-After": now.Add(-time.Hour).Format(http.TimeFormat), "Date": now.Format(http.TimeFormat)}, desk.RefusedThrottle, 0},
		{503, nil, desk.RefusedDown, 0},
		{502, map[string]string{"Retry-After": "30"}, desk.RefusedDown, 0},
		{408, nil, desk.RefusedDown, 0},
		{401, nil, desk.RefusedConsent, 0},
		{403, nil, desk.RefusedConsent, 0},
		{400, nil, desk.RefusedForm, 0},
		{404, nil, desk.RefusedForm, 0},
		{204, nil, desk.RefusedForm, 0},
	} {
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			for name, value := range tc.header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(tc.status)
		})
		c.config.Now = func() time.Time { return now }
		_, err := read(t, c)
		if r := wantRefusal(t, err, tc.kind, ""); r.After != tc.after {
			t.Errorf("%d with %v: told to wait %v, want %v", tc.status, tc.header, r.After, tc.after)
		}
	}
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status int
		body   string
		want   desk.RefusalKind
	}{
		{400, `{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented"}`, desk.RefusedConsent},
		{400, `{"error":"unauthorized_client","error_description":"AADSTS700016: Application was not found in the directory"}`, desk.RefusedConsent},
		{401, `{"error":"invalid_client","error_description":"AADSTS7000229: missing service principal"}`, desk.RefusedConsent},
		{400, `{"error":"invalid_resource","error_description":"AADSTS500014: The service principal is disabled"}`, desk.RefusedConsent},
		{401, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided"}`, desk.RefusedSetup},
		{401, `{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired"}`, desk.RefusedSetup},
		{401, `{"error":"invalid_client"}`, desk.RefusedSetup},
		{429, `{"error":"too_many"}`, desk.RefusedThrottle},
		{503, `{"error":"temporarily_unavailable"}`, desk.RefusedDown},
		{400, `{"error":"temporarily_unavailable"}`, desk.RefusedDown},
		{500, ``, desk.RefusedDown},
		{400, `<html>`, desk.RefusedForm},
		{200, `<html>`, desk.RefusedForm},
		{200, `{}`, desk.RefusedForm},
		{200, `{"access_token":7}`, desk.RefusedForm},
		{200, `{"access_token":"a\nb","token_type":"Bearer"}`, desk.RefusedForm},
		{302, ``, desk.RefusedForm},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(tc.status)
			fmt.Fprint(w, tc.body)
		}))
		root, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		err = New(Config{Root: root, Authority: root, ClientID: "guichet", ClientSecret: "hush"}).Check(t.Context(), tenant)
		server.Close()
		r := wantRefusal(t, err, tc.want, "")
		if strings.Contains(r.Detail, "hush") {
			t.Errorf("the secret shows in %q", r.Detail)
		}
	}
}

func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	var all tokens
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	for n := range mostTokens + 50 {
		all.keep(fmt.Sprint(n), "t", now.Add(time.Hour), now)
	}
	if len(all.all) != mostTokens {
		t.Errorf("%d tokens are kept", len(all.all))
	}
	if _, ok := all.kept(fmt.Sprint(mostTokens+49), now.Add(2*time.Hour)); ok {
		t.Error("an ended token is given")
	}
	all.keep("X", "new", now.Add(time.Hour), now)
	if all.forget("x", "old"); all.all["x"].token != "new" {
		t.Error("a token that nobody refused is forgotten")
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`{"value":[{"id":"EX1"},2,null],"@odata.nextLink":"https://graph.microsoft.com/x?$skip=100"}`))
	f.Add([]byte(`{"value":[[],{}],"nextLink":null}`))
	root := &url.URL{Scheme: "https", Host: "graph.microsoft.com"}
	c := New(Config{Root: root, Authority: root})
	f.Fuzz(func(t *testing.T, body []byte) {
		var p page
		if err := decode(body, &p); err != nil {
			return
		}
		if p.Value != nil && len(*p.Value) > mostPageEntries {
			t.Fatalf("%d entries", len(*p.Value))
		}
		if link, err := c.within(p.next()); p.next() != "" && err == nil && !strings.HasPrefix(strings.ToLower(link), "https://graph.microsoft.com") {
			t.Fatalf("leads to %s", link)
		}
	})
}
