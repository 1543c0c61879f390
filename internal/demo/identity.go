package demo

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Person is somebody who can sign in at the development identity provider.
type Person struct {
	Email  string
	Name   string
	Tenant string // tid: GUID of the tenant, lower case
	Object string // oid: GUID of the person in it, lower case
	Roles  []string
	Group  string // heading under which the sign-in page lists the person
}

// NewIdentityProvider is an OpenID Connect provider for development, at
// baseURL, which signs in whoever is chosen, without any password.
//
// It behaves as Entra's multi-tenant endpoint does, with baseURL as authority:
// discovery under /organizations/v2.0, whose issuer is a pattern with literal
// braces, and tokens that carry the tenant's own issuer. A single issuer with
// the same people is at baseURL/plain. There is one client, which must use
// PKCE with S256; a code is good once and for a minute.
//
// The sign-in page is a plain form: a POST with a button named person, whose
// value is the e-mail, signs in. It needs neither cookies nor script.
func NewIdentityProvider(baseURL string, people []Person, clientID, clientSecret string, redirectURIs []string) (http.Handler, error) {
	base, err := url.Parse(baseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("identity provider: %q is no address", baseURL)
	}
	if err := checkPeople(people); err != nil {
		return nil, fmt.Errorf("identity provider: %w", err)
	}
	key, err := processKey()
	if err != nil {
		return nil, fmt.Errorf("identity provider: %w", err)
	}
	client := &relyingParty{id: clientID, secret: clientSecret, redirectURIs: redirectURIs}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /identity.css", serveStyle)
	for _, tenants := range []bool{true, false} {
		r := newRealm(strings.TrimSuffix(baseURL, "/"), tenants, people, client, key)
		if err := r.mount(mux); err != nil {
			return nil, fmt.Errorf("identity provider: %w", err)
		}
	}
	return http.StripPrefix(strings.TrimSuffix(base.Path, "/"), mux), nil
}

func checkPeople(people []Person) error {
	seen := map[string]bool{}
	for _, p := range people {
		switch {
		case seen[p.Email]:
			return fmt.Errorf("%s is there twice", p.Email)
		case uuid.Validate(p.Tenant) != nil || uuid.Validate(p.Object) != nil:
			return fmt.Errorf("%s: tenant %q and object %q must be GUIDs", p.Email, p.Tenant, p.Object)
		}
		seen[p.Email] = true
	}
	if len(people) == 0 {
		return errors.New("nobody can sign in")
	}
	return nil
}

// mount adds the realm's addresses.
func (r *realm) mount(mux *http.ServeMux) error {
	config := &op.Config{
		CodeMethodS256:  true,
		AuthMethodPost:  r.tenants, // the plain one asks for Basic, so that both are in use
		SupportedScopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail},
	}
	rand.Read(config.CryptoKey[:]) // never fails
	// What goes wrong, the answers say; the library would log it beside.
	quiet := slog.New(slog.DiscardHandler)
	provider, err := op.NewProvider(config, identityStorage{r},
		func(bool) (op.IssuerFromRequest, error) { return r.issuer, nil },
		op.WithAllowInsecure(), op.WithLogger(quiet))
	if err != nil {
		return err
	}
	// As options of the provider the endpoints would change the library's
	// defaults, which all providers share.
	endpoint := func(path string) *op.Endpoint { return op.NewEndpointWithURL(path, r.base+r.prefix+path) }
	server := op.RegisterLegacyServer(op.NewLegacyServer(provider, op.Endpoints{
		Authorization: endpoint(authorizePath),
		Token:         endpoint(tokenPath),
		Userinfo:      endpoint("/oidc/userinfo"),
		JwksURI:       endpoint("/discovery/v2.0/keys"),
	}), op.AuthorizeCallbackHandler(provider), op.WithServerCORSOptions(nil), op.WithFallbackLogger(quiet))
	mux.Handle(r.prefix+"/", http.StripPrefix(r.prefix, server))
	if r.tenants {
		// Entra's discovery document has the version in its address.
		mux.Handle("GET "+r.prefix+"/v2.0"+oidc.DiscoveryEndpoint, http.StripPrefix(r.prefix+"/v2.0", server))
	}
	mux.HandleFunc("GET "+r.prefix+signInPath, r.showPeople)
	mux.HandleFunc("POST "+r.prefix+signInPath, r.choosePerson)
	return nil
}
