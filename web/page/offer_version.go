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
	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// OfferOld is the page of one published version.
type OfferOld struct {
	Book            desk.OfferBook
	Version, Before desk.OfferVersion // Before is the same for the first
	Conflict        *OfferConflict
	Note            string
	Problems        desk.Problems
	Faults          []desk.OfferFault
}

func (v OfferOld) title(p *i18n.Printer) string {
	return p.T("offer.version_title", "Version", versionName(p, v.Version.Version))
}

// note is what bringing the version back is said to be for, until its author says more.
func (v OfferOld) note(p *i18n.Printer) string {
	if v.Note == "" && len(v.Problems) == 0 {
		return p.T("offer.roll_back_note", "Version", versionName(p, v.Version.Version))
	}
	return v.Note
}
