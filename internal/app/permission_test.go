package app_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/pricing"
)

// A right is a verb called by everybody in turn: who may is served (or told
// that something is wrong with what he asks), who may not is told so and
// nothing else.
type right struct {
	call func(w *world, who desk.Actor, n int64) error
	may  []desk.Role
}

var (
	everybody = []desk.Role{desk.Contact, desk.Manager, desk.Agent, desk.Lead, desk.Admin}
	customers = everybody[:2]
	agents    = everybody[2:]
	leads     = everybody[3:]
	admins    = everybody[4:]
	accounts  = []desk.Role{desk.Manager, desk.Lead, desk.Admin} // who reads statements
)

var rights = map[string]right{
	"SubmitTicket": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.SubmitTicket(bg, who, desk.Submission{Subject: "s", Body: "b"}, w.one.first.contact.Person.ID)
		return err
	}, everybody},
	"ReadTicket":   {func(w *world, who desk.Actor, n int64) error { _, err := w.ReadTicket(bg, who, n); return err }, everybody},
	"WriteMessage": {func(w *world, who desk.Actor, n int64) error { return w.WriteMessage(bg, who, n, app.Reply{Body: "b"}) }, everybody},
	"WriteMessage, a note": {func(w *world, who desk.Actor, n int64) error {
		return w.WriteMessage(bg, who, n, app.Reply{Body: "b", Internal: true})
	}, agents},
	"CloseTicket":  {func(w *world, who desk.Actor, n int64) error { return w.CloseTicket(bg, who, n) }, everybody},
	"ReopenTicket": {func(w *world, who desk.Actor, n int64) error { return w.ReopenTicket(bg, who, n) }, everybody},
	"FollowTicket": {func(w *world, who desk.Actor, n int64) error {
		return w.FollowTicket(bg, who, n, w.one.first.other.Person.ID)
	}, everybody},
	"Colleagues": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Colleagues(bg, who, w.one.first.id)
		return err
	}, everybody},
	"ListTickets": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.ListTickets(bg, who, desk.TicketFilter{})
		return err
	}, customers},
	"AssignTicket": {func(w *world, who desk.Actor, n int64) error {
		return w.AssignTicket(bg, who, n, w.one.agent.Person.ID)
	}, agents},
	"SetState":  {func(w *world, who desk.Actor, n int64) error { return w.SetState(bg, who, n, desk.WaitingMicrosoft) }, agents},
	"SetImpact": {func(w *world, who desk.Actor, n int64) error { return w.SetImpact(bg, who, n, desk.Minor) }, agents},
	"Quote": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Quote(bg, who, desk.Level{Type: desk.SupportType{Terms: pricing.Terms{Model: pricing.Included}}, Currency: "EUR"}, w.one.first.id)
		return err
	}, everybody},
	"OfferAt": {func(w *world, who desk.Actor, _ int64) error { _, err := w.OfferAt(bg, who, 0); return err }, everybody},
	"CustomersLevel": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.CustomersLevel(bg, who, w.one.first.id, "")
		return err
	}, agents},
	"SetPriority": {func(w *world, who desk.Actor, n int64) error { return w.SetPriority(bg, who, n, 1) }, agents},
	"RecordFinding": {func(w *world, who desk.Actor, n int64) error {
		return w.RecordFinding(bg, who, n, "health", "info", "t")
	}, agents},
	"CorrectFact": {func(w *world, who desk.Actor, n int64) error {
		return w.CorrectFact(bg, who, n, "affected", "one_user")
	}, agents},
	"TakeBackCorrection": {func(w *world, who desk.Actor, n int64) error { return w.TakeBackCorrection(bg, who, n, "affected") }, agents},
	"SortTicket":         {func(w *world, who desk.Actor, n int64) error { return w.SortTicket(bg, who, n, "vip", "Team") }, agents},
	"ConfirmDecision":    {func(w *world, who desk.Actor, n int64) error { return w.ConfirmDecision(bg, who, n) }, agents},
	"OverrideDecision": {func(w *world, who desk.Actor, n int64) error {
		return w.OverrideDecision(bg, who, n, "PARTNER", "how_to", "r")
	}, agents},
	"ReadQueue": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.ReadQueue(bg, who, desk.QueueFilter{})
		return err
	}, agents},
	"Counts":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.Counts(bg, who); return err }, agents},
	"Agents":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.Agents(bg, who); return err }, agents},
	"Customers": {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.Customers(bg, who, "", ""); return err }, agents},
	"Customer": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.Customer(bg, who, w.one.first.id)
		return err
	}, agents},
	"AddCustomer": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.AddCustomer(bg, who, desk.CustomerSettings{})
		return err
	}, admins},
	"SaveCustomer": {func(w *world, who desk.Actor, _ int64) error {
		return w.SaveCustomer(bg, who, w.one.first.id, desk.CustomerSettings{})
	}, admins},
	"People": {func(w *world, who desk.Actor, _ int64) error { _, err := w.People(bg, who); return err }, admins},
	"Person": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Person(bg, who, w.one.agent.Person.ID)
		return err
	}, admins},
	"Invite": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Invite(bg, who, desk.PersonSettings{})
		return err
	}, admins},
	"SavePerson": {func(w *world, who desk.Actor, _ int64) error {
		return w.SavePerson(bg, who, w.one.agent.Person.ID, desk.PersonSettings{})
	}, admins},
	"Subcontractors": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Subcontractors(bg, who); return err }, admins},
	"Subcontractor": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.Subcontractor(bg, who, desk.NewID())
		return err
	}, admins},
	"Grantable": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Grantable(bg, who, nil); return err }, admins},
	"AddSubcontractor": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.AddSubcontractor(bg, who, desk.SubcontractorSettings{})
		return err
	}, admins},
	"SaveSubcontractor": {func(w *world, who desk.Actor, _ int64) error {
		return w.SaveSubcontractor(bg, who, desk.NewID(), desk.SubcontractorSettings{})
	}, admins},
	"SaveDesk": {func(w *world, who desk.Actor, _ int64) error { return w.SaveDesk(bg, who, desk.DeskSettings{}, "") }, admins},
	"SavePreferences": {func(w *world, who desk.Actor, _ int64) error {
		return w.SavePreferences(bg, who, desk.Preferences{Language: "en"})
	}, everybody},
	"TicketTime": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.App.TicketTime(bg, who, desk.Ticket{})
		return err
	}, agents},
	"LogTime": {func(w *world, who desk.Actor, n int64) error { return w.LogTime(bg, who, n, desk.Work{}, false) }, agents},
	"CorrectTime": {func(w *world, who desk.Actor, n int64) error {
		return w.CorrectTime(bg, who, n, desk.NewID(), desk.Work{})
	}, agents},
	"RemoveTime":   {func(w *world, who desk.Actor, n int64) error { return w.RemoveTime(bg, who, n, desk.NewID()) }, agents},
	"StartTimer":   {func(w *world, who desk.Actor, n int64) error { return w.StartTimer(bg, who, n, true) }, agents},
	"DropTimer":    {func(w *world, who desk.Actor, n int64) error { return w.DropTimer(bg, who, n) }, agents},
	"RunningTimer": {func(w *world, who desk.Actor, _ int64) error { _, err := w.RunningTimer(bg, who); return err }, agents},
	"Blocks":       {func(w *world, who desk.Actor, _ int64) error { _, err := w.Blocks(bg, who, w.one.first.id); return err }, agents},
	"MyBlocks":     {func(w *world, who desk.Actor, _ int64) error { _, err := w.MyBlocks(bg, who); return err }, everybody},
	"AddBlock": {func(w *world, who desk.Actor, _ int64) error {
		return w.AddBlock(bg, who, w.one.first.id, desk.BlockSettings{})
	}, admins},
	"ExtendBlock": {func(w *world, who desk.Actor, _ int64) error {
		return w.ExtendBlock(bg, who, w.one.first.id, desk.NewID(), "")
	}, admins},
	"CloseBlock": {func(w *world, who desk.Actor, _ int64) error {
		return w.CloseBlock(bg, who, w.one.first.id, desk.NewID())
	}, admins},
	"Charges": {func(w *world, who desk.Actor, _ int64) error {
		_, _, err := w.Charges(bg, who, desk.ChargeFilter{State: desk.Proposed})
		return err
	}, leads},
	"Charge":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.Charge(bg, who, desk.NewID()); return err }, leads},
	"AddCharge": {func(w *world, who desk.Actor, _ int64) error { return w.AddCharge(bg, who, desk.Extra{}) }, leads},
	"DecideCharges": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.DecideCharges(bg, who, nil, app.Approve, "")
		return err
	}, leads},
	"AdjustCharge": {func(w *world, who desk.Actor, _ int64) error { return w.AdjustCharge(bg, who, desk.NewID(), "1", "r") }, leads},
	"MonthBook":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.MonthBook(bg, who, "2026-02"); return err }, leads},
	"MyStatements": {func(w *world, who desk.Actor, _ int64) error { _, err := w.MyStatements(bg, who); return err }, accounts},
	"Statement": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Statement(bg, who, desk.NewID())
		return err
	}, accounts},
	"IssueStatement": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.IssueStatement(bg, who, w.one.first.id, "2026-02")
		return err
	}, leads},
	"Reports": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Reports(bg, who, desk.NewReportFilter("", "", "2026-03-02"))
		return err
	}, agents},
	"Attained": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.Attained(bg, who, desk.NewReportFilter("", "", "2026-03-02"))
		return err
	}, agents},
	"AccessPage": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.AccessPage(bg, who, desk.AccessFilter{})
		return err
	}, admins},
	"AskAccessConsent": {func(w *world, who desk.Actor, _ int64) error { _, err := w.AskAccessConsent(bg, who); return err }, admins},
	"TakeAccessConsent": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.TakeAccessConsent(bg, who, desk.ConsentReply{State: "made up"})
		if refused := (desk.ConsentRefused{}); errors.As(err, &refused) {
			return desk.ErrNotFound
		}
		return err
	}, admins},
	"TryAccess":       {func(w *world, who desk.Actor, _ int64) error { _, err := w.TryAccess(bg, who); return err }, admins},
	"SwitchAccessOff": {func(w *world, who desk.Actor, _ int64) error { return w.SwitchAccessOff(bg, who) }, admins},
	"CustomersAccess": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.CustomersAccess(bg, who, w.one.first.id)
		return err
	}, agents},
	"SaveAccessFacts": {func(w *world, who desk.Actor, _ int64) error {
		return w.SaveAccessFacts(bg, who, w.one.first.id, "", "", "")
	}, admins},
	"SaveRelationship": {func(w *world, who desk.Actor, _ int64) error {
		return w.SaveRelationship(bg, who, w.one.first.id, desk.Nobody, desk.RelationshipForm{})
	}, admins},
	"RemoveRelationship": {func(w *world, who desk.Actor, _ int64) error {
		return w.RemoveRelationship(bg, who, w.one.first.id, desk.NewID())
	}, admins},
	"ImportAccess": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.ImportAccess(bg, who, "", true)
		return err
	}, admins},
	"Connectors": {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.Connectors(bg, who); return err }, admins},
	"SaveConnector": {func(w *world, who desk.Actor, _ int64) error {
		return w.SaveConnector(bg, who, desk.ConnectorForm{Kind: desk.AzureSupport})
	}, admins},
	"CheckConnector": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.CheckConnector(bg, who, desk.AzureSupport)
		return err
	}, admins},
	"CompareProfile": {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.CompareProfile(bg, who); return err }, admins},
	"WriteProfile":   {func(w *world, who desk.Actor, _ int64) error { return w.WriteProfile(bg, who, desk.SupportProfile{}) }, admins},
	"FilingChoices": {func(w *world, who desk.Actor, _ int64) error {
		_, err := w.FilingChoices(bg, who, 1, "")
		return err
	}, agents},
	"FileByConnector": {func(w *world, who desk.Actor, _ int64) error {
		return w.FileByConnector(bg, who, 1, 0, desk.RemoteFiling{})
	}, agents},
	"SayByConnector": {func(w *world, who desk.Actor, _ int64) error { return w.SayByConnector(bg, who, 1, "Any news?") }, agents},
	"Sessions":       {func(w *world, who desk.Actor, _ int64) error { _, err := w.Sessions(bg, who); return err }, everybody},
	"Revoke":         {func(w *world, who desk.Actor, _ int64) error { return w.Revoke(bg, who, "x") }, everybody},
	"RevokeOthers":   {func(w *world, who desk.Actor, _ int64) error { return w.RevokeOthers(bg, who) }, everybody},
}

// open verbs ask nobody who he is: what they show is public, or a gate, or the
// worker's.
var open = map[string]string{
	"Now": "a clock", "Ready": "the probe", "Actor": "makes actors", "OpenDesk": "command line",
	"Desk": "public page", "Desks": "public list", "HasProvider": "public page",
	"Offer": "public page", "Mine": "public page",
	"HelpArticles": "public page", "HelpArticle": "public page",
	"BeginSignIn": "gate", "SignIn": "gate", "Admit": "gate, in tests", "AskForLink": "gate", "UseLink": "gate",
	"PrepareLinks": "worker", "SendLink": "worker", "SendNotice": "worker", "SendDigest": "worker", "SendDaily": "worker", "TriageAgain": "worker", "FanOutHints": "worker", "TeachHint": "worker", "ForgetExpired": "worker",
	"RingClocks": "worker", "WarnOfDeadlines": "worker", "Recalculate": "worker",
	"ProposeCharge": "worker", "FanOutMonths": "worker", "ChargeMonths": "worker",
	"FanOutAccess": "worker", "ReadAccess": "worker", "SendAccessNotice": "worker", "FanOutRequests": "worker", "ReadRequests": "worker", "FileRequest": "worker", "SayRequest": "worker",
	"CheckConnectors": "command line", "Reseal": "command line", "TroubledAccess": "says nothing to others",
	"FanOutRollUps": "worker", "RollUp": "worker", "CatchUpFigures": "worker", "RollUpRange": "worker",
}

func TestEveryVerbAsksWhoMay(t *testing.T) {
	t.Parallel()
	a := reflect.TypeFor[*app.App]()
	for i := range a.NumMethod() {
		name := a.Method(i).Name
		if _, asked := rights[name]; !asked && open[name] == "" {
			t.Errorf("%s has no entry in rights: say who may", name)
		}
	}
}

func TestVerbsServeWhoMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	for name, r := range rights {
		allowed := map[desk.Role]bool{}
		for _, role := range r.may {
			allowed[role] = true
		}
		for _, who := range []desk.Actor{w.one.first.contact, w.one.first.manager, w.one.agent, w.one.lead, w.one.admin} {
			w.clock.pass(time.Second)
			err := r.call(w, who, n)
			switch {
			case allowed[who.Person.Role] && !served(err):
				t.Errorf("%s refuses a %s: %v", name, who.Person.Role, err)
			case !allowed[who.Person.Role] && !errors.Is(err, desk.ErrForbidden):
				t.Errorf("%s serves a %s: %v", name, who.Person.Role, err)
			}
			who.Person.Active = false
			if err := r.call(w, who, n); !errors.Is(err, desk.ErrSignIn) {
				t.Errorf("%s serves a %s who was switched off: %v", name, who.Person.Role, err)
			}
		}
		if err := r.call(w, desk.Visitor(w.one.desk), n); !errors.Is(err, desk.ErrSignIn) {
			t.Errorf("%s serves a visitor: %v", name, err)
		}
	}
}

// served tells an answer to what was asked from a refusal to hear it.
func served(err error) bool {
	var invalid desk.Invalid
	return err == nil || errors.As(err, &invalid) || errors.Is(err, desk.ErrConflict) || errors.Is(err, desk.ErrNotFound)
}

// What is another's does not exist: no verb tells a stranger's ticket from none.
func TestAnothersTicketsDoNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(t, w.one.second.contact, desk.Submission{}) // so that the other desk's numbers are not these
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	for who, a := range map[string]desk.Actor{"another customer's manager": w.one.second.manager, "a colleague who does not follow": w.one.first.other,
		"another desk's admin": w.two.admin, "another desk's contact": w.two.first.contact} {
		for _, name := range []string{"ReadTicket", "WriteMessage", "CloseTicket", "ReopenTicket", "FollowTicket"} {
			if err := rights[name].call(w, a, n); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s by %s: %v", name, a.Person.Email, err)
			}
		}
		if !a.DeskSide() {
			rows, _, err := w.ListTickets(bg, a, desk.TicketFilter{Which: "all"})
			for _, r := range rows {
				if r.Number == n {
					t.Errorf("%s lists it (%v)", who, err)
				}
			}
		}
	}
	for _, name := range []string{"AssignTicket", "SetState", "RecordFinding", "ConfirmDecision", "OverrideDecision", "WriteMessage, a note", "SetPriority"} {
		if err := rights[name].call(w, w.two.agent, n); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s by another desk's agent: %v", name, err)
		}
	}
	if _, _, err := w.Customer(bg, w.two.agent, w.one.first.id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk reads a customer: %v", err)
	}
	if err := w.SaveCustomer(bg, w.two.admin, w.one.first.id, desk.CustomerSettings{Name: "x", Relationship: desk.Direct}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk changes a customer: %v", err)
	}
	if err := w.SavePerson(bg, w.two.admin, w.one.agent.Person.ID, desk.PersonSettings{}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk changes a person: %v", err)
	}
	if _, err := w.Invite(bg, w.two.admin, desk.PersonSettings{Name: "x", Email: "x@example.org", Role: desk.Manager, CustomerID: w.one.first.id}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk invites into a customer: %v", err)
	}
	if people, err := w.Colleagues(bg, w.one.second.contact, w.one.first.id); err != nil || len(people) != 0 {
		t.Errorf("another customer's people: %v, %v", people, err)
	}
}
