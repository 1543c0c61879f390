package app_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func addSeats() *desk.OrderForm {
	return &desk.OrderForm{Action: "add_seats", Product: "Microsoft 365 Business Premium", Seats: "5", WishedOn: "2026-03-09", Commitment: "annual", Comment: "Pour les nouveaux."}
}

// asking lets a desk ask for approvals.
func (w *world) asking(t *testing.T) {
	t.Helper()
	d := w.one.desk
	if err := w.SaveDesk(bg, w.one.admin, desk.DeskSettings{Name: d.Name, Language: d.Language, Zone: d.Zone, EmailSignIn: true, ApproveOrders: true}, ""); err != nil {
		t.Fatal(err)
	}
	d = made(w.Desk(bg, d.Slug))
	for _, a := range []*desk.Actor{&w.one.first.contact, &w.one.first.manager, &w.one.first.other, &w.one.second.contact, &w.one.agent, &w.one.admin} {
		a.Desk = d
	}
}

func (w *world) order(t *testing.T, who desk.Actor) int64 {
	t.Helper()
	return w.submit(t, who, desk.Submission{Kind: "subscription", Subject: "ignored", Order: addSeats()})
}

func TestOrderBecomesAReadableTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	th := w.thread(t, w.one, w.order(t, w.one.first.contact))
	if th.Ticket.Subject != "Ajouter 5 licences Microsoft 365 Business Premium" {
		t.Errorf("subject %q", th.Ticket.Subject)
	}
	body := strings.ReplaceAll(th.Said[0].Body, "\u202f", " ")
	if want := "Notre demande : Ajouter 5 licences Microsoft 365 Business Premium. Date souhaitée : lundi 9 mars 2026. Engagement : un an.\n\nPour les nouveaux."; body != want {
		t.Errorf("body %q, want %q", body, want)
	}
	if o := th.Order; o == nil || o.Action != desk.AddSeats || o.Seats != 5 || o.WishedOn == nil || o.Commitment != "annual" || o.Approval != desk.ApprovalNone {
		t.Errorf("order %+v", o)
	}
	n := w.submit(t, w.two.first.contact, desk.Submission{Kind: "subscription", Order: &desk.OrderForm{Action: "cancel", Product: "Visio Plan 2", Seats: "7", Commitment: ""}})
	other := w.thread(t, w.two, n)
	if other.Ticket.Subject != "Cancel the subscription Visio Plan 2" || other.Order.Seats != 0 || !strings.Contains(other.Said[0].Body, "As soon as possible.") {
		t.Errorf("in English %q, %q, %+v", other.Ticket.Subject, other.Said[0].Body, other.Order)
	}
}

func TestOrdersAreJudgedByNoRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := desk.Submission{Kind: "subscription", Subject: "Outlook is down for everybody", Body: "Exchange Online is down worldwide, error 500, all our users and other companies too."}
	for _, n := range []int64{w.order(t, w.one.first.contact), w.submit(t, w.one.first.contact, plain)} {
		judged := func(when string) {
			th := w.thread(t, w.one, n)
			v := th.Decision.Verdict
			if th.Ticket.Outcome != desk.Partner || th.Ticket.Category != "licensing_subscription" || v.Rule != desk.SubscriptionChange || len(v.Facts) != 0 || th.Program != nil {
				t.Errorf("%s: %s %s by %q with %v", when, th.Ticket.Outcome, th.Ticket.Category, v.Rule, v.Facts)
			}
			if got := w.count(t, `select count(*) from decisions where ticket_id = $1`, th.Ticket.ID); got != 1 {
				t.Errorf("%s: %d decisions", when, got)
			}
		}
		judged("new")
		w.reply(t, w.one.first.contact, n, app.Reply{Body: "Teams is down as well, service unavailable everywhere."})
		if err := w.TriageAgain(bg, app.Retriage{Desk: w.one.desk.ID, Ticket: n}); err != nil {
			t.Fatal(err)
		}
		if err := w.RecordFinding(bg, w.one.agent, n, "health", "confirmed", "An incident is open"); err != nil {
			t.Fatal(err)
		}
		judged("after more words and a finding")
	}
}

func TestBadOrdersSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for field, change := range map[string]func(*desk.OrderForm){
		"action":     func(f *desk.OrderForm) { f.Action = "sell" },
		"product":    func(f *desk.OrderForm) { f.Product = "  " },
		"seats":      func(f *desk.OrderForm) { f.Seats = "-3" },
		"wished_on":  func(f *desk.OrderForm) { f.WishedOn = "2026-03-01" }, // yesterday
		"commitment": func(f *desk.OrderForm) { f.Commitment = "for ever" },
		"body":       func(f *desk.OrderForm) { f.Comment = strings.Repeat("x", desk.MaxBody) },
	} {
		f := addSeats()
		change(f)
		_, err := w.SubmitTicket(bg, w.one.first.contact, desk.Submission{Kind: "subscription", Order: f}, desk.Nobody)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, seats := range []string{"", "0", "1.5", "five", "100001", "99999999999999999999"} {
		f := addSeats()
		f.Seats = seats
		if _, err := w.SubmitTicket(bg, w.one.first.contact, desk.Submission{Kind: "subscription", Order: f}, desk.Nobody); err == nil {
			t.Errorf("%q seats are taken", seats)
		}
	}
	f := addSeats()
	f.WishedOn = "2026-03-02"
	if _, err := w.SubmitTicket(bg, w.one.first.contact, desk.Submission{Kind: "subscription", Order: f}, desk.Nobody); err != nil {
		t.Errorf("today: %v", err)
	}
}

func TestContactsOrderWaitsForAManager(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asking(t)
	n := w.order(t, w.one.first.contact)
	th := w.thread(t, w.one, n)
	if !th.Order.Waits() || len(th.Managers) != 1 || !slices.Contains(kinds(th), desk.EventAsked) {
		t.Fatalf("order %+v, managers %v, events %v", th.Order, th.Managers, kinds(th))
	}
	if got := w.count(t, `select count(*) from river.river_job where kind = 'notice' and args->>'about' = 'approval' and args->>'to' = $1`, w.one.first.manager.Person.ID.String()); got != 1 {
		t.Errorf("the manager gets %d letters", got)
	}
	if own := w.thread(t, w.one, w.order(t, w.one.first.manager)); own.Order.Approval != desk.ApprovalNone {
		t.Errorf("a manager's own order: %s", own.Order.Approval)
	}
	var invalid desk.Invalid
	if err := w.DecideOrder(bg, w.one.first.manager, n, "refuse", " "); !errors.As(err, &invalid) {
		t.Errorf("a refusal without a reason: %v", err)
	}
	if err := w.DecideOrder(bg, w.one.second.manager, n, "approve", ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another company's manager: %v", err)
	}
	if err := w.DecideOrder(bg, w.one.first.manager, n, "refuse", "Trop cher."); err != nil {
		t.Fatal(err)
	}
	th = w.thread(t, w.one, n)
	if th.Order.Approval != desk.ApprovalRefused || th.Order.Reason != "Trop cher." || th.Order.ApproverName != "manager" || !slices.Contains(kinds(th), desk.EventRefused) {
		t.Errorf("refused: %+v, %v", th.Order, kinds(th))
	}
	if got := w.count(t, `select count(*) from river.river_job where kind = 'notice' and args->>'about' = 'refused' and args->>'to' = $1`, w.one.first.contact.Person.ID.String()); got != 1 {
		t.Errorf("who ordered gets %d letters", got)
	}
	if err := w.DecideOrder(bg, w.one.first.manager, n, "approve", ""); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second answer: %v", err)
	}
}

func TestTwoManagersAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asking(t)
	second := w.invite(t, w.one, desk.PersonSettings{Name: "second", Email: "second@first.example", Role: desk.Manager, CustomerID: w.one.first.id})
	second.Desk = w.one.first.manager.Desk
	n := w.order(t, w.one.first.contact)
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, who := range []desk.Actor{w.one.first.manager, second} {
		both.Go(func() { errs[i] = w.DecideOrder(bg, who, n, []string{"approve", "refuse"}[i], "Non.") })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), desk.ErrConflict) {
		t.Errorf("both answered: %v", errs)
	}
	if got := w.count(t, `select count(*) from events where kind in ('approved', 'refused')`); got != 1 {
		t.Errorf("%d answers on the timeline", got)
	}
}

func TestNobodyCouldApprove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asking(t)
	m := w.one.first.manager.Person
	if err := w.SavePerson(bg, w.one.admin, m.ID, desk.PersonSettings{Name: m.Name, Email: m.Email, Role: desk.Manager, CustomerID: m.CustomerID}); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, w.order(t, w.one.first.contact))
	if !th.Order.Waits() || len(th.Managers) != 0 || slices.Contains(kinds(th), desk.EventAsked) {
		t.Errorf("order %+v, managers %v, events %v", th.Order, th.Managers, kinds(th))
	}
	if got := w.count(t, `select count(*) from river.river_job where kind = 'notice' and args->>'about' = 'approval'`); got != 0 {
		t.Errorf("%d letters to nobody", got)
	}
}

func TestOrderLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asking(t)
	n := w.order(t, w.one.first.contact)
	th := w.thread(t, w.one, n)
	ask := app.Notice{Desk: w.one.desk.ID, About: app.NoticeApproval, Ticket: n, Message: th.Said[0].ID, To: w.one.first.manager.Person.ID, Letter: desk.NewID()}
	send := func(n app.Notice) int {
		if err := w.SendNotice(bg, n); err != nil {
			t.Fatal(err)
		}
		return len(w.mail.Messages())
	}
	if got := send(ask); got != 1 || !strings.Contains(w.mail.Messages()[0].Text, "attend votre accord") {
		t.Errorf("%d letters: %v", got, w.mail.Messages())
	}
	if err := w.DecideOrder(bg, w.one.first.manager, n, "approve", ""); err != nil {
		t.Fatal(err)
	}
	if got := send(ask); got != 1 {
		t.Error("a letter asks for what is given")
	}
	ask.About, ask.Message, ask.To, ask.Letter = app.NoticeApproved, desk.Nobody, w.one.first.contact.Person.ID, desk.NewID()
	if got := send(ask); got != 2 || !strings.Contains(w.mail.Messages()[0].Text, "manager a donné son accord") {
		t.Errorf("%d letters: %v", got, w.mail.Messages())
	}
}

func TestCommercialQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asking(t)
	n := w.order(t, w.one.first.contact)
	bill := w.submit(t, w.one.first.contact, desk.Submission{Kind: "billing", Subject: "Invoice", Body: "Which period?"})
	w.submit(t, w.one.first.contact, desk.Submission{})
	rows, _, err := w.ReadQueue(bg, w.one.agent, desk.QueueFilter{View: desk.ViewCommercial})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows (%v)", len(rows), err)
	}
	for _, r := range rows {
		if r.Number == n && (r.Action != desk.AddSeats || r.Approval != desk.ApprovalWaiting) || r.Number == bill && r.Action != "" {
			t.Errorf("row %+v", r)
		}
	}
	all, _, _ := w.ReadQueue(bg, w.one.agent, desk.QueueFilter{View: desk.ViewTodo})
	if counts := made(w.Counts(bg, w.one.agent)); len(all) != 3 || counts[desk.ViewCommercial] != 2 {
		t.Errorf("%d to do, counts %v", len(all), counts)
	}
}
