package app_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/route"
)

// diagnosed opens a ticket that may be handed on: somebody looked at service health
// and tried something, and a person decided that it is Microsoft's.
func (w *world) diagnosed(t *testing.T, o office, who desk.Actor) int64 {
	t.Helper()
	n := w.submit(t, who, desk.Submission{Subject: "Planner ne s’ouvre plus", Body: "Depuis ce matin Planner affiche une page blanche pour toute l’équipe. Erreur AADSTS50076, Correlation ID: 8f14e45f-ceea-467f-9575-1b2c3d4e5f60.",
		Service: "Planner", Impact: "stopped", Affected: "whole_tenant", Language: "fr"})
	for kind, text := range map[string]string{"health": "Aucun incident publié", "other_account": "Un autre compte voit la même page"} {
		if err := w.RecordFinding(t.Context(), o.agent, n, kind, "confirmed", text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.OverrideDecision(t.Context(), o.agent, n, "MICROSOFT", "service_unavailable", "Chez Microsoft"); err != nil && !errors.Is(err, desk.ErrConflict) {
		t.Fatal(err)
	}
	return n
}

func (w *world) begin(t *testing.T, o office, ticket int64) int64 {
	t.Helper()
	n, err := w.BeginEscalation(t.Context(), o.agent, ticket, app.Begin{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) escalation(t *testing.T, o office, number int64) desk.EscalationStory {
	t.Helper()
	return made(w.Escalation(t.Context(), o.agent, number))
}

func (w *world) file(t *testing.T, o office, number int64, request string) {
	t.Helper()
	if err := w.FileEscalation(t.Context(), o.agent, number, 0, desk.Filing{Request: request, Severity: "B", Anyway: true}); err != nil {
		t.Fatal(err)
	}
}

func wrongAt(err error, field string) (desk.Problem, bool) {
	var wrong desk.Invalid
	if !errors.As(err, &wrong) {
		return desk.Problem{}, false
	}
	return wrong.Problems.Of(field)
}

func TestAnEscalationNeedsADiagnosis(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	begin := func(b app.Begin) error { _, err := w.BeginEscalation(t.Context(), w.one.agent, n, b); return err }
	if p, ok := wrongAt(begin(app.Begin{Reason: "Il insiste"}), "diagnosis"); !ok || p.Key != "escalation.diagnosis.health" {
		t.Errorf("nobody looked at service health: %v", p)
	}
	if err := w.RecordFinding(t.Context(), w.one.agent, n, "health", "ruled_out", "Rien de publié"); err != nil {
		t.Fatal(err)
	}
	if p, ok := wrongAt(begin(app.Begin{Reason: "Il insiste"}), "diagnosis"); !ok || p.Key != "escalation.diagnosis.tried" {
		t.Errorf("nobody tried anything: %v", p)
	}
	if err := w.RecordFinding(t.Context(), w.one.agent, n, "other_device", "confirmed", "Pareil ailleurs"); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, w.one, n); th.Ticket.Outcome == desk.Microsoft {
		t.Fatal("the sample question is Microsoft's")
	}
	if _, ok := wrongAt(begin(app.Begin{}), "reason"); !ok {
		t.Error("against the decision, without a reason")
	}
	if err := begin(app.Begin{Reason: "Il insiste"}); err != nil {
		t.Fatal(err)
	}
	if err := begin(app.Begin{Reason: "Encore"}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("two escalations of one ticket: %v", err)
	}
	if n := w.count(t, `select count(*) from escalations`); n != 1 {
		t.Errorf("%d escalations", n)
	}
}

func TestAnEscalationFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	ticket := w.diagnosed(t, o, o.first.contact)
	other := w.diagnosed(t, o, o.second.contact)
	n := w.begin(t, o, ticket)
	s := w.escalation(t, o, n)
	if s.Target != route.Microsoft || s.Owes() != "us" || s.State != desk.EscalationPreparing {
		t.Fatalf("%s owes %s, %s", s.Target, s.Owes(), s.State)
	}
	if f, ok := s.Dossier.Field("correlation_id"); ok && !strings.Contains(f.Value, "8f14e45f") {
		t.Errorf("the correlation id of the text: %+v", f)
	}
	if f, _ := s.Dossier.Field("tenant_id"); f.Value != o.first.tenant {
		t.Errorf("tenant: %+v", f)
	}

	// Whatever a dossier lacks is asked in one message, and the ticket waits.
	if err := w.AskForDossier(t.Context(), o.agent, n, []string{"steps"}, "1. Que faites-vous juste avant ?"); err != nil {
		t.Fatal(err)
	}
	if k := w.thread(t, o, ticket); k.Ticket.State != desk.WaitingCustomer || k.Said[len(k.Said)-1].Body != "1. Que faites-vous juste avant ?" {
		t.Errorf("asked: %s", k.Ticket.State)
	}
	w.reply(t, o.first.contact, ticket, app.Reply{Body: "1. J’ouvre Planner."})
	if f, _ := w.escalation(t, o, n).Dossier.Field("steps"); f.Value != "J’ouvre Planner." || f.From != "text" {
		t.Errorf("the customer answered by number: %+v", f)
	}
	if err := w.AnswerDossier(t.Context(), o.agent, n, 0, map[string]string{"steps": "Ouvrir Planner"}); err != nil {
		t.Fatal(err)
	}
	if f, _ := w.escalation(t, o, n).Dossier.Field("steps"); f.Value != "Ouvrir Planner" || f.From != "answer" {
		t.Errorf("answered: %+v", f)
	}
	if _, ok := wrongAt(w.AnswerDossier(t.Context(), o.agent, n, 0, map[string]string{"no_such": "x"}), "no_such"); !ok {
		t.Error("a field that no dossier has")
	}

	// Filed: their clock runs, both tickets wait.
	if err := w.JoinEscalation(t.Context(), o.agent, n, other); err != nil {
		t.Fatal(err)
	}
	w.file(t, o, n, "2603021420001234")
	s = w.escalation(t, o, n)
	if s.State != desk.EscalationFiled || s.Owes() != "them" || s.ReplyDueAt == nil || !s.ReplyDueAt.Equal(monday.Add(4*time.Hour)) || len(s.ReplySum) == 0 {
		t.Fatalf("filed: %s, due %v", s.State, s.ReplyDueAt)
	}
	for _, k := range []int64{ticket, other} {
		if th := w.thread(t, o, k); th.Ticket.State != desk.WaitingMicrosoft {
			t.Errorf("ticket %d: %s", k, th.Ticket.State)
		}
	}

	// They answer: kept as a record, relayed in the desk's words to both.
	w.clock.pass(time.Hour)
	next := w.clock.read().Add(3 * time.Hour)
	if err := w.EnterEntry(t.Context(), o.agent, n, 0, desk.EntryForm{Side: desk.Them, Text: "We are investigating, token eyJsecret"}, &desk.Step{State: desk.EscalationFiled, Next: &next}); err != nil {
		t.Fatal(err)
	}
	s = w.escalation(t, o, n)
	if s.RepliedAt == nil || !s.RepliedAt.Equal(w.clock.read()) || s.DueAt == nil || !s.DueAt.Equal(next) || len(s.Entries) != 1 {
		t.Fatalf("heard: %v, due %v", s.RepliedAt, s.DueAt)
	}
	entry := s.Entries[0].ID
	if err := w.RelayEntry(t.Context(), o.agent, n, entry, app.Relaying{Texts: map[string]string{"fr": "Microsoft cherche la cause."}}); err != nil {
		t.Fatal(err)
	}
	if err := w.RelayEntry(t.Context(), o.agent, n, entry, app.Relaying{Texts: map[string]string{"fr": "Encore"}}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("relayed twice: %v", err)
	}
	for who, k := range map[*desk.Actor]int64{&o.first.contact: ticket, &o.second.contact: other} {
		th := made(w.ReadTicket(t.Context(), *who, k))
		last := th.Said[len(th.Said)-1].Body
		if last != "Microsoft cherche la cause." || th.Ticket.State != desk.WaitingMicrosoft {
			t.Errorf("ticket %d: %q, %s", k, last, th.Ticket.State)
		}
		for _, m := range th.Said {
			if strings.Contains(m.Body, "eyJsecret") {
				t.Error("Microsoft's own words reached a customer")
			}
		}
	}

	// The customer is asked, and answers: then they wait for us.
	if err := w.AskForDossier(t.Context(), o.agent, n, nil, "À quelle heure ?"); err != nil {
		t.Fatal(err)
	}
	if s = w.escalation(t, o, n); s.Owes() != "customer" {
		t.Fatalf("asked the customer: %s", s.State)
	}
	w.clock.pass(time.Hour)
	w.reply(t, o.first.contact, ticket, app.Reply{Body: "À neuf heures"})
	if err := w.TriageAgain(t.Context(), app.Retriage{Desk: o.desk.ID, Ticket: ticket}); err != nil {
		t.Fatal(err)
	}
	if s = w.escalation(t, o, n); s.State != desk.EscalationWaitsUs {
		t.Errorf("the customer answered: %s", s.State)
	}

	// Solved: each customer is asked whether it works.
	if err := w.EndEscalation(t.Context(), o.agent, n, 0, desk.EndedSolved, ""); err != nil {
		t.Fatal(err)
	}
	for _, k := range []int64{ticket, other} {
		th := w.thread(t, o, k)
		if th.Ticket.State != desk.WaitingCustomer || !slices.Contains(kinds(th), desk.EventAskedAgain) {
			t.Errorf("ticket %d after the end: %s", k, th.Ticket.State)
		}
	}
	if err := w.AnswerWhetherItWorks(t.Context(), o.first.contact, ticket, true, "", desk.NewID()); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, o, ticket); th.Ticket.State != desk.Resolved {
		t.Errorf("works again: %s", th.Ticket.State)
	}
	l := made(w.Escalations(t.Context(), o.agent, desk.Cursor{}))
	if len(l.Live) != 0 || len(l.Past) != 1 || l.Past[0].Ending != desk.EndedSolved {
		t.Errorf("lists: %+v", l)
	}
	if _, err := w.BeginEscalation(t.Context(), o.agent, other, app.Begin{}); err != nil {
		t.Errorf("a ticket whose escalation ended is escalated again: %v", err)
	}
}

func TestANumberOfTheirsIsOneRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	one, two := w.begin(t, o, w.diagnosed(t, o, o.first.contact)), w.begin(t, o, w.diagnosed(t, o, o.second.contact))
	for _, number := range []string{"", "12345", "26030214200012345", "2603021420001234 ; drop", "１２３４５６７８９０１２３４５"} {
		if _, ok := wrongAt(w.FileEscalation(t.Context(), o.agent, one, 0, desk.Filing{Request: number, Severity: "C", Anyway: true}), "request"); !ok {
			t.Errorf("%q is no number of Microsoft's", number)
		}
	}
	w.file(t, o, one, " 012345678901234 ")
	if s := w.escalation(t, o, one); s.Request != "012345678901234" {
		t.Errorf("kept as %q", s.Request)
	}
	p, ok := wrongAt(w.FileEscalation(t.Context(), o.agent, two, 0, desk.Filing{Request: "012345678901234", Severity: "C", Anyway: true}), "request")
	if !ok || p.Key != "error.escalation.request_taken" {
		t.Errorf("another customer's number: %v", p)
	}
	if s := w.escalation(t, o, two); s.State != desk.EscalationPreparing {
		t.Errorf("refused, and %s", s.State)
	}
	far := w.begin(t, w.two, w.diagnosed(t, w.two, w.two.first.contact))
	w.file(t, w.two, far, "012345678901234") // another desk's business
	if err := w.RenumberEscalation(t.Context(), o.agent, one, 0, "612345678901234"); err != nil {
		t.Fatal(err)
	}
	w.file(t, o, two, "012345678901234")
}

func TestTwoWhoFileAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.begin(t, w.one, w.diagnosed(t, w.one, w.one.first.contact))
	var filed, refused int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			err := w.FileEscalation(t.Context(), w.one.agent, n, 0, desk.Filing{Request: "61234567890123" + string(rune('0'+i)), Severity: "C", Anyway: true})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				filed++
			case errors.Is(err, desk.ErrConflict):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if filed != 1 || refused != 7 {
		t.Errorf("%d filed, %d refused", filed, refused)
	}
	var both sync.WaitGroup
	ended := make([]error, 2)
	for i, ending := range []desk.EscalationEnding{desk.EndedSolved, desk.EndedReturned} {
		both.Go(func() {
			ended[i] = w.EndEscalation(t.Context(), w.one.agent, n, 0, ending, "Voilà")
		})
	}
	both.Wait()
	if (ended[0] == nil) == (ended[1] == nil) {
		t.Errorf("ended at once: %v", ended)
	}
}

func TestALeadLetsAnEscalationGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	h := w.escalation(t, o, n).Handover
	if err := w.ChangeHandover(t.Context(), o.admin, h.Version, desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveAlways}); err != nil {
		t.Fatal(err)
	}
	file := func() error {
		return w.FileEscalation(t.Context(), o.agent, n, 0, desk.Filing{Request: "612345678901234", Severity: "C", Anyway: true})
	}
	if _, ok := wrongAt(file(), "severity"); !ok {
		t.Fatal("filed without a lead")
	}
	if _, ok := wrongAt(w.AskApproval(t.Context(), o.agent, n, 0), "dossier"); !ok {
		t.Error("an incomplete dossier was laid before a lead")
	}
	typed := map[string]string{}
	for _, f := range w.escalation(t, o, n).Dossier.Missing() {
		typed[f.Key] = "2026-03-02 08:00 UTC"
		if text, ok := map[string]string{"initial_domain": "first.onmicrosoft.com", "diagnostics_consent": "yes", "contact_email": "desk@one.example"}[f.Key]; ok {
			typed[f.Key] = text
		}
	}
	if err := w.AnswerDossier(t.Context(), o.agent, n, 0, typed); err != nil {
		t.Fatal(err)
	}
	if d := w.escalation(t, o, n).Dossier; !d.Complete() {
		t.Fatalf("still missing: %+v", d.Missing())
	}
	if err := w.AskApproval(t.Context(), o.agent, n, 0); err != nil {
		t.Fatal(err)
	}
	if err := w.ApproveEscalation(t.Context(), o.agent, n, 0, true, ""); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("an agent lets it go: %v", err)
	}
	if _, ok := wrongAt(w.ApproveEscalation(t.Context(), o.lead, n, 0, false, " "), "reason"); !ok {
		t.Error("sent back without a word")
	}
	if err := w.ApproveEscalation(t.Context(), o.lead, n, 0, true, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.AnswerDossier(t.Context(), o.agent, n, 0, map[string]string{"steps": "Changé après l’accord"}); err != nil {
		t.Fatal(err)
	}
	if _, ok := wrongAt(file(), "severity"); !ok {
		t.Error("what was approved has changed, and goes")
	}
	if err := errors.Join(w.AskApproval(t.Context(), o.agent, n, 0), w.ApproveEscalation(t.Context(), o.lead, n, 0, true, ""), file()); err != nil {
		t.Error(err)
	}
}

// What the desk is for a customer changes: open escalations follow, one that a person
// led elsewhere does not, and one that is filed stays where it is.
func TestARelationThatChangesLeadsOpenEscalations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	follows, led, filed := w.begin(t, o, w.diagnosed(t, o, o.first.contact)), w.begin(t, o, w.diagnosed(t, o, o.first.other)), w.begin(t, o, w.diagnosed(t, o, o.first.manager))
	if _, ok := wrongAt(w.LeadEscalation(t.Context(), o.agent, led, 0, app.Another{Target: route.Publisher}), "why"); !ok {
		t.Error("another way without a reason")
	}
	if err := w.LeadEscalation(t.Context(), o.agent, led, 0, app.Another{Target: route.Publisher, Why: "C’est un produit tiers"}); err != nil {
		t.Fatal(err)
	}
	w.file(t, o, filed, "612345678901234")
	s := desk.CustomerSettings{Name: "First", Tenant: o.first.tenant, Relationship: desk.Reseller, Active: true, OpenDoor: true}
	if err := w.SaveCustomer(t.Context(), o.admin, o.first.id, s); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]route.Target{follows: route.Provider, led: route.Publisher, filed: route.Microsoft} {
		if e := w.escalation(t, o, n); e.Target != want {
			t.Errorf("%d goes to %s, want %s", n, e.Target, want)
		}
	}
	if e := w.escalation(t, o, filed); e.RouteNow.Target != route.Provider {
		t.Errorf("a filed one does not say that the way is another now: %+v", e.RouteNow)
	}
}

func TestAnIncidentsOneRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	first, second := w.diagnosed(t, o, o.first.contact), w.diagnosed(t, o, o.second.contact)
	i := w.openIncident(t, o, first, second)
	n := made(w.BeginEscalation(t.Context(), o.agent, first, app.Begin{Incident: true}))
	if s := w.escalation(t, o, n); len(s.Tickets) != 2 || s.Incident != i || len(s.Dossier.Tenants) != 2 {
		t.Fatalf("%d tickets, incident %d, %d tenants", len(s.Tickets), s.Incident, len(s.Dossier.Tenants))
	}
	if _, err := w.BeginEscalation(t.Context(), o.agent, second, app.Begin{Incident: true}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second request for one incident: %v", err)
	}
	w.file(t, o, n, "2603021420001234")
	if s := made(w.Incident(t.Context(), o.agent, i)); s.File.Request != "2603021420001234" {
		t.Errorf("the incident's request: %q", s.File.Request)
	}
	w.settle(t, o, i)
	third := w.begin(t, o, w.diagnosed(t, o, o.second.other))
	if _, ok := wrongAt(w.FileEscalation(t.Context(), o.agent, third, 0, desk.Filing{Request: "2603021420001234", Severity: "C", Anyway: true}), "request"); !ok {
		t.Error("an incident's number on another escalation")
	}
}

// A customer's person reads nothing of an escalation, by whatever verb.
func TestCustomersReadNoEscalation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	ticket := w.diagnosed(t, o, o.first.contact)
	n := w.begin(t, o, ticket)
	w.file(t, o, n, "2603021420001234")
	th := made(w.ReadTicket(t.Context(), o.first.contact, ticket))
	for _, e := range th.Happened {
		if slices.Contains([]desk.EventKind{desk.EventEscalated, desk.EventHandedOn, desk.EventEscEnded}, e.Kind) || strings.Contains(e.Data["request"], "26030") {
			t.Errorf("a customer reads %s %v", e.Kind, e.Data)
		}
	}
	for _, who := range []desk.Actor{o.first.contact, o.first.manager} {
		if _, err := w.Escalation(t.Context(), who, n); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("%s: %v", who.Person.Role, err)
		}
	}
	if _, err := w.Escalation(t.Context(), w.two.agent, n); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk: %v", err)
	}
}

// What it is about, where the ticket does not tell, leads elsewhere.
func TestWhatItIsAboutLeads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.diagnosed(t, o, o.first.contact)
	for matter, field := range map[desk.Matter]string{"nonsense": "matter", desk.MatterDirect: "target"} {
		if _, err := w.BeginEscalation(t.Context(), o.agent, n, app.Begin{Matter: matter}); err == nil {
			t.Errorf("%s begins", matter)
		} else if _, ok := wrongAt(err, field); !ok {
			t.Errorf("%s: %v", matter, err)
		}
	}
	number := made(w.BeginEscalation(t.Context(), o.agent, n, app.Begin{Matter: desk.MatterVulnerability}))
	if e := w.escalation(t, o, number); e.Target != route.MSRC || e.RouteNow.Target != route.MSRC {
		t.Errorf("a weakness of a product goes to %s", e.Target)
	}
	if _, ok := wrongAt(w.LeadEscalation(t.Context(), o.agent, number, 0, app.Another{Target: route.Microsoft, Portal: "m365_admin", Why: "Plus vite"}), "target"); !ok {
		t.Error("a weakness of a product in a support request")
	}
}
