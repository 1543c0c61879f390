package page

import (
	"context"
	"strconv"

	"guichet/internal/i18n"
)

// offerHref is the address of a version of the desk's offer.
func (f Frame) offerHref(version int) string { return f.Href("/offer/" + strconv.Itoa(version)) }

// span says from when to when a version was what the desk promised.
func (s Support) span(ctx context.Context) string {
	p := i18n.From(ctx)
	switch {
	case s.From.IsZero() && s.To.IsZero():
		return p.T("published.span_always")
	case s.From.IsZero():
		return p.T("published.span_to", "To", p.Date(s.To))
	case s.To.IsZero():
		return p.T("published.span_from", "From", p.Date(s.From))
	}
	return p.T("published.span", "From", p.Date(s.From), "To", p.Date(s.To))
}

// visited tells whether a type of support names its place of visits: the desk's
// address then need not stand apart.
func (s Support) visited() bool {
	for _, t := range s.Offer.Content.Types {
		for _, c := range t.Contacts {
			if c.Method == "onsite" {
				return true
			}
		}
	}
	return false
}
