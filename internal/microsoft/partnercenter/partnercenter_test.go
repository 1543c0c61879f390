package partnercenter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/microsoft/partnercenter"
)

const (
	partner = "11111111-1111-4111-8111-111111111111"
	vallin  = "22222222-2222-4222-8222-222222222222"
	key     = "77777777-7777-4777-8777-777777777777"
	secret  = "hush-hush-hush"
)

type world struct {
	sample  *microsoft.Server
	client  *partnercenter.Client
	at      *time.Time
	access  partnercenter.Access
	rotated *[]string
}

func setup(t *testing.T) world {
	t.Helper()
	at := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	w := world{at: &at, rotated: new([]string)}
	clock := func() time.Time { return *w.at }
	server := httptest.NewUnstartedServer(nil)
	var err error
	w.sample, err = microsoft.New(microsoft.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: secret, Now: clock,
		Tenants: []microsoft.Tenant{{ID: partner, Name: "Alpine", Consented: true, Partner: true}, {ID: vallin, Name: "Vallin", Consented: true}}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.sample
	server.Start()
	t.Cleanup(server.Close)
	w.client = partnercenter.New(partnercenter.Config{Root: w.sample.PartnerCenter(), Authority: w.sample.Authority(), Now: clock})
	w.access = partnercenter.Access{Tenant: partner, ClientID: "guichet", ClientSecret: secret, Refresh: microsoft.RefreshToken(partner),
		Rotated: func(_ context.Context, next string) error { *w.rotated = append(*w.rotated, next); return nil }}
	return w
}

func wantRefused(t *testing.T, err error, kind desk.RefusalKind, says string) {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != kind || !strings.Contains(r.Detail, says) {
		t.Errorf("error %v, want it refused (%s) with %q", err, kind, says)
	}
	if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "demo-refresh")) {
		t.Errorf("the error holds a secret: %v", err)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	w := setup(t)
	number := w.sample.FileAtPartnerCenter(vallin, "Invoice is wrong")
	list, err := w.client.Requests(t.Context(), w.access, vallin)
	if err != nil || len(list) != 1 || list[0].Request != number || list[0].Status != "open" || list[0].Severity != "B" || list[0].ClosedAt != nil || list[0].CreatedAt == nil {
		t.Errorf("listed %+v, %v", list, err)
	}
	for range 2 { // the second time it is the same request
		if err := w.client.AddNote(t.Context(), w.access, number, "It is line 12.", key); err != nil {
			t.Fatal(err)
		}
	}
	*w.at = w.at.Add(5 * time.Minute)
	r, said, err := w.client.Request(t.Context(), w.access, number)
	if err != nil || r.Status != "open" || r.Severity != "B" || len(said) != 2 || said[0].From != "us" || said[0].Text != "It is line 12." || said[1].From != "them" || said[0].ID == said[1].ID {
		t.Errorf("read %+v, %+v, %v", r, said, err)
	}
	_, _, err = w.client.Request(t.Context(), w.access, "999999999999999")
	wantRefused(t, err, desk.RefusedGone, "not found")
	_, _, err = w.client.Request(t.Context(), w.access, "../profiles")
	wantRefused(t, err, desk.RefusedRequest, "no number")
	if len(*w.rotated) != 1 || !strings.HasPrefix((*w.rotated)[0], "demo-refresh-") {
		t.Errorf("%d refresh tokens were handed over", len(*w.rotated))
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for i := range 230 {
		w.sample.FileAtPartnerCenter(vallin, fmt.Sprint("Request ", i))
	}
	if list, err := w.client.Requests(t.Context(), w.access, vallin); err != nil || len(list) != 230 {
		t.Errorf("listed %d, %v", len(list), err)
	}
}

func TestRefreshTokensEnd(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if _, err := w.client.Profile(t.Context(), w.access); err != nil {
		t.Fatal(err)
	}
	w.sample.EndRefresh(partner)
	if _, err := w.client.Profile(t.Context(), w.access); err != nil {
		t.Errorf("a token that is still good was not used: %v", err)
	}
	wantRefused(t, w.client.Check(t.Context(), w.access), desk.RefusedConsent, "AADSTS700082")
	w.access.Refresh = ""
	wantRefused(t, w.client.Check(t.Context(), w.access), desk.RefusedConsent, "no refresh token")
	w.access.ClientSecret = "wrong"
	wantRefused(t, w.client.Check(t.Context(), w.access), desk.RefusedConsent, "")
	wantRefused(t, partnercenter.New(partnercenter.Config{}).Check(t.Context(), w.access), desk.RefusedSetup, "")
}

// A refresh token that cannot be kept is used for nothing: it would be lost.
func TestRotationThatFails(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.access.Rotated = func(context.Context, string) error { return errors.New("no database") }
	if _, err := w.client.Profile(t.Context(), w.access); err == nil || strings.Contains(err.Error(), "demo-refresh") {
		t.Errorf("error %v", err)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	before, err := w.client.Profile(t.Context(), w.access)
	if err != nil || before.Email != "support@alpine.example" {
		t.Fatalf("read %+v, %v", before, err)
	}
	want := desk.SupportProfile{Email: "help@alpine.example", Phone: "+33 4 76 00 00 00", Website: "https://support.alpine.example/alpine"}
	if got, err := w.client.SaveProfile(t.Context(), w.access, want); err != nil || got != want {
		t.Errorf("wrote %+v, %v", got, err)
	}
	if got, err := w.client.Profile(t.Context(), w.access); err != nil || got != want {
		t.Errorf("read %+v, %v", got, err)
	}
	_, err = w.client.SaveProfile(t.Context(), w.access, desk.SupportProfile{Email: "nobody"})
	wantRefused(t, err, desk.RefusedRequest, "2000 The support profile needs")
	for failure, kind := range map[microsoft.Failure]desk.RefusalKind{microsoft.Throttled: desk.RefusedThrottle, microsoft.Down: desk.RefusedDown,
		microsoft.Truncated: desk.RefusedForm, microsoft.Garbage: desk.RefusedForm, microsoft.NoRoles: desk.RefusedRole} {
		w.sample.Fail(partner, failure)
		_, err := w.client.Profile(t.Context(), w.access)
		wantRefused(t, err, kind, "")
	}
}

// Fixed values come as numbers or names, in either case; one that is wrong loses
// one request and not the list.
func TestEnumsAndDates(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t","refresh_token":"r"}`)
	})
	mux.HandleFunc("GET /v1/customers/{c}/servicerequests", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"totalCount":6,"items":[{"id":"615112491169010","severity":0,"status":1,"createdDate":"2015-11-24T01:07:00.863","lastClosedDate":"0001-01-01T00:00:00"},
			{"Id":"615112491169011","Severity":"Critical","Status":"Attention_Needed"},{"id":"615112491169012","severity":3,"status":2},
			{"id":"615112491169013","severity":null,"status":"Reopened"},{"id":615112491169014},{"id":"615112491169015","status":[1]}]}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	root, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := partnercenter.New(partnercenter.Config{Root: root, Authority: root})
	list, err := c.Requests(t.Context(), partnercenter.Access{Tenant: partner, ClientID: "guichet", ClientSecret: secret, Refresh: "r"}, vallin)
	if err != nil || len(list) != 4 {
		t.Fatalf("listed %+v, %v", list, err)
	}
	for i, want := range []struct{ severity, status string }{{"", "open"}, {"A", "waiting"}, {"C", "closed"}, {"", "reopened"}} {
		if list[i].Severity != want.severity || list[i].Status != want.status {
			t.Errorf("request %d is %+v, want %+v", i, list[i], want)
		}
	}
	if list[0].ClosedAt != nil || list[0].CreatedAt == nil || list[0].CreatedAt.Year() != 2015 {
		t.Errorf("dates of %+v", list[0])
	}
}
