package demo

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// relyingParty is the one client of the development identity provider: the
// portal. Its methods are those that the provider library asks for.
type relyingParty struct {
	id, secret   string
	redirectURIs []string
	signInURL    string
}

func (c *relyingParty) GetID() string                       { return c.id }
func (c *relyingParty) RedirectURIs() []string              { return c.redirectURIs }
func (c *relyingParty) PostLogoutRedirectURIs() []string    { return nil }
func (c *relyingParty) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c *relyingParty) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c *relyingParty) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c *relyingParty) IDTokenLifetime() time.Duration      { return time.Hour }
func (c *relyingParty) ClockSkew() time.Duration            { return 0 }
func (c *relyingParty) IsScopeAllowed(string) bool          { return false }
func (c *relyingParty) LoginURL(id string) string           { return c.signInURL + "?id=" + id }

// DevMode lets a redirect URI be http.
func (c *relyingParty) DevMode() bool { return true }

// IDTokenUserinfoClaimsAssertion puts name and e-mail into the identity token,
// as Entra does.
func (c *relyingParty) IDTokenUserinfoClaimsAssertion() bool { return true }

func (c *relyingParty) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c *relyingParty) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode}
}

func (c *relyingParty) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c *relyingParty) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func([]string) []string { return nil }
}

// authRequest shows a sign-in to the provider library.
func (r *realm) authRequest(s *signIn) op.AuthRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	shown := signInRequest{signIn: *s}
	if s.person != nil {
		shown.subject = r.subject(s.person)
	}
	return shown
}

type signInRequest struct {
	signIn
	subject string // empty until somebody is chosen
}

func (s signInRequest) GetID() string                      { return s.id }
func (s signInRequest) GetACR() string                     { return "" }
func (s signInRequest) GetAMR() []string                   { return nil }
func (s signInRequest) GetAudience() []string              { return []string{s.request.ClientID} }
func (s signInRequest) GetAuthTime() time.Time             { return s.chosen }
func (s signInRequest) GetClientID() string                { return s.request.ClientID }
func (s signInRequest) GetNonce() string                   { return s.request.Nonce }
func (s signInRequest) GetRedirectURI() string             { return s.request.RedirectURI }
func (s signInRequest) GetResponseType() oidc.ResponseType { return s.request.ResponseType }
func (s signInRequest) GetResponseMode() oidc.ResponseMode { return s.request.ResponseMode }
func (s signInRequest) GetScopes() []string                { return s.request.Scopes }
func (s signInRequest) GetState() string                   { return s.request.State }
func (s signInRequest) GetSubject() string                 { return s.subject }
func (s signInRequest) Done() bool                         { return s.subject != "" }
func (s signInRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: s.request.CodeChallenge, Method: s.request.CodeChallengeMethod}
}
