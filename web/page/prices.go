package page

import (
	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
)

// quotePrice is the price of a request: "90 €", "90 € l’heure".
func quotePrice(p *i18n.Printer, q pricing.Quote) string {
	price := p.Money(q.Amount.Number(), q.Amount.CurrencyCode())
	if q.Model == pricing.Incident {
		return p.T("price.incident", "Price", price)
	}
	return p.T("price.hour", "Price", price)
}

// quoteWords says what a request costs that is sent now, a sentence a line.
func quoteWords(p *i18n.Printer, q pricing.Quote) []string {
	switch {
	case q.Model == pricing.Included || q.Model != pricing.Prepaid && !q.Charged():
		return []string{p.T("price.included")}
	case q.Model == pricing.Prepaid && !q.Charged():
		return []string{p.T("price.prepaid", "Left", p.Hours(minutes(q.Left)))}
	}
	lines := []string{quotePrice(p, q)}
	if q.Model == pricing.Prepaid {
		lines[0] = p.T("price.used_up", "Price", lines[0])
	}
	if q.Percent != 100 {
		lines = append(lines, p.T("price.factor_"+string(q.Kind), "Percent", q.Percent, "Price", p.Money(q.Unit.Number(), q.Unit.CurrencyCode())))
	}
	if q.Step > 1 {
		lines = append(lines, p.T("price.step", "Step", p.Hours(minutes(q.Step))))
	}
	if q.Minimum > q.Step {
		lines = append(lines, p.T("price.minimum", "Least", p.Hours(minutes(q.Minimum))))
	}
	return lines
}

// followsService draws the stub anew when another service is chosen: contracts
// may differ by service.
func (t TicketForm) followsService(f Frame) templ.Attributes {
	at := f.Href("/tickets/new")
	if f.Who.DeskSide() {
		at = f.Href("/tickets/new?customer=" + t.Customer.ID.String())
	}
	return templ.Attributes{"data-hx-get": string(at), "data-hx-trigger": "change from:#service", "data-hx-include": "#service", "data-hx-select": "#stub", "data-hx-target": "this",
		"data-hx-swap": "outerHTML", "data-hx-disinherit": "*"}
}

// acceptedWords is the price that was agreed to with a request.
func acceptedWords(p *i18n.Printer, a desk.Acceptance) string {
	return p.T("price.accepted", "Price", quotePrice(p, a.Quote), "Who", a.PersonName, "When", p.When(a.CreatedAt))
}
