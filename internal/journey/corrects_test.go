package journey_test

import (
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// corrects is an agent who asks why a ticket was judged so, sets a fact right
// with the keyboard alone, sees the decision change, and takes it back.
func corrects(t *testing.T, site *running.Portal) {
	invite(t, site, "alpine", "paul@alpine.example", "agent", "", "Basile Roche", "basile@alpine.example")
	number := asks(t, site, "helene@domaine-chassagne.example", "Tapir, un souci")
	p := journey.Open(t, site.Base+"/alpine", journey.View{})
	signInByMail(t, site, p, "alpine", "basile@alpine.example")
	p.Go(t, site.Base+"/alpine/tickets/"+number)
	has(t, p, `summary [data-outcome=ask]`)
	tabTo(t, p, `.decision a[href*="why=1"]`)
	p.Load(t, journey.Enter)
	has(t, p, "#why[open] .trace [data-fired]")
	has(t, p, ".entry[data-kind=customer] mark")
	tabTo(t, p, ".trace li:first-child summary")
	p.Press(t, journey.Enter)
	says(t, p, ".trace li:first-child", "Il manque")
	fits(t, p)

	tabTo(t, p, `.known a[href*="correct=kind"]`)
	p.Load(t, journey.Enter)
	tabTo(t, p, "#value")
	p.Press(t, "F") // of «Facture»
	if got := p.Value(t, "#value"); got != "billing" {
		t.Fatalf("the keyboard chooses %q", got)
	}
	tabTo(t, p, "#correct button[value=set]")
	p.Load(t, journey.Enter)
	has(t, p, `summary [data-outcome=partner]`)
	says(t, p, ".timeline", "Basile Roche corrige «\u202ftype de demande\u202f»\u202f: Facture, au lieu de Problème")
	says(t, p, ".trace [data-fired]", "facturation")
	fits(t, p)
	p.Shot(t, "corrected", journey.View{Width: journey.Phone, Dark: true})

	tabTo(t, p, ".known button[value=back]")
	p.Load(t, journey.Enter)
	has(t, p, `summary [data-outcome=ask]`)
	hasNo(t, p, ".known button[value=back]")
}

// tabTo presses Tab until what the selector finds has the focus, and sees that it shows.
func tabTo(t *testing.T, p *journey.Page, selector string) {
	t.Helper()
	for range 120 {
		if p.Focused(t, selector) {
			if at := p.Focus(t); !at.Seen || at.Covered != "" {
				t.Errorf("%s has the focus unseen, or beneath %q", selector, at.Covered)
			}
			return
		}
		p.Press(t, journey.Tab)
	}
	t.Fatalf("Tab leads nowhere near %s", strings.TrimSpace(selector))
}
