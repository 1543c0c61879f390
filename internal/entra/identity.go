package entra

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
)

// Identity is who signed in. Issuer, Tenant and Subject together name the
// person for good; the rest may change, and none of it may be the reason to
// let anybody in.
type Identity struct {
	Issuer  string
	Tenant  string // Entra's tid, a lower-case GUID; empty for a single issuer
	Subject string // Entra's oid, a lower-case GUID; sub for a single issuer
	Name    string
	Email   string // where the person says mail arrives; may be empty
	// EmailVerified: the provider vouches that Email is the person's own.
	EmailVerified bool
	// Roles are the app roles that the person's own tenant assigned. A
	// customer's administrator can assign any.
	Roles  []string
	Locale string // BCP 47, or empty
}

// skew is how far the provider's clock and ours may be apart.
const skew = 2 * time.Minute

// consumers is the tenant of personal Microsoft accounts, which anyone may
// open (Microsoft, "OpenID Connect on the Microsoft identity platform").
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

// claims are the ones that we read of an identity token: those of OpenID
// Connect Core 1.0, section 2 and 5.1, and those that Entra adds (Microsoft,
// "ID token claims reference").
type claims struct {
	AuthorizedParty   string   `json:"azp"`
	NotBefore         unixTime `json:"nbf"`
	Name              string   `json:"name"`
	Email             string   `json:"email"`
	EmailVerified     truth    `json:"email_verified"`
	PreferredUsername string   `json:"preferred_username"`
	Locale            string   `json:"locale"`

	Tenant       string `json:"tid"`
	Object       string `json:"oid"`
	Version      string `json:"ver"`
	Roles        names  `json:"roles"`
	EmailOwned   truth  `json:"xms_edov"` // the tenant owns the domain of email
	TenantLocale string `json:"xms_pl"`
}

// verify checks all that a token must be before anybody is believed to be
// whom it says: signature and audience through go-oidc, the rest here, since
// go-oidc cannot know Entra's issuers and leaves the nonce to its caller.
func (p *Provider) verify(ctx context.Context, found *discovery, raw, nonce string) (Identity, error) {
	verifier := oidc.NewVerifier(p.authority, found.keys, &oidc.Config{
		ClientID:             p.config.ClientID,
		SupportedSigningAlgs: p.algorithms(),
		SkipIssuerCheck:      true, // checkIssuer is the gate
		SkipExpiryCheck:      true, // checkTimes is the gate: it allows for clocks apart, and asks for iat
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrToken, brief(err))
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if !sameSecret(nonce, token.Nonce) {
		return Identity{}, fmt.Errorf("%w: nonce of another sign-in", ErrToken)
	}
	if err := p.checkParty(token, c); err != nil {
		return Identity{}, err
	}
	if err := p.checkTimes(token, c); err != nil {
		return Identity{}, err
	}
	if p.tenants {
		return p.tenantIdentity(token, c)
	}
	return p.plainIdentity(token, c)
}

// algorithms never has "none", nor any that signs with a shared secret, for
// which a public key could be taken.
func (p *Provider) algorithms() []string {
	if p.tenants {
		return []string{oidc.RS256} // the only one that Entra uses
	}
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
	}
}

// checkParty refuses a token that was given to another client and only names
// us among its audiences (OpenID Connect Core 1.0, section 3.1.3.7).
func (p *Provider) checkParty(token *oidc.IDToken, c claims) error {
	if c.AuthorizedParty == p.config.ClientID || c.AuthorizedParty == "" && len(token.Audience) == 1 {
		return nil
	}
	return fmt.Errorf("%w: given to another client, %q", ErrToken, c.AuthorizedParty)
}

func (p *Provider) checkTimes(token *oidc.IDToken, c claims) error {
	now := p.config.Now()
	switch {
	case token.Expiry.Before(now.Add(-skew)):
		return fmt.Errorf("%w: expired at %v", ErrToken, token.Expiry)
	case time.Time(c.NotBefore).After(now.Add(skew)):
		return fmt.Errorf("%w: not valid before %v", ErrToken, time.Time(c.NotBefore))
	case token.IssuedAt.Unix() <= 0:
		return fmt.Errorf("%w: no time of issue", ErrToken)
	case token.IssuedAt.After(now.Add(skew)):
		return fmt.Errorf("%w: issued in the future, at %v", ErrToken, token.IssuedAt)
	}
	return nil
}

// tenantIdentity is where another tenant's token is refused: the keys are the
// same for all tenants, so each of them has tokens with a good signature.
func (p *Provider) tenantIdentity(token *oidc.IDToken, c claims) (Identity, error) {
	tenant, object := strings.ToLower(c.Tenant), strings.ToLower(c.Object)
	switch {
	case c.Version != "2.0":
		return Identity{}, fmt.Errorf("%w: version %q", ErrToken, c.Version)
	case !isGUID(tenant):
		return Identity{}, fmt.Errorf("%w: tenant %q", ErrToken, c.Tenant)
	case tenant == consumers:
		return Identity{}, fmt.Errorf("%w: personal account", ErrToken)
	case token.Issuer != p.authority+"/"+c.Tenant+"/v2.0":
		return Identity{}, fmt.Errorf("%w: issuer %q for tenant %q", ErrToken, token.Issuer, c.Tenant)
	case !isGUID(object):
		return Identity{}, fmt.Errorf("%w: object %q", ErrToken, c.Object)
	}
	id := c.identity(token.Issuer, object)
	id.Tenant = tenant
	id.EmailVerified = c.Email != "" && bool(c.EmailOwned)
	return id, nil
}

func (p *Provider) plainIdentity(token *oidc.IDToken, c claims) (Identity, error) {
	// Byte for byte what the desk set, a slash at the end included.
	if token.Issuer != p.config.Authority {
		return Identity{}, fmt.Errorf("%w: issuer %q", ErrToken, token.Issuer)
	}
	if token.Subject == "" {
		return Identity{}, fmt.Errorf("%w: no subject", ErrToken)
	}
	id := c.identity(token.Issuer, token.Subject)
	id.EmailVerified = c.Email != "" && bool(c.EmailVerified)
	return id, nil
}

func (c claims) identity(issuer, subject string) Identity {
	id := Identity{Issuer: issuer, Subject: subject, Name: c.Name, Email: c.Email, Roles: c.Roles, Locale: c.Locale}
	if id.Email == "" && strings.Contains(c.PreferredUsername, "@") {
		id.Email = c.PreferredUsername
	}
	if id.Name == "" {
		id.Name = id.Email
	}
	if id.Locale == "" {
		id.Locale = c.TenantLocale
	}
	return id
}

// isGUID takes the plain form only: no braces, no prefix.
func isGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// unixTime is seconds since 1970, perhaps with a fraction; zero when absent.
type unixTime time.Time

func (u *unixTime) UnmarshalJSON(raw []byte) error {
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return err
	}
	*u = unixTime(time.Unix(int64(seconds), 0))
	return nil
}

// truth is a boolean that some providers write as text or number.
type truth bool

func (t *truth) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(strings.Trim(string(raw), `"`)) {
	case "true", "1":
		*t = true
	}
	return nil
}

// names is a list of texts. What another provider may mean by the same claim
// is left out, not held against its token.
type names []string

func (n *names) UnmarshalJSON(raw []byte) error {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		*n = list
	}
	return nil
}
