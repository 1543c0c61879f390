package journey_test

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

var deskPeople = []string{"ines@alpine.example", "hugo@alpine.example", "karim@alpine.example", "paul@alpine.example"}

// agents take a ticket from the queue through triage to an answer, and decide
// another themselves.
func agents(t *testing.T, site *running.Portal) {
	for n, view := range hands[1] {
		t.Run(view.String(), func(t *testing.T) {
			t.Parallel()
			word := "pangolin" + view.String()[:2] + string(rune('a'+n))
			one := asks(t, site, "sam@hoteldulac.example", "Un souci de "+word)
			other := asks(t, site, "sam@hoteldulac.example", "Encore "+word)
			p := journey.Open(t, site.Base+"/alpine", view)
			p.SignIn(t, site.Base, "alpine", deskPeople[n])
			ends(t, p, site, "/alpine/queue")
			speaks(t, site, p, view)
			list := narrows(t, site, p, word)
			p.Submit(t, `.title a[href*="/`+one+`?"]`)
			recordsFinding(t, p)
			writes(t, site, p, one)
			assigns(t, p)
			p.Submit(t, ".title-bar a")
			if at := p.Address(t); !strings.HasPrefix(list, at) { // what is not asked is left out
				t.Errorf("back leads to %s, not to %s", at, list)
			}
			p.Submit(t, `.title a[href*="/`+other+`?"]`)
			decides(t, p)
		})
	}
}

// asks opens a ticket that leaves the decision open, about a service that no
// incident has, for a customer's contact, and returns its number.
func asks(t *testing.T, site *running.Portal, contact, subject string) string {
	t.Helper()
	answer, err := site.SignIn(t, "alpine", contact).PostForm(site.Base+"/alpine/tickets", url.Values{"kind": {"problem"}, "subject": {subject},
		"body":    {"Il y a un problème avec Planner chez nous depuis ce matin, plusieurs personnes ont une erreur."},
		"service": {"Planner"}, "affected": {"some_users"}, "impact": {"slowed"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s asks: %s", contact, answer.Status)
	}
	return path.Base(answer.Request.URL.Path)
}

// speaks sets the language of the account to that of the view.
func speaks(t *testing.T, site *running.Portal, p *journey.Page, view journey.View) {
	t.Helper()
	if view.Language == "" {
		return
	}
	p.Click(t, "[popovertarget=me]")
	p.Submit(t, `#me a[href$="/account"]`)
	p.Choose(t, "language", view.Language)
	p.Submit(t, "main form button")
	ends(t, p, site, "/alpine/account")
	has(t, p, `html[lang="`+view.Language+`"]`)
	p.Submit(t, "header .logo")
}

// narrows looks for a word in the list of all and returns the list's address.
func narrows(t *testing.T, site *running.Portal, p *journey.Page, word string) string {
	t.Helper()
	p.Go(t, site.Base+"/alpine/queue/todo?q="+word)
	if n := p.Count(t, ".queue tbody tr"); n != 2 {
		t.Errorf("%d tickets say %s", n, word)
	}
	p.FitsWidth(t)
	return p.Address(t)
}

// recordsFinding sees the decision change with what was found, and confirms it.
func recordsFinding(t *testing.T, p *journey.Page) {
	t.Helper()
	has(t, p, `summary [data-outcome=ask]`)
	p.Click(t, "details:has([name=finding_kind]) > summary")
	p.Choose(t, "finding_kind", "local_cause")
	p.Choose(t, "result", "confirmed")
	p.Fill(t, "text", "La licence de l’utilisateur a expiré hier.")
	events := p.Count(t, ".timeline .event, .timeline details")
	p.Submit(t, `form[action*="/findings"] button`)
	has(t, p, `summary [data-outcome=partner]`)
	says(t, p, ".timeline .panel", "licence")
	if now := p.Count(t, ".timeline .event, .timeline details"); now <= events {
		t.Error("the timeline does not say that the decision changed")
	}
	p.Submit(t, "button[name=do][value=confirm]")
	hasNo(t, p, "button[name=do][value=confirm]")
	has(t, p, ".toast")
	fits(t, p)
}

// writes a note, which the customer never sees, and a reply, which he does.
func writes(t *testing.T, site *running.Portal, p *journey.Page, number string) {
	t.Helper()
	p.Choose(t, "kind", "note")
	if style := p.Style(t, ".composer", "border-top-style"); style != "dashed" {
		t.Errorf("a note is written within a border that is %s", style)
	}
	p.Fill(t, "body", "Entre nous : voir la marge.")
	p.Submit(t, ".composer button.if-note")
	says(t, p, ".entry[data-kind=note] .label", "")
	if style := p.Style(t, ".entry[data-kind=note] .bubble", "border-top-style"); style != "dashed" {
		t.Errorf("a note stands within a border that is %s", style)
	}
	p.Choose(t, "kind", "message")
	p.Fill(t, "body", "Nous avons renouvelé la licence. Est-ce réparé ?")
	p.Choose(t, "then", "waiting_customer")
	p.Submit(t, ".composer button.if-reply")
	has(t, p, `#states [value=waiting_customer][aria-current]`)

	answer, err := site.SignIn(t, "alpine", "sam@hoteldulac.example").Get(site.Base + "/alpine/tickets/" + number)
	if err != nil {
		t.Fatal(err)
	}
	text := running.Page(t, answer).Find("main").Text()
	for _, secret := range []string{"la marge", "a expiré hier"} {
		if strings.Contains(text, secret) {
			t.Errorf("the customer reads %q", secret)
		}
	}
	if !strings.Contains(text, "renouvelé la licence") {
		t.Error("the customer does not read the reply")
	}
	letter(t, site, "sam@hoteldulac.example", number)
}

func assigns(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Click(t, "[popovertarget=agents]")
	p.Submit(t, "#agents button[value=me]")
	hasNo(t, p, "#agents button[value=me]")
	p.Click(t, "[popovertarget=agents]")
	p.Submit(t, `#agents button[value=""]`)
	has(t, p, "#agents button[value=me]")
	p.Click(t, "[popovertarget=priorities]")
	p.Submit(t, `#priorities button[value="2"]`)
	has(t, p, `#priorities [value="2"][aria-current]`)
}

// decides otherwise than the rules: not without a reason.
func decides(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Click(t, "details.more:has(#reason) > summary")
	p.Choose(t, "outcome", "MICROSOFT")
	p.Choose(t, "category", "bug")
	p.FillIn(t, "#reason", " ")
	p.Submit(t, "button[name=do][value=override]")
	if p.Status() != http.StatusUnprocessableEntity {
		t.Errorf("a decision without its reason is answered %d", p.Status())
	}
	says(t, p, "#reason-error", "")
	has(t, p, "#reason[aria-invalid=true]")
	if got := p.Value(t, "#outcome") + p.Value(t, "#category"); got != "MICROSOFTbug" {
		t.Errorf("the form came back with %s", got)
	}
	fits(t, p)
	p.FillIn(t, "#reason", "Reproduit sur trois organisations.")
	p.Submit(t, "button[name=do][value=override]")
	has(t, p, `summary [data-outcome=microsoft]`)
	says(t, p, ".decision", "Reproduit sur trois organisations")
}
