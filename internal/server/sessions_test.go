package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/postgres"
	"guichet/internal/server"
)

// later makes the sessions of a portal older, as if that much time had passed.
func (d *door) later(t *testing.T, passed time.Duration) {
	t.Helper()
	back := func(key string) string {
		return `case when data -> 'values' ? '` + key + `' then jsonb_build_object('` + key + `', to_char(
			((data -> 'values' ->> '` + key + `')::timestamptz - $1::interval) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) else '{}' end`
	}
	d.stage(t, `update sessions set expires_at = expires_at - $1::interval, seen_at = seen_at - $1::interval,
		data = jsonb_set(data, '{values}', (data -> 'values') || `+back("since")+` || `+back("seen")+`)`, passed)
}

// token is the session cookie that a browser holds.
func (d *door) token(t *testing.T, c *http.Client) string {
	t.Helper()
	u, err := url.Parse(d.Base)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range c.Jar.Cookies(u) {
		if k.Name == "guichet" {
			return k.Value
		}
	}
	return ""
}

// holding is another browser with a session cookie that somebody knows.
func (d *door) holding(t *testing.T, token string) *http.Client {
	t.Helper()
	u, err := url.Parse(d.Base)
	if err != nil {
		t.Fatal(err)
	}
	c := d.visitor(t)
	c.Jar.SetCookies(u, []*http.Cookie{{Name: "guichet", Value: token, Path: "/"}})
	return c
}

// isIn holds a browser to being signed in at alpine, or not.
func (d *door) isIn(t *testing.T, c *http.Client, want bool, when string) {
	t.Helper()
	status := http.StatusSeeOther
	if want {
		status = http.StatusOK
	}
	if a := d.get(t, c, "/alpine/account"); a.status != status {
		t.Errorf("%s: %d, want %d", when, a.status, status)
	}
}

func TestSessionEndsUnused(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.as(t, "alpine", "lea@lumen.example")
	for range 3 {
		d.later(t, d.Config.SessionIdle-time.Minute)
		d.isIn(t, c, true, "a session in use")
	}
	d.later(t, d.Config.SessionIdle+time.Minute)
	d.isIn(t, c, false, "a session unused for too long")
}

func TestSessionEndsHoweverBusy(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.as(t, "alpine", "lea@lumen.example")
	step := d.Config.SessionIdle / 2
	for passed := step; passed < d.Config.SessionLifetime; passed += step {
		d.later(t, step)
		d.isIn(t, c, true, "a busy session after "+passed.String())
	}
	d.later(t, step)
	d.isIn(t, c, false, "a busy session at its end")
}

// A form for another desk, or a sign-in begun there, is kept in the same
// session; it neither lengthens nor shortens the one at home.
func TestVisitElsewhereLeavesASessionItsTime(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.as(t, "alpine", "lea@lumen.example")
	end := look[time.Time](t, d, `select max(expires_at) from sessions where person_id is not null`)
	d.post(t, c, "/brume/tickets", url.Values{"subject": {"Ailleurs"}})
	d.get(t, c, "/brume/sign-in")
	d.post(t, c, "/brume/sign-in/link", url.Values{"email": {"lea@lumen.example"}})
	if now := look[time.Time](t, d, `select max(expires_at) from sessions where person_id is not null`); !now.Equal(end) {
		t.Errorf("the session ends %v, it was to end %v", now, end)
	}
	d.isIn(t, c, true, "after a visit elsewhere")
}

func TestSessionBeginsUnderAFreshToken(t *testing.T) {
	t.Parallel()
	d := open(t)
	thief := d.visitor(t)
	d.begin(t, thief, "/alpine/sign-in")
	planted := d.token(t, thief)
	victim := d.holding(t, planted)
	if a := d.signIn(t, victim, "/alpine/sign-in", "lea@lumen.example"); a.status != http.StatusSeeOther {
		t.Fatalf("signing in: %d", a.status)
	}
	d.isIn(t, victim, true, "the victim")
	d.isIn(t, thief, false, "the thief")
	if d.token(t, victim) == planted {
		t.Error("the planted token lives on")
	}

	victim = d.holding(t, planted)
	if a := d.post(t, victim, d.linkFor(t, "sam@hoteldulac.example"), nil); a.status != http.StatusSeeOther {
		t.Fatalf("signing in by mail: %d", a.status)
	}
	d.isIn(t, victim, true, "the victim by mail")
	d.isIn(t, d.holding(t, planted), false, "the thief by mail")
	d.isIn(t, d.holding(t, "made-up"), false, "a token that was never given")
}

func TestSignOutEndsTheSessionForGood(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.as(t, "alpine", "lea@lumen.example")
	kept := d.token(t, c)
	if a := d.post(t, c, "/alpine/sign-out", nil); a.status != http.StatusSeeOther || a.to() != "/alpine" {
		t.Errorf("signing out: %d %s", a.status, a.to())
	}
	if d.token(t, c) != "" {
		t.Error("the cookie is still there")
	}
	d.isIn(t, d.holding(t, kept), false, "with the old cookie")
}

func TestOneSeesAndEndsOnesOtherSessions(t *testing.T) {
	t.Parallel()
	d := open(t)
	here, there, elsewhere := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "lea@lumen.example")
	max := d.as(t, "alpine", "max@lumen.example")
	account := d.get(t, here, "/alpine/account").page(t)
	if n := account.Find("[aria-labelledby=sessions] tbody tr").Length(); n != 3 {
		t.Fatalf("%d sessions are listed", n)
	}
	ends := account.Find(`form[action^="/alpine/account/sessions/"][action$="/end"]`).FilterFunction(func(_ int, s *goquery.Selection) bool {
		return s.AttrOr("action", "") != "/alpine/account/sessions/end"
	})
	if ends.Length() != 2 {
		t.Fatalf("%d sessions can be ended one by one", ends.Length())
	}
	d.post(t, here, ends.First().AttrOr("action", ""), nil)
	left := 0
	for _, c := range []*http.Client{there, elsewhere} {
		if d.get(t, c, "/alpine/account").status == http.StatusOK {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d of two sessions are left", left)
	}
	if a := d.post(t, here, "/alpine/account/sessions/end", nil); a.status != http.StatusSeeOther {
		t.Errorf("ending the others: %d", a.status)
	}
	d.isIn(t, here, true, "where he is")
	d.isIn(t, there, false, "another")
	d.isIn(t, elsewhere, false, "yet another")
	d.isIn(t, max, true, "a colleague")
}

func TestChangedRightsEndSessions(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, ines, lea, sam := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "sam@hoteldulac.example")
	save := func(path string, change func(url.Values)) {
		t.Helper()
		form := d.get(t, paul, path).form(t, path)
		change(form)
		if a := d.post(t, paul, path, form); a.status != http.StatusSeeOther {
			t.Fatalf("saving %s: %d\n%s", path, a.status, a.text(t))
		}
	}
	person := func(email string) string {
		return "/alpine/settings/people/" + look[string](t, d, `select id::text from people where email = $1`, email)
	}
	save(person("ines@alpine.example"), func(v url.Values) { v.Set("name", "Inès Roux-Martin") })
	d.isIn(t, ines, true, "after another name")
	save(person("ines@alpine.example"), func(v url.Values) { v.Set("role", "lead") })
	d.isIn(t, ines, false, "after another role")
	save(person("lea@lumen.example"), func(v url.Values) { v.Del("active") })
	d.isIn(t, lea, false, "switched off")
	if a := d.signIn(t, d.visitor(t), "/alpine/sign-in", "lea@lumen.example"); a.status != http.StatusForbidden {
		t.Errorf("switched off, signing in: %d", a.status)
	}
	hotel := look[string](t, d, `select id::text from customers where name = 'Hôtel du Lac'`)
	save("/alpine/settings/customers/"+hotel, func(v url.Values) { v.Del("active") })
	d.isIn(t, sam, false, "of a company switched off")
	if a := d.signIn(t, d.visitor(t), "/alpine/sign-in", "sam@hoteldulac.example"); a.status != http.StatusForbidden {
		t.Errorf("of a company switched off, signing in: %d", a.status)
	}
}

func TestCookieIsForThisHostAlone(t *testing.T) {
	t.Parallel()
	d := open(t)
	for base, want := range map[string]struct {
		name   string
		secure bool
	}{"https://support.example": {"__Host-guichet", true}, "http://127.0.0.1:8080": {"guichet", false}} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		h := server.New(server.Parts{App: d.Parts.App, Sessions: d.Parts.DB.Sessions(), Codec: postgres.SessionCodec{}, BaseURL: u,
			Idle: time.Hour, Lifetime: 2 * time.Hour, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Routes()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+"/alpine/sign-in?lang=en", nil))
		cookies := w.Result().Cookies()
		i := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return c.Name == want.name })
		if i < 0 {
			t.Errorf("%s sets %v", base, cookies)
			continue
		}
		for _, c := range cookies {
			if c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s sets %s", base, c.Raw)
			}
		}
		if strict := w.Header().Get("Strict-Transport-Security"); strings.HasPrefix(base, "https") != (strict != "") {
			t.Errorf("%s says of transport %q", base, strict)
		}
	}
}
