package app_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	form := desk.IncidentForm{Title: "t", Service: "Exchange Online", Kind: string(desk.Regional)}
	maps.Copy(rights, map[string]right{
		"Incidents": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Incidents(bg, who, desk.Cursor{})
			return err
		}, agents},
		"Incident":      {func(w *world, who desk.Actor, _ int64) error { _, err := w.Incident(bg, who, 1); return err }, agents},
		"LiveIncidents": {func(w *world, who desk.Actor, _ int64) error { _, err := w.LiveIncidents(bg, who); return err }, agents},
		"OpenIncident":  {func(w *world, who desk.Actor, _ int64) error { _, err := w.OpenIncident(bg, who, form); return err }, agents},
		"ActOnIncident": {func(w *world, who desk.Actor, _ int64) error {
			return w.ActOnIncident(bg, who, 1, 0, desk.MitigateIncident, "")
		}, agents},
		"DescribeIncident": {func(w *world, who desk.Actor, _ int64) error { return w.DescribeIncident(bg, who, 1, 0, form) }, agents},
		"SayOfIncident": {func(w *world, who desk.Actor, _ int64) error {
			return w.SayOfIncident(bg, who, 1, 0, desk.WordsForm{})
		}, agents},
		"RequestForIncident": {func(w *world, who desk.Actor, _ int64) error { return w.RequestForIncident(bg, who, 1, 0, "x") }, agents},
		"MergeIncident":      {func(w *world, who desk.Actor, _ int64) error { return w.MergeIncident(bg, who, 1, 0, 2) }, agents},
		"JoinIncident":       {func(w *world, who desk.Actor, n int64) error { return w.JoinIncident(bg, who, 999, n) }, everybody},
		"AddToIncident":      {func(w *world, who desk.Actor, n int64) error { return w.AddToIncident(bg, who, 999, n) }, agents},
		"LeaveIncident":      {func(w *world, who desk.Actor, n int64) error { return w.LeaveIncident(bg, who, 1, n) }, agents},
		"LinkIncident":       {func(w *world, who desk.Actor, _ int64) error { return w.LinkIncident(bg, who, 1, desk.NewID()) }, agents},
		"UnlinkIncident":     {func(w *world, who desk.Actor, _ int64) error { return w.UnlinkIncident(bg, who, 1, desk.NewID()) }, agents},
		"SimilarTickets":     {func(w *world, who desk.Actor, _ int64) error { _, err := w.SimilarTickets(bg, who, ""); return err }, agents},
	})
	maps.Copy(open, map[string]string{"SettleTickets": "a job", "LookForIncidents": "a job", "FanOutWatches": "a job", "SendIncidentNotice": "a job"})
}

// teamsDown is what a customer writes when Teams is down for all of his people.
func teamsDown(n int) desk.Submission {
	return desk.Submission{Subject: fmt.Sprintf("Teams ne fonctionne plus %d", n), Body: "Personne chez nous ne peut se connecter à Teams, tous nos utilisateurs sont touchés depuis ce matin.",
		Service: "Microsoft Teams", Region: "France", Affected: "whole_tenant", Impact: "stopped"}
}

// crowd is a desk with so many customers of one contact each.
func (w *world) crowd(t *testing.T, o office, n int) []desk.Actor {
	t.Helper()
	var all []desk.Actor
	for i := range n {
		id := made(w.AddCustomer(t.Context(), o.admin, desk.CustomerSettings{Name: fmt.Sprintf("Company %d", i), Tenant: desk.NewID().String(), Relationship: desk.Direct, Region: "France"}))
		all = append(all, w.invite(t, o, desk.PersonSettings{Name: fmt.Sprintf("Contact %d", i), Email: fmt.Sprintf("c%d@%s.example", i, o.desk.Slug), Role: desk.Contact, CustomerID: id}))
	}
	return all
}

func (w *world) look(t *testing.T, o office) desk.IncidentList {
	t.Helper()
	if err := w.LookForIncidents(t.Context(), app.WatchTickets{Desk: o.desk.ID}); err != nil {
		t.Fatal(err)
	}
	return made(w.Incidents(t.Context(), o.agent, desk.Cursor{}))
}

// settle works what the worker would.
func (w *world) settle(t *testing.T, o office, number int64) {
	t.Helper()
	s := made(w.Incident(t.Context(), o.agent, number))
	if err := w.SettleTickets(t.Context(), app.SettleIncident{Desk: o.desk.ID, Incident: s.ID}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) openIncident(t *testing.T, o office, tickets ...int64) int64 {
	t.Helper()
	n := made(w.OpenIncident(t.Context(), o.agent, desk.IncidentForm{Title: "Teams en panne", Service: "Microsoft Teams", Kind: string(desk.Regional), Tickets: tickets}))
	w.settle(t, o, n)
	return n
}

// A rush is one incident, however the tickets come and however often it is looked.
func TestARushIsOneIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.crowd(t, w.one, 40)
	for i := range 200 {
		w.submit(t, people[i%len(people)], teamsDown(i))
		w.clock.pass(4 * time.Second)
		if i%50 == 20 {
			w.look(t, w.one)
		}
	}
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() { _ = w.LookForIncidents(t.Context(), app.WatchTickets{Desk: w.one.desk.ID}) })
	}
	workers.Wait()
	l := w.look(t, w.one)
	if len(l.Live) != 1 || l.Live[0].State != desk.IncidentProposed || l.Live[0].Customers != 40 || l.Live[0].Tickets < 190 {
		t.Fatalf("after a rush: %+v", l.Live)
	}
	s := made(w.Incident(t.Context(), w.one.agent, l.Live[0].Number))
	e := s.File.Evidence
	if e.Customers < 3 || e.Usual <= 0 || e.Usual > 1 || e.Chance <= 0 || e.Chance > 0.001 || e.Window == 0 || e.FalseRate <= 0 || s.Service != "Microsoft Teams" || s.Kind != desk.Regional || s.Region != "France" {
		t.Errorf("what it rests on: %+v of %s in %q", e, s.Service, s.Region)
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'incident_notice'`); n != 2 {
		t.Errorf("%d letters of it, want one to the lead and one to the admin", n)
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'watch_tickets'`); n == 0 || n > 200 {
		t.Errorf("%d jobs of looking", n)
	}
	if other := made(w.Incidents(t.Context(), w.two.agent, desk.Cursor{})); len(other.Live) != 0 {
		t.Errorf("another desk sees %+v", other.Live)
	}
}

// What a person said was none is not proposed again while it lasts.
func TestADismissedIncidentStaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.crowd(t, w.one, 25)
	for i := range 6 {
		w.submit(t, people[i], teamsDown(i))
		w.clock.pass(time.Minute)
	}
	l := w.look(t, w.one)
	if len(l.Live) != 1 {
		t.Fatalf("%d incidents", len(l.Live))
	}
	if err := w.ActOnIncident(t.Context(), w.one.agent, l.Live[0].Number, 0, desk.DismissIncident, "Un exercice"); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		w.submit(t, people[10+i], teamsDown(i))
		w.clock.pass(time.Minute)
	}
	if l = w.look(t, w.one); len(l.Live) != 0 || len(l.Past) != 1 {
		t.Errorf("after it was dismissed: %+v", l.Live)
	}
}

// Ordinary tickets, one customer's flood and a very small desk make none.
func TestOrdinaryTicketsAreNoIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.crowd(t, w.one, 25)
	for i := range 30 {
		w.submit(t, people[0], teamsDown(i))
		w.submit(t, people[1+i%20], desk.Submission{Subject: "Comment ajouter un calendrier partagé ?", Body: "Une question sur le calendrier partagé.", Service: "Exchange Online"})
		w.clock.pass(time.Minute)
	}
	if l := w.look(t, w.one); len(l.Live) != 0 {
		t.Errorf("%+v", l.Live)
	}
}

// Tickets of an incident are decided by it, in the name of whoever opened it; what
// a person decided stays, and what leaves is the rules' again.
func TestTicketsFollowTheirIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	plain, own := w.submit(t, o.first.contact, teamsDown(1)), w.submit(t, o.second.contact, teamsDown(2))
	if err := w.OverrideDecision(t.Context(), o.agent, own, "PARTNER", "how_to", "Vu au téléphone"); err != nil {
		t.Fatal(err)
	}
	before := w.thread(t, o, plain).Decision
	n := w.openIncident(t, o, plain, own)
	k := w.thread(t, o, plain)
	if k.Ticket.Outcome != desk.Microsoft || k.Ticket.Category != desk.Regional || !k.Ticket.Confirmed || k.Decision.By != desk.ByIncident || k.Decision.PersonID != o.agent.Person.ID ||
		k.Decision.Reason != fmt.Sprint(n) || k.Decision.Verdict.Rule != before.Verdict.Rule {
		t.Errorf("decided %+v", k.Decision)
	}
	if d := w.thread(t, o, own).Decision; d.By != desk.ByPerson || d.Category != desk.HowTo {
		t.Errorf("a person's decision became %+v", d)
	}
	w.reply(t, o.first.contact, plain, app.Reply{Body: "C’est peut-être mon imprimante."})
	if err := w.TriageAgain(t.Context(), app.Retriage{Desk: o.desk.ID, Ticket: plain}); err != nil {
		t.Fatal(err)
	}
	if k = w.thread(t, o, plain); k.Ticket.Category != desk.Regional {
		t.Errorf("another message made it %s", k.Ticket.Category)
	}
	if err := w.LeaveIncident(t.Context(), o.agent, n, plain); err != nil {
		t.Fatal(err)
	}
	if d := w.thread(t, o, plain).Decision; d.By != desk.ByRules || d.Settled() {
		t.Errorf("after it left: %+v", d)
	}
	if err := w.LeaveIncident(t.Context(), o.agent, n, plain); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("leaving twice: %v", err)
	}
}

// One request at Microsoft speaks for all: its tickets wait, also those that join
// later, and another number is refused.
func TestAnIncidentGoesToMicrosoftOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	first, late := w.submit(t, o.first.contact, teamsDown(1)), w.submit(t, o.second.contact, teamsDown(2))
	n := w.openIncident(t, o, first)
	for _, wrong := range []string{"", "12345", "26112614200012345", "2611261420O1234", "２611261420001234"} {
		var invalid desk.Invalid
		if err := w.RequestForIncident(t.Context(), o.agent, n, 0, wrong); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := w.RequestForIncident(t.Context(), o.agent, n, 0, " 2611261420001234 "); err != nil {
		t.Fatal(err)
	}
	if err := w.JoinIncident(t.Context(), o.agent, n, late); err != nil {
		t.Fatal(err)
	}
	w.settle(t, o, n)
	for _, number := range []int64{first, late} {
		if k := w.thread(t, o, number).Ticket; k.State != desk.WaitingMicrosoft {
			t.Errorf("%d is %s", number, k.State)
		}
	}
	if err := w.RequestForIncident(t.Context(), o.lead, n, 0, "2611261420009999"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second request: %v", err)
	}
	var invalid desk.Invalid
	if err := w.RequestForIncident(t.Context(), o.agent, w.openIncident(t, o), 0, "2611261420001234"); !errors.As(err, &invalid) {
		t.Errorf("the same request for another incident: %v", err)
	}
	if err := w.LeaveIncident(t.Context(), o.agent, n, late); err != nil {
		t.Fatal(err)
	}
	if k := w.thread(t, o, late).Ticket; k.State != desk.Open {
		t.Errorf("left, and %s", k.State)
	}
}

// Two agents at once: one wins, the other is told.
func TestTwoAgentsActOnceOnAnIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.openIncident(t, o, w.submit(t, o.first.contact, teamsDown(1)))
	seen := made(w.Incident(t.Context(), o.agent, n)).File.Revision
	errs := make([]error, 6)
	var both sync.WaitGroup
	for i := range errs {
		both.Go(func() {
			errs[i] = w.ActOnIncident(t.Context(), []desk.Actor{o.agent, o.lead}[i%2], n, seen, desk.CloseIncident, fmt.Sprintf("Réglé %d", i))
		})
	}
	both.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, desk.ErrConflict):
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of six closed it", won)
	}
}

// Two merged crosswise at once wait for each other; their tickets end in one.
func TestMergedTicketsMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	x, y := w.submit(t, o.first.contact, teamsDown(1)), w.submit(t, o.second.contact, teamsDown(2))
	a, b := w.openIncident(t, o, x), w.openIncident(t, o, y)
	if err := w.RequestForIncident(t.Context(), o.agent, a, 0, "2611261420001234"); err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 2)
	var both sync.WaitGroup
	both.Go(func() { errs[0] = w.MergeIncident(t.Context(), o.agent, a, 0, b) })
	both.Go(func() { errs[1] = w.MergeIncident(t.Context(), o.lead, b, 0, a) })
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("both or none merged: %v", errs)
	}
	left := b
	if errs[0] != nil {
		left = a
	}
	w.settle(t, o, left)
	s := made(w.Incident(t.Context(), o.agent, left))
	if s.TicketsAll != 2 || s.File.Request != "2611261420001234" {
		t.Errorf("%d tickets, request %q", s.TicketsAll, s.File.Request)
	}
	for _, n := range []int64{x, y} {
		if k := w.thread(t, o, n); k.Ticket.State != desk.WaitingMicrosoft || k.Decision.Reason != fmt.Sprint(left) {
			t.Errorf("ticket %d is %s by incident %s", n, k.Ticket.State, k.Decision.Reason)
		}
	}
	if other := made(w.Incident(t.Context(), o.agent, a+b-left)); other.State != desk.IncidentMerged || other.Into != left || other.TicketsAll != 0 {
		t.Errorf("the other is %s into %d with %d tickets", other.State, other.Into, other.TicketsAll)
	}
}

// A customer joins with his own what he can see, and learns nothing of others.
func TestCustomersJoinWhatTheySee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	mine, again, theirs := w.submit(t, o.first.contact, teamsDown(1)), w.submit(t, o.first.contact, teamsDown(3)), w.submit(t, o.second.contact, teamsDown(2))
	n := w.openIncident(t, o, theirs)
	if err := w.JoinIncident(t.Context(), o.first.contact, n, mine); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("an incident that he cannot see: %v", err)
	}
	if err := w.JoinIncident(t.Context(), o.agent, n, mine); err != nil {
		t.Fatal(err)
	}
	if err := w.JoinIncident(t.Context(), o.first.contact, n, again); err != nil {
		t.Errorf("a second ticket of his: %v", err)
	}
	if err := w.JoinIncident(t.Context(), o.first.contact, n, theirs); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another's ticket: %v", err)
	}
	w.settle(t, o, n)
	th, err := w.ReadTicket(t.Context(), o.first.contact, again)
	i := th.Incident
	if err != nil || i == nil || i.Number != n || i.Title != "" || i.Request != "" {
		t.Errorf("he reads %+v, %v", i, err)
	}
	if err := w.JoinIncident(t.Context(), w.two.agent, n, mine); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's agent: %v", err)
	}
}

// A subcontractor's person learns that his ticket belongs to an incident, no more.
func TestSubcontractorsLeaveIncidentsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	for name, r := range rights {
		if strings.Contains(name, "Incident") {
			if err := r.call(w, w.acts(t, n.noe), 1); !errors.Is(err, desk.ErrForbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What worked again asks its customers; what was none gives its tickets back.
func TestEndsOfIncidents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.submit(t, o.first.contact, teamsDown(1))
	i := w.openIncident(t, o, n)
	if err := w.ActOnIncident(t.Context(), o.agent, i, 0, desk.DismissIncident, "Rien de commun"); err != nil {
		t.Fatal(err)
	}
	w.settle(t, o, i)
	if d := w.thread(t, o, n).Decision; d.By != desk.ByRules {
		t.Errorf("after it was dismissed: %+v", d)
	}
	if err := w.ActOnIncident(t.Context(), o.agent, i, 0, desk.MitigateIncident, ""); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("mitigating what was none: %v", err)
	}
	i = w.openIncident(t, o, n)
	if err := w.ActOnIncident(t.Context(), o.agent, i, 0, desk.MitigateIncident, ""); err != nil {
		t.Fatal(err)
	}
	w.settle(t, o, i)
	if k := w.thread(t, o, n).Ticket; k.State != desk.WaitingCustomer || k.Category != desk.Regional {
		t.Errorf("after it worked again: %s, %s", k.State, k.Category)
	}
	s := made(w.Incident(t.Context(), o.agent, i))
	kinds := []desk.IncidentEventKind{}
	for _, e := range s.Events {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Contains(kinds, desk.IncidentWasMitigated) || s.EndedAt == nil {
		t.Errorf("events %v, ended %v", kinds, s.EndedAt)
	}
}

// The clock's own job finds desks by what came lately, and no others.
func TestWatchesFindWhereTicketsCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(t, w.one.first.contact, teamsDown(1))
	var ids []desk.ID
	err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) (err error) {
		ids, err = tx.DesksToWatch(w.clock.read().Add(-time.Minute), 10)
		return err
	})
	if err != nil || !slices.Equal(ids, []desk.ID{w.one.desk.ID}) {
		t.Errorf("desks %v, %v", ids, err)
	}
	if err := w.FanOutWatches(t.Context(), app.Watches{}); err != nil {
		t.Fatal(err)
	}
}
