package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// lateMail is an incident of Exchange Online that touches a customer, as a poll of
// his tenant brings it.
func (w *world) lateMail(t *testing.T, o office, code string, touched ...desk.ID) desk.Issue {
	t.Helper()
	return w.published(t, o, desk.Published{Code: code, Title: "Some users may experience delays when sending or receiving email messages", Service: "Exchange Online",
		Classification: "incident", Status: "investigating", Impact: "Users may experience delays when sending or receiving external email messages."}, touched...)
}

func (w *world) published(t *testing.T, o office, p desk.Published, touched ...desk.ID) desk.Issue {
	t.Helper()
	now := w.clock.read()
	p.Source, p.Kind, p.StartedAt, p.ChangedAt = desk.FromGraph, desk.IssueKind, now.Add(-time.Hour), now.Add(-30*time.Minute)
	i := desk.Issue{ID: desk.NewID(), Published: p, FirstSeenAt: now, SeenAt: now, Digest: []byte(p.Code)}
	w.store(t, o, i, touched...)
	return i
}

// store writes what was published, and lets what is remembered of it pass.
func (w *world) store(t *testing.T, o office, i desk.Issue, touched ...desk.ID) {
	t.Helper()
	err := w.db.At(w.clock.read).Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error {
		if err := tx.StoreIssues([]desk.Issue{i}); err != nil {
			return err
		}
		for _, c := range touched {
			tx.TouchCustomer(c, []desk.ID{i.ID})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(3 * time.Second)
}

// becomes publishes more of an issue, and works the job that follows.
func (w *world) becomes(t *testing.T, o office, i *desk.Issue, change func(*desk.Issue)) {
	t.Helper()
	i.ChangedAt = w.clock.read()
	change(i)
	w.store(t, o, *i)
	w.tellNews(t, o, *i)
}

func (w *world) tellNews(t *testing.T, o office, i desk.Issue) {
	t.Helper()
	if err := w.NewsOfIssue(t.Context(), app.IssueNews{Desk: o.desk.ID, Issue: i.ID}); err != nil {
		t.Fatal(err)
	}
}

func ended(now time.Time) func(*desk.Issue) {
	return func(i *desk.Issue) { i.Status, i.Over, i.EndedAt = "servicerestored", true, &now }
}

var late = desk.Submission{Subject: "Courriels en retard", Body: "Bonjour, les messages de nos clients arrivent avec deux heures de retard depuis ce matin, les envois aussi. Toute l’équipe.",
	Service: "Exchange Online", Affected: "whole_tenant", Impact: "slowed"}

func attached(th desk.Thread) desk.ID {
	if l := desk.Attached(th.Issues); l != nil {
		return l.IssueID
	}
	return desk.Nobody
}

func (w *world) letters(t *testing.T, kind string) int {
	t.Helper()
	return w.count(t, `select count(*) from river.river_job where kind = 'notice' and args->>'about' = $1`, kind)
}

// A ticket that a published issue covers is born attached, and is not escalated.
func TestTicketIsBornAttached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	n := w.submit(t, w.one.first.contact, late)
	th := w.thread(t, w.one, n)
	if attached(th) != i.ID || th.Ticket.Category != desk.KnownIssue || th.Ticket.Outcome != desk.Partner || th.Issues[0].By != desk.LinkByRules || len(th.Issues[0].Reasons) == 0 {
		t.Fatalf("%+v %s %s", th.Issues, th.Ticket.Outcome, th.Ticket.Category)
	}
	if !slices.Contains(kinds(th), desk.EventIssueAttached) {
		t.Error(kinds(th))
	}
	mine, err := w.ReadTicket(t.Context(), w.one.first.contact, n)
	if err != nil || attached(mine) != i.ID {
		t.Errorf("its customer does not see what covers it: %+v, %v", mine.Issues, err)
	}
}

// An issue of another tenant steers nothing, whoever submits, and whatever code or
// id is named.
func TestOthersIssueSteersNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.second.id)
	foreign := w.lateMail(t, w.two, "EX1184214", w.two.first.id)
	named := late
	named.Body += " C’est EX1184213 et EX1184214."
	n := w.submit(t, w.one.first.contact, named)
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "EX1184213, vraiment."})
	if err := w.TriageAgain(t.Context(), app.Retriage{Desk: w.one.desk.ID, Ticket: n}); err != nil {
		t.Fatal(err)
	}
	if err := w.RecordFinding(t.Context(), w.one.agent, n, "health", "confirmed", "EX1184213"); err != nil {
		t.Fatal(err)
	}
	w.tellNews(t, w.one, i)
	for _, f := range th(w.thread(t, w.one, n)) {
		t.Errorf("bound: %+v", f)
	}
	for _, id := range []desk.ID{i.ID, foreign.ID, desk.NewID()} {
		s := late
		s.Issue = id
		var invalid desk.Invalid
		if _, err := w.SubmitTicket(t.Context(), w.one.first.contact, s, desk.Nobody); !errors.As(err, &invalid) {
			t.Errorf("submitted about another's issue: %v", err)
		}
		if err := w.AttachIssue(t.Context(), w.one.agent, n, id); !errors.As(err, &invalid) {
			t.Errorf("attached another's issue: %v", err)
		}
	}
	var invalid desk.Invalid
	if err := w.AttachIssueByCode(t.Context(), w.one.agent, n, "ex1184213"); !errors.As(err, &invalid) {
		t.Errorf("attached another's issue by code: %v", err)
	}
	if list, err := w.OpenIssuesOf(t.Context(), w.one.first.contact, w.one.second.id); err != nil || len(list) > 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func th(t desk.Thread) []desk.LinkedIssue { return t.Issues }

// An agent's yes is a person's decision; his no is not asked again.
func TestAgentChoosesIssues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, late)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	other := w.published(t, w.one, desk.Published{Code: "EX1184999", Title: "Room lists missing in new meeting form", Service: "Exchange Online", Classification: "advisory", Status: "serviceDegradation"}, w.one.first.id)
	if err := w.AttachIssue(t.Context(), w.one.agent, n, other.ID); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if attached(th) != other.ID || !th.Decision.Settled() || th.Ticket.Category != desk.KnownIssue || !th.Ticket.Confirmed {
		t.Fatalf("%+v", th.Decision)
	}
	if err := w.AttachIssueByCode(t.Context(), w.one.agent, n, " ex1184213 "); err != nil { // he chose wrongly
		t.Fatal(err)
	}
	if th = w.thread(t, w.one, n); attached(th) != i.ID || th.Ticket.Category != desk.KnownIssue {
		t.Fatalf("%+v", th.Issues)
	}
	if err := w.DetachIssue(t.Context(), w.one.agent, n, i.ID); err != nil {
		t.Fatal(err)
	}
	if th = w.thread(t, w.one, n); attached(th) != desk.Nobody || th.Ticket.Category == desk.KnownIssue || th.Decision.Settled() {
		t.Fatalf("%s, %+v", th.Ticket.Category, th.Decision)
	}
	w.tellNews(t, w.one, i)
	if th = w.thread(t, w.one, n); attached(th) != desk.Nobody {
		t.Error("what a person detached attached itself again")
	}
	if err := w.DetachIssue(t.Context(), w.one.agent, n, i.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Error(err)
	}
	for _, who := range []desk.Actor{w.one.first.contact, w.one.first.manager, desk.Visitor(w.one.desk)} {
		if err := w.AttachIssue(t.Context(), who, n, i.ID); err == nil {
			t.Errorf("%s attached an issue", who.Person.Role)
		}
	}
	want := []desk.EventKind{desk.EventIssueAttached, desk.EventIssueDetached, desk.EventIssueAttached, desk.EventIssueDetached}
	var told []desk.EventKind
	for _, k := range kinds(w.thread(t, w.one, n)) {
		if k == desk.EventIssueAttached || k == desk.EventIssueDetached {
			told = append(told, k)
		}
	}
	if !slices.Equal(told, want) {
		t.Error(told)
	}
}

// What is not sure waits for an agent; a customer sees nothing of it.
func TestProposalsWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.lateMail(t, w.one, "EX1184213", w.one.first.id), w.lateMail(t, w.one, "EX1184214", w.one.first.id)
	n := w.submit(t, w.one.first.contact, late)
	th := w.thread(t, w.one, n)
	if len(th.Issues) != 2 || th.Issues[0].State != desk.LinkProposed || th.Ticket.Category == desk.KnownIssue {
		t.Fatalf("%+v", th.Issues)
	}
	if mine, err := w.ReadTicket(t.Context(), w.one.first.contact, n); err != nil || len(mine.Issues) > 0 || slices.Contains(kinds(mine), desk.EventIssueProposed) {
		t.Errorf("%+v, %v", mine.Issues, err)
	}
	if err := w.RefuseIssue(t.Context(), w.one.agent, n, two.ID); err != nil {
		t.Fatal(err)
	}
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "Les messages sont toujours en retard, à l’envoi aussi."})
	if err := w.TriageAgain(t.Context(), app.Retriage{Desk: w.one.desk.ID, Ticket: n}); err != nil {
		t.Fatal(err)
	}
	th = w.thread(t, w.one, n)
	for _, l := range th.Issues {
		if l.IssueID == two.ID && l.State != desk.LinkRefused || l.IssueID == one.ID && l.State != desk.LinkAttached {
			t.Errorf("%s %s", l.Issue.Code, l.State)
		}
	}
}

// The clocks: who has had his answer waits for Microsoft, a new ticket is still
// owed one.
func TestAttachedTicketsClocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	n := w.submit(t, w.one.first.contact, late)
	th := w.thread(t, w.one, n)
	if th.Ticket.State != desk.New || th.Ticket.DueAt == nil || th.Ticket.Clock != desk.FirstReply {
		t.Fatalf("%+v", th.Ticket)
	}
	w.clock.pass(10 * time.Minute)
	w.reply(t, w.one.agent, n, app.Reply{Body: "C’est un problème de Microsoft, nous suivons."})
	if th = w.thread(t, w.one, n); th.Ticket.State != desk.WaitingMicrosoft || slices.ContainsFunc(th.Ticket.Promises, func(p desk.Promise) bool { return p.Clock == desk.Resolution && p.Running() }) {
		t.Errorf("%+v", th.Ticket)
	}
	before := len(kinds(th))
	w.tellNews(t, w.one, i)
	if th = w.thread(t, w.one, n); len(kinds(th)) != before {
		t.Error("told what it knew", kinds(th))
	}
	if err := w.DetachIssue(t.Context(), w.one.agent, n, i.ID); err != nil {
		t.Fatal(err)
	}
	if th = w.thread(t, w.one, n); th.Ticket.State != desk.Open {
		t.Error(th.Ticket.State)
	}
}

// News reach a customer once, no more than once an hour, and the end at once; then
// he is asked.
func TestNewsReachCustomers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	n := w.submit(t, w.one.first.contact, late)
	w.reply(t, w.one.agent, n, app.Reply{Body: "Nous suivons."})
	count := func(kind desk.EventKind) (c int) {
		for _, k := range kinds(w.thread(t, w.one, n)) {
			if k == kind {
				c++
			}
		}
		return c
	}
	w.clock.pass(70 * time.Minute)
	w.becomes(t, w.one, &i, func(i *desk.Issue) { i.Status = "servicedegradation" })
	w.tellNews(t, w.one, i) // the job again
	if c := count(desk.EventIssueNews); c != 1 || w.letters(t, "news") != 1 {
		t.Fatal(c, w.letters(t, "news"))
	}
	w.clock.pass(10 * time.Minute)
	w.becomes(t, w.one, &i, func(i *desk.Issue) { i.Status = "restoringservice" })
	if c := count(desk.EventIssueNews); c != 1 {
		t.Error("told twice within the hour")
	}
	if c := w.count(t, `select count(*) from river.river_job where kind = 'later_news'`); c != 1 {
		t.Error("not told later", c)
	}
	w.clock.pass(time.Hour)
	if err := w.NewsOfIssueLater(t.Context(), app.LaterNews{Desk: w.one.desk.ID, Issue: i.ID}); err != nil || count(desk.EventIssueNews) != 2 {
		t.Error(err, count(desk.EventIssueNews))
	}
	w.becomes(t, w.one, &i, ended(w.clock.read()))
	w.tellNews(t, w.one, i)
	th := w.thread(t, w.one, n)
	if th.Ticket.State != desk.WaitingCustomer || count(desk.EventAskedAgain) != 1 || w.letters(t, "works") != 1 || !th.AskedAgain() {
		t.Fatalf("%s %v", th.Ticket.State, kinds(th))
	}
	replies := slices.ContainsFunc(th.Said, func(m desk.Said) bool { return m.Side == desk.DeskSide && m.Body != "Nous suivons." })
	if replies {
		t.Error("news are nobody's reply")
	}
	// Yes, twice: solved, once.
	for range 2 {
		if err := w.AnswerWhetherItWorks(t.Context(), w.one.first.contact, n, true, "", desk.NewID()); err != nil {
			t.Fatal(err)
		}
	}
	if th = w.thread(t, w.one, n); th.Ticket.State != desk.Resolved || count(desk.EventWorksAgain) != 1 {
		t.Error(th.Ticket.State)
	}
	// It comes back: so does the ticket.
	w.clock.pass(time.Hour)
	w.becomes(t, w.one, &i, func(i *desk.Issue) { i.Status, i.Over, i.EndedAt = "investigating", false, nil })
	if th = w.thread(t, w.one, n); th.Ticket.State != desk.WaitingMicrosoft || attached(th) != i.ID || th.Ticket.Category != desk.KnownIssue || w.letters(t, "back") != 1 {
		t.Errorf("%s %s", th.Ticket.State, th.Ticket.Category)
	}
}

// No: the ticket is the desk's again, judged without the issue, which is no
// candidate any more.
func TestTroubleOutlivesItsIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	n := w.submit(t, w.one.first.contact, late)
	if err := w.AnswerWhetherItWorks(t.Context(), w.one.first.contact, n, false, "", desk.NewID()); !errors.Is(err, desk.ErrConflict) {
		t.Error("answered what nobody asked:", err)
	}
	w.becomes(t, w.one, &i, ended(w.clock.read()))
	for who, want := range map[*desk.Actor]error{&w.one.agent: desk.ErrForbidden, &w.one.second.manager: desk.ErrNotFound, &w.one.first.other: desk.ErrNotFound, &w.two.first.manager: desk.ErrNotFound} {
		if err := w.AnswerWhetherItWorks(t.Context(), *who, n, true, "", desk.NewID()); !errors.Is(err, want) {
			t.Errorf("%s: %v", who.Person.Name, err)
		}
	}
	key := desk.NewID()
	for range 2 {
		if err := w.AnswerWhetherItWorks(t.Context(), w.one.first.contact, n, false, "Toujours deux heures de retard.", key); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.TriageAgain(t.Context(), app.Retriage{Desk: w.one.desk.ID, Ticket: n}); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if th.Ticket.State != desk.Open || th.Ticket.Category == desk.KnownIssue || attached(th) != desk.Nobody || len(th.Issues) != 1 || th.Issues[0].State != desk.LinkPersists {
		t.Fatalf("%s %s %+v", th.Ticket.State, th.Ticket.Category, th.Issues)
	}
	if words := strings.Count(th.CustomerWords(), "Toujours deux heures"); words != 1 {
		t.Error(words)
	}
	if th.Judged()["issue_restored"] != true {
		t.Error("the rules do not hear that it is said to be over")
	}
}

// An issue that comes to be known later finds the tickets that it covers.
func TestIssueFindsItsTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, late)
	other := w.submit(t, w.one.second.contact, late)
	question := w.submit(t, w.one.first.contact, desk.Submission{})
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	w.tellNews(t, w.one, i)
	if th := w.thread(t, w.one, n); attached(th) != i.ID || th.Ticket.Category != desk.KnownIssue || w.letters(t, "known") != 1 {
		t.Errorf("%+v %s", th.Issues, th.Ticket.Category)
	}
	for _, number := range []int64{other, question} {
		if th := w.thread(t, w.one, number); len(th.Issues) > 0 {
			t.Errorf("%d: %+v", number, th.Issues)
		}
	}
	// An agent who looked and found nothing takes it back.
	if err := w.RecordFinding(t.Context(), w.one.agent, n, "health", "ruled_out", "Rien qui corresponde."); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, w.one, n); attached(th) != desk.Nobody || th.Ticket.Category == desk.KnownIssue {
		t.Errorf("%+v %s", th.Issues, th.Ticket.Category)
	}
	if err := w.RecordFinding(t.Context(), w.one.agent, other, "health", "confirmed", "Voir EX1184213"); err != nil {
		t.Fatal(err)
	}
	if th := w.thread(t, w.one, other); attached(th) != desk.Nobody {
		t.Error("attached what hits another customer")
	}
}

// "This is my problem too."
func TestCustomerSaysThatItIsHisToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	s := desk.Submission{Subject: "Nous aussi", Body: "Voir l’annonce.", Service: "Exchange Online", Impact: "slowed", Issue: i.ID}
	n := w.submit(t, w.one.first.contact, s)
	th := w.thread(t, w.one, n)
	if attached(th) != i.ID || th.Issues[0].By != desk.LinkByCustomer || th.Ticket.Category != desk.KnownIssue {
		t.Errorf("%+v %s", th.Issues, th.Ticket.Category)
	}
	w.becomes(t, w.one, &i, ended(w.clock.read()))
	var invalid desk.Invalid
	if _, err := w.SubmitTicket(t.Context(), w.one.first.contact, s, desk.Nobody); !errors.As(err, &invalid) {
		t.Error("about an issue that is over:", err)
	}
	_ = rules.Known
}
