package page

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// secretThread is a ticket that holds all that only a desk may know, as if
// every wall before the page had fallen.
func secretThread(t *testing.T, f Frame) desk.Thread {
	t.Helper()
	f.Who.Person.Name = "Léa Fontaine"
	agent := desk.Person{ID: desk.NewID(), Name: "Inès Caron", Email: "ines@alpine.example", Role: desk.Agent, Active: true}
	due := noon.Add(2 * time.Hour)
	k := desk.Ticket{ID: desk.NewID(), Number: 10482, CustomerID: f.Who.Person.CustomerID, RequesterID: f.Who.Person.ID, AssigneeID: agent.ID,
		Subject: "SharePoint <b>refuse</b>", Service: "SharePoint Online", Impact: desk.Slowed, State: desk.Open, Priority: 2, Outcome: rules.Microsoft,
		Category: "SECRETCATEGORY", Clock: desk.NextReply, DueAt: &due, LastAt: noon, LastSide: desk.CustomerSide, CreatedAt: noon.Add(-5 * time.Hour)}
	say := func(author desk.Person, side desk.Side, internal bool, body string, ago time.Duration) desk.Said {
		return desk.Said{AuthorName: author.Name, Message: desk.Message{ID: desk.NewID(), AuthorID: author.ID, Side: side, Internal: internal, Body: body, CreatedAt: noon.Add(-ago)}}
	}
	happen := func(kind desk.EventKind, internal bool, data map[string]string) desk.Happened {
		return desk.Happened{ActorName: agent.Name, Event: desk.Event{ID: desk.NewID(), ActorID: agent.ID, Kind: kind, Internal: internal, Data: data, CreatedAt: noon.Add(-time.Hour)}}
	}
	return desk.Thread{Ticket: k, Requester: f.Who.Person, Assignee: agent,
		Customer: desk.Customer{ID: k.CustomerID, Name: "Fabrique Lumen", Note: "SECRETABOUT", Tenant: "SECRETTENANT", Priority: true},
		Said: []desk.Said{say(f.Who.Person, desk.CustomerSide, false, "Bonjour", 5*time.Hour), say(agent, desk.DeskSide, true, "SECRETNOTE", 4*time.Hour),
			say(agent, desk.DeskSide, false, "Je regarde", 3*time.Hour)},
		Happened: []desk.Happened{happen(desk.EventDecided, true, map[string]string{"rule": "SECRETRULE"}), happen(desk.EventPriority, false, map[string]string{"to": "SECRETPRIO"}),
			happen(desk.EventOverridden, false, map[string]string{"reason": "SECRETREASON"}), happen(desk.EventAssigned, false, map[string]string{"to": agent.Name}),
			happen(desk.EventState, true, map[string]string{"to": "waiting_microsoft"})},
		Found:    []desk.Found{{Finding: desk.Finding{Text: "SECRETFINDING"}}},
		Decision: desk.Decision{Outcome: rules.Microsoft, Category: "SECRETCATEGORY", Reason: "SECRETREASON", Verdict: desk.Verdict{Rule: "SECRETRULE"}},
		Decider:  "SECRETDECIDER", Confirmer: "SECRETCONFIRMER"}
}

func customerPage(t *testing.T, change func(*CustomerTicket)) (*goquery.Document, string) {
	t.Helper()
	f := as(t, desk.Contact)
	c := CustomerTicket{Thread: secretThread(t, f), Composer: Composer{Key: desk.NewID()}}
	if change != nil {
		change(&c)
	}
	doc := drawn(t, i18n.French, Ticket(f, c))
	html, err := doc.Html()
	if err != nil {
		t.Fatal(err)
	}
	return doc, html
}

func TestTicketTellsItsCustomerNothingInternal(t *testing.T) {
	t.Parallel()
	doc, html := customerPage(t, nil)
	for _, secret := range []string{"SECRET", "MICROSOFT", "ines@alpine.example", "outcome", "prio", "slowed"} {
		if strings.Contains(html, secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	if strings.Contains(doc.Find(".progress").Text(), "Microsoft") {
		t.Error("the progress tells a step that was internal")
	}
	if n := doc.Find(".entry").Length(); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	if events := doc.Find(".event > span"); events.Length() != 1 || strings.TrimSpace(events.Text()) != "Inès Caron s’occupe de votre demande" {
		t.Errorf("events: %q", events.Text())
	}
}

func TestTicketShowsTheExchangeAndThePromise(t *testing.T) {
	t.Parallel()
	doc, _ := customerPage(t, nil)
	if got := doc.Find("h1").Text(); got != "SharePoint <b>refuse</b>" {
		t.Errorf("title %q", got)
	}
	if got := strings.Join(doc.Find(".entry h3").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), ", "); got != "Vous, Inès Caron" {
		t.Errorf("authors %q", got)
	}
	if got := loose(doc.Find(".stub .promise").Text()); got != "avant 16 h 18" {
		t.Errorf("promise %q", got)
	}
	form := doc.Find(`form[action="/alpine/tickets/10482/messages"][method=post]`)
	if form.Find(`textarea[name=body]`).Length() != 1 || form.Find(`input[name=key][value]`).Length() != 1 || form.Find(`button[name=close][value="1"]`).Length() != 1 {
		t.Error("the reply form is not whole")
	}
}

func TestEndedTicketCanBeReopened(t *testing.T) {
	t.Parallel()
	for state, confirms := range map[desk.State]int{desk.Resolved: 1, desk.Closed: 0} {
		doc, _ := customerPage(t, func(c *CustomerTicket) {
			c.Thread.Ticket.State, c.Thread.Ticket.Clock, c.Thread.Ticket.DueAt = state, "", nil
		})
		if doc.Find(`form[action$="/10482/reopening"]`).Length() != 1 || doc.Find(`button[name=close]`).Length() != 0 {
			t.Errorf("%s: no way back, or still a way to close", state)
		}
		if n := doc.Find(`form[action$="/10482/closure"]`).Length(); n != confirms {
			t.Errorf("%s: %d ways to confirm, want %d", state, n, confirms)
		}
		if doc.Find(".stub .promise").Length() != 0 {
			t.Errorf("%s: something is still promised", state)
		}
	}
}

func TestReplyComesBackAsTyped(t *testing.T) {
	t.Parallel()
	key := desk.NewID()
	doc, _ := customerPage(t, func(c *CustomerTicket) {
		c.Composer = Composer{Body: "</textarea><b>\x00", Key: key, Problems: desk.Problems{{Field: "body", Key: "error.encoding"}, {Field: "attachments", Key: "error.attachments"}}}
	})
	box := doc.Find("textarea#body[aria-invalid=true]")
	if box.Text() != "</textarea><b>\uFFFD" {
		t.Errorf("text %q", box.Text())
	}
	if doc.Find(`[role=alert] a[href="#body"]`).Length() != 1 || doc.Find(`[role=alert] a[href="#attachments"]`).Length() != 1 || doc.Find("#attachments").Length() != 1 {
		t.Error("the summary does not lead to what is wrong")
	}
	if got := doc.Find("input[name=key]").AttrOr("value", ""); got != key.String() {
		t.Errorf("key %q", got)
	}
}

func TestOnlyColleaguesWhoDoNotFollowCanBeAdded(t *testing.T) {
	t.Parallel()
	max, zoe := desk.Person{ID: desk.NewID(), Name: "Max Perrin"}, desk.Person{ID: desk.NewID(), Name: "Zoé Blanc"}
	doc, _ := customerPage(t, func(c *CustomerTicket) {
		c.Thread.Followers, c.Colleagues = []desk.Person{max}, []desk.Person{c.Thread.Requester, max, zoe}
	})
	options := doc.Find(`form[action$="/followers"] select[name=person] option[value!=""]`)
	if options.Length() != 1 || options.AttrOr("value", "") != zoe.ID.String() {
		t.Errorf("offered: %q", options.Text())
	}
	if got := doc.Find(".stub li").Text(); got != "VousMax Perrin" {
		t.Errorf("readers %q", got)
	}
	manager, _ := customerPage(t, func(c *CustomerTicket) { c.Thread.Requester = zoe })
	if got := manager.Find(".stub li").Text(); got != "Zoé Blanc" {
		t.Errorf("a manager who looks in reads %q", got)
	}
	alone, _ := customerPage(t, nil)
	if alone.Find(`form[action$="/followers"]`).Length() != 0 {
		t.Error("somebody without colleagues is asked to choose one")
	}
}
