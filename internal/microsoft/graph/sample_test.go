package graph_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/microsoft/graph"
)

const (
	lumen   = "11111111-1111-4111-8111-111111111111"
	dulac   = "22222222-2222-4222-8222-222222222222"
	unknown = "33333333-3333-4333-8333-333333333333"
)

// clock is the sample's and the client's.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

type world struct {
	sample *microsoft.Server
	client *graph.Client
	clock  *clock
}

// setup puts a client before a sample with two tenants, of which the first has
// consented.
func setup(t *testing.T, change func(*microsoft.Config, *graph.Config)) world {
	t.Helper()
	c := &clock{time.Now().UTC().Truncate(time.Minute)}
	server := httptest.NewUnstartedServer(nil)
	config := microsoft.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: "hush", Now: c.now,
		Redirects: []string{"https://support.example.com/consent/return"},
		Tenants: []microsoft.Tenant{{ID: lumen, Name: "Fabrique Lumen", Consented: true},
			{ID: dulac, Name: "Hôtel du Lac", Services: []string{"Exchange", "microsoftteams"}}}}
	client := graph.Config{ClientID: "guichet", ClientSecret: "hush", Now: c.now}
	if change != nil {
		change(&config, &client)
	}
	sample, err := microsoft.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = sample
	server.Start()
	t.Cleanup(server.Close)
	client.Root, client.Authority = sample.Graph(), sample.Authority()
	return world{sample, graph.New(client), c}
}

func plenty() *desk.Calls { return &desk.Calls{Left: desk.MostCallsMinute} }

func TestHealthOfATenant(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	calls := plenty()
	heard, err := w.client.Health(t.Context(), lumen, time.Time{}, calls)
	if err != nil || len(heard.Unread) > 0 {
		t.Fatalf("Health: %v, unread %v", err, heard.Unread)
	}
	if calls.Made != 4 || calls.Left != desk.MostCallsMinute-4 {
		t.Errorf("%d calls were made, %d are left", calls.Made, calls.Left)
	}
	exchange := slices.IndexFunc(heard.Services, func(s desk.ServiceState) bool { return s.Service == "Exchange Online" })
	if exchange < 0 || heard.Services[exchange].Status != "restoringservice" {
		t.Errorf("services: %+v", heard.Services)
	}
	mail := find(t, heard, "EX1184213")
	want := desk.Published{Source: desk.FromGraph, Kind: desk.IssueKind, Title: "Some users may experience delays of email messages",
		Service: "Exchange Online", Classification: "incident", Status: "restoringservice", Origin: "microsoft"}
	if mail.Source != want.Source || mail.Kind != want.Kind || mail.Title != want.Title || mail.Service != want.Service ||
		mail.Classification != want.Classification || mail.Status != want.Status || mail.Origin != want.Origin || mail.Resolved || mail.EndedAt != nil {
		t.Errorf("EX1184213 reads %+v", mail)
	}
	if len(mail.Posts) != 3 || !mail.Posts[0].At.Before(mail.Posts[2].At) {
		t.Fatalf("EX1184213 has %d posts", len(mail.Posts))
	}
	if got := mail.Posts[2].Part("preliminary root cause"); !strings.HasPrefix(got, "A recent service update") {
		t.Errorf("its root cause reads %q", got)
	}
	if next := w.clock.at.Add(44 * time.Minute); mail.NextAt == nil || !mail.NextAt.Equal(next) {
		t.Errorf("more is said at %v, want %v", mail.NextAt, next)
	}
	if message := find(t, heard, "MC1196207"); message.Kind != desk.MessageKind || message.Classification != "planforchange" || message.Severity != "high" || len(message.Posts) != 1 {
		t.Errorf("MC1196207 reads %+v", message)
	}
	if !find(t, heard, "IT1188120").WantsData() || !find(t, heard, "DZ1189777").Ended() || !find(t, heard, "EX1176650").Ended() {
		t.Error("a state is read wrong")
	}
	if entra := find(t, heard, "MO1180946"); entra.Service != "Microsoft Entra" {
		t.Errorf("MO1180946 is of %q", entra.Service)
	}
}

func TestHealthFollowsTheStory(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, plenty()); err != nil {
		t.Fatal(err)
	}
	began := w.clock.at
	w.clock.at = began.Add(110 * time.Minute)
	heard, err := w.client.Health(t.Context(), lumen, began, plenty())
	if err != nil {
		t.Fatal(err)
	}
	mail := find(t, heard, "EX1184213")
	if !mail.Ended() || !mail.Resolved || mail.EndedAt == nil || mail.NextAt != nil || len(mail.Posts) != 5 {
		t.Errorf("after its end EX1184213 reads %+v", mail)
	}
	if has(heard, "EX1176650") {
		t.Error("what has not changed since is read again")
	}
	if !has(heard, "SP1189902") {
		t.Error("an open issue that has not changed is left out: nobody could tell that it is still there")
	}
}

func TestHealthIsOfWhatTheTenantHas(t *testing.T) {
	t.Parallel()
	w := setup(t, func(m *microsoft.Config, _ *graph.Config) { m.Tenants[1].Consented = true })
	heard, err := w.client.Health(t.Context(), dulac, time.Time{}, plenty())
	if err != nil {
		t.Fatal(err)
	}
	if len(heard.Services) != 2 || !has(heard, "EX1184213") || has(heard, "MO1191044") {
		t.Errorf("services %v, published %d", heard.Services, len(heard.Published))
	}
}

func TestHealthFollowsPages(t *testing.T) {
	t.Parallel()
	w := setup(t, func(m *microsoft.Config, _ *graph.Config) { m.Padding, m.LargestPage = 650, 100 })
	calls := plenty()
	heard, err := w.client.Health(t.Context(), lumen, time.Time{}, calls)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range heard.Published {
		if seen[p.Code] {
			t.Errorf("%s is there twice", p.Code)
		}
		seen[p.Code] = true
	}
	if !seen["EX900001"] || !seen["EX900650"] || calls.Made != 10 {
		t.Errorf("%d published in %d calls", len(seen), calls.Made)
	}
}

func TestBudgetEndsAPoll(t *testing.T) {
	t.Parallel()
	w := setup(t, func(m *microsoft.Config, _ *graph.Config) { m.Padding, m.LargestPage = 650, 100 })
	calls := &desk.Calls{Left: 5}
	heard, err := w.client.Health(t.Context(), lumen, time.Time{}, calls)
	refused(t, err, desk.RefusedBudget)
	if calls.Made != 5 || calls.Left != 0 || len(heard.Published) < 200 {
		t.Errorf("%d calls, %d published: what was read must stand", calls.Made, len(heard.Published))
	}
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, &desk.Calls{}); err == nil {
		t.Error("a call was made without any left")
	}
}

func TestTheSampleThrottles(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	for range desk.MostCallsMinute / 4 {
		if _, err := w.client.Health(t.Context(), lumen, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.at = w.clock.at.Add(20 * time.Second)
	_, err := w.client.Health(t.Context(), lumen, time.Time{}, nil)
	if r := refused(t, err, desk.RefusedThrottle); r.After != 40*time.Second {
		t.Errorf("told to wait %v", r.After)
	}
	w.clock.at = w.clock.at.Add(41 * time.Second)
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, nil); err != nil {
		t.Errorf("after waiting: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		tenant  string
		failure microsoft.Failure
		change  func(*microsoft.Config, *graph.Config)
		want    desk.RefusalKind
		after   time.Duration
		says    string
	}{
		{name: "no consent", tenant: dulac, want: desk.RefusedConsent, says: "AADSTS7000229"},
		{name: "unknown tenant", tenant: unknown, want: desk.RefusedConsent, says: "AADSTS90002"},
		{name: "no tenant", tenant: "../../common", want: desk.RefusedConsent},
		{name: "no roles", tenant: lumen, failure: microsoft.NoRoles, want: desk.RefusedConsent, says: "Authorization_RequestDenied"},
		{name: "throttled", tenant: lumen, failure: microsoft.Throttled, want: desk.RefusedThrottle, after: 17 * time.Second},
		{name: "busy", tenant: lumen, failure: microsoft.Busy, want: desk.RefusedThrottle, after: 40 * time.Second},
		{name: "down", tenant: lumen, failure: microsoft.Down, want: desk.RefusedDown},
		{name: "truncated", tenant: lumen, failure: microsoft.Truncated, want: desk.RefusedForm},
		{name: "garbage", tenant: lumen, failure: microsoft.Garbage, want: desk.RefusedForm},
		{name: "wrong secret", tenant: lumen, change: func(_ *microsoft.Config, g *graph.Config) { g.ClientSecret = "other" }, want: desk.RefusedSetup, says: "AADSTS7000215"},
		{name: "wrong application", tenant: lumen, change: func(_ *microsoft.Config, g *graph.Config) { g.ClientID = "other" }, want: desk.RefusedConsent, says: "AADSTS700016"},
		{name: "no application", tenant: lumen, change: func(_ *microsoft.Config, g *graph.Config) { g.ClientID = "" }, want: desk.RefusedSetup},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, tc.change)
			w.sample.Fail(tc.tenant, tc.failure)
			_, err := w.client.Health(t.Context(), tc.tenant, time.Time{}, plenty())
			r := refused(t, err, tc.want)
			if r.After != tc.after || !strings.Contains(r.Detail, tc.says) || strings.Contains(r.Detail, "hush") {
				t.Errorf("refused with %+v", r)
			}
		})
	}
}

func TestConsentIsLostAndGivenBack(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	poll := func() error {
		_, err := w.client.Health(t.Context(), lumen, time.Time{}, plenty())
		return err
	}
	if err := poll(); err != nil {
		t.Fatal(err)
	}
	if err := w.sample.Consent(lumen, false); err != nil {
		t.Fatal(err)
	}
	refused(t, poll(), desk.RefusedConsent)
	if err := w.sample.Consent(lumen, true); err != nil {
		t.Fatal(err)
	}
	if err := poll(); err != nil {
		t.Errorf("after the consent was given back: %v", err)
	}
}

// A token that was given before the consent grew is refused, and a new one taken.
func TestAnOldTokenIsReplaced(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, plenty()); err != nil {
		t.Fatal(err)
	}
	before := w.sample.Requests()
	w.clock.at = w.clock.at.Add(50 * time.Minute)
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, plenty()); err != nil || w.sample.Requests() != before+4 {
		t.Errorf("within its life a token is asked for anew: %v, %d requests", err, w.sample.Requests()-before)
	}
	w.clock.at = w.clock.at.Add(8 * time.Minute)
	if _, err := w.client.Health(t.Context(), lumen, time.Time{}, plenty()); err != nil || w.sample.Requests() != before+9 {
		t.Errorf("near its end a token is used again: %v, %d requests", err, w.sample.Requests()-before)
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	nowhere := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	client := graph.New(graph.Config{Root: nowhere, Authority: nowhere, ClientID: "guichet", ClientSecret: "hush"})
	_, err := client.Health(t.Context(), lumen, time.Time{}, plenty())
	refused(t, err, desk.RefusedDown)

	w := setup(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.client.Health(ctx, lumen, time.Time{}, plenty())
	refused(t, err, desk.RefusedDown)
}

func find(t *testing.T, heard desk.TenantHealth, code string) desk.Published {
	t.Helper()
	for _, p := range heard.Published {
		if p.Code == code {
			return p
		}
	}
	t.Fatalf("%s is not among %d published", code, len(heard.Published))
	return desk.Published{}
}

func has(heard desk.TenantHealth, code string) bool {
	return slices.ContainsFunc(heard.Published, func(p desk.Published) bool { return p.Code == code })
}

func refused(t *testing.T, err error, want desk.RefusalKind) desk.Refusal {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != want {
		t.Fatalf("error %v, want it refused (%s)", err, want)
	}
	return r
}
