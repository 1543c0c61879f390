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

// A handing is a request that only Microsoft can settle, and by whom it is handed on.
type handing struct {
	contact           string // who asks
	service, affected string
	impact            string
	agent             string // who hands it on
	answer            string // to the questions, by number
	typed, request    string // their number as a person pastes it, and as it is kept
	severity          string
}

// Of a company that stands still a lead must let the request go; of some users with
// trouble nobody need.
var handings = []handing{
	{contact: "mathilde@patisserie-guillot.example", service: "Microsoft Bookings", affected: "whole_tenant", impact: "stopped",
		answer: "1. hier à 8 h 15\n2. hier à 9 h 40\n3. enregistrer une page\n4. je ne sais pas\n5. oui",
		agent:  "ines@alpine.example", typed: " 2611-2500 4007-9001 ", request: "2611250040079001", severity: "A"},
	{contact: "camille@atelierdeshalles.example", service: "Planner", affected: "some_users", impact: "slowed",
		answer: "1. hier à 8 h 15\n2. enregistrer\n3. douze\n4. camille@atelierdeshalles.example\n5. 2410\n6. Windows 11\n7. oui",
		agent:  "hugo@alpine.example", typed: "2611 2500 4008 9002", request: "2611250040089002", severity: "B"},
}

const (
	theirWords = "Shard EUR-4411 was degraded; re-run the sync."
	ourWords   = "Microsoft a trouvé. Relancez la synchronisation."
)

// escalates takes a ticket to Microsoft and back: by keys alone as far as its
// customer's questions, and once without a script.
func escalates(t *testing.T, site *running.Portal) {
	for n, view := range []journey.View{{}, {Width: journey.Phone, Dark: true, NoScript: true, Language: "en"}} {
		t.Run(view.String(), func(t *testing.T) {
			t.Parallel()
			x := handings[n]
			number := asksOf(t, site, x.contact, "Un tamanoir dans "+x.service, x.service, x.affected, x.impact)
			p := journey.Open(t, site.Base+"/alpine", view)
			p.SignIn(t, site.Base, "alpine", x.agent)
			speaks(t, site, p, view)
			p.Go(t, site.Base+"/alpine/tickets/"+number)
			diagnoses(t, p)
			at := begins(t, p)
			c := journey.Open(t, site.Base+"/alpine", journey.View{Width: journey.Phone, NoScript: view.NoScript})
			c.SignIn(t, site.Base, "alpine", x.contact)
			c.Go(t, site.Base+"/alpine/tickets/"+number)
			answersQuestions(t, c, x)
			completes(t, p, x, at)
			if x.severity == "A" {
				letsGo(t, site, p, at)
			}
			files(t, p, x)
			relays(t, p)
			reads(t, site, c, x, number)
			solves(t, p, at)
			worksAgain(t, site, c, x, number)
		})
	}
}

// diagnoses does what the card asks for before anything may be handed on.
func diagnoses(t *testing.T, p *journey.Page) {
	t.Helper()
	for _, step := range [][3]string{{"health", "ruled_out", "Rien d’annoncé."}, {"reproduced", "confirmed", "Reproduit ailleurs."}} {
		if !p.Has(t, `a[href="#finding_kind"]`) {
			t.Error("the card asks for no diagnosis")
		}
		p.Click(t, "details:has([name=finding_kind]) > summary")
		p.Choose(t, "finding_kind", step[0])
		p.Choose(t, "result", step[1])
		p.Fill(t, "text", step[2])
		p.Submit(t, `form[action$="/findings"] button`)
	}
	hasNo(t, p, `a[href="#finding_kind"]`)
}

// begins prepares the escalation, sees what is missing and asks the customer for it.
func begins(t *testing.T, p *journey.Page) string {
	t.Helper()
	asksWhy := p.Has(t, "#escalation-reason")
	if p.View().NoScript {
		if asksWhy {
			p.Click(t, "a[aria-keyshortcuts=e]") // unfolds the card
			p.FillIn(t, "#escalation-reason", "Reproduit.")
		}
		p.Submit(t, "#escalation button")
	} else {
		p.Press(t, "e")
		if asksWhy {
			if !p.Focused(t, "#escalation-reason") {
				t.Errorf("e leads to %v", p.Focus(t))
			}
			p.Press(t, "Reproduit.", journey.Tab)
		}
		if !p.Focused(t, "#escalation-matter") {
			t.Errorf("the form goes on with %v", p.Focus(t))
		}
		fits(t, p)
		tabsTo(t, p, "#escalation button")
		p.Load(t, journey.Enter)
	}
	at := p.Address(t)
	if !strings.Contains(at, "/alpine/escalations/") {
		t.Fatalf("preparing led to %s (%d)", at, p.Status())
	}
	has(t, p, nextStep)
	if n := p.Count(t, `form[action$="/dossier"] [data-tone=warn]`); n < 3 {
		t.Errorf("%d elements are said to be missing", n)
	}
	if asked := p.Value(t, "#questions-text"); !strings.Contains(asked, "Bonjour") || !strings.Contains(asked, "3. ") {
		t.Errorf("the customer would be asked %q", asked)
	}
	if p.View().NoScript {
		p.Submit(t, `form[action$="/questions"] button`)
	} else {
		tabsTo(t, p, nextStep)
		p.Press(t, journey.Enter)
		tabsTo(t, p, `form[action$="/questions"] button`)
		p.Load(t, journey.Enter)
	}
	has(t, p, ".toast")
	hasNo(t, p, nextStep)
	return at
}

// nextStep leads to the questions.
const nextStep = `a[data-kind=main][href="#questions"]`

// tabsTo goes on with Tab to what the selector finds.
func tabsTo(t *testing.T, p *journey.Page, selector string) {
	t.Helper()
	for range 60 {
		p.Press(t, journey.Tab)
		if p.Focused(t, selector) {
			return
		}
	}
	t.Fatalf("%s: Tab does not lead to %s", p.Address(t), selector)
}

// answersQuestions reads them as the customer, and answers in one message.
func answersQuestions(t *testing.T, c *journey.Page, x handing) {
	t.Helper()
	says(t, c, lastEntry, "il nous manque encore")
	c.Fill(t, "body", x.answer)
	c.Submit(t, `form[action$="/messages"] button[data-kind=main]`)
	says(t, c, ".toast", "")
}

// completes finds the answers in the dossier, and types what the customer did not know.
func completes(t *testing.T, p *journey.Page, x handing, at string) {
	t.Helper()
	p.Go(t, at)
	if got := p.Value(t, "#dossier-steps"); !strings.HasPrefix(got, "enregistrer") {
		t.Errorf("the steps are %q", got)
	}
	if p.Value(t, "#dossier-upn") == "" {
		p.Fill(t, "upn", x.contact)
		p.Submit(t, `form[action$="/dossier"] button`)
	}
	hasNo(t, p, `form[action$="/dossier"] [data-tone=warn]`)
	hasNo(t, p, "#questions")
}

// letsGo is the lead's part: the agent has no way past him.
func letsGo(t *testing.T, site *running.Portal, p *journey.Page, at string) {
	t.Helper()
	hasNo(t, p, "#filing")
	p.Submit(t, `form[action$="/approval"] button`)
	hasNo(t, p, "button[value=approve]")
	lead := journey.Open(t, site.Base+"/alpine", journey.View{})
	lead.SignIn(t, site.Base, "alpine", "karim@alpine.example")
	lead.Go(t, at)
	lead.Submit(t, "button[value=approve]")
	hasNo(t, lead, "button[value=approve]")
	p.Go(t, at)
}

// files brings their number back.
func files(t *testing.T, p *journey.Page, x handing) {
	t.Helper()
	says(t, p, `#filing ~ p a[target=_blank]`, "")
	p.Fill(t, "request", x.typed)
	p.Choose(t, "severity", x.severity)
	p.Submit(t, `form[action$="/filing"] button`)
	says(t, p, "aside code", x.request)
	hasNo(t, p, `form[action$="/filing"]`)
}

// relays enters what they said, and tells the customer in the desk's words.
func relays(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Choose(t, "side", "them")
	p.Fill(t, "text", theirWords)
	p.Choose(t, "state", "waits_customer")
	p.Submit(t, `form[action$="/entries"] button`)
	says(t, p, ".timeline .entry", theirWords)
	if draft := p.Value(t, `[name="text_fr"]`); strings.Contains(draft, "EUR-4411") || !strings.Contains(draft, "Microsoft") {
		t.Errorf("the draft is %q", draft)
	}
	p.Fill(t, "text_fr", ourWords)
	p.Submit(t, `form[action$="/relay"] button[value=send]`)
	hasNo(t, p, `form[action$="/relay"] button[value=needless]`)
}

// reads looks at what has reached the customer.
func reads(t *testing.T, site *running.Portal, c *journey.Page, x handing, number string) {
	t.Helper()
	c.Go(t, site.Base+"/alpine/tickets/"+number)
	says(t, c, lastEntry, ourWords)
	source := c.Source(t)
	for _, secret := range []string{"EUR-4411", x.request, "Reproduit", "scalade", "diagnostics_consent"} {
		if strings.Contains(source, secret) {
			t.Errorf("the customer reads %q", secret)
		}
	}
	if said := letter(t, site, x.contact, "synchronisation").Text; strings.Contains(said, "EUR-4411") || strings.Contains(said, x.request) {
		t.Errorf("the customer was sent: %s", said)
	}
}

// solves ends it.
func solves(t *testing.T, p *journey.Page, at string) {
	t.Helper()
	p.Go(t, at)
	p.Click(t, "#ending > summary")
	p.Choose(t, "ending", "solved")
	p.Submit(t, "#ending form button")
	hasNo(t, p, `form[action$="/entries"]`)
}

// worksAgain is the customer's last word.
func worksAgain(t *testing.T, site *running.Portal, c *journey.Page, x handing, number string) {
	t.Helper()
	letter(t, site, x.contact, "remarche")
	c.Go(t, site.Base+"/alpine/tickets/"+number)
	fits(t, c)
	c.Submit(t, `form:has([name=works][value=yes]) button`)
	hasNo(t, c, `form[action$="/works"]`)
	says(t, c, ".progress [data-done]:last-child", "")
}

// asksOf opens a ticket about a service for a customer's person, and returns its
// number.
func asksOf(t *testing.T, site *running.Portal, contact, subject, service, affected, impact string) string {
	t.Helper()
	answer, err := site.SignIn(t, "alpine", contact).PostForm(site.Base+"/alpine/tickets", url.Values{"kind": {"problem"}, "subject": {subject},
		"body": {"Bonjour, l’enregistrement d’une page échoue avec une erreur de votre côté."}, "service": {service}, "affected": {affected}, "impact": {impact}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s asks: %s", contact, answer.Status)
	}
	return path.Base(answer.Request.URL.Path)
}

// lastEntry is what was said last; events may follow it.
const lastEntry = ".timeline > .entry:not(:has(~ .entry))"
