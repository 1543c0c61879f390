package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	sample "guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/microsoft/partnercenter"
)

const (
	hush        = "hush-client-secret"
	production  = "44444444-4444-4444-8444-444444444444"
	development = "55555555-5555-4555-8555-555555555555"
)

// sampled is the verbs over a sample of Microsoft, where the first customer has a
// plan that lets requests be filed and the second the plain one.
func (w *world) sampled(t *testing.T) *sample.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	m := made(sample.New(sample.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: hush, Now: w.clock.read, Tenants: []sample.Tenant{
		{ID: w.one.desk.Tenant, Name: "One", Consented: true, Partner: true},
		{ID: w.one.first.tenant, Name: "First", Consented: true, Subscriptions: []string{production}, Plan: "Premier"},
		{ID: w.one.second.tenant, Name: "Second", Consented: true, Subscriptions: []string{development}}}}))
	server.Config.Handler = m
	server.Start()
	t.Cleanup(server.Close)
	w.App = w.over(t, m, nil)
	return m
}

// over is the verbs as another process has them; do happens before each request to
// Azure.
func (w *world) over(t *testing.T, m *sample.Server, do func(*http.Request) error) *app.App {
	t.Helper()
	client := &http.Client{Transport: before{do}}
	return made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, Silent: true, Files: files.Folder(w.files), SignIn: app.SignInConfig{BaseURL: "https://portal.example"},
		Support: azuresupport.New(azuresupport.Config{Root: m.Azure(), Authority: m.Authority(), HTTP: client, Now: w.clock.read,
			Wait: func(_ context.Context, d time.Duration) error { w.clock.pass(d); return nil }}),
		Partner: partnercenter.New(partnercenter.Config{Root: m.PartnerCenter(), Authority: m.Authority(), Now: w.clock.read})}))
}

type before struct{ do func(*http.Request) error }

func (b before) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if b.do != nil && err == nil {
		if cut := b.do(r); cut != nil {
			answer.Body.Close()
			return nil, cut
		}
	}
	return answer, err
}

func (w *world) connectorForm(kind desk.ConnectorKind) desk.ConnectorForm {
	f := desk.ConnectorForm{Kind: kind, Enabled: true, Tenant: w.one.desk.Tenant, ClientID: "guichet", ClientSecret: hush}
	if kind == desk.PartnerCenter {
		f.Refresh = sample.RefreshToken(w.one.desk.Tenant)
	}
	return f
}

// connected has both connectors on.
func (w *world) connected(t *testing.T) *sample.Server {
	t.Helper()
	m := w.sampled(t)
	for _, kind := range desk.ConnectorKinds {
		if err := w.SaveConnector(t.Context(), w.one.admin, w.connectorForm(kind)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (w *world) connectorOf(t *testing.T, kind desk.ConnectorKind) desk.Connector {
	t.Helper()
	list, _, err := w.Connectors(t.Context(), w.one.admin)
	for _, c := range list {
		if c.Kind == kind && err == nil {
			return c
		}
	}
	t.Fatalf("no %s among %v (%v)", kind, list, err)
	return desk.Connector{}
}

func TestConnectorsKeepTheirSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sampled(t)
	f := w.connectorForm(desk.PartnerCenter)
	f.Refresh = ""
	if _, ok := wrongAt(w.SaveConnector(t.Context(), w.one.admin, f), "refresh"); !ok {
		t.Error("switched on without a refresh token")
	}
	f = w.connectorForm(desk.PartnerCenter)
	if err := w.SaveConnector(t.Context(), w.one.admin, f); err != nil {
		t.Fatal(err)
	}
	if err := w.SaveConnector(t.Context(), w.one.admin, f); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("saved from an old form: %v", err)
	}
	list, _, err := w.Connectors(t.Context(), w.one.admin)
	if text := string(made(json.Marshal(list))); err != nil || strings.Contains(text, hush) || strings.Contains(text, "demo-refresh") {
		t.Errorf("what pages are drawn from: %s (%v)", text, err)
	}
	var stored string
	if err := w.sql(t).QueryRow(t.Context(), `select encode(secret, 'escape') || settings::text from connectors where desk_id = $1`, w.one.desk.ID).Scan(&stored); err != nil || strings.Contains(stored, hush) {
		t.Errorf("stored as %s (%v)", stored, err)
	}
	f.ClientSecret, f.Refresh, f.Revision = "", "", 1
	if err := w.SaveConnector(t.Context(), w.one.admin, f); err != nil {
		t.Errorf("saved without typing the secrets again: %v", err)
	}
	f.ClientID, f.Revision = "another", 2
	if p, ok := wrongAt(w.SaveConnector(t.Context(), w.one.admin, f), "client_secret"); !ok || p.Key != "connectors.secret_again" {
		t.Errorf("another application inherits the secret: %v", p)
	}
	f.Tenant = "contoso"
	if _, ok := wrongAt(w.SaveConnector(t.Context(), w.one.admin, f), "tenant"); !ok {
		t.Error("a tenant that is none")
	}
	if list, _, err := w.Connectors(t.Context(), w.two.admin); err != nil || list[0].Revision+list[1].Revision != 0 {
		t.Errorf("another desk has them too: %v (%v)", list, err)
	}
	for _, who := range []desk.Actor{w.one.agent, w.one.lead, w.one.first.manager, desk.Visitor(w.one.desk)} {
		_, _, read := w.Connectors(t.Context(), who)
		_, check := w.CheckConnector(t.Context(), who, desk.PartnerCenter)
		_, _, compare := w.CompareProfile(t.Context(), who)
		for verb, err := range map[string]error{"read": read, "check": check, "compare": compare, "save": w.SaveConnector(t.Context(), who, f), "write": w.WriteProfile(t.Context(), who, desk.SupportProfile{})} {
			if !errors.Is(err, desk.ErrForbidden) && !errors.Is(err, desk.ErrSignIn) {
				t.Errorf("%s may %s: %v", who.Person.Role, verb, err)
			}
		}
	}
}

func TestConnectorsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.CheckConnector(t.Context(), w.one.admin, desk.AzureSupport); err == nil {
		t.Error("one that nobody set up was asked")
	}
	m := w.connected(t)
	for _, kind := range desk.ConnectorKinds {
		if c, err := w.CheckConnector(t.Context(), w.one.admin, kind); err != nil || c.Trouble != "" || c.HeardAt == nil {
			t.Errorf("%s: %+v (%v)", kind, c, err)
		}
	}
	m.EndRefresh(w.one.desk.Tenant)
	if c, err := w.CheckConnector(t.Context(), w.one.admin, desk.PartnerCenter); err != nil || c.Trouble != desk.RefusedConsent || c.NextAt == nil || strings.Contains(c.Detail, "demo-refresh") {
		t.Errorf("after the token ended: %+v (%v)", c, err)
	}
	m.Fail(w.one.desk.Tenant, sample.Throttled)
	if c, err := w.CheckConnector(t.Context(), w.one.admin, desk.AzureSupport); err != nil || c.Trouble != desk.RefusedThrottle {
		t.Errorf("told to wait: %+v (%v)", c, err)
	}
	if p, ok := wrongAt(func() error { _, err := w.CheckConnector(t.Context(), w.one.admin, desk.AzureSupport); return err }(), ""); !ok || p.Key != "connectors.wait" {
		t.Errorf("asked again at once: %v", p)
	}
	heard := 0
	if err := w.CheckConnectors(t.Context(), func(slug string, _ desk.Connector, _ error) { heard++ }); err != nil || heard != 2 {
		t.Errorf("the operator hears of %d (%v)", heard, err)
	}
}

// The token that an answer brings is the one that is used next, also by another
// process.
func TestRefreshTokensAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	sealed := func() (b []byte) {
		if err := w.sql(t).QueryRow(t.Context(), `select secret from connectors where desk_id = $1 and kind = 'partner_center'`, w.one.desk.ID).Scan(&b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := sealed()
	if _, err := w.CheckConnector(t.Context(), w.one.admin, desk.PartnerCenter); err != nil {
		t.Fatal(err)
	}
	next := sealed()
	if text := made(w.sealer.Unseal(next)); string(next) == string(first) || !strings.Contains(text, "demo-refresh-"+w.one.desk.Tenant+"-1-") || !strings.Contains(text, hush) {
		t.Errorf("kept %q", text)
	}
	other := w.over(t, m, nil)
	if c, err := other.CheckConnector(t.Context(), w.one.admin, desk.PartnerCenter); err != nil || c.Trouble != "" || c.Revision != 1 {
		t.Errorf("another process: %+v (%v)", c, err)
	}
}

func TestSupportProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.sampled(t)
	if _, ok := wrongAt(func() error { _, _, err := w.CompareProfile(t.Context(), w.one.admin); return err }(), ""); !ok {
		t.Error("read while the connector is off")
	}
	if err := w.SaveConnector(t.Context(), w.one.admin, w.connectorForm(desk.PartnerCenter)); err != nil {
		t.Fatal(err)
	}
	there, here, err := w.CompareProfile(t.Context(), w.one.admin)
	if err != nil || there.Email == "" || here.Website != "https://portal.example/one" || here.Email != "" {
		t.Fatalf("there %+v, here %+v (%v)", there, here, err)
	}
	if lines := there.Compare(here); lines[0].Different || lines[1].Different || !lines[2].Different {
		t.Errorf("compared %+v: what the desk does not say is no difference", lines)
	}
	stale := there
	stale.Phone = "+33 1"
	if err := w.WriteProfile(t.Context(), w.one.admin, stale); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("written over what nobody saw: %v", err)
	}
	if err := w.WriteProfile(t.Context(), w.one.admin, there); err != nil {
		t.Fatal(err)
	}
	after, _, err := w.CompareProfile(t.Context(), w.one.admin)
	if err != nil || after.Website != here.Website || after.Email != there.Email || after.Phone != there.Phone {
		t.Errorf("there now %+v (%v)", after, err)
	}
	if _, ok := wrongAt(w.WriteProfile(t.Context(), w.one.admin, after), ""); !ok {
		t.Error("written though nothing differs")
	}
	m.Fail(w.one.desk.Tenant, sample.NoRoles)
	var r desk.Refusal
	if _, _, err := w.CompareProfile(t.Context(), w.one.admin); !errors.As(err, &r) || r.Kind != desk.RefusedRole {
		t.Errorf("without a role: %v", err)
	}
}

// A key is changed: what the old one sealed is read, sealed anew, and read without
// the old one.
func TestSecretsAreSealedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	if err := w.SaveDesk(t.Context(), w.two.admin, desk.DeskSettings{Name: "Two", Language: "en", Zone: "Europe/Paris", Issuer: "https://id.example", ClientID: "client"}, "issuer secret"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddPartnerPlan(t.Context(), w.one.admin, desk.PlanSettings{Kind: "psfp", Name: "PSfP", AccessID: "access"}, "contract"); err != nil {
		t.Fatal(err)
	}
	hook, _, err := w.AddWebhook(t.Context(), w.one.admin, desk.WebhookForm{URL: "https://psa.example", Events: []string{"ticket.created"}, Active: true})
	if err == nil {
		_, err = w.RotateWebhook(t.Context(), w.one.admin, hook) // the one before is sealed too
	}
	if err != nil {
		t.Fatal(err)
	}
	before := w.sealer
	old, fresh := made(before.Seal("text")), []byte(strings.Repeat("n", 32))
	w.sealer = made(app.NewSealer(fresh, []byte("thirty-two bytes only for tests!")))
	if text, err := w.sealer.Unseal(old); err != nil || text != "text" || !w.sealer.Stale(old) || before.Stale(old) {
		t.Fatalf("read %q by the old key (%v)", text, err)
	}
	a := w.over(t, m, nil)
	if dry, err := a.Reseal(t.Context(), true, nil); err != nil || dry.Secrets != 6 || len(dry.Lost) != 0 {
		t.Errorf("counted %+v (%v)", dry, err)
	}
	told := 0
	if done, err := a.Reseal(t.Context(), false, func(app.Resealed) { told++ }); err != nil || done.Secrets != 6 || done.Desks != 2 || told != 2 {
		t.Errorf("sealed anew %+v, told %d times (%v)", done, told, err)
	}
	w.sealer = made(app.NewSealer(fresh))
	alone := w.over(t, m, nil)
	if again, err := alone.Reseal(t.Context(), false, nil); err != nil || again.Secrets != 0 || len(again.Lost) != 0 {
		t.Errorf("once more: %+v (%v)", again, err)
	}
	if c, err := alone.CheckConnector(t.Context(), w.one.admin, desk.PartnerCenter); err != nil || c.Trouble != "" {
		t.Errorf("by the new key alone: %+v (%v)", c, err)
	}
	w.sealer = made(app.NewSealer([]byte(strings.Repeat("x", 32))))
	if lost, err := w.over(t, m, nil).Reseal(t.Context(), false, nil); err != nil || len(lost.Lost) != 6 || lost.Secrets != 0 {
		t.Errorf("by a key that is no one's: %+v (%v)", lost, err)
	}
	w.typedAnew(t, w.over(t, m, nil))
}

// What was sealed before keys had names is read all the same.
func TestOlderSeals(t *testing.T) {
	t.Parallel()
	w := newSealers(t)
	now := made(w[0].Seal("secret"))
	if !strings.HasPrefix(string(now), "gk1:") || w[0].Stale(now) || !w[1].Stale(now) {
		t.Errorf("sealed as %q", now)
	}
	nameless := app.SealWithoutName(w[0], "secret")
	if text, err := w[0].Unseal(nameless); err != nil || text != "secret" || !w[0].Stale(nameless) {
		t.Errorf("read %q (%v)", text, err)
	}
	anew := made(w[0].Anew(nameless))
	if text, err := w[0].Unseal(anew); err != nil || text != "secret" || w[0].Stale(anew) {
		t.Errorf("sealed anew it reads %q (%v)", text, err)
	}
}
