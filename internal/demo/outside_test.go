package demo

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/graph"
)

// One address signs people in and stands for every tenant, as Entra's does.
func TestOneAuthorityForSignInAndTenants(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	people, err := whoCanSignIn()
	if err != nil {
		t.Fatal(err)
	}
	identity, err := NewIdentityProvider(base+"/identity", people, clientID, clientSecret, []string{base + "/sign-in/return"})
	if err != nil {
		t.Fatal(err)
	}
	sample, err := newMicrosoft(base, "http://127.0.0.1/consent/return", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/identity/", authority(identity, sample))
	mux.Handle("/graph/", sample)
	server.Config.Handler = mux
	server.Start()
	t.Cleanup(server.Close)

	entra, err := url.Parse(base + "/identity")
	if err != nil {
		t.Fatal(err)
	}
	client := graph.New(graph.Config{Root: sample.Graph(), Authority: entra, ClientID: clientID, ClientSecret: clientSecret})
	for key, want := range map[string]string{"fabrique-lumen": "", "maison-berthier": "AADSTS7000229"} {
		_, err := client.Health(t.Context(), tenantOf("alpine", key), time.Time{}, &desk.Calls{Left: 10})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", key, err)
		}
	}
	for address, status := range map[string]int{
		base + "/identity/organizations/v2.0/.well-known/openid-configuration":                              http.StatusOK,
		client.ConsentURL(tenantOf("alpine", "maison-berthier"), "http://127.0.0.1/consent/return", "s"):    http.StatusOK,
		client.ConsentURL(tenantOf("alpine", "maison-berthier"), "http://evil.example/consent/return", "s"): http.StatusBadRequest,
		base + "/identity/identity.css": http.StatusOK,
	} {
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s is answered with %s", address, resp.Status)
		}
	}
}

// What the lists here name are customers of the demo.
func TestTheDemosTenantsExist(t *testing.T) {
	t.Parallel()
	sample, err := newMicrosoft("http://127.0.0.1:1", "http://127.0.0.1/consent/return", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	named := slices.Concat(consented, subscribers)
	for key := range moreServices {
		named = append(named, key)
	}
	for key := range fewerServices {
		named = append(named, key)
	}
	for _, key := range named {
		slug, customer, _ := strings.Cut(key, "/")
		if !sample.Has(tenantOf(slug, customer)) {
			t.Errorf("%s is no customer", key)
		}
	}
}
