package azuresupport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/microsoft/azuresupport"
)

const (
	partner      = "11111111-1111-4111-8111-111111111111"
	vallin       = "22222222-2222-4222-8222-222222222222" // on a plan that may
	lumen        = "33333333-3333-4333-8333-333333333333" // on the plain one
	subscription = "44444444-4444-4444-8444-444444444444"
	plain        = "55555555-5555-4555-8555-555555555555"
	secret       = "hush-hush-hush"
)

type world struct {
	sample *microsoft.Server
	client *azuresupport.Client
	at     *time.Time
	access azuresupport.Access
}

func setup(t *testing.T) world {
	t.Helper()
	at := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	w := world{at: &at, access: azuresupport.Access{Tenant: vallin, Subscription: subscription, PartnerTenant: partner, ClientID: "guichet", ClientSecret: secret}}
	clock := func() time.Time { return *w.at }
	server := httptest.NewUnstartedServer(nil)
	var err error
	w.sample, err = microsoft.New(microsoft.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: secret, Now: clock,
		Tenants: []microsoft.Tenant{{ID: partner, Name: "Alpine", Consented: true, Partner: true}, {ID: vallin, Name: "Vallin", Consented: true, Subscriptions: []string{subscription}, Plan: "Premier"},
			{ID: lumen, Name: "Lumen", Consented: true, Subscriptions: []string{plain}}}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.sample
	server.Start()
	t.Cleanup(server.Close)
	w.client = azuresupport.New(azuresupport.Config{Root: w.sample.Azure(), Authority: w.sample.Authority(), Now: clock,
		Wait: func(_ context.Context, d time.Duration) error { *w.at = w.at.Add(d); return nil }})
	return w
}

// form is a request that is complete.
func (w world) form(t *testing.T) desk.RemoteRequestForm {
	t.Helper()
	services, err := w.client.Services(t.Context(), w.access)
	if err != nil || len(services) == 0 {
		t.Fatalf("services: %v", err)
	}
	problems, err := w.client.Classifications(t.Context(), w.access, services[0].ID)
	if err != nil || len(problems) == 0 {
		t.Fatalf("problems: %v", err)
	}
	started := time.Date(2026, 11, 26, 6, 30, 0, 0, time.UTC)
	return desk.RemoteRequestForm{Title: "VPN drops", Description: "Drops every hour since this morning.", Severity: "B", Service: services[0].ID, Classification: problems[0].ID, StartedAt: &started,
		Contact: desk.RemoteContact{FirstName: "Karim", LastName: "Haddad", Email: "support@alpine.example", Zone: "Europe/Paris", Country: "FR", Language: "fr"}}
}

func wantRefused(t *testing.T, err error, kind desk.RefusalKind, says string) {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != kind || !strings.Contains(r.Detail, says) {
		t.Errorf("error %v, want it refused (%s) with %q", err, kind, says)
	}
	if err != nil && strings.Contains(err.Error(), secret) {
		t.Errorf("the error holds the secret: %v", err)
	}
}

func TestCreateOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, err := w.client.Create(t.Context(), w.access, "escalation-1", w.form(t))
	if err != nil || first.Pending || len(first.Request) != 15 || first.Status != "open" || first.Severity != "B" || first.PlanType != "Premier" || first.Name != "escalation-1" {
		t.Fatalf("filed %+v, %v", first, err)
	}
	if first.Reply == nil || first.Reply.Minutes != 240 || !first.Reply.To.Equal(first.Reply.From.Add(4*time.Hour)) {
		t.Errorf("promised %+v", first.Reply)
	}
	again, err := w.client.Create(t.Context(), w.access, "escalation-1", w.form(t))
	if err != nil || again.Request != first.Request || w.sample.Filed(subscription) != 1 {
		t.Errorf("filed again: %+v, %v, %d requests there", again, err, w.sample.Filed(subscription))
	}
}

// Who is not waited for is found again by name.
func TestCreatePending(t *testing.T) {
	t.Parallel()
	w := setup(t)
	form := w.form(t)
	hasty := azuresupport.New(azuresupport.Config{Root: w.sample.Azure(), Authority: w.sample.Authority(), Now: func() time.Time { return *w.at }, Patience: time.Millisecond})
	r, err := hasty.Create(t.Context(), w.access, "escalation-1", form)
	if err != nil || !r.Pending || r.Request != "" {
		t.Fatalf("filed %+v, %v", r, err)
	}
	if r, err = hasty.Create(t.Context(), w.access, "escalation-1", form); err != nil || !r.Pending {
		t.Fatalf("looked for too early: %+v, %v", r, err)
	}
	*w.at = w.at.Add(time.Minute)
	if r, err = hasty.Create(t.Context(), w.access, "escalation-1", form); err != nil || r.Pending || r.Request == "" || w.sample.Filed(subscription) != 1 {
		t.Errorf("looked for later: %+v, %v", r, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	onPlain := w.access
	onPlain.Tenant, onPlain.Subscription = lumen, plain
	_, err := w.client.Create(t.Context(), onPlain, "escalation-2", w.form(t))
	wantRefused(t, err, desk.RefusedPlan, "Your support plan type is CSP")

	alone := w.access
	alone.PartnerTenant = ""
	_, err = w.client.Read(t.Context(), alone, "escalation-1")
	wantRefused(t, err, desk.RefusedRole, "AuthorizationFailed")
	foreign := w.access
	foreign.Subscription = plain
	_, err = w.client.Read(t.Context(), foreign, "escalation-1")
	wantRefused(t, err, desk.RefusedRole, "SubscriptionNotFound")
	_, err = w.client.Read(t.Context(), w.access, "escalation-1")
	wantRefused(t, err, desk.RefusedGone, "not found")
	wrong := w.access
	wrong.ClientSecret = secret + "-changed"
	_, err = w.client.Read(t.Context(), wrong, "escalation-1")
	wantRefused(t, err, desk.RefusedSetup, "AADSTS7000215")
	_, err = w.client.Read(t.Context(), w.access, "../../resources")
	wantRefused(t, err, desk.RefusedRequest, "no name")
	severe := w.form(t)
	severe.Severity = "A"
	_, err = w.client.Create(t.Context(), w.access, "escalation-3", severe)
	wantRefused(t, err, desk.RefusedRequest, "phoneNumber")
	accents := w.form(t)
	accents.Description = "Le réseau privé tombe."
	_, err = w.client.Create(t.Context(), w.access, "escalation-3", accents)
	wantRefused(t, err, desk.RefusedRequest, "ASCII")

	for failure, kind := range map[microsoft.Failure]desk.RefusalKind{microsoft.Throttled: desk.RefusedThrottle, microsoft.Down: desk.RefusedDown, microsoft.Busy: desk.RefusedThrottle,
		microsoft.Truncated: desk.RefusedForm, microsoft.Garbage: desk.RefusedForm, microsoft.NoRoles: desk.RefusedRole} {
		w.sample.Fail(vallin, failure)
		_, err := w.client.Create(t.Context(), w.access, "escalation-4", desk.RemoteRequestForm{})
		wantRefused(t, err, kind, "")
	}
	w.sample.Fail(vallin, microsoft.NoFailure)
	if n := w.sample.Filed(subscription); n != 0 {
		t.Errorf("%d requests were filed", n)
	}
}

func TestTalk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if _, err := w.client.Create(t.Context(), w.access, "escalation-1", w.form(t)); err != nil {
		t.Fatal(err)
	}
	*w.at = w.at.Add(5 * time.Minute)
	r, err := w.client.Read(t.Context(), w.access, "escalation-1")
	if err != nil || !strings.HasPrefix(r.Engineer, "priya@") {
		t.Errorf("read %+v, %v", r, err)
	}
	for range 2 {
		if err := w.client.Say(t.Context(), w.access, "escalation-1", "entry-1", "VPN drops", "It dropped again.", "support@alpine.example"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 12 { // two pages
		*w.at = w.at.Add(time.Minute)
		if err := w.client.Say(t.Context(), w.access, "escalation-1", fmt.Sprintf("more-%d", i), "VPN drops", "Again.", ""); err != nil {
			t.Fatal(err)
		}
	}
	*w.at = w.at.Add(10 * time.Minute)
	said, err := w.client.Said(t.Context(), w.access, "escalation-1", time.Time{})
	ours := slices.DeleteFunc(slices.Clone(said), func(m desk.RemoteMessage) bool { return m.From != "us" })
	if err != nil || len(ours) != 13 || ours[0].ID != "entry-1" || len(said) < 15 || said[0].From != "them" || !strings.Contains(said[0].Text, "Priya") || strings.Contains(said[0].Text, "<p>") {
		t.Errorf("%d were said, %d by us: %+v, %v", len(said), len(ours), said, err)
	}
	if late, err := w.client.Said(t.Context(), w.access, "escalation-1", w.at.Add(-time.Minute)); err != nil || len(late) >= len(said) || len(late) == 0 {
		t.Errorf("%d were said lately, %v", len(late), err)
	}
	closed := "closed"
	if r, err = w.client.Update(t.Context(), w.access, "escalation-1", desk.RemoteUpdate{Status: &closed}); err != nil || r.Status != "closed" {
		t.Errorf("closed: %+v, %v", r, err)
	}
	severe := "A"
	_, err = w.client.Update(t.Context(), w.access, "escalation-1", desk.RemoteUpdate{Severity: &severe})
	wantRefused(t, err, desk.RefusedRequest, "Severity cannot be changed")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if plan, err := w.client.Check(t.Context(), w.access); err != nil || plan != "" {
		t.Errorf("before any request: %q, %v", plan, err)
	}
	if _, err := w.client.Create(t.Context(), w.access, "escalation-1", w.form(t)); err != nil {
		t.Fatal(err)
	}
	if plan, err := w.client.Check(t.Context(), w.access); err != nil || plan != "Premier" {
		t.Errorf("with a request: %q, %v", plan, err)
	}
	if _, err := w.client.Check(t.Context(), azuresupport.Access{PartnerTenant: partner, ClientID: "guichet", ClientSecret: secret}); err != nil {
		t.Errorf("without a customer: %v", err)
	}
	_, err := azuresupport.New(azuresupport.Config{}).Check(t.Context(), w.access)
	wantRefused(t, err, desk.RefusedSetup, "")
}

// What answers instead of Microsoft gets no token, and breaks nothing.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	t.Cleanup(elsewhere.Close)
	answers := map[string]func(http.ResponseWriter){
		"nothing":     func(http.ResponseWriter) {},
		"null":        func(w http.ResponseWriter) { fmt.Fprint(w, "null") },
		"a list":      func(w http.ResponseWriter) { fmt.Fprint(w, "[]") },
		"a name only": func(w http.ResponseWriter) { fmt.Fprint(w, `{"name":"x"}`) },
		"redirect": func(w http.ResponseWriter) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"huge": func(w http.ResponseWriter) {
			for range 20 << 10 {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<10)); err != nil {
					return
				}
			}
		},
		"operation elsewhere": func(w http.ResponseWriter) {
			w.Header().Set("Azure-AsyncOperation", elsewhere.URL+"/operation")
			w.WriteHeader(http.StatusAccepted)
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t"}`)
			})
			mux.HandleFunc("POST /subscriptions/{s}/providers/Microsoft.Support/checkNameAvailability", func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `{"nameAvailable":true}`)
			})
			mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { answer(w) })
			server := httptest.NewServer(mux)
			t.Cleanup(server.Close)
			root, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			c := azuresupport.New(azuresupport.Config{Root: root, Authority: root, Wait: func(context.Context, time.Duration) error { return nil }})
			_, err = c.Create(t.Context(), azuresupport.Access{Tenant: vallin, Subscription: subscription, PartnerTenant: partner, ClientID: "guichet", ClientSecret: secret}, "escalation-1", desk.RemoteRequestForm{})
			wantRefused(t, err, desk.RefusedForm, "")
		})
	}
	if visited {
		t.Error("a token went elsewhere")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for iana, windows := range map[string]string{"Europe/Paris": "Romance Standard Time", "Europe/Zurich": "W. Europe Standard Time", "Europe/Kyiv": "FLE Standard Time", "Asia/Kolkata": "India Standard Time",
		"America/New_York": "Eastern Standard Time", "UTC": "UTC", "Mars/Olympus": "UTC", "": "UTC"} {
		if got := azuresupport.WindowsZone(iana); got != windows {
			t.Errorf("%s is %q, want %q", iana, got, windows)
		}
	}
	for two, three := range map[string]string{"FR": "FRA", "be": "BEL", "CH": "CHE", "GB": "GBR", "": "", "ZZ": "", "150": "", "France": ""} {
		if got := azuresupport.Country(two); got != three {
			t.Errorf("%s is %q, want %q", two, got, three)
		}
	}
}
