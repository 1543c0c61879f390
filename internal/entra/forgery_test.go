package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Each case is a good token with one thing wrong. That the good one passes is
// TestCompleteEntra and TestCompleteSingle.
func TestCompleteRefusesForgedClaims(t *testing.T) {
	t.Parallel()
	type change map[string]any // nil removes
	both := map[string]change{
		"audience of another client":       {"aud": "another-client"},
		"no audience":                      {"aud": nil},
		"given to another client":          {"aud": []string{testClient, "other"}, "azp": "other"},
		"two audiences, given to nobody":   {"aud": []string{testClient, "other"}},
		"one audience, given to another":   {"azp": "other"},
		"nonce of another sign-in":         {"nonce": "another"},
		"no nonce":                         {"nonce": nil},
		"empty nonce":                      {"nonce": ""},
		"expired":                          {"exp": today.Add(-skew - time.Second).Unix()},
		"never expires":                    {"exp": nil},
		"not yet valid":                    {"nbf": today.Add(skew + time.Second).Unix()},
		"issued in the future":             {"iat": today.Add(skew + time.Second).Unix()},
		"no time of issue":                 {"iat": nil},
		"no issuer":                        {"iss": nil},
		"issuer of somebody else entirely": {"iss": "https://evil.example/" + lumen + "/v2.0"},
	}
	entra := map[string]change{
		"issuer of another tenant":    {"tid": lac},
		"tenant of another issuer":    {"iss": "{base}/" + lac + "/v2.0"},
		"issuer pattern itself":       {"iss": "{base}/{tenantid}/v2.0", "tid": "{tenantid}"},
		"slash after the issuer":      {"iss": "{base}/" + lumen + "/v2.0/"},
		"issuer in another case":      {"iss": "{base}/" + strings.ToUpper(lumen) + "/v2.0"},
		"issuer of version 1":         {"iss": "https://sts.windows.net/" + lumen + "/"},
		"personal account":            {"tid": consumers, "iss": "{base}/" + consumers + "/v2.0"},
		"personal account, shouted":   {"tid": strings.ToUpper(consumers), "iss": "{base}/" + strings.ToUpper(consumers) + "/v2.0"},
		"version 1":                   {"ver": "1.0"},
		"no version":                  {"ver": nil},
		"no tenant":                   {"tid": nil},
		"no tenant, and issuer to it": {"tid": nil, "iss": "{base}//v2.0"},
		"tenant is no GUID":           {"tid": "lumen", "iss": "{base}/lumen/v2.0"},
		"tenant in braces":            {"tid": "{" + lumen + "}", "iss": "{base}/{" + lumen + "}/v2.0"},
		"no object":                   {"oid": nil},
		"object is no GUID":           {"oid": "lea"},
		"tenant is not text":          {"tid": 7},
	}
	single := map[string]change{
		"slash after the issuer": {"iss": "{base}/"},
		"no subject":             {"sub": nil},
		"issuer below ours":      {"iss": "{base}/" + lumen + "/v2.0"},
	}
	run := func(t *testing.T, name string, wrong change, provider func(Config) *Provider, good func(*issuer, string) map[string]any) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			p := provider(i.config())
			s := begin(t, p)
			claims := good(i, s.Nonce)
			for claim, value := range wrong {
				if text, ok := value.(string); ok {
					value = strings.Replace(text, "{base}", i.URL, 1)
				}
				claims[claim] = value
				if value == nil {
					delete(claims, claim)
				}
			}
			i.token = func() string { return sign(t, claims) }
			refused(t, p, s)
		})
	}
	for name, wrong := range both {
		run(t, "entra: "+name, wrong, Multitenant, (*issuer).entraClaims)
		run(t, "single: "+name, wrong, Single, (*issuer).plainClaims)
	}
	for name, wrong := range entra {
		run(t, "entra: "+name, wrong, Multitenant, (*issuer).entraClaims)
	}
	for name, wrong := range single {
		run(t, "single: "+name, wrong, Single, (*issuer).plainClaims)
	}
}

func TestCompleteRefusesForgedSignatures(t *testing.T) {
	t.Parallel()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	forgeries := map[string]func(t *testing.T, claims map[string]any) string{
		"no signature": func(t *testing.T, claims map[string]any) string {
			return unsigned(t, `{"alg":"none","typ":"JWT"}`, claims) + "."
		},
		"no signature, our key named": func(t *testing.T, claims map[string]any) string {
			return unsigned(t, `{"alg":"none","kid":"one"}`, claims) + "."
		},
		"signature left out": func(t *testing.T, claims map[string]any) string {
			return unsigned(t, `{"alg":"RS256","kid":"one"}`, claims) + "."
		},
		"public key as shared secret": func(t *testing.T, claims map[string]any) string {
			der, err := x509.MarshalPKIXPublicKey(&signingKey().PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
			return signWith(t, jose.HS256, secret, "one", claims)
		},
		"client secret as shared secret": func(t *testing.T, claims map[string]any) string {
			return signWith(t, jose.HS256, []byte("a secret with spaces & signs, and longer"), "one", claims)
		},
		"key not in the set": func(t *testing.T, claims map[string]any) string {
			return signWith(t, jose.RS256, stranger, "two", claims)
		},
		"strange key under a known name": func(t *testing.T, claims map[string]any) string {
			return signWith(t, jose.RS256, stranger, "one", claims)
		},
		"strange key under no name": func(t *testing.T, claims map[string]any) string {
			return signWith(t, jose.RS256, stranger, "", claims)
		},
		"claims changed after signing": func(t *testing.T, claims map[string]any) string {
			good := strings.Split(sign(t, claims), ".")
			claims["name"] = "Max"
			changed := strings.Split(sign(t, claims), ".")
			return good[0] + "." + changed[1] + "." + good[2]
		},
		"no token at all": func(*testing.T, map[string]any) string { return "" },
		"not a token":     func(*testing.T, map[string]any) string { return "a.b.c" },
	}
	for name, forge := range forgeries {
		for kind, provider := range map[string]func(Config) *Provider{"entra": Multitenant, "single": Single} {
			t.Run(kind+": "+name, func(t *testing.T) {
				t.Parallel()
				i := newIssuer(t)
				p := provider(i.config())
				s := begin(t, p)
				claims := i.entraClaims(s.Nonce)
				if kind == "single" {
					claims = i.plainClaims(s.Nonce)
				}
				i.token = func() string { return forge(t, claims) }
				refused(t, p, s)
			})
		}
	}
}

// A provider that publishes a shared secret makes everybody a signer.
func TestCompleteRefusesSharedSecretsEvenPublished(t *testing.T) {
	t.Parallel()
	secret := []byte("0123456789abcdef0123456789abcdef")
	for kind, provider := range map[string]func(Config) *Provider{"entra": Multitenant, "single": Single} {
		i := newIssuer(t)
		i.keySet = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: secret, KeyID: "shared"}, publicKey()}}
		p := provider(i.config())
		s := begin(t, p)
		claims := i.entraClaims(s.Nonce)
		if kind == "single" {
			claims = i.plainClaims(s.Nonce)
		}
		i.token = func() string { return signWith(t, jose.HS256, secret, "shared", claims) }
		refused(t, p, s)
		i.token = func() string { return sign(t, claims) }
		if _, err := p.Complete(t.Context(), "code", s); err != nil {
			t.Errorf("%s: the key beside it is not taken: %v", kind, err)
		}
	}
}

// Entra publishes the personal accounts' key in the same set as everybody's.
func TestCompleteRefusesAKeyOfAnotherTenant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mark string
		want error
	}{
		{mark: "{base}/{tenantid}/v2.0"},
		{mark: ""},
		{mark: "{base}/" + consumers + "/v2.0", want: ErrToken},
		{mark: "{base}/" + lac + "/v2.0", want: ErrToken},
	} {
		t.Run(c.mark, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			i.keySet = markedKeys(t, strings.Replace(c.mark, "{base}", i.URL, 1))
			p := Multitenant(i.config())
			s := begin(t, p)
			i.token = func() string { return sign(t, i.entraClaims(s.Nonce)) }
			if _, err := p.Complete(t.Context(), "code", s); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// A session that lost its secrets must not make the check vacuous.
func TestCompleteRefusesAnEmptyStart(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := Multitenant(i.config())
	i.token = func() string { return sign(t, i.entraClaims("")) }
	refused(t, p, Start{})
	if (Start{}).Matches("") {
		t.Error("no state matches no state")
	}
}

func refused(t *testing.T, p *Provider, s Start) {
	t.Helper()
	id, err := p.Complete(t.Context(), "code", s)
	if !errors.Is(err, ErrToken) {
		t.Errorf("error %v, want ErrToken", err)
	}
	if id.Subject != "" {
		t.Errorf("an identity came beside the error: %+v", id)
	}
}

func unsigned(t *testing.T, header string, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode(payload)
}

func markedKeys(t *testing.T, issuer string) any {
	t.Helper()
	raw, err := json.Marshal(publicKey())
	if err != nil {
		t.Fatal(err)
	}
	var key map[string]any
	if err := json.Unmarshal(raw, &key); err != nil {
		t.Fatal(err)
	}
	if issuer != "" {
		key["issuer"] = issuer
	}
	return map[string]any{"keys": []any{key}}
}
