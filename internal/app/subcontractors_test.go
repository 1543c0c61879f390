package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/entra"
)

// night is a company that works for a desk, as its admin set it up, with an
// agent of its own.
type night struct {
	id     desk.ID
	tenant string
	given  desk.SubcontractorSettings
	noe    desk.Person
}

// outsource gives the first customer's Teams to a company, at any hour.
func (w *world) outsource(t *testing.T, o office) night {
	t.Helper()
	n := night{tenant: desk.NewID().String()}
	n.given = desk.SubcontractorSettings{Name: "Night", Tenant: n.tenant, Customers: []desk.ID{o.first.id}, Services: []string{"Microsoft Teams"}, Always: true, Zone: "Europe/Paris", Active: true}
	n.id = made(w.AddSubcontractor(t.Context(), o.admin, n.given))
	n.noe = w.invite(t, o, desk.PersonSettings{Name: "Noé", Email: "noe@night.example", Role: desk.Agent, SubcontractorID: n.id}).Person
	return n
}

// save changes what is given to the company.
func (n night) save(t *testing.T, w *world, change func(*desk.SubcontractorSettings)) {
	t.Helper()
	s := n.given
	change(&s)
	if err := w.SaveSubcontractor(t.Context(), w.one.admin, n.id, s); err != nil {
		t.Fatal(err)
	}
}

// acts is a person as the door knows him at this hour.
func (w *world) acts(t *testing.T, p desk.Person) desk.Actor {
	t.Helper()
	return made(w.Actor(t.Context(), w.one.desk, p.ID, "s"))
}

// Working tickets and the queue is all there is, whatever the role.
func TestSubcontractorsPeopleWorkTicketsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	lead := w.invite(t, w.one, desk.PersonSettings{Name: "Lou", Email: "lou@night.example", Role: desk.Lead, SubcontractorID: n.id}).Person
	number := w.submit(t, w.one.first.contact, desk.Submission{})
	work := []string{"SubmitTicket", "ReadTicket", "WriteMessage", "WriteMessage, a note", "CloseTicket", "ReopenTicket", "FollowTicket", "Colleagues", "AssignTicket",
		"SetState", "SetPriority", "SetImpact", "PatchTicket", "OfferAt", "CustomersLevel", "Quote", "LogTime", "CorrectTime", "RemoveTime", "StartTimer", "DropTimer", "RunningTimer", "TicketTime", "FittingHelp", "UseArticle", "RecordFinding", "CorrectFact", "TakeBackCorrection", "SortTicket", "ConfirmDecision", "OverrideDecision", "ReadQueue", "Search", "Counts", "Agents",
		"HoldFiles", "HeldFiles", "ReadFile", "BeginUpload", "ReadUpload", "ReceivePiece", "DropUpload", "MailAsSent", "OriginalMessage",
		"Issues", "ReadIssue", "IssueNamed", "AttachIssue", "AttachIssueByCode", "RefuseIssue", "DetachIssue", "OpenIssuesOf", "KnownBefore",
		"Customers", "Customer", "SavePreferences", "Sessions", "Revoke", "RevokeOthers", "Watch", "KeepDraft", "Draft", "BeAt",
		"TicketEscalation", "BeginEscalation", "WhereTo", "UsualRoutes", "Escalations", "EscalationsBelow", "EscalationsWaiting", "CustomersEscalations", "HandedOn", "FilingChoices"}
	// There is none of these in this world, which is not to be forbidden either.
	none := []string{"Revoke", "UseArticle", "CorrectTime", "RemoveTime", "ReadIssue", "IssueNamed", "AttachIssue", "AttachIssueByCode", "RefuseIssue", "DetachIssue",
		"Escalation", "EscalationLanguages", "AnswerDossier", "AskForDossier", "LeadEscalation", "AskApproval", "FileEscalation", "RenumberEscalation", "MoveEscalation", "ChaseEscalation", "EnterEntry", "RelayEntry",
		"JoinEscalation", "LeaveEscalation", "EndEscalation", "ClaimCredit", "PackDossier", "MailDossier", "ReturnHandoff", "Evidence", "AddEvidence", "RemoveEvidence", "SendEvidenceAgain", "HandedFile", "ReadFile", "ReadUpload", "ReceivePiece", "DropUpload", "MailAsSent", "OriginalMessage", "FileByConnector", "SayByConnector", "FilingChoices"}
	for name, r := range rights {
		for _, p := range []desk.Person{n.noe, lead} {
			w.clock.pass(time.Second)
			err := r.call(w, w.acts(t, p), number)
			absent := slices.Contains(none, name)
			may := absent || slices.Contains(work, name)
			if may && (!served(err) || errors.Is(err, desk.ErrNotFound) && !absent) || !may && !errors.Is(err, desk.ErrForbidden) {
				t.Errorf("%s for a subcontractor's %s: %v", name, p.Role, err)
			}
		}
	}
}

// What is not given does not exist for them.
func TestSubcontractorsPeopleFindNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe := w.acts(t, w.outsource(t, w.one).noe)
	mail := desk.Submission{Subject: "Mail is late", Body: "Since this morning", Service: "Exchange Online"}
	for what, number := range map[string]int64{"another service": w.submit(t, w.one.first.contact, mail), "another customer": w.submit(t, w.one.second.contact, desk.Submission{})} {
		for _, name := range []string{"ReadTicket", "WriteMessage", "CloseTicket", "FollowTicket", "AssignTicket", "SetState", "RecordFinding", "ConfirmDecision", "OverrideDecision", "CorrectFact"} {
			if err := rights[name].call(w, noe, number); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s on a ticket of %s: %v", name, what, err)
			}
		}
	}
	if rows, _, err := w.ReadQueue(bg, noe, desk.QueueFilter{View: desk.ViewAll}); err != nil || len(rows) != 0 {
		t.Errorf("the queue has %d rows (%v)", len(rows), err)
	}
	if list, _, err := w.Customers(bg, noe, "", ""); err != nil || len(list) != 1 || list[0].ID != w.one.first.id {
		t.Errorf("customers to write for: %v (%v)", list, err)
	}
	var invalid desk.Invalid
	if _, err := w.SubmitTicket(bg, noe, mail, w.one.second.contact.Person.ID); !errors.As(err, &invalid) {
		t.Errorf("a ticket for a customer that is not given: %v", err)
	}
	if _, err := w.SubmitTicket(bg, noe, mail, w.one.first.contact.Person.ID); !errors.As(err, &invalid) || invalid.Problems[0].Field != "service" {
		t.Errorf("a ticket on a service that is not given: %v", err)
	}
	bare := desk.Actor{Desk: w.one.desk, Person: noe.Person} // his company not at hand: nothing is
	if _, err := w.ReadTicket(bg, bare, w.submit(t, w.one.first.contact, desk.Submission{})); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("without his company he reads: %v", err)
	}
}

// A ticket goes to those who could see it.
func TestTicketsAreGivenToWhoCanSeeThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	day := made(w.AddSubcontractor(bg, w.one.admin, desk.SubcontractorSettings{Name: "Day", AllCustomers: true, AllServices: true, Always: true, Zone: "UTC"}))
	dan := w.invite(t, w.one, desk.PersonSettings{Name: "Dan", Email: "dan@day.example", Role: desk.Agent, SubcontractorID: day}).Person
	teams := w.submit(t, w.one.first.contact, desk.Submission{})
	elsewhere := w.submit(t, w.one.second.contact, desk.Submission{})
	noe := w.acts(t, n.noe)
	for _, c := range []struct {
		who    desk.Actor
		number int64
		to     desk.ID
		may    bool
	}{
		{w.one.agent, teams, n.noe.ID, true}, {w.one.agent, elsewhere, n.noe.ID, false}, {w.one.agent, elsewhere, dan.ID, true},
		{noe, teams, w.one.agent.Person.ID, true}, {noe, teams, dan.ID, false}, {noe, teams, n.noe.ID, true},
	} {
		err := w.AssignTicket(bg, c.who, c.number, c.to)
		var invalid desk.Invalid
		if c.may != (err == nil) || !c.may && (!errors.As(err, &invalid) || invalid.Problems[0].Field != "assignee") {
			t.Errorf("%s gives %d to %s: %v", c.who.Person.Name, c.number, c.to, err)
		}
	}
}

func TestSubcontractorsPeopleComeByTheirTenantOrByMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	d, own := tenantOf(t, w, w.one.desk)
	refused := func(when string, id entra.Identity) {
		t.Helper()
		if p, err := w.Admit(bg, d, id); !errors.Is(err, desk.ErrStranger) {
			t.Errorf("%s: %v (%v)", when, p, err)
		}
	}
	refused("his address in the desk's own tenant", of(own, n.noe.Email))
	refused("his address in a tenant of nobody's", of(desk.NewID().String(), n.noe.Email))
	refused("a colleague whom nobody invited", of(n.tenant, "eve@night.example", "Desk.Admin", "Desk.Agent"))
	refused("a desk's agent by the subcontractor's tenant", of(n.tenant, w.one.agent.Person.Email))
	known := of(n.tenant, strings.ToUpper(n.noe.Email), "Desk.Admin")
	for range 2 {
		if p, err := w.Admit(bg, d, known); err != nil || p.ID != n.noe.ID || p.Role != desk.Agent || p.SubcontractorID != n.id {
			t.Errorf("invited, with the role of an admin in his own tenant: %v (%v)", p, err)
		}
	}
	if p, err := w.UseLink(bg, d, w.asked(t, d, n.noe.Email)); err != nil || p.ID != n.noe.ID {
		t.Errorf("by mail: %v (%v)", p, err)
	}
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Tenant = "" })
	refused("after the tenant was taken back", known)
	if p, err := w.UseLink(bg, d, w.asked(t, d, n.noe.Email)); err != nil || p.ID != n.noe.ID {
		t.Errorf("by mail, without a tenant: %v (%v)", p, err)
	}
	token := w.asked(t, d, n.noe.Email)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Active = false })
	refused("after the company was switched off", known)
	if _, err := w.UseLink(bg, d, token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("by mail, after the company was switched off: %v", err)
	}
	if who := w.acts(t, n.noe); who.SignedIn() {
		t.Error("he acts for a company that was switched off")
	}
	if p, err := w.Admit(bg, d, of(w.one.first.tenant, n.noe.Email)); err != nil || p.Role != desk.Contact || p.ID == n.noe.ID {
		t.Errorf("his address in a customer's tenant: %v (%v)", p, err)
	}
}

// A company that buys from the desk may work for it too.
func TestACustomerMayWorkForTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Tenant = w.one.second.tenant })
	d, _ := tenantOf(t, w, w.one.desk)
	if p, err := w.Admit(bg, d, of(w.one.second.tenant, n.noe.Email)); err != nil || p.ID != n.noe.ID {
		t.Errorf("who was invited to work: %v (%v)", p, err)
	}
	if p, err := w.Admit(bg, d, of(w.one.second.tenant, "new@second.example", "Desk.Agent")); err != nil || p.Role != desk.Contact {
		t.Errorf("who was not: %v (%v)", p, err)
	}
}

func TestHoursOpenAndCloseTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	number := w.submit(t, w.one.first.contact, desk.Submission{})
	n.save(t, w, func(s *desk.SubcontractorSettings) {
		s.Always, s.Week = false, map[string]string{"mon": "18:00-08:30", "fri": "18:00-24:00"}
	})
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, paris) }
	for _, c := range []struct{ now, until time.Time }{
		{at(2, 10, 0), at(2, 18, 0)}, {at(2, 17, 59), at(2, 18, 0)}, {now: at(2, 18, 0)}, {now: at(3, 8, 29)}, {at(3, 8, 30), at(6, 18, 0)}, {now: at(6, 23, 59)}, {at(7, 0, 0), at(9, 18, 0)},
	} {
		w.clock.set(c.now)
		who := w.acts(t, n.noe)
		_, err := w.ReadTicket(bg, who, number)
		var closed desk.OutOfHours
		if open := c.until.IsZero(); open != (err == nil) || !open && (!errors.As(err, &closed) || !errors.Is(err, desk.ErrOutOfHours) || !closed.Until.Equal(c.until)) {
			t.Errorf("at %s: %v until %s", c.now, err, closed.Until)
		}
		if !who.SignedIn() {
			t.Errorf("at %s nobody is signed in", c.now)
		}
	}
}

// A letter is read with its recipient's eyes, at his hours.
func TestLettersTellSubcontractorsWhatTheyMaySee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	number := w.submit(t, w.one.first.contact, desk.Submission{})
	if err := w.AssignTicket(bg, w.one.agent, number, n.noe.ID); err != nil {
		t.Fatal(err)
	}
	notice := app.Notice{Desk: w.one.desk.ID, About: app.NoticeAssigned, Ticket: number, To: n.noe.ID, Letter: desk.NewID()}
	sent := func(when string, more int) {
		t.Helper()
		before := len(w.mail.Messages())
		if err := w.SendNotice(bg, notice); err != nil || len(w.mail.Messages())-before != more {
			t.Errorf("%s: %d letters, want %d (%v)", when, len(w.mail.Messages())-before, more, err)
		}
	}
	sent("a ticket of his", 1)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Services = []string{"Planner"} })
	sent("a service that was taken back", 0)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.AllServices, s.Customers = true, []desk.ID{w.one.second.id} })
	sent("a customer that was taken back", 0)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Active = false })
	sent("a company that was switched off", 0)
	n.save(t, w, func(s *desk.SubcontractorSettings) { s.Always, s.Week = false, map[string]string{"mon": "18:00-20:00"} })
	var pause *rivertype.JobSnoozeError
	if err := w.SendNotice(bg, notice); !errors.As(err, &pause) || pause.Duration != 8*time.Hour {
		t.Errorf("at ten in the morning: %v", err)
	}
}
