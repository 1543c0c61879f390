package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// sampleOrder is a ticket that orders, at one stage of its approval.
func sampleOrder(t *testing.T, approval desk.Approval, managers ...string) desk.Thread {
	t.Helper()
	th := sampleTicket(t).Thread
	wished := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	th.Order = &desk.PlacedOrder{Order: desk.Order{Action: desk.AddSeats, Product: "Visio <Plan 2>", Seats: 1200, WishedOn: &wished, Commitment: "annual", Approval: approval}}
	if approval == desk.ApprovalApproved || approval == desk.ApprovalRefused {
		th.Order.ApproverName, th.Order.DecidedAt, th.Order.Reason = "Max Perrin", &noon, "Trop cher."
	}
	for _, name := range managers {
		th.Managers = append(th.Managers, desk.Person{ID: desk.NewID(), Name: name, Role: desk.Manager, Active: true})
	}
	th.Ticket.Kind, th.Ticket.Outcome, th.Ticket.Category = desk.KindSubscription, desk.Partner, "licensing_subscription"
	th.Decision.Verdict, th.Decision.Outcome, th.Decision.Category = desk.OrderVerdict(), desk.Partner, "licensing_subscription"
	th.Program, th.Questions = nil, nil
	return th
}

func TestOrderIsReadAlikeByBothSides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		approval desk.Approval
		managers []string
		fr, en   string
		answers  int // forms for a manager
	}{
		{desk.ApprovalNone, nil, "", "", 0},
		{desk.ApprovalWaiting, []string{"Max Perrin", "Eva Roux"}, "Attend l’accord d’un responsable. Peut le donner : Max Perrin, Eva Roux.", "Waits for a manager’s approval. Who can give it: Max Perrin, Eva Roux.", 2},
		{desk.ApprovalWaiting, nil, "Aucun accord possible. L’entreprise n’a pas de responsable actif : Alpine Cloud peut continuer sans accord.", "No approval can be had.", 2},
		{desk.ApprovalApproved, []string{"Max Perrin"}, "Accord donné. Max Perrin,", "Approved. Max Perrin,", 0},
		{desk.ApprovalRefused, []string{"Max Perrin"}, "« Trop cher. »", "“Trop cher.”", 0},
	} {
		th := sampleOrder(t, c.approval, c.managers...)
		for lang, want := range map[i18n.Lang]string{i18n.French: c.fr, i18n.English: c.en} {
			inside := drawn(t, lang, DeskTicketPage(as(t, desk.Agent), DeskTicket{Thread: th, Back: desk.QueueFilter{View: desk.ViewCommercial}}))
			outside := drawn(t, lang, Ticket(as(t, desk.Manager), CustomerTicket{Thread: th}))
			for side, doc := range map[string]string{"desk": inside.Find("aside").Text(), "customer": outside.Find("main").Text()} {
				text := strings.Join(strings.Fields(loose(doc)), " ")
				for _, w := range []string{want, "Visio <Plan 2>", "16 "} {
					if !strings.Contains(text, w) {
						t.Errorf("%s, %s, %s: %q not in %s", c.approval, side, lang, w, text)
					}
				}
			}
			if n := outside.Find(`form[action$="/approval"]`).Length(); n != c.answers {
				t.Errorf("%s: a manager has %d answers, want %d", c.approval, n, c.answers)
			}
			if drawn(t, lang, Ticket(as(t, desk.Contact), CustomerTicket{Thread: th})).Find(`form[action$="/approval"]`).Length() != 0 {
				t.Errorf("%s: a contact may answer", c.approval)
			}
		}
	}
}

func TestOrderIsNoProblemToLookInto(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.French, DeskTicketPage(as(t, desk.Agent), DeskTicket{Thread: sampleOrder(t, desk.ApprovalNone), Why: true, Back: desk.QueueFilter{View: desk.ViewTodo}}))
	if n := doc.Find(".steps li").Length(); n != 1 {
		t.Errorf("%d steps, want the decision alone", n)
	}
	if text := loose(doc.Find(".decision").Text()); !strings.Contains(text, "Changement d’abonnement") || !strings.Contains(text, "aucune règle technique") {
		t.Errorf("the decision says %q", text)
	}
	if doc.Find("#why").Length() != 0 || doc.Find(`a[href*="why=1"]`).Length() != 0 {
		t.Error("rules are shown that were never asked")
	}
}

func TestOrderFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	form := NewTicketForm()
	form.Kind, form.Ordering = desk.KindSubscription, true
	form.Order = desk.OrderForm{Action: "cancel", Product: `"><i>x`, Seats: "x", WishedOn: "2026-11-16", Commitment: "three_years", Comment: "a\xffb"}
	form.Problems = desk.Problems{{Field: "seats", Key: "error.seats"}}
	doc := drawn(t, i18n.French, NewTicket(as(t, desk.Contact), form)).Find(`form[action="/alpine/tickets"]`)
	for selector, want := range map[string]string{
		"input[name=kind]": "subscription", "input[name=action][checked]": "cancel", "input[name=product]": `"><i>x`, "input[name=seats][aria-invalid=true]": "x",
		"input[name=wished_on]": "2026-11-16", "input[name=commitment][checked]": "three_years", "input[name=key]": form.Key.String(),
	} {
		if got := doc.Find(selector).AttrOr("value", "nothing"); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := doc.Find("textarea[name=body]").Text(); got != "a\uFFFDb" {
		t.Errorf("the comment %q", got)
	}
	if got := doc.Find("input[name=wished_on]").AttrOr("min", ""); got != "2026-11-10" {
		t.Errorf("the first day is %q", got)
	}
	if doc.Find("#help").Length() != 0 || doc.Find("[name=subject]").Length() != 0 {
		t.Error("an order is asked what a problem is asked")
	}
}

func TestRowSaysWhatIsOrdered(t *testing.T) {
	t.Parallel()
	row := desk.Row{Priority: 3, Outcome: desk.Partner, State: desk.Open, LastSide: desk.CustomerSide, Service: "Licensing and billing", LastAt: noon}
	renew, buy := row, row
	renew.Action, buy.Action, buy.Approval = desk.Renew, desk.Buy, desk.ApprovalWaiting
	q := Queue{Filter: desk.QueueFilter{View: desk.ViewCommercial}, Rows: []desk.Row{renew, buy, row}}
	doc := drawn(t, i18n.French, QueuePage(as(t, desk.Agent), q))
	for n, want := range []string{"Renouveler un abonnement", "Acheter un abonnement, attend un accord", ""} {
		if got := strings.Join(strings.Fields(doc.Find("tbody tr").Eq(n).Find(".title .labels").Text()), " "); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("row %d says %q", n, got)
		}
	}
}
