package app_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/microsoft/azure"
	"guichet/internal/microsoft/graph"
	"guichet/internal/postgres"
)

// microsoft answers for tenants as Graph and Resource Health are documented to,
// as far as these tests go.
type microsoft struct {
	*httptest.Server
	mu       sync.Mutex
	tenants  map[string]*tenant
	emerging string
	asked    map[string]int // lists read, by tenant
}

// times is how often a tenant's lists were read.
func (m *microsoft) times(tenant string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked[tenant]
}

// tenant is how one answers: with issues, or with a status and a body of its own.
type tenant struct {
	issues []map[string]any
	status int
	code   string
	after  string // Retry-After
}

func startMicrosoft(t *testing.T) *microsoft {
	t.Helper()
	m := &microsoft{tenants: map[string]*tenant{}, asked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, map[string]any{"access_token": r.PathValue("tenant"), "token_type": "Bearer", "expires_in": 3600})
	})
	mux.HandleFunc("GET /v1.0/admin/serviceAnnouncement/{list}", m.list)
	mux.HandleFunc("GET /providers/Microsoft.ResourceHealth/emergingIssues/default", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(m.emerging))
	})
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func (m *microsoft) list(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	m.asked[name]++
	x := m.tenants[name]
	switch {
	case x == nil:
		answer(w, 403, map[string]any{"error": map[string]any{"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."}})
	case x.status != 0:
		if x.after != "" {
			w.Header().Set("Retry-After", x.after)
		}
		answer(w, x.status, map[string]any{"error": map[string]any{"code": x.code, "message": "no"}})
	case r.PathValue("list") == "healthOverviews":
		answer(w, 200, map[string]any{"value": []any{map[string]any{"id": "Exchange", "service": "Exchange Online", "status": "serviceDegradation"}}})
	case r.PathValue("list") == "issues":
		answer(w, 200, map[string]any{"value": append([]map[string]any{}, x.issues...)})
	default:
		answer(w, 200, map[string]any{"value": []any{}})
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// answers sets how a customer's tenant answers from now on; nil: consent is gone.
func (m *microsoft) answers(c company, x *tenant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tenants[c.tenant] = x
}

// issue is one as Graph writes it (domain: "serviceHealthIssue resource type").
func issue(code, status string, changed time.Time) map[string]any {
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	return map[string]any{"id": code, "title": "Some users may experience delays of email messages", "service": "Exchange Online", "feature": "E-Mail timely delivery",
		"classification": "incident", "origin": "microsoft", "status": status, "isResolved": status == "serviceRestored", "startDateTime": at(monday.Add(-2 * time.Hour)),
		"lastModifiedDateTime": at(changed), "impactDescription": "Users may see delays.", "details": []any{},
		"posts": []any{map[string]any{"createdDateTime": at(changed), "postType": "regular",
			"description": map[string]any{"contentType": "html", "content": "<p>User impact: Users may see delays.</p><p>Current status: " + status + "</p>"}}}}
}

// watching is a world whose verbs ask these endpoints, with the first customer of
// the first desk connected.
func watching(t *testing.T) (*world, *microsoft) {
	t.Helper()
	w, m := newWorld(t), startMicrosoft(t)
	root := made(url.Parse(m.URL))
	// Its own clock, as a token outlives no test that moves days ahead.
	w.App = made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, SignIn: app.SignInConfig{BaseURL: "https://portal.example"},
		Graph: graph.New(graph.Config{Root: root, Authority: root, ClientID: "guichet", ClientSecret: "s", Now: w.clock.read}),
		Azure: azure.New(azure.Config{Root: root, Authority: root, ClientID: "guichet", ClientSecret: "s", Tenant: desk.NewID().String(), Now: w.clock.read})}))
	w.one.admin.SessionID = "this session"
	return w, m
}

// connect takes a customer through consent.
func (w *world) connect(t *testing.T, o office, c company) desk.CustomersHealth {
	t.Helper()
	o.admin.SessionID = "this session"
	h, err := w.TakeConsent(t.Context(), o.admin, w.consent(t, o, c))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// consent is what Microsoft sends back once the customer's administrator agreed.
func (w *world) consent(t *testing.T, o office, c company) desk.ConsentReply {
	t.Helper()
	o.admin.SessionID = "this session"
	link := made(url.Parse(made(w.AskConsent(t.Context(), o.admin, c.id))))
	if got := link.Query().Get("redirect_uri"); got != "https://portal.example/consent/return" || !strings.Contains(link.Path, c.tenant) {
		t.Fatalf("the link %s", link)
	}
	return desk.ConsentReply{Tenant: c.tenant, State: link.Query().Get("state"), Given: true}
}

// poll lets the clock pass and works what the queue would.
func (w *world) poll(t *testing.T, o office, after time.Duration, list ...company) {
	t.Helper()
	w.clock.pass(after)
	for _, c := range list {
		if err := w.RefreshHealth(t.Context(), app.Refresh{Desk: o.desk.ID, Customer: c.id}); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) health(t *testing.T, o office, c company) desk.CustomersHealth {
	t.Helper()
	return made(w.CustomersHealth(t.Context(), o.admin, c.id))
}

func (w *world) issuesOf(t *testing.T, who desk.Actor, tab string) []desk.IssueRow {
	t.Helper()
	return made(w.Issues(t.Context(), who, desk.IssueFilter{Tab: tab})).Rows
}

func (w *world) newsOrdered(t *testing.T) int {
	t.Helper()
	return w.count(t, `select count(*)::int from river.river_job where kind = 'issue_news'`)
}

// newsWorked empties the queue of news, as its worker would.
func (w *world) newsWorked(t *testing.T) {
	t.Helper()
	if _, err := w.sql(t).Exec(t.Context(), `delete from river.river_job where kind = 'issue_news'`); err != nil {
		t.Fatal(err)
	}
}

func TestHealthIsReadStoredAndToldOnce(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	first, second := w.one.first, w.one.second
	m.answers(first, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday.Add(-time.Hour))}})
	m.answers(second, m.tenants[first.tenant])
	if h := w.connect(t, w.one, first); h.Connection.State != desk.Connected || len(h.Services) != 1 {
		t.Fatalf("%+v", h)
	}
	w.connect(t, w.one, second)
	list := w.issuesOf(t, w.one.agent, desk.TabOpen)
	if len(list) != 1 || list[0].Code != "EX1184213" || list[0].Touched != 2 || w.newsOrdered(t) != 2 { // to the second tenant all of it is new
		t.Fatalf("%+v, %d news", list, w.newsOrdered(t))
	}
	f := made(w.ReadIssue(t.Context(), w.one.agent, list[0].ID, app.IssuePage{}))
	if len(f.Posts) != 1 || f.Posts[0].Part("user impact") != "Users may see delays." {
		t.Errorf("%+v", f.Posts)
	}
	w.newsWorked(t)
	w.poll(t, w.one, 20*time.Minute, first, second) // the same again
	if w.newsOrdered(t) != 0 {
		t.Error("nothing new is told again")
	}
	m.answers(first, &tenant{issues: []map[string]any{issue("EX1184213", "serviceRestored", w.clock.read())}})
	w.poll(t, w.one, 20*time.Minute, first)
	if open, over := w.issuesOf(t, w.one.agent, desk.TabOpen), w.issuesOf(t, w.one.agent, desk.TabOver); len(open) != 0 || len(over) != 1 || w.newsOrdered(t) != 1 {
		t.Errorf("%d open, %d over, %d news", len(open), len(over), w.newsOrdered(t))
	}
	// A tenant that answers late, with what was true before, changes nothing; it is seen on its page.
	w.newsWorked(t)
	w.poll(t, w.one, time.Minute, second)
	if open := w.issuesOf(t, w.one.agent, desk.TabOpen); len(open) != 0 || w.newsOrdered(t) != 0 {
		t.Errorf("an older reply opened it again: %+v", open)
	}
	if r := w.health(t, w.one, second).Connection.Refused; len(r) != 1 || r[0].Reason != desk.EntryOlder {
		t.Errorf("refused %+v", r)
	}
	// At the other desk nothing of it is known.
	if list := w.issuesOf(t, w.two.agent, desk.TabOpen); len(list) != 0 {
		t.Errorf("another desk reads %+v", list)
	}
}

// A job that is worked again, or twice at once, changes nothing.
func TestARefreshThatIsRepeatedChangesNothing(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	c := w.one.first
	m.answers(c, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday)}})
	w.connect(t, w.one, c)
	before, asked := w.health(t, w.one, c), m.asked[c.tenant]
	w.poll(t, w.one, 0, c, c)
	after := w.health(t, w.one, c)
	if m.asked[c.tenant] != asked || !after.Connection.NextAt.Equal(*before.Connection.NextAt) {
		t.Errorf("asked %d times more", m.asked[c.tenant]-asked)
	}
}

func TestOneBadTenantDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	first, second := w.one.first, w.one.second
	good := &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday)}}
	m.answers(first, good)
	m.answers(second, good)
	w.connect(t, w.one, first)
	w.connect(t, w.one, second)
	for name, c := range map[string]struct {
		answer *tenant
		state  desk.ConnectionState
		kind   desk.RefusalKind
		least  time.Duration
	}{
		"consent gone": {nil, desk.ConnectionLost, desk.RefusedConsent, 4 * time.Hour},
		"throttled":    {&tenant{status: 429, code: "TooManyRequests", after: "600"}, desk.Connected, desk.RefusedThrottle, 10 * time.Minute},
		"down":         {&tenant{status: 500, code: "InternalServerError"}, desk.Connected, desk.RefusedDown, 40 * time.Second},
	} {
		m.answers(first, good)
		w.poll(t, w.one, 26*time.Hour, first, second)
		m.answers(first, c.answer)
		w.clock.pass(20 * time.Minute)
		if err := w.FanOutHealth(t.Context(), app.PollHealth{}); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `select count(*)::int from river.river_job where kind = 'refresh_health' and queue = 'health'`); n != 2 {
			t.Errorf("%s: %d ordered", name, n)
		}
		w.poll(t, w.one, 0, first, second)
		bad, fine := w.health(t, w.one, first).Connection, w.health(t, w.one, second).Connection
		if bad.State != c.state || bad.Problem != "connections.problem."+string(c.kind) || bad.NextAt.Sub(w.clock.read()) < c.least {
			t.Errorf("%s: %s, %s, again in %v", name, bad.State, bad.Problem, bad.NextAt.Sub(w.clock.read()))
		}
		if fine.Problem != "" || !fine.HeardAt.Equal(w.clock.read()) {
			t.Errorf("%s: the other %+v", name, fine)
		}
		if open := w.issuesOf(t, w.one.agent, desk.TabOpen); len(open) != 1 {
			t.Errorf("%s: what was known is gone: %+v", name, open)
		}
	}
}

// Consent that was lost comes back by the link, or by itself when the tenant lets
// us in again.
func TestConsentIsLostAndGivenBack(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	c := w.one.first
	good := &tenant{}
	for name, back := range map[string]func(){
		"by itself":   func() { w.poll(t, w.one, 8*time.Hour, c) },
		"by the link": func() { w.connect(t, w.one, c) },
	} {
		m.answers(c, good)
		w.connect(t, w.one, c)
		m.answers(c, nil)
		w.poll(t, w.one, 20*time.Minute, c)
		if x := w.health(t, w.one, c).Connection; x.State != desk.ConnectionLost {
			t.Fatalf("%s: %s", name, x.State)
		}
		if l := made(w.Issues(t.Context(), w.one.agent, desk.IssueFilter{Tab: desk.TabOpen})); len(l.Lost) != 1 {
			t.Errorf("%s: agents are told of %v", name, l.Lost)
		}
		m.answers(c, good)
		if back(); w.health(t, w.one, c).Connection.State != desk.Connected {
			t.Errorf("%s: %+v", name, w.health(t, w.one, c).Connection)
		}
	}
}

func TestConsentsThatProveNothingAreRefused(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	c := w.one.first
	m.answers(c, &tenant{})
	for name, x := range map[string]struct {
		change func(*desk.ConsentReply, *desk.Actor)
		want   string
	}{
		"another tenant":       {func(r *desk.ConsentReply, _ *desk.Actor) { r.Tenant = w.one.second.tenant }, "tenant"},
		"a state of nobody's":  {func(r *desk.ConsentReply, _ *desk.Actor) { r.State = "made up" }, "unknown"},
		"no state":             {func(r *desk.ConsentReply, _ *desk.Actor) { r.State = "" }, "unknown"},
		"another session":      {func(_ *desk.ConsentReply, a *desk.Actor) { a.SessionID = "another" }, "foreign"},
		"another desk's admin": {func(_ *desk.ConsentReply, a *desk.Actor) { *a = w.two.admin; a.SessionID = "this session" }, "unknown"},
		"no admin_consent":     {func(r *desk.ConsentReply, _ *desk.Actor) { r.Given = false }, "not_given"},
		"denied":               {func(r *desk.ConsentReply, _ *desk.Actor) { r.Error = "access_denied" }, "denied"},
		"an hour later":        {func(*desk.ConsentReply, *desk.Actor) { w.clock.pass(time.Hour) }, "expired"},
	} {
		who := w.one.admin
		r := w.consent(t, w.one, c)
		x.change(&r, &who)
		var refused desk.ConsentRefused
		if _, err := w.TakeConsent(t.Context(), who, r); !errors.As(err, &refused) || refused.Reason != x.want {
			t.Errorf("%s: %v, want %s", name, err, x.want)
		}
		if got := w.health(t, w.one, c).Connection; got.State != desk.ConnectionAsked || got.ConsentedAt != nil || m.asked[c.tenant] != 0 {
			t.Errorf("%s: %+v, asked %d times", name, got, m.asked[c.tenant])
		}
	}
	r := w.consent(t, w.one, c)
	if h, err := w.TakeConsent(t.Context(), w.one.admin, r); err != nil || h.Connection.State != desk.Connected {
		t.Fatalf("%+v (%v)", h.Connection, err)
	}
	var refused desk.ConsentRefused
	if _, err := w.TakeConsent(t.Context(), w.one.admin, r); !errors.As(err, &refused) || refused.Reason != "used" {
		t.Errorf("the same again: %v", err)
	}
	r = w.consent(t, w.one, c)
	r.Tenant = "x"
	_, _ = w.TakeConsent(t.Context(), w.one.admin, r)
	r.Tenant = c.tenant
	if _, err := w.TakeConsent(t.Context(), w.one.admin, r); !errors.As(err, &refused) || refused.Reason != "used" {
		t.Errorf("a state that was tried: %v", err)
	}
}

// Said to be given is not given: only the tenant's answer connects.
func TestOnlyTheTenantsAnswerConnects(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	c := w.one.first
	if h := w.connect(t, w.one, c); h.Connection.State != desk.ConnectionAsked || h.Connection.Problem != "connections.problem.not_yet" {
		t.Errorf("%+v", h.Connection)
	}
	// The customer moves to another tenant: what the old one gave counts for nothing.
	m.answers(c, &tenant{})
	w.poll(t, w.one, 2*time.Minute, c)
	if x := w.health(t, w.one, c).Connection; x.State != desk.Connected {
		t.Fatalf("%+v", x)
	}
	k := w.health(t, w.one, c).Customer
	moved := company{id: c.id, tenant: desk.NewID().String()}
	m.answers(moved, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday)}})
	if err := w.SaveCustomer(t.Context(), w.one.admin, c.id, desk.CustomerSettings{Name: k.Name, Tenant: moved.tenant, Relationship: k.Relationship, Active: true}); err != nil {
		t.Fatal(err)
	}
	w.poll(t, w.one, 20*time.Minute, c)
	if x := w.health(t, w.one, c).Connection; x.State != desk.ConnectionLost || m.asked[moved.tenant] != 0 {
		t.Errorf("%+v", x)
	}
}

// A tenant speaks of itself alone: what it says touches nobody else, and takes
// over no other issue's service.
func TestATenantSpeaksOfItselfAlone(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	first, second := w.one.first, w.one.second
	m.answers(first, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday)}})
	w.connect(t, w.one, first)
	hostile := issue("EX1184213", "serviceDegradation", monday.Add(time.Minute))
	hostile["service"], hostile["title"] = "Microsoft Teams", "<script>alert(1)</script>"
	m.answers(second, &tenant{issues: []map[string]any{hostile, issue("EX9999999", "investigating", monday), {"id": 7}, {"id": "EX1"}}})
	w.clock.pass(time.Hour)
	w.connect(t, w.one, second)
	for _, i := range w.issuesOf(t, w.one.agent, desk.TabOpen) {
		touched := made(w.ReadIssue(t.Context(), w.one.agent, i.ID, app.IssuePage{})).Touched
		if i.Service != "Exchange Online" || len(touched) != 1 || i.Code == "EX1184213" && touched[0].CustomerID != first.id || i.Code == "EX9999999" && touched[0].CustomerID != second.id {
			t.Errorf("%s of %s touches %+v", i.Code, i.Service, touched)
		}
	}
	reasons := map[string]bool{}
	for _, r := range w.health(t, w.one, second).Connection.Refused {
		reasons[r.Reason] = true
	}
	if !reasons[desk.EntryOtherService] || len(reasons) < 2 {
		t.Errorf("refused %v", reasons)
	}
	// A customer's person is shown what touches his company.
	var seen []desk.IssueRow
	err := w.db.View(t.Context(), second.contact.Scope(), func(tx *postgres.Tx) (err error) {
		seen, _, err = tx.Issues(desk.IssueFilter{Tab: desk.TabOpen})
		return err
	})
	if err != nil || len(seen) != 1 || seen[0].Code != "EX9999999" {
		t.Errorf("%+v (%v)", seen, err)
	}
}

func TestAnIssueIsRecordedByHand(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	c := w.one.first
	form := desk.IssueForm{Code: "EX1184213", Title: "Le courrier tarde", Service: "Exchange Online", Classification: "incident", Status: "investigating",
		Customers: []desk.ID{w.one.second.id}}
	id := made(w.RecordIssue(t.Context(), w.one.agent, form, desk.WordsForm{}))
	if again := made(w.RecordIssue(t.Context(), w.one.agent, form, desk.WordsForm{})); again != id || w.newsOrdered(t) != 1 {
		t.Errorf("recorded twice: %v and %v", id, again)
	}
	if err := w.SayOfIssue(t.Context(), w.one.agent, id, desk.WordsForm{Words: desk.Words{"fr": {Sees: "Vos messages arrivent en retard."}}}); err != nil {
		t.Fatal(err)
	}
	var wrong desk.Invalid
	if _, err := w.RecordIssue(t.Context(), w.one.agent, desk.IssueForm{Title: "x"}, desk.WordsForm{}); !errors.As(err, &wrong) {
		t.Errorf("an empty form: %v", err)
	}
	if _, err := w.RecordIssue(t.Context(), w.one.agent, desk.IssueForm{Title: "x", Service: "Planner", Classification: "advisory", Status: "investigating",
		Customers: []desk.ID{w.two.first.id}}, desk.WordsForm{}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's customer: %v", err)
	}
	if err := w.EndIssue(t.Context(), w.one.agent, id); err != nil {
		t.Fatal(err)
	}
	if err := w.EndIssue(t.Context(), w.one.agent, id); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("ended twice: %v", err)
	}
	if err := w.BringIssueBack(t.Context(), w.one.agent, id); err != nil {
		t.Fatal(err)
	}
	// Microsoft publishes it: it stays one issue, with the desk's words.
	m.answers(c, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday)}})
	w.connect(t, w.one, c)
	f := made(w.ReadIssue(t.Context(), w.one.agent, id, app.IssuePage{}))
	if f.Issue.Source != desk.FromGraph || f.Issue.Words["fr"].Sees == "" || len(f.Touched) != 2 || len(w.issuesOf(t, w.one.agent, desk.TabOpen)) != 1 {
		t.Errorf("%+v touches %d", f.Issue, len(f.Touched))
	}
	for _, err := range []error{w.EndIssue(t.Context(), w.one.agent, id), w.CorrectIssue(t.Context(), w.one.agent, id, form)} {
		if !errors.Is(err, desk.ErrConflict) {
			t.Errorf("an agent over Microsoft's word: %v", err)
		}
	}
}

func TestAHealthNoteHoldsUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	w, _ := watching(t)
	for _, text := range []string{"Microsoft signale une panne d’Entra.", "C’est réparé.", ""} {
		if err := w.NoteHealth(t.Context(), w.one.agent, text, ""); err != nil {
			t.Fatal(err)
		}
		if n := made(w.Issues(t.Context(), w.one.agent, desk.IssueFilter{})).Note; n.Fr != text {
			t.Errorf("%q, want %q", n.Fr, text)
		}
	}
}

// Consent is given to the portal, so a desk that merely enters a stranger's
// tenant could read what it told another desk. It reads once somebody of that
// tenant has signed in there.
func TestATenantOfTwoDesksIsReadOnceItSignedIn(t *testing.T) {
	t.Parallel()
	w, m := watching(t)
	theirs, ours := w.one.first, w.two.first
	m.answers(theirs, &tenant{issues: []map[string]any{issue("EX1184213", "serviceDegradation", monday.Add(-time.Hour))}})
	w.connect(t, w.one, theirs)
	sql := w.sql(t)
	if _, err := sql.Exec(t.Context(), `update customers set tenant = $1 where id = $2`, theirs.tenant, ours.id); err != nil {
		t.Fatal(err)
	}
	ours.tenant = theirs.tenant
	before := m.times(theirs.tenant)
	h := w.connect(t, w.two, ours)
	w.poll(t, w.two, 7*time.Hour, ours)
	if h = w.health(t, w.two, ours); h.Connection.State == desk.Connected || h.Connection.Problem != "connections.problem.proof" {
		t.Errorf("a stranger's tenant is %s: %q", h.Connection.State, h.Connection.Problem)
	}
	if n := m.times(theirs.tenant) - before; n != 0 || len(w.issuesOf(t, w.two.admin, "")) != 0 {
		t.Errorf("it was asked %d times", n)
	}
	w.poll(t, w.one, 0, theirs)
	if h = w.health(t, w.one, theirs); h.Connection.State != desk.Connected {
		t.Errorf("who was connected before is %s", h.Connection.State)
	}
	if _, err := sql.Exec(t.Context(), `with i as (insert into identities (id, issuer, tenant, subject, created_at) values (gen_random_uuid(), 'https://entra.example', $1, 'x', now()) returning id)
		update people set identity_id = i.id from i where people.desk_id = $2 and people.id = (select min(id::text)::uuid from people where customer_id = $3)`, theirs.tenant, w.two.desk.ID, ours.id); err != nil {
		t.Fatal(err)
	}
	w.poll(t, w.two, 2*time.Hour, ours)
	if h = w.health(t, w.two, ours); h.Connection.State != desk.Connected {
		t.Errorf("proven, it is %s: %q", h.Connection.State, h.Connection.Problem)
	}
}
