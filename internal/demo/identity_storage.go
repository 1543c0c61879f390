package demo

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// identityStorage is what the provider library asks of a realm.
type identityStorage struct{ *realm }

var (
	_ op.Storage                   = identityStorage{}
	_ op.CanSetUserinfoFromRequest = identityStorage{}
)

var errNotOffered = errors.New("the development identity provider does not offer this")

func (s identityStorage) CreateAuthRequest(_ context.Context, request *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if request.CodeChallenge == "" || request.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required")
	}
	if slices.Contains(request.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	return s.authRequest(s.begin(*request)), nil
}

func (s identityStorage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	found, err := s.find(id)
	if err != nil {
		return nil, err
	}
	return s.authRequest(found), nil
}

func (s identityStorage) SaveAuthCode(_ context.Context, id, code string) error {
	return s.keep(id, code)
}

// AuthRequestByCode spends the code, whatever comes of the exchange.
func (s identityStorage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	found, err := s.spend(code)
	if err != nil {
		return nil, err
	}
	return s.authRequest(found), nil
}

// DeleteAuthRequest has nothing left to do: spending the code was the end.
func (s identityStorage) DeleteAuthRequest(context.Context, string) error { return nil }

// SetUserinfoFromRequest fills the identity token.
func (s identityStorage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, scopes []string) error {
	return s.describe(info, request.GetSubject(), scopes)
}

// SetUserinfoFromToken fills the answer about an access token. The token is
// sealed and names the subject, so none need be remembered.
func (s identityStorage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	return s.describe(info, subject, []string{oidc.ScopeProfile, oidc.ScopeEmail})
}

// describe gives the claims of the person, those of Entra's as Entra gives
// them: tid and ver always, oid only for the scope profile.
func (s identityStorage) describe(info *oidc.UserInfo, subject string, scopes []string) error {
	p, ok := s.person(func(p Person) bool { return s.subject(&p) == subject })
	if !ok {
		return errors.New("nobody has this subject")
	}
	info.Subject = subject
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.Name = p.Name
		info.PreferredUsername = p.Email
	}
	if slices.Contains(scopes, oidc.ScopeEmail) {
		info.Email = p.Email
		info.EmailVerified = oidc.Bool(!s.tenants)
	}
	if len(p.Roles) > 0 {
		info.AppendClaims("roles", p.Roles)
	}
	if s.tenants {
		info.AppendClaims("tid", p.Tenant)
		info.AppendClaims("ver", "2.0")
		info.AppendClaims("nbf", s.now().Unix())
		if slices.Contains(scopes, oidc.ScopeProfile) {
			info.AppendClaims("oid", p.Object)
		}
	}
	return nil
}

func (s identityStorage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.id {
		return nil, oidc.ErrInvalidClient().WithDescription("no such client")
	}
	return s.client, nil
}

func (s identityStorage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client.id || subtle.ConstantTimeCompare([]byte(secret), []byte(s.client.secret)) != 1 {
		return oidc.ErrInvalidClient().WithDescription("wrong client id or secret")
	}
	return nil
}

func (s identityStorage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return uuid.NewString(), s.now().Add(time.Hour), nil
}

func (s identityStorage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

func (s identityStorage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s identityStorage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{s.key}}, nil
}

func (s identityStorage) Health(context.Context) error { return nil }

// What follows the library asks for, and no client here may have: refresh
// tokens, introspection, keys of clients, claims in access tokens.

func (s identityStorage) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNotOffered
}

func (s identityStorage) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotOffered
}

func (s identityStorage) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s identityStorage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest().WithDescription("tokens are not remembered, so none can be revoked")
}

func (s identityStorage) TerminateSession(context.Context, string, string) error { return nil }

func (s identityStorage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil // replaced by SetUserinfoFromRequest
}

func (s identityStorage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotOffered
}

func (s identityStorage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (s identityStorage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOffered
}

func (s identityStorage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOffered
}

// signingKey signs tokens. A process has one, however many providers it starts: the
// primes take as long to find as a small demo to load.
type signingKey struct {
	id  string
	rsa *rsa.PrivateKey
}

var processKey = sync.OnceValues(func() (*signingKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return &signingKey{id: uuid.NewString(), rsa: key}, nil
})

func (k *signingKey) ID() string                                  { return k.id }
func (k *signingKey) Key() any                                    { return k.rsa }
func (k *signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

// publicKey is what the key set shows of the signing key.
type publicKey struct{ *signingKey }

func (k publicKey) Key() any                           { return &k.rsa.PublicKey }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
