package page

import (
	"testing"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func lumen(t *testing.T) desk.Customer {
	t.Helper()
	c, err := desk.NewCustomer(desk.CustomerSettings{Name: "Fabrique Lumen", Tenant: "3b0c52a8-7f41-4d6e-9a90-5c2de81f7b66", InitialDomain: "lumen.onmicrosoft.com",
		Domains: "lumen.example", Relationship: desk.Direct, Region: "France", Priority: true, Note: "Appeler Max avant 9 h."})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCustomersLeadToEachAndOn(t *testing.T) {
	t.Parallel()
	c := lumen(t)
	doc := drawn(t, i18n.French, Customers(as(t, desk.Admin), CustomerList{Text: "lu & co", After: "A", Next: "Fabrique Lumen", Rows: []desk.Customer{c}}))
	if doc.Find(`tbody th a[href="/alpine/settings/customers/`+c.ID.String()+`"]`).Length() != 1 {
		t.Error("the customer's page is not linked")
	}
	if doc.Find(`main a[href="/alpine/settings/customers?after=Fabrique+Lumen&q=lu+%26+co"]`).Length() != 1 {
		t.Error("the next page is not linked")
	}
	if doc.Find(`main a[href="/alpine/settings/customers?q=lu+%26+co"]`).Length() != 1 {
		t.Error("the first page is not linked")
	}
	if got := doc.Find("input[type=search][name=q]").AttrOr("value", ""); got != "lu & co" {
		t.Errorf("searched for %q", got)
	}
}

func TestAgentReadsCustomersAndChangesNothing(t *testing.T) {
	t.Parallel()
	f, c := as(t, desk.Agent), lumen(t)
	person := desk.Person{ID: desk.NewID(), CustomerID: c.ID, Name: "Léa Roux", Email: "lea@lumen.example", Role: desk.Contact, Active: true}
	doc := drawn(t, i18n.French, Customer(f, c, []desk.Person{person}, Agreements{}, CustomerFormOf(c)))
	if n := doc.Find(`main form, main a[href*="/settings/people"]`).Length(); n != 0 {
		t.Errorf("%d ways to change something", n)
	}
	if n := doc.Find("main dl.facts dt").Length(); n != 7 {
		t.Errorf("%d facts, want 7", n)
	}
	list := drawn(t, i18n.French, Customers(f, CustomerList{}))
	if list.Find(`a[href$="/customers/new"], .rail a[href$="/people"], .rail a[href$="/desk"]`).Length() != 0 {
		t.Error("an agent is led where he may not go")
	}
}

func TestCustomerFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	form := CustomerForm{CustomerSettings: desk.CustomerSettings{Name: "", Tenant: "not-a-guid", Domains: "a\nb c", Relationship: "barter", OpenDoor: true},
		Problems: desk.Problems{{Field: "name", Key: "error.required"}, {Field: "tenant", Key: "error.tenant"},
			{Field: "domains", Key: "error.domain", Args: []any{"Domain", "a"}}, {Field: "relationship", Key: "error.choose"}}}
	doc := drawn(t, i18n.English, NewCustomer(as(t, desk.Admin), form))
	if n := doc.Find("[role=alert] li a").Length(); n != 4 {
		t.Errorf("the summary lists %d problems", n)
	}
	for _, link := range doc.Find("[role=alert] li a").EachIter() {
		if href := link.AttrOr("href", ""); doc.Find(href).Length() != 1 {
			t.Errorf("%s leads to %d fields", href, doc.Find(href).Length())
		}
	}
	if got := doc.Find("#tenant[aria-invalid=true]").AttrOr("value", ""); got != "not-a-guid" {
		t.Errorf("tenant %q", got)
	}
	if got := doc.Find("textarea#domains").Text(); got != "a\nb c" {
		t.Errorf("domains %q", got)
	}
	if doc.Find("#open_door[checked]").Length() != 1 || doc.Find("#priority[checked], #relationship[checked]").Length() != 0 {
		t.Error("ticks are not as they were")
	}
}

func TestCustomerSaysWhyNobodyCanComeIn(t *testing.T) {
	t.Parallel()
	known, unknown, closed := lumen(t), lumen(t), lumen(t)
	unknown.Tenant, closed.Active = "", false
	for tone, c := range map[string]desk.Customer{"ok": known, "warn": unknown, "": closed} {
		state := drawn(t, i18n.French, customerState(c)).Find(".state")
		if got := state.AttrOr("data-tone", ""); got != tone || state.Text() == "" {
			t.Errorf("%q (%q), want tone %q", state.Text(), got, tone)
		}
	}
}
