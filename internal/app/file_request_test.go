package app_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/app"
	sample "guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// onAzure begins an escalation about a customer's Azure, and what to file it with.
func (w *world) onAzure(t *testing.T, c company, subscription string) (number int64, f desk.RemoteFiling) {
	t.Helper()
	n := w.submit(t, c.contact, desk.Submission{Subject: "La machine ne répond plus", Body: "Depuis ce matin la machine virtuelle ne répond plus à personne.", Service: "Azure Virtual Machines",
		Impact: "stopped", Affected: "whole_tenant", Language: "fr"})
	for kind, text := range map[string]string{"health": "Aucun incident publié", "other_account": "Un autre compte voit la même chose"} {
		if err := w.RecordFinding(t.Context(), w.one.agent, n, kind, "confirmed", text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.OverrideDecision(t.Context(), w.one.agent, n, "MICROSOFT", "service_unavailable", "Chez Microsoft"); err != nil && !errors.Is(err, desk.ErrConflict) {
		t.Fatal(err)
	}
	number = w.begin(t, w.one, n)
	choices := made(w.FilingChoices(t.Context(), w.one.agent, number, ""))
	service := choices.Services[0].ID
	problems := made(w.FilingChoices(t.Context(), w.one.agent, number, service)).Problems
	return number, desk.RemoteFiling{Severity: "B", Service: service, Problem: problems[0].ID, Subscription: subscription, Anyway: true}
}

// reachable gives the desk a contact that Azure takes.
func (w *world) reachable(t *testing.T) {
	t.Helper()
	h := desk.ShippedHandover(w.one.desk)
	h.Version, h.By, h.Act = 1, w.one.admin.Person.ID, desk.HandoverContacts
	h.Contact = desk.HandoverContact{Name: "Karim Haddad", Email: "support@one.example", Phone: "+33 4 76 00 00 00", Zone: "Europe/Paris", Language: "fr", Country: "FR"}
	if err := w.db.Update(t.Context(), desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error { return tx.SaveHandover(h) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) filing(t *testing.T, number int64) app.FileRequest {
	t.Helper()
	return app.FileRequest{Desk: w.one.desk.ID, Escalation: w.escalation(t, w.one, number).ID}
}

func snoozed(err error) bool {
	var pause *river.JobSnoozeError
	return errors.As(err, &pause)
}

func TestAConnectorFilesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	w.reachable(t)
	number, f := w.onAzure(t, w.one.first, production)
	if got := w.escalation(t, w.one, number).Connectors; len(got) != 1 || got[0] != "azure_support" {
		t.Fatalf("connectors %v", got)
	}
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("pressed twice: %v", err)
	}

	// A worker dies after Microsoft took the request and before it could say so.
	died := errors.New("the process ended")
	dying := w.over(t, m, func(r *http.Request) error {
		if r.Method == http.MethodPut {
			return died
		}
		return nil
	})
	if err := dying.FileRequest(t.Context(), w.filing(t, number)); !snoozed(err) {
		t.Errorf("the dying worker: %v", err)
	}
	if e := w.escalation(t, w.one, number); !e.State.Before() || m.Filed(production) != 1 {
		t.Fatalf("state %s, %d there", e.State, m.Filed(production))
	}
	w.clock.pass(5 * time.Minute)
	for range 3 {
		if err := w.FileRequest(t.Context(), w.filing(t, number)); err != nil {
			t.Fatal(err)
		}
	}
	e := w.escalation(t, w.one, number)
	if m.Filed(production) != 1 || e.State != desk.EscalationFiled || len(e.Request) != 15 || e.Remote.Begun != nil || e.Remote.Trouble != "" || e.Severity != "B" {
		t.Errorf("%d there, escalation %+v", m.Filed(production), e.Escalation)
	}
	if e.ReplyDueAt == nil || e.ReplyDueAt.Sub(*e.FiledAt) != 4*time.Hour {
		t.Errorf("filed at %v, they promised until %v", e.FiledAt, e.ReplyDueAt)
	}
	if e.FiledBy != w.one.agent.Person.ID {
		t.Error("not filed in the name of who pressed")
	}
}

// The documented answer to the plain plan is shown as what it is, and a person may
// file by hand.
func TestAPlanThatIsTooSmall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	w.reachable(t)
	number, f := w.onAzure(t, w.one.second, development)
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	if err := w.FileRequest(t.Context(), w.filing(t, number)); err != nil {
		t.Fatal(err)
	}
	e := w.escalation(t, w.one, number)
	if e.Remote.Trouble != string(desk.RefusedPlan) || !strings.Contains(e.Remote.Detail, "Your support plan type is CSP") || e.Remote.Begun != nil || !e.State.Before() || m.Filed(development) != 0 {
		t.Errorf("escalation %+v", e.Remote)
	}
	if c := w.connectorOf(t, desk.AzureSupport); c.Trouble != "" || c.Held(w.clock.read()) {
		t.Errorf("one customer's plan holds the connector back: %+v", c)
	}
	w.file(t, w.one, number, "2603020050001234")
	if e := w.escalation(t, w.one, number); e.State != desk.EscalationFiled {
		t.Errorf("filed by hand it is %s", e.State)
	}
}

func TestFilingThatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	w.reachable(t)
	number, f := w.onAzure(t, w.one.first, production)
	for field, bad := range map[string]desk.RemoteFiling{"severity": {Service: f.Service, Problem: f.Problem, Subscription: production, Anyway: true},
		"subscription": {Severity: "B", Service: f.Service, Problem: f.Problem, Subscription: "production", Anyway: true},
		"problem":      {Severity: "B", Service: f.Service, Subscription: production, Anyway: true},
		"dossier":      {Severity: "B", Service: f.Service, Problem: f.Problem, Subscription: production}} {
		if _, ok := wrongAt(w.FileByConnector(t.Context(), w.one.agent, number, 0, bad), field); !ok {
			t.Errorf("taken with a wrong %s", field)
		}
	}
	for _, who := range []desk.Actor{w.one.first.contact, w.one.first.manager, desk.Visitor(w.one.desk)} {
		if err := w.FileByConnector(t.Context(), who, number, 0, f); !errors.Is(err, desk.ErrForbidden) && !errors.Is(err, desk.ErrSignIn) {
			t.Errorf("%s may file: %v", who.Person.Role, err)
		}
	}
	if err := w.FileByConnector(t.Context(), w.two.agent, number, 0, f); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk files: %v", err)
	}
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	m.Fail(w.one.first.tenant, sample.Down)
	if err := w.FileRequest(t.Context(), w.filing(t, number)); !snoozed(err) {
		t.Errorf("Microsoft is down: %v", err)
	}
	e, c := w.escalation(t, w.one, number), w.connectorOf(t, desk.AzureSupport)
	if e.Remote.Trouble != string(desk.RefusedDown) || e.Remote.Begun == nil || !c.Held(w.clock.read()) {
		t.Errorf("escalation %+v, connector %+v", e.Remote, c)
	}
	m.Fail(w.one.first.tenant, sample.NoFailure)
	if err := w.FileRequest(t.Context(), w.filing(t, number)); !snoozed(err) || m.Filed(production) != 0 {
		t.Errorf("asked before it may: %v", err)
	}
	w.clock.pass(time.Hour)
	if err := w.FileRequest(t.Context(), w.filing(t, number)); err != nil || w.escalation(t, w.one, number).Request == "" {
		t.Errorf("once it may: %v", err)
	}
}

func TestRequestsAreReadAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connected(t)
	w.reachable(t)
	number, f := w.onAzure(t, w.one.first, production)
	if err := w.FileByConnector(t.Context(), w.one.agent, number, 0, f); err != nil {
		t.Fatal(err)
	}
	if err := w.FileRequest(t.Context(), w.filing(t, number)); err != nil {
		t.Fatal(err)
	}
	read := app.ReadRequests{Desk: w.one.desk.ID}
	w.clock.pass(6 * time.Minute)
	for range 3 {
		w.clock.pass(5 * time.Minute)
		if err := w.ReadRequests(t.Context(), read); err != nil {
			t.Fatal(err)
		}
	}
	e := w.escalation(t, w.one, number)
	if len(e.Entries) != 1 || e.Entries[0].Side != desk.Them || e.Entries[0].Source != desk.FromAzureSupport || !strings.Contains(e.Entries[0].Body, "Priya") || e.RepliedAt == nil {
		t.Fatalf("entries %+v, replied at %v", e.Entries, e.RepliedAt)
	}
	if err := w.SayByConnector(t.Context(), w.one.agent, number, "Voici ce que vous demandez."); err != nil {
		t.Fatal(err)
	}
	said := w.escalation(t, w.one, number).Entries
	job := app.SayRequest{Desk: w.one.desk.ID, Escalation: e.ID}
	for _, n := range said {
		if n.Side == desk.Us {
			job.Entry = n.ID
		}
	}
	for range 2 {
		if err := w.SayRequest(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	before := w.escalation(t, w.one, number).Revision
	w.clock.pass(10 * time.Minute)
	if err := w.ReadRequests(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	e = w.escalation(t, w.one, number)
	ours := 0
	for _, n := range e.Entries {
		if n.Side == desk.Us {
			ours++
		}
	}
	if ours != 1 || len(e.Entries) != 3 || e.Revision == before {
		t.Errorf("%d of ours among %d entries", ours, len(e.Entries))
	}
	before = e.Revision
	w.clock.pass(10 * time.Minute)
	if err := w.ReadRequests(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	if e = w.escalation(t, w.one, number); e.Revision != before || !e.Remote.ReadAt.Equal(w.clock.read().Truncate(time.Microsecond)) {
		t.Errorf("reading nothing new moved the revision from %d to %d", before, e.Revision)
	}
}

// What a person filed in Partner Center is read by its number, and a number that the
// connector is not shown says so on the escalation alone.
func TestPartnerCenterIsReadByNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.connected(t)
	ids := map[string]int64{}
	for request, c := range map[string]company{m.FileAtPartnerCenter(w.one.first.tenant, "Facture"): w.one.first, "999999999999999": w.one.second} {
		number := w.begin(t, w.one, w.diagnosed(t, w.one, c.contact))
		w.file(t, w.one, number, request)
		if _, err := w.sql(t).Exec(t.Context(), `update escalations set portal = 'partner_center' where desk_id = $1 and number = $2`, w.one.desk.ID, number); err != nil {
			t.Fatal(err)
		}
		ids[request] = number
	}
	w.clock.pass(10 * time.Minute)
	if err := w.ReadRequests(t.Context(), app.ReadRequests{Desk: w.one.desk.ID}); err != nil {
		t.Fatal(err)
	}
	for request, number := range ids {
		e := w.escalation(t, w.one, number)
		if request == "999999999999999" {
			if e.Remote.Trouble != string(desk.RefusedGone) || e.State != desk.EscalationFiled {
				t.Errorf("a number that is not there: %+v", e.Remote)
			}
		} else if len(e.Entries) != 1 || e.Entries[0].Source != desk.FromPartnerCenter || e.Remote.Trouble != "" || e.Remote.Status != "open" {
			t.Errorf("entries %+v, remote %+v", e.Entries, e.Remote)
		}
	}
	if c := w.connectorOf(t, desk.PartnerCenter); c.Trouble != "" {
		t.Errorf("one number holds the connector back: %+v", c)
	}
}
