package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func promised() map[desk.Impact]time.Time {
	return map[desk.Impact]time.Time{desk.Stopped: noon.Add(time.Hour), desk.Slowed: noon.Add(2 * time.Hour), desk.Minor: noon.Add(20 * time.Hour)}
}

func TestTicketFormAsksWhatIsReadFromIt(t *testing.T) {
	t.Parallel()
	form := NewTicketForm()
	form.Promised = promised()
	doc := drawn(t, i18n.French, NewTicket(as(t, desk.Contact), form)).Find(`form[method=post][action="/alpine/tickets"]`)
	for _, name := range []string{"kind", "subject", "body", "service", "region", "affected", "since", "impact", "key"} {
		if doc.Find("[name="+name+"]").Length() == 0 {
			t.Errorf("no field %s", name)
		}
	}
	for _, name := range []string{"requester", "customer"} {
		if doc.Find("[name="+name+"]").Length() != 0 {
			t.Errorf("a customer is asked for %s", name)
		}
	}
	if got := doc.Find("[name=since]").AttrOr("max", ""); got != "2026-11-10T14:18" {
		t.Errorf("latest time %q, want that of the reader's wall", got)
	}
	if got := loose(doc.Find("input[name=impact][value=stopped] + span small").Text()); got != "Réponse avant 15 h 18" {
		t.Errorf("beside stopped work: %q", got)
	}
	if doc.Find("[data-impact] .promise").Length() != 3 || doc.Find("input[name=impact]:checked, input[name=impact][checked]").AttrOr("value", "") != "slowed" {
		t.Error("the promise does not follow the chosen impact")
	}
}

func TestTicketFormOffersEveryService(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.French, NewTicket(as(t, desk.Contact), NewTicketForm()))
	var offered []string
	doc.Find("select[name=service] option").Each(func(_ int, s *goquery.Selection) { offered = append(offered, s.AttrOr("value", "")) })
	if offered[0] != "Unknown" || doc.Find("select[name=service] > option").First().Text() != "Je ne sais pas" {
		t.Errorf("first comes %q", offered[0])
	}
	var known []string
	for _, s := range desk.Services() {
		known = append(known, s.Name)
	}
	slices.Sort(offered)
	slices.Sort(known)
	if !slices.Equal(offered, known) {
		t.Errorf("offered %v, known %v", offered, known)
	}
	if n := doc.Find("select[name=service] optgroup").Length(); n != 5 {
		t.Errorf("%d families, want 5", n)
	}
}

func TestTicketFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	form := TicketForm{Kind: "billing", Subject: `"><i>x`, Body: "a\xffb", Service: "Power BI", Region: "Lyon", Affected: "many_tenants", Since: "hier", Impact: "minor",
		Key: desk.NewID(), Promised: promised(), Restored: true,
		Problems: desk.Problems{{Field: "body", Key: "error.encoding"}, {Field: "since", Key: "error.date"}, {Field: "attachments", Key: "error.attachments"}}}
	doc := drawn(t, i18n.French, NewTicket(as(t, desk.Contact), form))
	for selector, want := range map[string]string{
		"input[name=kind][checked]": "billing", "input[name=subject]": `"><i>x`, "select[name=service] option[selected]": "Power BI", "input[name=region]": "Lyon",
		"input[name=affected][checked]": "many_tenants", "input[name=since][aria-invalid=true]": "hier", "input[name=impact][checked]": "minor", "input[name=key]": form.Key.String(),
	} {
		if got := doc.Find(selector).AttrOr("value", "nothing"); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := doc.Find("textarea[name=body][aria-invalid=true]").Text(); got != "a\uFFFDb" {
		t.Errorf("body %q", got)
	}
	for _, field := range []string{"body", "since", "attachments"} {
		if doc.Find(`[role=alert] a[href="#`+field+`"]`).Length() != 1 || doc.Find("#"+field).Length() != 1 {
			t.Errorf("the summary does not lead to %s", field)
		}
	}
	if !strings.Contains(doc.Find("main").Text(), "Rien n’est encore parti.") {
		t.Error("nobody says that nothing was sent")
	}
}

func TestDeskWritesForSomebody(t *testing.T) {
	t.Parallel()
	lea, gone := desk.Person{ID: desk.NewID(), Name: "Léa Fontaine", Active: true}, desk.Person{ID: desk.NewID(), Name: "Jean Parti"}
	form := NewTicketForm()
	form.Customer, form.People, form.Requester = desk.Customer{ID: desk.NewID(), Name: "Fabrique Lumen"}, []desk.Person{lea, gone}, lea.ID
	doc := drawn(t, i18n.English, NewTicket(as(t, desk.Agent), form))
	if people := doc.Find(`select[name=requester] option[value!=""]`); people.Length() != 1 || doc.Find("select[name=requester] option[selected]").AttrOr("value", "") != lea.ID.String() {
		t.Errorf("people to choose from: %q", people.Text())
	}
	if got := doc.Find("input[type=hidden][name=customer]").AttrOr("value", ""); got != form.Customer.ID.String() {
		t.Errorf("customer %q", got)
	}
}

func TestDeskChoosesTheCustomerFirst(t *testing.T) {
	t.Parallel()
	lumen, left := desk.Customer{ID: desk.NewID(), Name: "Fabrique Lumen", Active: true}, desk.Customer{ID: desk.NewID(), Name: "Parti"}
	doc := drawn(t, i18n.French, ChooseCustomer(as(t, desk.Agent), CustomerChoice{Text: "a&b", Customers: []desk.Customer{lumen, left}, Next: "Parti"}))
	links := doc.Find(`main a[href^="/alpine/tickets/new?customer="]`)
	if links.Length() != 1 || links.AttrOr("href", "") != "/alpine/tickets/new?customer="+lumen.ID.String() {
		t.Errorf("customers: %q", links.Text())
	}
	if doc.Find(`a[href="/alpine/tickets/new?after=Parti&q=a%26b"]`).Length() != 1 {
		t.Error("the next page forgets the search")
	}
}
