package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
)

// A desk's admin chooses its identity provider, which may be one that sends its
// visitors on to another's and waits for the code that they come back with
// (RFC 9700, section 4.4): with that code and a sign-in of his own under way at
// another desk, he would be them there.
func TestOneDesksProviderGetsNoCodeOfAnothers(t *testing.T) {
	t.Parallel()
	d := open(t)
	greedy := newGreedyProvider(t)
	d.stage(t, `update desks set issuer = $1, client_id = 'greedy' where slug = 'brume'`, greedy.address)

	attacker := d.visitor(t)
	meant := parsed(t, d.begin(t, attacker, "/alpine/sign-in"))

	victim := d.visitor(t)
	lured := parsed(t, d.get(t, victim, "/brume/sign-in").to())
	onward := meant.Query() // the attacker's challenge and nonce, the victim's own state
	onward.Set("state", lured.Query().Get("state"))
	swapped := *meant
	swapped.RawQuery = onward.Encode()
	back := d.vouch(t, swapped.String(), "lea@lumen.example")

	if a := d.get(t, victim, back); a.status < 400 {
		t.Errorf("the portal takes another provider's answer: %d", a.status)
	}
	if code := greedy.code.Load(); code != nil {
		t.Errorf("the provider of brume was given a code of alpine's: %s", *code)
	}
}

// The way that each provider's answers come back is its own.
func TestAnswersOfADesksOwnProviderComeBackToItsDesk(t *testing.T) {
	t.Parallel()
	d := open(t)
	greedy := newGreedyProvider(t)
	d.stage(t, `update desks set issuer = $1, client_id = 'greedy' where slug = 'brume'`, greedy.address)
	c := d.visitor(t)
	asked := parsed(t, d.get(t, c, "/brume/sign-in").to()).Query()
	if back := asked.Get("redirect_uri"); back != d.Base+"/brume/sign-in/return" {
		t.Fatalf("brume's provider returns to %s", back)
	}
	answer := "?" + url.Values{"code": {"one of its own"}, "state": {asked.Get("state")}}.Encode()
	if a := d.get(t, c, "/brume/sign-in/return"+answer); a.status != http.StatusUnauthorized {
		t.Errorf("a code that it does not honour itself: %d", a.status)
	}
	if code := greedy.code.Load(); code == nil || *code != "one of its own" {
		t.Errorf("brume's provider was asked about %v", code)
	}
}

// greedyProvider is an issuer that keeps what codes it is shown.
type greedyProvider struct {
	address string
	code    atomic.Pointer[string]
}

func newGreedyProvider(t *testing.T) *greedyProvider {
	t.Helper()
	g := &greedyProvider{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": g.address, "authorization_endpoint": g.address + "/authorize",
			"token_endpoint": g.address + "/token", "jwks_uri": g.address + "/keys"})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		code := r.PostFormValue("code")
		g.code.Store(&code)
		w.WriteHeader(http.StatusBadRequest)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	g.address = s.URL
	return g
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
