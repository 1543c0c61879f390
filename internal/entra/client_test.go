package entra

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The server has a certificate that the client trusts, so that the guard is
// all that stands between them. A name is resolved before the guard looks.
func TestSingleConnectsToNoPrivateAddress(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(server.Close)
	for _, authority := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
		p := Single(Config{Authority: authority, ClientID: testClient})
		careful := p.client.Transport.(*carefulTransport)
		careful.next.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
		_, err := p.Begin(t.Context(), Hints{})
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("%s: %v", authority, err)
		}
	}
	if asked {
		t.Error("a request reached the private server")
	}
}

func TestProvidersSpeakHTTPS(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	config := i.config()
	config.AllowPrivate = false
	for kind, provider := range map[string]func(Config) *Provider{"entra": Multitenant, "single": Single} {
		if _, err := provider(config).Begin(t.Context(), Hints{}); !errors.Is(err, ErrMisconfigured) {
			t.Errorf("%s over http: %v", kind, err)
		}
	}
	// An address from a document under https could be weaker than it.
	if _, err := Multitenant(config).client.Get(i.URL + "/keys"); !errors.Is(err, errInsecure) {
		t.Errorf("fetch over http: %v", err)
	}
}

func TestProvidersReadNoHugeAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(strings.Repeat(" ", largestAnswer+1)))
	}))
	t.Cleanup(server.Close)
	p := Single(Config{Authority: server.URL, AllowPrivate: true})
	if _, err := p.Begin(t.Context(), Hints{}); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error %v", err)
	}
}

func TestProvidersFollowNoRedirect(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	server := httptest.NewServer(http.RedirectHandler(i.URL+"/.well-known/openid-configuration", http.StatusFound))
	t.Cleanup(server.Close)
	p := Single(Config{Authority: server.URL, AllowPrivate: true})
	if _, err := p.Begin(t.Context(), Hints{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}
