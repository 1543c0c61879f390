package server

import (
	"net/url"
	"reflect"
	"testing"

	"guichet/internal/desk"
	"guichet/web/page"
)

func TestDeskFormReadsEveryField(t *testing.T) {
	t.Parallel()
	d := deskForm(url.Values{"name": {"Alpine"}, "language": {"fr"}, "zone": {"Europe/Paris"}, "accent": {"#a03c28"}, "email": {"a@b.example"}, "phone": {"1"},
		"website": {"https://a.example"}, "address": {"Lyon"}, "email_sign_in": {"on"}, "approve_orders": {"on"}, "issuer": {"https://i.example"}, "client_id": {"c"}})
	allSet(t, d)
	if d.Accent != "#a03c28" {
		t.Errorf("accent %q", d.Accent)
	}
}

func TestHouseColourIsNoColourOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]url.Values{
		"never chosen": {"accent": {page.HouseAccent}}, "given back": {"accent": {"#a03c28"}, "house_accent": {"on"}}, "not sent": {},
	} {
		if got := deskForm(v).Accent; got != "" {
			t.Errorf("%s: accent %q", name, got)
		}
	}
}

func TestCustomerFormReadsEveryField(t *testing.T) {
	t.Parallel()
	allSet(t, customerForm(url.Values{"name": {"Lumen"}, "tenant": {"x"}, "initial_domain": {"x"}, "domains": {"x"}, "region": {"x"}, "note": {"x"},
		"relationship": {"reseller"}, "priority": {"on"}, "open_door": {"on"}, "active": {"on"}}))
}

func TestSubcontractorFormReadsEveryField(t *testing.T) {
	t.Parallel()
	allSet(t, subcontractorForm(url.Values{"name": {"Vigie"}, "tenant": {"x"}, "all_customers": {"on"}, "customers": {"x"}, "all_services": {"on"}, "services": {"x"},
		"always": {"on"}, "zone": {"UTC"}, "mon": {"x"}, "active": {"on"}}))
}

func TestPersonFormTakesNoCustomerFromOutside(t *testing.T) {
	t.Parallel()
	p := personForm(url.Values{"name": {"Léa"}, "email": {"lea@lumen.example"}, "language": {"fr"}, "role": {"contact"}, "active": {"on"},
		"subcontractor": {desk.NewID().String()}, "customer": {desk.NewID().String()}})
	if p.CustomerID != desk.Nobody {
		t.Error("the customer is read where its existence is checked")
	}
	p.CustomerID = desk.NewID()
	allSet(t, p)
}

func TestOnlyTheDesksPeopleSwitchKeysOff(t *testing.T) {
	t.Parallel()
	agent := desk.Actor{Person: desk.Person{ID: desk.NewID(), Role: desk.Agent}}
	contact := desk.Actor{Person: desk.Person{ID: desk.NewID(), Role: desk.Contact}}
	if !accountForm(url.Values{}, agent).KeysOff || accountForm(url.Values{"keys": {"on"}}, agent).KeysOff {
		t.Error("an agent's tick decides")
	}
	if accountForm(url.Values{}, contact).KeysOff {
		t.Error("a contact, who is not asked, keeps what he had")
	}
}

func TestFormPageIsWhereTheFormStands(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/alpine/tickets": "/alpine/tickets/new", "/alpine/tickets/12/messages": "/alpine/tickets/12",
		"/alpine/settings/customers": "/alpine/settings/customers/new", "/alpine/settings/customers/x": "/alpine/settings/customers/x",
		"/alpine/settings/subcontractors": "/alpine/settings/subcontractors/new", "/alpine/settings/subcontractors/x": "/alpine/settings/subcontractors/x",
		"/alpine/settings/people": "/alpine/settings/people/new", "/alpine/settings/desk": "/alpine/settings/desk",
		"/alpine/account/sessions/x/end": "/alpine/account", "/alpine/account": "/alpine/account", "/tickets/settings/people/x": "/tickets/settings/people/x",
		"/alpine": "/alpine", "/alpine/settings/rules": "/alpine/settings/rules/new", "/alpine/settings/rules/rule/a": "/alpine/settings/rules/rule/a",
		"/alpine/settings/rules/rule/a/place": "/alpine/settings/rules", "/alpine/settings/rules/draft/removal": "/alpine/settings/rules",
		"/alpine/settings/rules/publication": "/alpine/settings/rules/publication", "/alpine/settings/rules/file": "/alpine/settings/rules",
		"/alpine/settings/rules/versions/2/restoration": "/alpine/settings/rules/versions/2",
		"/alpine/settings/offer":                        "/alpine/settings/offer", "/alpine/settings/offer/types": "/alpine/settings/offer/types/new", "/alpine/settings/offer/types/a": "/alpine/settings/offer/types/a",
		"/alpine/settings/offer/types/a/place": "/alpine/settings/offer", "/alpine/settings/offer/types/a/removal": "/alpine/settings/offer/types/a",
		"/alpine/settings/offer/draft/removal": "/alpine/settings/offer", "/alpine/settings/offer/publication": "/alpine/settings/offer/publication",
		"/alpine/settings/offer/versions/2/restoration": "/alpine/settings/offer/versions/2", "/alpine/settings/hours": "/alpine/settings/hours/new",
		"/alpine/settings/hours/a/removal": "/alpine/settings/hours/a", "/alpine/settings/prices": "/alpine/settings/prices",
		"/alpine/settings/customers/x/agreements/y/removal": "/alpine/settings/customers/x",
	} {
		if got := formPage(path); got != want {
			t.Errorf("%s is on %s, want %s", path, got, want)
		}
	}
}

// allSet fails on a field that the form reader forgot.
func allSet(t *testing.T, form any) {
	t.Helper()
	v := reflect.ValueOf(form)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s was not read", v.Type().Field(i).Name)
		}
	}
}
