package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/entra"
)

// serveIdentities serves the provider below a path, as it may be mounted.
func serveIdentities(t *testing.T) (base string) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	base = server.URL + "/identities"
	var err error
	if handler, err = NewIdentityProvider(base, visitors, portalID, portalSecret, []string{portalReturn}); err != nil {
		t.Fatal(err)
	}
	return base
}

func portal(authority string) entra.Config {
	return entra.Config{
		Authority: authority, ClientID: portalID, ClientSecret: portalSecret, RedirectURL: portalReturn,
		AllowPrivate: true,
	}
}

func stranger(config entra.Config) entra.Config {
	config.ClientSecret = "guessed"
	return config
}

func beginSignIn(t *testing.T, p *entra.Provider) entra.Start {
	t.Helper()
	s, err := p.Begin(t.Context(), entra.Hints{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// choose signs in as a program would, without cookies, and returns the code
// that the portal is sent.
func choose(t *testing.T, s entra.Start, email string) (code string) {
	t.Helper()
	address, id := signInForm(t, s)
	answer, err := stayHere().PostForm(address, url.Values{"id": {id}, "person": {email}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("choosing %s: %s", email, answer.Status)
	}
	answer, err = stayHere().Get(answer.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	back, err := url.Parse(answer.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(back.String(), portalReturn+"?") || !s.Matches(back.Query().Get("state")) {
		t.Fatalf("sent back to %s", back)
	}
	return back.Query().Get("code")
}

// signInForm is where the page's form goes and the sign-in that it names.
func signInForm(t *testing.T, s entra.Start) (address, id string) {
	t.Helper()
	form := openPage(t, s.URL, "", http.StatusOK).Find("form[method=post]")
	return form.AttrOr("action", ""), form.Find("input[name=id]").AttrOr("value", "")
}

func openPage(t *testing.T, address, languages string, status int) *goquery.Document {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", languages)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return readPage(t, answer, status)
}

func submit(t *testing.T, address, id, email string, status int) *goquery.Document {
	t.Helper()
	answer, err := stayHere().PostForm(address, url.Values{"id": {id}, "person": {email}})
	if err != nil {
		t.Fatal(err)
	}
	return readPage(t, answer, status)
}

func readPage(t *testing.T, answer *http.Response, status int) *goquery.Document {
	t.Helper()
	defer answer.Body.Close()
	if answer.StatusCode != status {
		said, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s, want %d: %s", answer.Status, status, said)
	}
	page, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// stayHere is a client that shows where it is sent instead of going there.
func stayHere() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func fetch(t *testing.T, address string) *http.Response {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, answer.Status)
	}
	return answer
}
