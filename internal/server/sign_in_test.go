package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/testbed/running"
)

// begin starts a sign-in and returns where the browser is sent.
func (d *door) begin(t *testing.T, c *http.Client, path string) string {
	t.Helper()
	a := d.get(t, c, path)
	if a.status != http.StatusSeeOther || !strings.Contains(a.to(), "/identity/") {
		t.Fatalf("%s leads to %d %s", path, a.status, a.to())
	}
	return a.to()
}

// vouch lets the identity provider vouch for somebody and returns the path,
// with code and state, by which he comes back.
func (d *door) vouch(t *testing.T, at, email string) string {
	t.Helper()
	c := running.Browser(t)
	var back string
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if path, ours := strings.CutPrefix(r.URL.String(), d.Base); ours {
			back = path
			return http.ErrUseLastResponse
		}
		return nil
	}
	resp, err := c.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	form := running.FormOf(t, running.Page(t, resp).Find("form").First())
	form.Values.Set("person", email)
	resp, err = c.PostForm(form.Action, form.Values)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if back == "" {
		t.Fatalf("the identity provider sends %s nowhere: %d", email, resp.StatusCode)
	}
	return back
}

// signIn goes all the way; the answer is the portal's to him who comes back.
func (d *door) signIn(t *testing.T, c *http.Client, path, email string) answer {
	t.Helper()
	return d.get(t, c, d.vouch(t, d.begin(t, c, path), email))
}

func TestSignInLandsOnOnesOwnWork(t *testing.T) {
	t.Parallel()
	d := open(t)
	for email, landing := range map[string]string{
		"lea@lumen.example": "/alpine/tickets", "max@lumen.example": "/alpine/tickets", "ines@alpine.example": "/alpine/queue",
		"karim@alpine.example": "/alpine/queue", "paul@alpine.example": "/alpine/queue", "nora@brume.example": "/brume/queue",
	} {
		c := d.visitor(t)
		a := d.signIn(t, c, strings.Join(strings.Split(landing, "/")[:2], "/")+"/sign-in", email)
		if a.status != http.StatusSeeOther || a.to() != landing {
			t.Errorf("%s lands on %d %s", email, a.status, a.to())
		}
		if a := d.get(t, c, landing); a.status != http.StatusOK {
			t.Errorf("%s is not let in: %d", email, a.status)
		}
		if a := d.get(t, c, landing[:strings.LastIndex(landing, "/")]+"/sign-in"); a.status != http.StatusSeeOther || strings.Contains(a.to(), "/identity/") {
			t.Errorf("%s, signed in, is asked to sign in: %s", email, a.to())
		}
	}
}

func TestSignInReturnsWhereOneWasGoing(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, to := range []string{"/alpine/tickets?which=all&q=facture", "/alpine/tickets/new?kind=billing", "/alpine/account"} {
		c := d.visitor(t)
		asked := d.get(t, c, to)
		if a := d.signIn(t, c, asked.to(), "lea@lumen.example"); a.to() != to {
			t.Errorf("%s becomes %s", to, a.to())
		}
	}
}

func TestSignInReturnsNowhereElse(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, to := range []string{"//evil.example", "https://evil.example/alpine", "/\\evil.example", "/brume/queue", "javascript:alert(1)", "/alpine/../brume/queue",
		"/alpine/%2e%2e/brume", "/alpine\\evil", "http:/alpine/queue", "//alpine/queue", "/alpinex", "/alpine/sign-out", "\t//evil.example", "/alpine/\r\nX-Evil: 1",
		"/alpine/tickets/../../brume", "/alpine//evil.example/%2e%2e", "@evil.example/alpine", "/alpine/sign-in/link/x"} {
		a := d.signIn(t, d.visitor(t), "/alpine/sign-in?"+url.Values{"to": {to}}.Encode(), "lea@lumen.example")
		u, err := url.Parse(a.to())
		if err != nil || a.status != http.StatusSeeOther || u.Host != "" || u.Scheme != "" {
			t.Errorf("%q leads to %d %s", to, a.status, a.to())
			continue
		}
		if clean := u.JoinPath().Path; clean != "/alpine" && !strings.HasPrefix(clean, "/alpine/") || strings.Contains(a.to(), "/sign-") {
			t.Errorf("%q leads to %s", to, a.to())
		}
		if a.header.Get("X-Evil") != "" {
			t.Errorf("%q writes a header", to)
		}
	}
}

func TestReturnProvesNobodyWithoutTheSignInThatBegan(t *testing.T) {
	t.Parallel()
	d := open(t)
	refused := func(what string, c *http.Client, path string, status int) {
		t.Helper()
		a := d.get(t, c, path)
		if a.status != status {
			t.Errorf("%s: %d, want %d\n%s", what, a.status, status, a.text(t))
		}
		if a := d.get(t, c, "/alpine/tickets"); a.status != http.StatusSeeOther {
			t.Errorf("%s signs in: %d", what, a.status)
		}
	}
	refused("a callback that nobody asked for", d.visitor(t), "/sign-in/return?code=x&state=y", http.StatusNotFound)

	c := d.visitor(t)
	back := d.vouch(t, d.begin(t, c, "/alpine/sign-in"), "lea@lumen.example")
	refused("the callback in another browser", d.visitor(t), back, http.StatusNotFound)
	other := d.visitor(t)
	d.begin(t, other, "/alpine/sign-in")
	refused("the callback in a browser that began its own", other, back, http.StatusUnauthorized)

	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]url.Values{"another state": {"code": u.Query()["code"], "state": {"forged"}}, "no state": {"code": u.Query()["code"]},
		"no code": {"state": u.Query()["state"]}, "a refusal": {"error": {"access_denied"}, "state": u.Query()["state"]}} {
		c := d.visitor(t)
		d.begin(t, c, "/alpine/sign-in")
		refused(name, c, "/sign-in/return?"+change.Encode(), http.StatusUnauthorized)
	}
	if a := d.get(t, c, back); a.status != http.StatusSeeOther {
		t.Fatalf("the callback itself: %d", a.status)
	}
	d.post(t, c, "/alpine/sign-out", nil)
	refused("the callback once more", c, back, http.StatusNotFound)
	d.begin(t, c, "/alpine/sign-in")
	refused("the callback in a later sign-in", c, back, http.StatusUnauthorized)
}

func TestSignInCannotWaitForEver(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	back := d.vouch(t, d.begin(t, c, "/alpine/sign-in"), "lea@lumen.example")
	d.stage(t, `update sessions set data = jsonb_set(data, '{values,until}', to_jsonb(to_char(now() - interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))`)
	if a := d.get(t, c, back); a.status != http.StatusUnauthorized {
		t.Errorf("after a quarter of an hour: %d", a.status)
	}
}

// A sign-in that began at one desk ends at that desk, whatever comes back.
func TestSignInIsForTheDeskWhereItBegan(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	a := d.signIn(t, c, "/brume/sign-in?to=/alpine/tickets", "lea@lumen.example")
	if a.status != http.StatusForbidden {
		t.Errorf("Léa at brume: %d %s", a.status, a.to())
	}
	if a := d.get(t, c, "/alpine/tickets"); a.status != http.StatusSeeOther {
		t.Errorf("Léa is in at alpine: %d", a.status)
	}
}

func TestProviderThatCannotBeReachedLeavesTheOtherWay(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update desks set issuer = 'http://127.0.0.1:9/gone', client_id = 'x' where slug = 'alpine'`)
	a := d.get(t, d.visitor(t), "/alpine/sign-in?to=/alpine/account")
	other := a.page(t).Find(`main a[href*="by=mail"]`).AttrOr("href", "")
	if a.status != http.StatusServiceUnavailable || other == "" {
		t.Fatalf("%d: %s", a.status, a.text(t))
	}
	c := d.visitor(t)
	form := d.get(t, c, other).form(t, "/alpine/sign-in/link")
	form.Set("email", "lea@lumen.example")
	d.post(t, c, "/alpine/sign-in/link", form)
	if a := d.post(t, c, d.link(t, "alpine", "lea@lumen.example"), nil); a.to() != "/alpine/account" {
		t.Errorf("by mail: %d %s", a.status, a.to())
	}
}
