package page

import (
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
