package journey_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// helps lets a customer find an answer while he writes, and order what a manager
// then approves.
func helps(t *testing.T, site *running.Portal) {
	for n, view := range hands[1] {
		t.Run(view.String(), func(t *testing.T) {
			t.Parallel()
			c := companies[n]
			p := journey.Open(t, site.Base+"/healthz", view)
			p.SignIn(t, site.Base, "alpine", c.contact)
			findsHelp(t, site, p)
			number := orders(t, site, p)
			m := journey.Open(t, site.Base+"/healthz", view)
			m.SignIn(t, site.Base, "alpine", c.manager)
			approves(t, site, m, number)
		})
	}
}

func findsHelp(t *testing.T, site *running.Portal, p *journey.Page) {
	t.Helper()
	p.Go(t, site.Base+"/alpine/tickets/new")
	hasNo(t, p, "#fitting details")
	p.Fill(t, "subject", "Onedrive")
	if p.View().NoScript {
		p.Submit(t, "#help button[name=help]")
	}
	p.See(t, "#fitting details") // waits for what was asked for
	if got := p.Value(t, "[name=subject]"); got != "Onedrive" {
		t.Errorf("what was typed came back as %q", got)
	}
	p.Click(t, "#fitting details:first-of-type summary")
	p.See(t, "#fitting details[open] button[formaction$='/solved']")
	p.Fill(t, "body", "OneDrive")
	if !p.View().NoScript {
		has(t, p, "#fitting details[open]") // the same help is not drawn again under his eyes
	}
	fits(t, p)
	p.Shot(t, "help-beside-form")
	p.Submit(t, "#fitting details[open] button[formaction$='/solved']")
	ends(t, p, site, "/alpine/tickets")
	has(t, p, ".toast")
	p.Go(t, site.Base+"/alpine/help")
	p.Submit(t, "main [data-rows] a")
	has(t, p, "article ol, article p")
}

func orders(t *testing.T, site *running.Portal, p *journey.Page) string {
	t.Helper()
	p.Go(t, site.Base+"/alpine/tickets/new")
	if p.View().NoScript {
		p.Submit(t, `main a[href$="/tickets/new?kind=subscription"]`)
	} else {
		p.Choose(t, "kind", "subscription") // the form takes the other's place
	}
	p.See(t, "[name=product]")
	p.Choose(t, "action", "add_seats")
	p.Fill(t, "product", "Visio Plan 2")
	p.Choose(t, "commitment", "annual")
	fits(t, p)
	p.Shot(t, "order-form")
	if !p.View().NoScript { // else the browser judges
		journey.Ask(t, p, "let the server judge", chromedp.Evaluate[bool](`document.querySelector("form[data-draft]").noValidate = true`))
		p.Submit(t, "form[data-draft] .stub button")
		has(t, p, "#seats-error")
	}
	p.Fill(t, "seats", "4")
	p.Submit(t, "form[data-draft] .stub button")
	number := numberOf(t, p)
	says(t, p, "h1", "4 licen")
	has(t, p, "#order")
	hasNo(t, p, "form[action$='/approval']")
	return number
}

func approves(t *testing.T, site *running.Portal, p *journey.Page, number string) {
	t.Helper()
	p.Go(t, site.Base+"/alpine/tickets/"+number)
	fits(t, p)
	p.Shot(t, "order-to-approve")
	p.Submit(t, "form[action$='/approval'] button[value=approve]")
	ends(t, p, site, "/alpine/tickets/"+number)
	hasNo(t, p, "form[action$='/approval']")
	if !strings.Contains(p.See(t, "section[aria-labelledby=order] .banner[data-tone=ok]"), ".") {
		t.Error("the approval is not told")
	}
}
