// Package entra signs people in with OpenID Connect: a code comes in, an
// identity whose every claim was checked goes out. It knows Microsoft Entra's
// multi-tenant endpoint and any single issuer. Whether the identity may enter
// a desk is not its question.
package entra

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Why a sign-in failed. Each error of this package wraps one of them.
var (
	// ErrUnavailable: the identity provider could not be reached, or answered
	// what no provider should. Trying later may help.
	ErrUnavailable = errors.New("identity provider unavailable")
	// ErrMisconfigured: what the operator or the desk set does not fit the
	// provider: address, client id, secret or redirect URL.
	ErrMisconfigured = errors.New("identity provider misconfigured")
	// ErrRefused: the provider did not take the code: expired, used before, or
	// not its own. Signing in again may help.
	ErrRefused = errors.New("identity provider refused the code")
	// ErrToken: the provider's token failed a check. Nobody is signed in.
	ErrToken = errors.New("identity token refused")
)

// Config is what one provider needs to be known by.
type Config struct {
	// Authority is where Multitenant finds its tenants, such as
	// https://login.microsoftonline.com; for Single it is the issuer itself.
	Authority    string
	ClientID     string
	ClientSecret string
	RedirectURL  string
	// AllowPrivate permits http and addresses that are not public: for
	// development and tests only.
	AllowPrivate bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// A Provider signs people in with one authority, as one client, coming back to
// one redirect URL. It may be used by many goroutines.
type Provider struct {
	config    Config
	authority string // without a slash at the end
	tenants   bool   // many tenants behind one endpoint, as Entra has them
	client    *http.Client

	turn  chan struct{} // held while discovering
	found *discovery    // nil until discovered; guarded by turn
}

// Multitenant is Entra's endpoint for people of any organisation, not for
// personal accounts. It makes no request yet.
func Multitenant(config Config) *Provider {
	p := newProvider(config)
	p.tenants = true
	// The operator chose the authority, so it may be behind a proxy and
	// anywhere.
	p.client = newClient(http.ProxyFromEnvironment, nil, config.AllowPrivate)
	return p
}

// Single is any one OpenID Connect issuer. A desk names it, so its addresses
// are not trusted: none but public ones is ever connected to, and never
// through a proxy, which could reach others. It makes no request yet.
func Single(config Config) *Provider {
	p := newProvider(config)
	guard := refusePrivate
	if config.AllowPrivate {
		guard = nil
	}
	p.client = newClient(nil, guard, config.AllowPrivate)
	return p
}

func newProvider(config Config) *Provider {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Provider{
		config:    config,
		authority: strings.TrimSuffix(config.Authority, "/"),
		turn:      make(chan struct{}, 1),
	}
}

// Start is one sign-in under way. Keep it where only the browser that began it
// can bring it back, and forget it after one use.
type Start struct {
	URL      string // where to send the browser
	State    string // comes back beside the code
	Nonce    string // comes back inside the token
	Verifier string // proves at the token endpoint that the code is ours (RFC 7636)
}

// Matches says whether a callback's state is the one of this sign-in. Check it
// before Complete.
func (s Start) Matches(state string) bool { return sameSecret(s.State, state) }

// Hints help the provider to show the right page. All may be empty.
type Hints struct {
	Login  string // e-mail of the person expected
	Domain string // domain of the organisation expected (Entra)
	Prompt string // "login" or "select_account"
}

// Begin makes the address that the browser must go to, and the secrets that
// tie the answer to it. The first call asks the provider for its addresses.
func (p *Provider) Begin(ctx context.Context, hints Hints) (Start, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Start{}, err
	}
	s := Start{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{
		oidc.Nonce(s.Nonce),
		oauth2.S256ChallengeOption(s.Verifier),
		// With form_post the browser would come back by a cross-site POST,
		// which carries no SameSite=Lax cookie.
		oauth2.SetAuthURLParam("response_mode", "query"),
	}
	for name, value := range map[string]string{"login_hint": hints.Login, "domain_hint": hints.Domain, "prompt": hints.Prompt} {
		if value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	s.URL = p.oauth(found).AuthCodeURL(s.State, options...)
	return s, nil
}

// Complete exchanges the code that the browser brought back and checks the
// token that comes for it. It believes nothing that is not signed.
func (p *Provider) Complete(ctx context.Context, code string, s Start) (Identity, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	answer, err := p.oauth(found).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: no identity token in the answer", ErrToken)
	}
	return p.verify(ctx, found, raw, s.Nonce)
}

func (p *Provider) oauth(found *discovery) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     p.config.ClientID,
		ClientSecret: p.config.ClientSecret,
		RedirectURL:  p.config.RedirectURL,
		Endpoint:     found.endpoint,
		// Entra leaves oid out without profile.
		Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail},
	}
}

// exchangeError sorts what the token endpoint said by its error code (RFC
// 6749, section 5.2).
func exchangeError(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	// The answer's own text may quote what we sent, so it is left out.
	said := fmt.Sprintf("%s, error %q", answer.Response.Status, answer.ErrorCode)
	switch answer.ErrorCode {
	case "invalid_grant":
		return fmt.Errorf("%w: %s", ErrRefused, said)
	case "invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type", "invalid_scope":
		return fmt.Errorf("%w: %s", ErrMisconfigured, said)
	}
	return fmt.Errorf("%w: %s", ErrUnavailable, said)
}

// checkAddress refuses an address that is not an absolute one under https, or
// http where private addresses are allowed.
func checkAddress(address string, allowHTTP bool) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return fmt.Errorf("%w: %q is no address", ErrMisconfigured, address)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !allowHTTP) {
		return fmt.Errorf("%w: %q is not https", ErrMisconfigured, address)
	}
	return nil
}

// sameSecret compares in constant time; an empty secret is like no other.
func sameSecret(ours, theirs string) bool {
	return ours != "" && subtle.ConstantTimeCompare([]byte(ours), []byte(theirs)) == 1
}
