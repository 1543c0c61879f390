package azure_test

import (
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
	"guichet/internal/microsoft/azure"
)

const (
	own          = "11111111-1111-4111-8111-111111111111"
	vallin       = "22222222-2222-4222-8222-222222222222"
	subscription = "44444444-4444-4444-8444-444444444444"
	foreign      = "55555555-5555-4555-8555-555555555555"
)

type world struct {
	sample *microsoft.Server
	client *azure.Client
	at     *time.Time
}

func setup(t *testing.T, change func(*azure.Config)) world {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Minute)
	w := world{at: &at}
	clock := func() time.Time { return *w.at }
	server := httptest.NewUnstartedServer(nil)
	var err error
	w.sample, err = microsoft.New(microsoft.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: "hush", Now: clock,
		Tenants: []microsoft.Tenant{{ID: own, Name: "Alpine", Consented: true}, {ID: vallin, Name: "Vallin", Consented: true, Subscriptions: []string{subscription}}}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.sample
	server.Start()
	t.Cleanup(server.Close)
	config := azure.Config{Root: w.sample.Azure(), Authority: w.sample.Authority(), ClientID: "guichet", ClientSecret: "hush", Tenant: own, Now: clock}
	if change != nil {
		change(&config)
	}
	w.client = azure.New(config)
	return w
}

func TestEmerging(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	published, unread, err := w.client.Emerging(t.Context())
	if err != nil || len(unread) > 0 {
		t.Fatalf("Emerging: %v, unread %v", err, unread)
	}
	machines := find(t, published, "BC_1-FXZ/Virtual Machines")
	if !machines.Everyone || machines.Service != "Azure Virtual Machines" || machines.Kind != desk.IssueKind || machines.Status != "active" || machines.Ended() ||
		!slices.Equal(machines.Places, []string{"France Central"}) || machines.Severity != "warning" || machines.Source != desk.FromAzure {
		t.Errorf("read %+v", machines)
	}
	if next := w.at.Add(80 * time.Minute); machines.NextAt == nil || !machines.NextAt.Equal(next) {
		t.Errorf("more is said at %v, want %v", machines.NextAt, next)
	}
	if database := find(t, published, "BC_1-FXZ/SQL Database"); database.Service != "Azure SQL Database" || len(database.Places) != 2 {
		t.Errorf("read %+v", database)
	}
	banner := slices.IndexFunc(published, func(p desk.Published) bool { return strings.HasPrefix(p.Code, "BANNER-") })
	if banner < 0 || published[banner].Service != "Azure" || strings.Contains(published[banner].Posts[0].Text, "<") {
		t.Errorf("no banner among %+v", published)
	}

	*w.at = w.at.Add(40 * time.Minute)
	published, _, err = w.client.Emerging(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if door := find(t, published, "KTTK-TZ8/Azure Front Door"); door.Places != nil || door.Severity != "error" || door.Classification != "incident" {
		t.Errorf("what is global names a place: %+v", door)
	}
}

func TestEventsOfASubscription(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	calls := &desk.Calls{Left: 20}
	published, unread, err := w.client.Events(t.Context(), vallin, strings.ToUpper(subscription), time.Time{}, calls)
	if err != nil || len(unread) > 0 || calls.Made < 2 {
		t.Fatalf("Events: %v, unread %v, %d calls", err, unread, calls.Made)
	}
	machines := find(t, published, "BC_1-FXZ/Virtual Machines")
	if machines.Everyone || len(machines.Posts) != 2 || machines.NextAt == nil || !machines.Posts[0].At.Before(machines.Posts[1].At) {
		t.Errorf("read %+v", machines)
	}
	if maintenance := find(t, published, "0N_V-5Z8"); maintenance.Kind != desk.MessageKind || maintenance.Classification != "plannedmaintenance" || maintenance.Service != "Azure VPN Gateway" {
		t.Errorf("read %+v", maintenance)
	}
	if past := find(t, published, "4KHK-LS8"); !past.Ended() || past.EndedAt == nil || past.Service != "Azure Kubernetes Service" {
		t.Errorf("read %+v", past)
	}
	published, _, err = w.client.Events(t.Context(), vallin, subscription, *w.at, calls)
	if err != nil || slices.ContainsFunc(published, func(p desk.Published) bool { return p.Code == "4KHK-LS8" }) {
		t.Errorf("what has not changed since is read again: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	events := func(tenant, subscription string, left int) error {
		_, _, err := w.client.Events(t.Context(), tenant, subscription, time.Time{}, &desk.Calls{Left: left})
		return err
	}
	refused(t, events(vallin, foreign, 9), desk.RefusedConsent)
	refused(t, events(own, subscription, 9), desk.RefusedConsent)
	refused(t, events(vallin, "../x", 9), desk.RefusedConsent)
	refused(t, events(vallin, subscription, 0), desk.RefusedBudget)
	w.sample.Fail(vallin, microsoft.Throttled)
	if r := refused(t, events(vallin, subscription, 9), desk.RefusedThrottle); r.After != 17*time.Second {
		t.Errorf("told to wait %v", r.After)
	}
	w.sample.Fail(vallin, microsoft.NoRoles)
	refused(t, events(vallin, subscription, 9), desk.RefusedConsent)

	_, _, err := setup(t, func(c *azure.Config) { c.Tenant = "" }).client.Emerging(t.Context())
	refused(t, err, desk.RefusedSetup)
	refused(t, setup(t, func(c *azure.Config) { c.ClientSecret = "other" }).client.Check(t.Context()), desk.RefusedSetup)
	if err := w.client.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
}

// What comes is not always what is documented: what can be read is, the rest is
// told.
func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		events            string
		published, unread int
		kind              desk.RefusalKind
	}{
		"entries of every kind": {`7,null,"x",[],{},{"name":"BC_1-FXZ"},{"name":"BC_1-FXZ","properties":{"title":7}}`, 0, 7, ""},
		"no impact":             {`{"name":"BC_1-FXZ","properties":{"title":"T","eventType":"ServiceIssue","status":"Active","lastUpdateTime":"2999-01-01T00:00:00Z"}}`, 0, 1, ""},
		"the least":             {`{"name":"BC_1-FXZ","properties":{"title":"T","lastUpdateTime":"NOW"}}`, 1, 0, ""},
		"impact is no list":     {`{"name":"BC_1-FXZ","properties":{"title":"T","lastUpdateTime":"NOW","impact":"x"}}`, 1, 1, ""},
		"a service without name": {`{"name":"BC_1-FXZ","properties":{"title":"T","lastUpdateTime":"NOW","impact":[{"impactedService":""},{"impactedService":"Storage"}]}}`,
			1, 1, ""},
		"the same twice": {`{"name":"BC_1-FXZ","properties":{"title":"T","lastUpdateTime":"NOW"}},{"name":"bc_1-fxz","properties":{"title":"U","lastUpdateTime":"NOW"}}`, 1, 1, ""},
		"no list":        {`]`, 0, 0, desk.RefusedForm},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().UTC().Format(time.RFC3339)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if r.Method == http.MethodPost {
					fmt.Fprint(w, `{"token_type":"Bearer","access_token":"t"}`)
					return
				}
				fmt.Fprintf(w, `{"value":[%s]}`, strings.ReplaceAll(tc.events, "NOW", now))
			}))
			defer server.Close()
			root, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			client := azure.New(azure.Config{Root: root, Authority: root, ClientID: "guichet", ClientSecret: "hush"})
			published, unread, err := client.Events(t.Context(), vallin, subscription, time.Time{}, nil)
			if tc.kind != "" {
				refused(t, err, tc.kind)
			} else if err != nil {
				t.Fatal(err)
			}
			if len(published) != tc.published || len(unread) != tc.unread {
				t.Errorf("published %+v, unread %+v", published, unread)
			}
		})
	}
}

func find(t *testing.T, published []desk.Published, code string) desk.Published {
	t.Helper()
	for _, p := range published {
		if p.Code == code {
			return p
		}
	}
	t.Fatalf("%s is not among %+v", code, published)
	return desk.Published{}
}

func refused(t *testing.T, err error, want desk.RefusalKind) desk.Refusal {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != want {
		t.Fatalf("error %v, want it refused (%s)", err, want)
	}
	return r
}
