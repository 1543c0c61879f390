package page

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func roles(doc *goquery.Document) (values []string) {
	for _, input := range doc.Find("input[type=radio][name=role]").EachIter() {
		values = append(values, input.AttrOr("value", ""))
	}
	return values
}

func TestInvitationOffersTheRolesOfItsSide(t *testing.T) {
	t.Parallel()
	f, c := as(t, desk.Admin), lumen(t)
	own := drawn(t, i18n.French, NewPerson(f, PersonForm{PersonSettings: desk.PersonSettings{Role: desk.Agent}}))
	if got := roles(own); len(got) != 3 || own.Find("input[name=customer]").Length() != 0 {
		t.Errorf("the desk's own: %v", got)
	}
	theirs := drawn(t, i18n.French, NewPerson(f, PersonForm{Customer: c, PersonSettings: desk.PersonSettings{Role: desk.Contact, CustomerID: c.ID}}))
	if got := roles(theirs); len(got) != 2 || got[0] != "contact" {
		t.Errorf("a customer's: %v", got)
	}
	if got := theirs.Find("input[type=hidden][name=customer]").AttrOr("value", ""); got != c.ID.String() {
		t.Errorf("invites to %q", got)
	}
	if theirs.Find("#role[checked]").Length() != 1 || theirs.Find(`main form[action="/alpine/settings/people"]`).Length() != 1 {
		t.Error("the least role is chosen, the form goes to the list")
	}
}

func TestPersonWhoNeverCameIsToldHow(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	p := f.Who.Person
	invited := drawn(t, i18n.French, Person(f, p, PersonFormOf(p, desk.Customer{})))
	if invited.Find(`.banner a[href="/alpine/sign-in"]`).Length() != 1 {
		t.Error("no way in is named")
	}
	p.IdentityID = desk.NewID()
	if drawn(t, i18n.French, Person(f, p, PersonFormOf(p, desk.Customer{}))).Find(".banner").Length() != 0 {
		t.Error("somebody who came needs no help")
	}
}

func TestLastAdminIsToldBesideTheRole(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	form := PersonFormOf(f.Who.Person, desk.Customer{})
	form.Role, form.Problems = desk.Agent, desk.Problems{{Field: "role", Key: "error.last_admin"}}
	doc := drawn(t, i18n.English, Person(f, f.Who.Person, form))
	if doc.Find("fieldset #role-error").Length() != 1 || doc.Find(`[role=alert] a[href="#role"]`).Length() != 1 {
		t.Error("the error is not beside the role")
	}
	if doc.Find("input[value=agent][checked]").Length() != 1 {
		t.Error("the choice is lost")
	}
}
