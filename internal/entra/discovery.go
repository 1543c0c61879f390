package entra

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// discovery is what a provider says of itself, as far as we use it.
type discovery struct {
	endpoint oauth2.Endpoint
	keys     oidc.KeySet // fetched when needed, and again for an unknown key
}

// discover asks the provider once and remembers a good answer; after a failure
// the next caller asks again. One caller asks at a time, the others wait for
// as long as their contexts let them.
func (p *Provider) discover(ctx context.Context) (*discovery, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
	if p.found != nil {
		return p.found, nil
	}
	found, err := p.ask(ctx)
	if err != nil {
		return nil, err
	}
	p.found = found
	return found, nil
}

func (p *Provider) ask(ctx context.Context) (*discovery, error) {
	if err := checkAddress(p.authority, p.config.AllowPrivate); err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	where := p.config.Authority
	if p.tenants {
		// Entra names no issuer here but a pattern. Told of another issuer
		// than the address, go-oidc checks none: read checks the pattern, and
		// verify the issuer of each token.
		where = p.authority + "/organizations/v2.0"
		ctx = oidc.InsecureIssuerURLContext(ctx, p.issuerPattern())
	}
	provider, err := oidc.NewProvider(ctx, where)
	if mismatch := new(oidc.IssuerMismatchError); errors.As(err, &mismatch) {
		return nil, fmt.Errorf("%w: %w", ErrMisconfigured, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, brief(err))
	}
	return p.read(ctx, provider)
}

// read takes the addresses from a discovery document, none of which may be
// weaker than the one that it was found at.
func (p *Provider) read(ctx context.Context, provider *oidc.Provider) (*discovery, error) {
	var document struct {
		Issuer      string   `json:"issuer"`
		Keys        string   `json:"jwks_uri"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&document); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if p.tenants && document.Issuer != p.issuerPattern() {
		return nil, fmt.Errorf("%w: issuer %q is not of %s", ErrMisconfigured, document.Issuer, p.authority)
	}
	endpoint := provider.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, document.Keys} {
		if err := checkAddress(address, p.config.AllowPrivate); err != nil {
			return nil, err
		}
	}
	// Without a style the library tries both, and the first try spends the
	// code. Basic is what the standard assumes when nothing is said.
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if slices.Contains(document.AuthMethods, "client_secret_post") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	client := p.client
	if p.tenants {
		client = onlyKeysOf(p.issuerPattern(), client)
	}
	return &discovery{
		endpoint: endpoint,
		keys:     oidc.NewRemoteKeySet(oidc.ClientContext(ctx, client), document.Keys),
	}, nil
}

func (p *Provider) issuerPattern() string { return p.authority + "/{tenantid}/v2.0" }

// brief cuts the message of an error that quotes a whole answer.
func brief(err error) error {
	const most = 300
	if text := err.Error(); len(text) > most {
		return errors.New(text[:most] + "…")
	}
	return err
}
