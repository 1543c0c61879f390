package app_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/access"
	"guichet/internal/app"
	sample "guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/microsoft/graph"
)

const supporting = "f023fd81-a637-4b56-95fd-791ac0226033" // Service Support Administrator

// delegating is a world whose first desk's tenant has these relationships.
func delegating(t *testing.T, list func(*world) []sample.Delegated) (*world, *sample.Server) {
	t.Helper()
	w := newWorld(t)
	server := httptest.NewUnstartedServer(nil)
	config := sample.Config{Base: "http://" + server.Listener.Addr().String(), ClientID: "guichet", ClientSecret: "s", Now: w.clock.read, Redirects: []string{"https://portal.example/consent/return"},
		Tenants: []sample.Tenant{{ID: w.one.desk.Tenant, Name: "One", Partner: true, Consented: true, Delegated: list(w)}, {ID: w.one.first.tenant, Name: "First"}, {ID: w.one.second.tenant, Name: "Second"}}}
	s := made(sample.New(config))
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	sink := made(url.Parse(w.mail.URL()))
	var port int
	_ = made(fmt.Sscan(sink.Port(), &port))
	w.App = made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, SignIn: app.SignInConfig{BaseURL: "https://portal.example"},
		Mail:  made(mail.New(mail.Config{Host: sink.Hostname(), Port: port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))})),
		Graph: graph.New(graph.Config{Root: s.Graph(), Authority: s.Authority(), ClientID: "guichet", ClientSecret: "s", Now: w.clock.read})}))
	w.one.admin.SessionID = "this session"
	return w, s
}

// consenting takes the first desk through its own consent.
func (w *world) consenting(t *testing.T) desk.AccessReader {
	t.Helper()
	link := made(url.Parse(made(w.AskAccessConsent(t.Context(), w.one.admin))))
	return made(w.TakeAccessConsent(t.Context(), w.one.admin, desk.ConsentReply{Tenant: w.one.desk.Tenant, State: link.Query().Get("state"), Given: true}))
}

func (w *world) mayOpen(t *testing.T, c company) access.Verdict {
	t.Helper()
	return made(w.CustomersAccess(t.Context(), w.one.agent, c.id)).Verdict("exchange", access.OpenRequest)
}

func TestRelationshipsAreRead(t *testing.T) {
	t.Parallel()
	w, s := delegating(t, func(w *world) []sample.Delegated {
		return []sample.Delegated{{Customer: w.one.first.tenant, Name: "Support", Status: "active", Roles: []string{supporting}, EndsIn: 90 * 24 * time.Hour, Group: "active"},
			{Customer: desk.NewID().String(), Name: "Elsewhere", Status: "active", Roles: []string{supporting}}}
	})
	if v := w.mayOpen(t, w.one.first); v.Answer != access.Unknown {
		t.Fatalf("before anybody told: %+v", v)
	}
	r := w.consenting(t)
	if r.State != desk.Connected || r.Strangers != 1 || r.Problem != "" {
		t.Fatalf("%+v", r)
	}
	if v := w.mayOpen(t, w.one.first); v.Answer != access.Yes || len(v.Groups) != 1 {
		t.Errorf("%+v", v)
	}
	if v := w.mayOpen(t, w.one.second); !v.DeadEnd() {
		t.Errorf("one whom Microsoft does not name: %+v", v)
	}

	s.Delegate(w.one.desk.Tenant, nil) // it vanished
	w.clock.pass(2 * time.Hour)
	if err := w.ReadAccess(t.Context(), app.RefreshAccess{Desk: w.one.desk.ID}); err != nil {
		t.Fatal(err)
	}
	c := made(w.CustomersAccess(t.Context(), w.one.agent, w.one.first.id))
	if len(c.List) != 1 || c.List[0].GoneAt == nil || !c.Verdict("exchange", access.OpenRequest).DeadEnd() || c.State() != desk.AccessGone {
		t.Errorf("%+v", c)
	}

	s.Fail(w.one.desk.Tenant, sample.NoRoles)
	w.clock.pass(2 * time.Hour)
	if err := w.ReadAccess(t.Context(), app.RefreshAccess{Desk: w.one.desk.ID}); err != nil {
		t.Fatal(err)
	}
	p := made(w.AccessPage(t.Context(), w.one.admin, desk.AccessFilter{}))
	if p.Reader.State != desk.ConnectionLost || p.Reader.Problem == "" || len(p.Rows) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestConsentOfTheDesksOwnTenant(t *testing.T) {
	t.Parallel()
	w, _ := delegating(t, func(*world) []sample.Delegated { return nil })
	if _, err := w.AskAccessConsent(t.Context(), w.one.lead); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("a lead asks: %v", err)
	}
	for reason, change := range map[string]func(*desk.ConsentReply, *desk.Actor){
		"tenant":    func(r *desk.ConsentReply, _ *desk.Actor) { r.Tenant = w.two.desk.Tenant },
		"denied":    func(r *desk.ConsentReply, _ *desk.Actor) { r.Error = "access_denied" },
		"not_given": func(r *desk.ConsentReply, _ *desk.Actor) { r.Given = false },
		"foreign":   func(_ *desk.ConsentReply, who *desk.Actor) { who.SessionID = "another session" },
		"unknown":   func(r *desk.ConsentReply, _ *desk.Actor) { r.State = "made up" },
	} {
		link := made(url.Parse(made(w.AskAccessConsent(t.Context(), w.one.admin))))
		reply, who := desk.ConsentReply{Tenant: w.one.desk.Tenant, State: link.Query().Get("state"), Given: true}, w.one.admin
		change(&reply, &who)
		var refused desk.ConsentRefused
		if _, err := w.TakeAccessConsent(t.Context(), who, reply); !errors.As(err, &refused) || refused.Reason != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if r := made(w.AccessPage(t.Context(), w.one.admin, desk.AccessFilter{})).Reader; r.State != desk.ConnectionAsked || r.HeardAt != nil {
		t.Errorf("%+v", r)
	}
}

// Each end is told once in 30, 7 and 1 days, whatever happens to the clock, and to
// those who lead the desk.
func TestEndsAreToldOnceEach(t *testing.T) {
	t.Parallel()
	w, _ := delegating(t, func(*world) []sample.Delegated { return nil })
	form := desk.RelationshipForm{Name: "Support", Status: "active", Ends: w.clock.read().AddDate(0, 0, 40).Format("2006-01-02"), Roles: []string{supporting}}
	forever := form
	forever.Name, forever.AutoExtend = "Goes on", true
	for _, f := range []desk.RelationshipForm{form, forever} {
		if err := w.SaveRelationship(t.Context(), w.one.admin, w.one.first.id, desk.Nobody, f); err != nil {
			t.Fatal(err)
		}
	}
	for day := range 45 {
		for range 3 {
			if err := w.FanOutAccess(t.Context(), app.WatchAccess{}); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.pass(24 * time.Hour)
		want := 0
		for _, at := range []int{10, 33, 39} { // an end is at midnight, and it is nine o'clock by UTC
			if day >= at {
				want++
			}
		}
		if n := w.count(t, `select count(distinct args->>'round') from river.river_job where kind = 'access_notice'`); n != want {
			t.Fatalf("after day %d there were %d rounds, want %d", day, n, want)
		}
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'access_notice'`); n != 6 { // a lead and an admin, three times
		t.Errorf("%d letters", n)
	}
}

func TestALetterListsAllThatEnds(t *testing.T) {
	t.Parallel()
	w, _ := delegating(t, func(*world) []sample.Delegated { return nil })
	for n, c := range []company{w.one.first, w.one.second} {
		form := desk.RelationshipForm{Name: "Support", Status: "active", Ends: w.clock.read().AddDate(0, 0, 5+n).Format("2006-01-02"), Roles: []string{supporting}}
		if err := w.SaveRelationship(t.Context(), w.one.admin, c.id, desk.Nobody, form); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.FanOutAccess(t.Context(), app.WatchAccess{}); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, `select count(distinct args->>'round') from river.river_job where kind = 'access_notice'`); n != 1 {
		t.Fatalf("%d rounds", n)
	}
	var round string
	if err := w.sql(t).QueryRow(t.Context(), `select args->>'round' from river.river_job where kind = 'access_notice' limit 1`).Scan(&round); err != nil {
		t.Fatal(err)
	}
	job := app.AccessNotice{Desk: w.one.desk.ID, Round: made(desk.ParseID(round)), To: w.one.lead.Person.ID, Letter: desk.NewID()}
	if err := w.SendAccessNotice(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	m := w.mail.Messages()[0]
	if !strings.Contains(m.Text, "First") || !strings.Contains(m.Text, "Second") || strings.Contains(m.Text, "access.") || !strings.HasSuffix(m.Subject, "First et un autre") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	job.To = w.one.agent.Person.ID
	if err := w.SendAccessNotice(t.Context(), job); err != nil { // nobody sends him one, and reading is his right
		t.Error(err)
	}
}

func TestAFileOfRelationships(t *testing.T) {
	t.Parallel()
	w, _ := delegating(t, func(*world) []sample.Delegated { return nil })
	text := "customer;name;roles;ends;azure\nFirst;Support;Service Support Administrator;2027-03-01;owner\nNobody;Support;;2027-03-01;\n" + w.one.second.tenant + ";;;;none\n"
	i, err := w.ImportAccess(t.Context(), w.one.admin, text, true)
	if err != nil || i.Good != 2 || i.Bad != 1 || i.Done || i.Text != text {
		t.Fatalf("%+v, %v", i, err)
	}
	if v := w.mayOpen(t, w.one.first); v.Answer != access.Unknown {
		t.Errorf("a dry run stores: %+v", v)
	}
	if i, err = w.ImportAccess(t.Context(), w.one.admin, text, false); err != nil || !i.Done {
		t.Fatalf("%+v, %v", i, err)
	}
	if v := w.mayOpen(t, w.one.first); v.Answer != access.Yes {
		t.Errorf("%+v", v)
	}
	if c := made(w.CustomersAccess(t.Context(), w.one.agent, w.one.second.id)); c.Facts.AzureRole != access.AzureNone {
		t.Errorf("%+v", c.Facts)
	}
	if _, err := w.ImportAccess(t.Context(), w.one.lead, text, false); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("a lead imports: %v", err)
	}
}

func TestALongFileOfRelationships(t *testing.T) {
	t.Parallel()
	w, _ := delegating(t, func(*world) []sample.Delegated { return nil })
	var b strings.Builder
	b.WriteString("customer,relationship id,ends,azure\n")
	for range access.MostLines {
		fmt.Fprintf(&b, "%s,%s-%s,2027-03-01,owner\n", w.one.first.tenant, desk.NewID(), desk.NewID())
	}
	began := time.Now()
	i, err := w.ImportAccess(t.Context(), w.one.admin, b.String(), false)
	if err != nil || i.Good != access.MostLines {
		t.Fatalf("%d good, %d bad, %v", i.Good, i.Bad, err)
	}
	t.Logf("%d lines in %v", i.Good, time.Since(began))
	if n := w.count(t, `select count(*) from access_relationships`); n != access.MostLines {
		t.Errorf("%d are stored", n)
	}
}
