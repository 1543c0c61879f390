package demo

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"guichet/internal/entra"
)

const (
	portalID     = "portal"
	portalSecret = "a secret, with % and spaces"
	portalReturn = "http://portal.example/sign-in/callback"
)

var visitors = []Person{
	{Email: "lea@lumen.example", Name: "Léa Martin", Group: "Fabrique Lumen",
		Tenant: "aaaaaaaa-0000-4000-8000-000000000001", Object: "aaaaaaaa-0000-4000-8000-0000000000a1"},
	{Email: "ines@alpine.example", Name: "Inès Roche", Group: "Alpine Cloud", Roles: []string{"Desk.Agent"},
		Tenant: "bbbbbbbb-0000-4000-8000-000000000002", Object: "bbbbbbbb-0000-4000-8000-0000000000b1"},
	{Email: "max@lumen.example", Name: "Max Petit", Group: "Fabrique Lumen",
		Tenant: "aaaaaaaa-0000-4000-8000-000000000001", Object: "aaaaaaaa-0000-4000-8000-0000000000a2"},
}

func TestSignInAsWithEntra(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	p := entra.Multitenant(portal(base))
	s := beginSignIn(t, p)
	code := choose(t, s, "ines@alpine.example")
	got, err := p.Complete(t.Context(), code, s)
	if err != nil {
		t.Fatal(err)
	}
	want := entra.Identity{
		Issuer: base + "/bbbbbbbb-0000-4000-8000-000000000002/v2.0",
		Tenant: "bbbbbbbb-0000-4000-8000-000000000002", Subject: "bbbbbbbb-0000-4000-8000-0000000000b1",
		Name: "Inès Roche", Email: "ines@alpine.example", Roles: []string{"Desk.Agent"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("identity\n%+v, want\n%+v", got, want)
	}
	if _, err := p.Complete(t.Context(), code, s); !errors.Is(err, entra.ErrRefused) {
		t.Errorf("the same code again: %v, want ErrRefused", err)
	}
}

func TestSignInAtASingleIssuer(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	p := entra.Single(portal(base + "/plain"))
	s := beginSignIn(t, p)
	got, err := p.Complete(t.Context(), choose(t, s, "lea@lumen.example"), s)
	if err != nil {
		t.Fatal(err)
	}
	want := entra.Identity{
		Issuer: base + "/plain", Subject: "aaaaaaaa-0000-4000-8000-0000000000a1",
		Name: "Léa Martin", Email: "lea@lumen.example", EmailVerified: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("identity\n%+v, want\n%+v", got, want)
	}
}

func TestDiscoveryLooksLikeEntras(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	answer, err := http.Get(base + "/organizations/v2.0/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var document map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"issuer":                 base + "/{tenantid}/v2.0",
		"authorization_endpoint": base + "/organizations/oauth2/v2.0/authorize",
		"token_endpoint":         base + "/organizations/oauth2/v2.0/token",
		"jwks_uri":               base + "/organizations/discovery/v2.0/keys",
	} {
		if document[name] != want {
			t.Errorf("%s = %v, want %s", name, document[name], want)
		}
	}
}

// Two people sign in at once; each code must bring its own person, and
// nobody else's secrets may use it.
func TestCodesAreNotInterchangeable(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	p := entra.Multitenant(portal(base))
	lea, max := beginSignIn(t, p), beginSignIn(t, p)
	leaCode, maxCode := choose(t, lea, "lea@lumen.example"), choose(t, max, "max@lumen.example")
	if id, err := p.Complete(t.Context(), leaCode, max); !errors.Is(err, entra.ErrRefused) {
		t.Errorf("code with the verifier of another sign-in: %+v, %v", id, err)
	}
	id, err := p.Complete(t.Context(), maxCode, max)
	if err != nil || id.Email != "max@lumen.example" {
		t.Errorf("Max's code brings %q, %v", id.Email, err)
	}
	if _, err := p.Complete(t.Context(), leaCode, lea); !errors.Is(err, entra.ErrRefused) {
		t.Errorf("a code is good after a failed try: %v", err)
	}
}

func TestTokenEndpointWantsTheSecret(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	for kind, p := range map[string]*entra.Provider{
		"entra":  entra.Multitenant(stranger(portal(base))),
		"single": entra.Single(stranger(portal(base + "/plain"))),
	} {
		s := beginSignIn(t, p)
		_, err := p.Complete(t.Context(), choose(t, s, "lea@lumen.example"), s)
		if !errors.Is(err, entra.ErrMisconfigured) {
			t.Errorf("%s with a wrong secret: %v", kind, err)
		}
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	s := beginSignIn(t, entra.Multitenant(portal(base)))
	for name, c := range map[string]struct {
		change url.Values // an empty value removes
		back   string     // error that the portal is told; none when it must not be sent anything
	}{
		"without PKCE":          {change: url.Values{"code_challenge": {""}, "code_challenge_method": {""}}, back: "invalid_request"},
		"with plain PKCE":       {change: url.Values{"code_challenge_method": {"plain"}}, back: "invalid_request"},
		"without asking":        {change: url.Values{"prompt": {"none"}}, back: "login_required"},
		"another response type": {change: url.Values{"response_type": {"id_token"}}},
		"another way back":      {change: url.Values{"redirect_uri": {"http://evil.example/"}}},
		"another client":        {change: url.Values{"client_id": {"other"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			query := u.Query()
			for key, value := range c.change {
				query[key] = value
				if value[0] == "" {
					query.Del(key)
				}
			}
			u.RawQuery = query.Encode()
			answer, err := stayHere().Get(u.String())
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			to, err := url.Parse(answer.Header.Get("Location"))
			if err != nil {
				t.Fatal(err)
			}
			if c.back == "" {
				if answer.StatusCode != http.StatusBadRequest || to.String() != "" {
					t.Errorf("%s, sent to %q", answer.Status, to)
				}
				return
			}
			if to.Host != "portal.example" || to.Query().Get("error")+to.Fragment == "" || !strings.Contains(to.String(), c.back) {
				t.Errorf("sent to %s, want error %s", to, c.back)
			}
			if !strings.Contains(to.String(), s.State) {
				t.Errorf("state is lost: %s", to)
			}
		})
	}
}

func TestSignInPageListsPeople(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	p := entra.Multitenant(portal(base))
	s, err := p.Begin(t.Context(), entra.Hints{Login: "max@lumen.example"})
	if err != nil {
		t.Fatal(err)
	}
	page := openPage(t, s.URL, "fr-CH, en;q=0.5", http.StatusOK)
	if lang := page.Find("html").AttrOr("lang", ""); lang != "fr" {
		t.Errorf("language %q", lang)
	}
	var got []string
	page.Find("section").Each(func(_ int, group *goquery.Selection) {
		got = append(got, group.Find("h2").Text())
		group.Find("button[name=person]").Each(func(_ int, b *goquery.Selection) {
			got = append(got, b.AttrOr("value", ""))
		})
	})
	want := []string{"Fabrique Lumen", "lea@lumen.example", "max@lumen.example", "Alpine Cloud", "ines@alpine.example"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("page lists %q, want %q", got, want)
	}
	if hinted := page.Find("button[autofocus]").AttrOr("value", ""); hinted != "max@lumen.example" {
		t.Errorf("hinted %q", hinted)
	}
	if page.Find("[style], style, script").Length() != 0 {
		t.Error("inline style or script")
	}
	sheet, err := http.Get(page.Find("link[rel=stylesheet]").AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer sheet.Body.Close()
	if sheet.StatusCode != http.StatusOK || !strings.HasPrefix(sheet.Header.Get("Content-Type"), "text/css") {
		t.Errorf("style sheet: %s, %s", sheet.Status, sheet.Header.Get("Content-Type"))
	}
	if lang := openPage(t, s.URL, "en-GB", http.StatusOK).Find("html").AttrOr("lang", ""); lang != "en" {
		t.Errorf("language for an English reader: %q", lang)
	}
}

func TestSignInPageRefuses(t *testing.T) {
	t.Parallel()
	base := serveIdentities(t)
	s := beginSignIn(t, entra.Multitenant(portal(base)))
	address, id := signInForm(t, s)
	page := submit(t, address, id, "nobody@lumen.example", http.StatusUnprocessableEntity)
	if page.Find("[role=alert]").Text() == "" || page.Find("button").Length() != len(visitors) {
		t.Error("an unknown person gets no message, or no second choice")
	}
	page = submit(t, address, "unknown", "lea@lumen.example", http.StatusGone)
	if page.Find("[role=alert]").Text() == "" || page.Find("form").Length() != 0 {
		t.Error("an unknown sign-in gets no message, or a form that leads nowhere")
	}
	choose(t, s, "lea@lumen.example")
}

func TestSignInsExpire(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 18, 0, 0, time.UTC)
	r := newRealm("http://id.example", true, visitors, &relyingParty{id: portalID}, nil)
	r.now = func() time.Time { return now }

	s := r.begin(oidc.AuthRequest{})
	r.choose(s, &visitors[0])
	if err := r.keep(s.id, "code"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.find(s.id); err == nil {
		t.Error("the page is good after a code was given")
	}
	late := r.begin(oidc.AuthRequest{})
	now = now.Add(codeLifetime + time.Second)
	if _, err := r.spend("code"); err == nil {
		t.Error("a code is good after a minute")
	}
	now = now.Add(signInLifetime)
	if _, err := r.find(late.id); err == nil {
		t.Error("the page is good for ever")
	}
	r.begin(oidc.AuthRequest{})
	if len(r.byID) != 1 || len(r.codes) != 0 {
		t.Errorf("remembers %d sign-ins and %d codes", len(r.byID), len(r.codes))
	}
}

func TestNewIdentityProviderRefuses(t *testing.T) {
	t.Parallel()
	twice := []Person{visitors[0], visitors[0]}
	homeless := []Person{{Email: "x@x.example", Tenant: "lumen", Object: visitors[0].Object}}
	for name, someone := range map[string][]Person{"nobody": nil, "twice": twice, "no GUID": homeless} {
		if _, err := NewIdentityProvider("http://127.0.0.1", someone, portalID, portalSecret, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := NewIdentityProvider("somewhere", visitors, portalID, portalSecret, nil); err == nil {
		t.Error("accepted an address without a host")
	}
}
