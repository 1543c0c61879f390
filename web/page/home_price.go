package page

import (
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
)

// priced tells whether any type of support costs more than nothing.
func (s Support) priced() bool {
	return slices.ContainsFunc(s.Offer.Content.Types, func(t desk.SupportType) bool { return t.Terms.Model != pricing.Included || t.Terms.Monthly != "" })
}

// priceInWords is the price of a type, and below it how it is counted.
func priceInWords(p *i18n.Printer, t pricing.Terms, currency string) []string {
	var lines []string
	if t.Monthly != "" {
		lines = append(lines, p.T("published.monthly", "Price", p.Money(t.Monthly, currency)))
	}
	timed := false
	switch t.Model {
	case pricing.Included:
		if len(lines) == 0 {
			lines = append(lines, p.T("published.included"))
		}
		return lines
	case pricing.Incident:
		lines = append(lines, p.T("published.incident", "Price", p.Money(t.Incident, currency)))
	case pricing.Hour:
		timed = true
		lines = append(lines, p.T("published.hour", "Price", p.Money(t.Hour, currency)))
	case pricing.Prepaid:
		timed = true
		lines = append(lines, p.T("published.prepaid"), p.T("published.overage", "Price", p.Money(hourly(t), currency)))
	}
	if timed && t.Step > 1 {
		lines = append(lines, p.T("published.step", "Duration", openTime(p, t.Step)))
	}
	if timed && t.Minimum > 0 {
		lines = append(lines, p.T("published.minimum", "Duration", openTime(p, t.Minimum)))
	}
	for _, k := range pricing.Kinds {
		if percent := t.Factors.Of(k); percent != pricing.LeastFactor {
			lines = append(lines, p.T("published.factor."+string(k), "Factor", factor(p, percent)))
		}
	}
	return lines
}

// hourly is the price of an hour that no block covers.
func hourly(t pricing.Terms) string {
	if t.Overage != "" {
		return t.Overage
	}
	return t.Hour
}

// factor writes percents as what a price is multiplied by: 150 is "1,5".
func factor(p *i18n.Printer, percent int) string {
	text := strconv.FormatFloat(float64(percent)/100, 'f', -1, 64)
	if p.Lang() == i18n.French {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}
