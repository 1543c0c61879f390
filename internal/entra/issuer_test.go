package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	testClient = "11111111-2222-3333-4444-555555555555"
	lumen      = "aaaaaaaa-0000-4000-8000-000000000001" // a tenant
	lac        = "bbbbbbbb-0000-4000-8000-000000000002" // another
	lea        = "cccccccc-0000-4000-8000-000000000003" // a person of lumen
)

var today = time.Date(2026, 11, 10, 14, 18, 0, 0, time.UTC)

// signingKey is made once: it takes a while.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// issuer is an identity provider that signs whatever a test wants it to, in
// the form of Entra's endpoint and of a single issuer at once.
type issuer struct {
	*httptest.Server
	// What the next answers are; nil and zero for the right ones.
	token        func() string
	tokenStatus  int
	tokenBody    string
	issuerName   string
	keySet       any
	discoverFail bool

	asked     url.Values // form of the last token request
	basicAuth bool       // whether it named the client in its header
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /organizations/v2.0/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.serveDiscovery(w, i.URL+"/{tenantid}/v2.0", "client_secret_post")
	})
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.serveDiscovery(w, i.URL, "client_secret_basic")
	})
	mux.HandleFunc("GET /keys", i.serveKeys)
	mux.HandleFunc("POST /token", i.serveToken)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) serveDiscovery(w http.ResponseWriter, name, method string) {
	if i.discoverFail {
		http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
		return
	}
	if i.issuerName != "" {
		name = i.issuerName
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                name,
		"authorization_endpoint":                i.URL + "/authorize",
		"token_endpoint":                        i.URL + "/token",
		"jwks_uri":                              i.URL + "/keys",
		"token_endpoint_auth_methods_supported": []string{method},
		// A hostile provider may well claim to sign so.
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	})
}

func (i *issuer) serveKeys(w http.ResponseWriter, _ *http.Request) {
	if i.keySet != nil {
		writeJSON(w, http.StatusOK, i.keySet)
		return
	}
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{publicKey()}})
}

func (i *issuer) serveToken(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	_, _, i.basicAuth = r.BasicAuth()
	i.asked = r.PostForm
	if i.tokenStatus != 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(i.tokenStatus)
		w.Write([]byte(i.tokenBody))
		return
	}
	answer := map[string]any{"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600}
	if i.token != nil {
		answer["id_token"] = i.token()
	}
	writeJSON(w, http.StatusOK, answer)
}

func (i *issuer) config() Config {
	return Config{
		Authority:    i.URL,
		ClientID:     testClient,
		ClientSecret: "a secret with spaces & signs",
		RedirectURL:  "http://127.0.0.1/sign-in/callback",
		AllowPrivate: true,
		Now:          func() time.Time { return today },
	}
}

// entraClaims are those of a good token of Entra's for Léa.
func (i *issuer) entraClaims(nonce string) map[string]any {
	return map[string]any{
		"iss": i.URL + "/" + lumen + "/v2.0", "aud": testClient, "nonce": nonce,
		"iat": today.Unix(), "nbf": today.Unix(), "exp": today.Add(time.Hour).Unix(),
		"tid": lumen, "oid": lea, "sub": "pairwise", "ver": "2.0",
		"name": "Léa Martin", "preferred_username": "lea@lumen.example",
	}
}

func (i *issuer) plainClaims(nonce string) map[string]any {
	return map[string]any{
		"iss": i.URL, "aud": testClient, "nonce": nonce, "sub": "lea",
		"iat": today.Unix(), "exp": today.Add(time.Hour).Unix(),
		"name": "Léa Martin", "email": "lea@lumen.example", "email_verified": true,
	}
}

func publicKey() jose.JSONWebKey {
	return jose.JSONWebKey{Key: &signingKey().PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}
}

func sign(t *testing.T, claims map[string]any) string {
	t.Helper()
	return signWith(t, jose.RS256, signingKey(), "one", claims)
}

func signWith(t *testing.T, algorithm jose.SignatureAlgorithm, key any, keyID string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}
