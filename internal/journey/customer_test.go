package journey_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// A company is a customer's people, and the words by which one knows its
// language.
type company struct {
	name, contact, manager, colleague string
	next                              string // heading of what happens next
}

var companies = []company{
	{"Fabrique Lumen", "lea@lumen.example", "max@lumen.example", "zoe@lumen.example", "Et maintenant"},
	{"Harbour", "priya@harbourfinch.example", "oliver@harbourfinch.example", "una@harbourfinch.example", "What now"},
	{"Northgate", "dan@northgate.example", "gemma@northgate.example", "ivo@northgate.example", "What now"},
	{"Cabinet Morand", "julien@cabinet-morand.example", "beatrice@cabinet-morand.example", "louis@cabinet-morand.example", "Et maintenant"},
}

// customers have a ticket from the first question to the last word.
func customers(t *testing.T, site *running.Portal) {
	for n, view := range hands[0] {
		t.Run(view.String(), func(t *testing.T) {
			t.Parallel()
			c := companies[n]
			invite(t, site, "alpine", "paul@alpine.example", "contact", c.name, "Dominique Petit", c.colleague)
			p := journey.Open(t, site.Base+"/alpine?lang="+c.language(), view)
			subject := "Ma signature a disparu " + view.String()
			number := opensTicket(t, site, p, c, subject)
			talks(t, p, number)
			findsIt(t, site, p, number)
			colleaguesSeeIt(t, site, p, c, number)
			signsOut(t, site, p)
		})
	}
}

func (c company) language() string {
	if strings.HasPrefix(c.next, "Et ") {
		return "fr"
	}
	return "en"
}

// opensTicket comes as a visitor, signs in on the way and asks.
func opensTicket(t *testing.T, site *running.Portal, p *journey.Page, c company, subject string) string {
	t.Helper()
	p.Submit(t, `main .row a[href$="/tickets/new"]`)
	if p.Has(t, `form[action$="/tickets"]`) {
		t.Fatal("a visitor is offered the form")
	}
	p.Submit(t, `button[name=person][value="`+c.contact+`"]`)
	ends(t, p, site, "/alpine/tickets/new")
	p.FitsWidth(t)
	p.Choose(t, "kind", "problem")
	p.Fill(t, "subject", subject)
	p.Fill(t, "body", " ") // a browser would not send nothing
	p.Submit(t, ".stub button")
	if p.Status() != http.StatusUnprocessableEntity {
		t.Errorf("a form without its text is answered %d", p.Status())
	}
	has(t, p, `#body[aria-invalid="true"]`)
	says(t, p, "#body-error", "")
	fits(t, p)
	p.Fill(t, "body", "Depuis ce matin, ma signature manque dans les messages que j’envoie.")
	p.Choose(t, "service", "Exchange Online")
	p.Choose(t, "affected", "one_user")
	p.Choose(t, "impact", "minor")
	if n := p.Count(t, ".stub .promise"); n != 1 {
		t.Errorf("%d promises are in view once the effect is chosen", n)
	}
	promise := p.See(t, `[data-impact="minor"] .promise`)
	p.Submit(t, ".stub button")
	number := numberOf(t, p)
	says(t, p, "h1", subject)
	says(t, p, "main", number)
	says(t, p, "#next", c.next)
	says(t, p, ".stub .promise", "")
	if now := p.See(t, ".stub .promise"); len(now) != len(promise) {
		t.Errorf("promised %q, then %q", promise, now)
	}
	says(t, p, ".toast", "")
	return number
}

// talks answers, closes and opens again.
func talks(t *testing.T, p *journey.Page, number string) {
	t.Helper()
	p.Fill(t, "body", "Je précise : <b>Outlook</b> sur le web.\n\nPas sur le téléphone.")
	p.Submit(t, `form[action$="/messages"] button[data-kind=main]`)
	says(t, p, ".timeline > .entry:last-of-type", "<b>Outlook</b> sur le web")
	says(t, p, ".toast", "")
	p.Submit(t, `button[name=close]`)
	says(t, p, ".progress [data-done]:last-child", "")
	if p.Has(t, ".stub .promise") {
		t.Error("something is promised of a ticket that is closed")
	}
	p.Submit(t, `form[action$="/reopening"] button`)
	hasNo(t, p, `form[action$="/reopening"]`)
	fits(t, p)
	if at := numberOf(t, p); at != number {
		t.Errorf("one ended at %s", at)
	}
}

// findsIt looks through the list, by its filter and by words.
func findsIt(t *testing.T, site *running.Portal, p *journey.Page, number string) {
	t.Helper()
	row := `tbody a[href$="/` + number + `"]`
	p.Submit(t, `header nav a[href$="/tickets"]`)
	has(t, p, row)
	p.Submit(t, `a[href$="which=ended"]`)
	hasNo(t, p, row)
	p.Submit(t, `a[href$="which=all"]`)
	p.Fill(t, "q", "licorne")
	p.Submit(t, "main form[role=search] button")
	has(t, p, ".empty")
	p.Fill(t, "q", "signature")
	p.Submit(t, "main form[role=search] button")
	row = `[data-rows] a[href$="/` + number + `"]`
	has(t, p, row)
	fits(t, p)
	p.Submit(t, row)
	ends(t, p, site, "/alpine/tickets/"+number)
}

// colleaguesSeeIt looks with the eyes of the manager, who sees everything, and
// of a colleague, who sees what he was let into.
func colleaguesSeeIt(t *testing.T, site *running.Portal, p *journey.Page, c company, number string) {
	t.Helper()
	address, row := site.Base+"/alpine/tickets/"+number, `tbody a[href$="/`+number+`"]`
	manager := journey.Open(t, site.Base+"/alpine", journey.View{NoScript: true})
	manager.SignIn(t, site.Base, "alpine", c.manager)
	has(t, manager, row)
	manager.Go(t, address)
	has(t, manager, "#next")

	colleague := journey.Open(t, site.Base+"/alpine", journey.View{NoScript: true})
	signInByMail(t, site, colleague, "alpine", c.colleague)
	ends(t, colleague, site, "/alpine/tickets")
	hasNo(t, colleague, row)
	colleague.Go(t, address)
	if colleague.Status() != http.StatusNotFound {
		t.Errorf("a colleague is answered %d", colleague.Status())
	}

	for _, name := range []string{"Dominique Petit", ""} { // then the other one: the manager
		p.Click(t, ".stub details:has([name=person]) > summary")
		option := "select[name=person] option:not([value=''])"
		if name != "" {
			says(t, p, "select[name=person]", name)
		}
		p.Choose(t, "person", p.Value(t, option))
		p.Submit(t, `form[action$="/followers"] button`)
	}
	hasNo(t, p, `form[action$="/followers"]`)
	colleague.Go(t, address)
	if colleague.Status() != http.StatusOK {
		t.Errorf("a colleague who was let in is answered %d", colleague.Status())
	}
}

func signsOut(t *testing.T, site *running.Portal, p *journey.Page) {
	t.Helper()
	p.Click(t, "[popovertarget=me]")
	p.Submit(t, "#me form button")
	ends(t, p, site, "/alpine")
	p.Go(t, site.Base+"/alpine/tickets")
	if u, err := url.Parse(p.Address(t)); err != nil || u.Host == strings.TrimPrefix(site.Base, "http://") {
		t.Errorf("signed out, one still reads %s", u)
	}
}
