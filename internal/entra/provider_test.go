package entra

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestBegin(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := Multitenant(i.config())
	s, err := p.Begin(t.Context(), Hints{Login: "lea@lumen.example", Prompt: "select_account"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(s.Verifier))
	want := url.Values{
		"client_id": {testClient}, "response_type": {"code"}, "response_mode": {"query"},
		"redirect_uri": {"http://127.0.0.1/sign-in/callback"}, "scope": {"openid profile email"},
		"state": {s.State}, "nonce": {s.Nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(digest[:])}, "code_challenge_method": {"S256"},
		"login_hint": {"lea@lumen.example"}, "prompt": {"select_account"},
	}
	if got := u.Query(); !reflect.DeepEqual(got, want) {
		t.Errorf("query\n%v, want\n%v", got, want)
	}
	if !strings.HasPrefix(s.URL, i.URL+"/authorize?") {
		t.Errorf("URL %s", s.URL)
	}
	other := begin(t, p)
	if other.State == s.State || other.Nonce == s.Nonce || other.Verifier == s.Verifier {
		t.Error("two sign-ins share a secret")
	}
	if !s.Matches(s.State) || s.Matches(other.State) || s.Matches("") {
		t.Error("state matches what it should not, or not itself")
	}
}

func TestCompleteEntra(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := Multitenant(i.config())
	s := begin(t, p)
	i.token = func() string {
		claims := i.entraClaims(s.Nonce)
		claims["roles"] = []string{"Desk.Agent"}
		claims["xms_pl"] = "fr-FR"
		claims["tid"], claims["oid"] = strings.ToUpper(lumen), strings.ToUpper(lea)
		claims["iss"] = i.URL + "/" + strings.ToUpper(lumen) + "/v2.0"
		return sign(t, claims)
	}
	got, err := p.Complete(t.Context(), "the code", s)
	if err != nil {
		t.Fatal(err)
	}
	want := Identity{
		Issuer: i.URL + "/" + strings.ToUpper(lumen) + "/v2.0", Tenant: lumen, Subject: lea,
		Name: "Léa Martin", Email: "lea@lumen.example", Roles: []string{"Desk.Agent"}, Locale: "fr-FR",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("identity\n%+v, want\n%+v", got, want)
	}
	sent := url.Values{
		"grant_type": {"authorization_code"}, "code": {"the code"}, "code_verifier": {s.Verifier},
		"redirect_uri": {"http://127.0.0.1/sign-in/callback"},
		"client_id":    {testClient}, "client_secret": {"a secret with spaces & signs"},
	}
	if !reflect.DeepEqual(i.asked, sent) || i.basicAuth {
		t.Errorf("token request %v (basic %v), want %v", i.asked, i.basicAuth, sent)
	}
}

func TestCompleteSingle(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := Single(i.config())
	s := begin(t, p)
	i.token = func() string {
		claims := i.plainClaims(s.Nonce)
		claims["aud"], claims["azp"] = []string{testClient, "other"}, testClient
		claims["roles"] = map[string]any{"not": "a list"}
		return sign(t, claims)
	}
	got, err := p.Complete(t.Context(), "code", s)
	if err != nil {
		t.Fatal(err)
	}
	want := Identity{Issuer: i.URL, Subject: "lea", Name: "Léa Martin", Email: "lea@lumen.example", EmailVerified: true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("identity\n%+v, want\n%+v", got, want)
	}
	if !i.basicAuth {
		t.Error("the client is not named in the header, as the provider asks")
	}
}

func TestCompleteVouchesForNoAddressByItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims map[string]any
		want   bool
	}{
		"user name only":        {claims: map[string]any{"email_verified": true, "xms_edov": true}},
		"address":               {claims: map[string]any{"email": "lea@lumen.example"}},
		"verified by nobody":    {claims: map[string]any{"email": "lea@lumen.example", "email_verified": true}},
		"domain owned":          {claims: map[string]any{"email": "lea@lumen.example", "xms_edov": true}, want: true},
		"domain owned, in text": {claims: map[string]any{"email": "lea@lumen.example", "xms_edov": "1"}, want: true},
		"domain not owned":      {claims: map[string]any{"email": "lea@lumen.example", "xms_edov": "0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			p := Multitenant(i.config())
			s := begin(t, p)
			i.token = func() string {
				claims := i.entraClaims(s.Nonce)
				for claim, value := range c.claims {
					claims[claim] = value
				}
				return sign(t, claims)
			}
			got, err := p.Complete(t.Context(), "code", s)
			if err != nil {
				t.Fatal(err)
			}
			if got.Email != "lea@lumen.example" || got.EmailVerified != c.want {
				t.Errorf("%q, verified %v, want %v", got.Email, got.EmailVerified, c.want)
			}
		})
	}
}

func TestCompleteAllowsForClocksApart(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{-skew, skew} {
		i := newIssuer(t)
		p := Multitenant(i.config())
		s := begin(t, p)
		i.token = func() string {
			claims := i.entraClaims(s.Nonce)
			claims["iat"], claims["nbf"] = today.Add(apart).Unix(), today.Add(apart).Unix()
			if apart < 0 {
				claims["exp"] = today.Add(apart).Unix()
			}
			return sign(t, claims)
		}
		if _, err := p.Complete(t.Context(), "code", s); err != nil {
			t.Errorf("clocks %v apart: %v", apart, err)
		}
	}
}

func TestDiscoveryIsRetriedThenRemembered(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.discoverFail = true
	p := Multitenant(i.config())
	if _, err := p.Begin(t.Context(), Hints{}); !errors.Is(err, ErrUnavailable) {
		t.Fatalf("error %v, want ErrUnavailable", err)
	}
	i.discoverFail = false
	begin(t, p)
	i.discoverFail = true
	begin(t, p)
}

func TestDiscoveryWaitsNoLongerThanItsCaller(t *testing.T) {
	t.Parallel()
	p := Multitenant(newIssuer(t).config())
	p.turn <- struct{}{} // somebody else is asking
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Begin(ctx, Hints{}); !errors.Is(err, context.Canceled) || !errors.Is(err, ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}

func TestDiscoveryRefusesAnotherIssuer(t *testing.T) {
	t.Parallel()
	for kind, provider := range map[string]func(Config) *Provider{"entra": Multitenant, "single": Single} {
		i := newIssuer(t)
		i.issuerName = "https://evil.example"
		if _, err := provider(i.config()).Begin(t.Context(), Hints{}); !errors.Is(err, ErrMisconfigured) {
			t.Errorf("%s: error %v, want ErrMisconfigured", kind, err)
		}
	}
}

func TestCompleteSortsTheTokenEndpointsErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"spent code":     {http.StatusBadRequest, `{"error":"invalid_grant","error_description":"AADSTS54005"}`, ErrRefused},
		"wrong secret":   {http.StatusUnauthorized, `{"error":"invalid_client"}`, ErrMisconfigured},
		"not for us":     {http.StatusBadRequest, `{"error":"unauthorized_client"}`, ErrMisconfigured},
		"failing":        {http.StatusInternalServerError, `oops`, ErrUnavailable},
		"busy":           {http.StatusServiceUnavailable, `{"error":"temporarily_unavailable"}`, ErrUnavailable},
		"elsewhere":      {http.StatusTemporaryRedirect, ``, ErrUnavailable},
		"not JSON":       {http.StatusOK, `<html>`, ErrUnavailable},
		"huge":           {http.StatusOK, `{"access_token":"` + strings.Repeat("x", 2*largestAnswer) + `"}`, ErrUnavailable},
		"without tokens": {http.StatusOK, `{"access_token":"x","token_type":"Bearer"}`, ErrToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			p := Multitenant(i.config())
			s := begin(t, p)
			i.tokenStatus, i.tokenBody = c.status, c.body
			_, err := p.Complete(t.Context(), "code", s)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("the error quotes the answer: %d bytes", len(err.Error()))
			}
		})
	}
}

func begin(t *testing.T, p *Provider) Start {
	t.Helper()
	s, err := p.Begin(t.Context(), Hints{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
