package server

import (
	"strings"

	"github.com/go-chi/chi/v5"
)

// offerRoutes are the pages on which a desk's offer is edited.
func (s *Server) offerRoutes(r chi.Router) {
	r.Get("/{desk}/settings/offer", s.signedIn(s.offer))
	r.Post("/{desk}/settings/offer", s.signedIn(s.saveOffer))
	r.Get("/{desk}/settings/offer/types/new", s.signedIn(s.newType))
	r.Post("/{desk}/settings/offer/types", s.signedIn(s.saveType))
	r.Get("/{desk}/settings/offer/types/{type}", s.signedIn(s.supportType))
	r.Post("/{desk}/settings/offer/types/{type}", s.signedIn(s.saveType))
	r.Post("/{desk}/settings/offer/types/{type}/place", s.signedIn(s.placeType))
	r.Post("/{desk}/settings/offer/types/{type}/removal", s.signedIn(s.removeType))
	r.Post("/{desk}/settings/offer/draft/removal", s.signedIn(s.discardOffer))
	r.Get("/{desk}/settings/offer/publication", s.signedIn(s.offerPublication))
	r.Post("/{desk}/settings/offer/publication", s.signedIn(s.publishOffer))
	r.Get("/{desk}/settings/offer/versions/{version}", s.signedIn(s.offerVersion))
	r.Post("/{desk}/settings/offer/versions/{version}/restoration", s.signedIn(s.restoreOffer))
	r.Get("/{desk}/settings/hours", s.signedIn(s.hours))
	r.Post("/{desk}/settings/hours", s.signedIn(s.saveHours))
	r.Get("/{desk}/settings/hours/new", s.signedIn(s.newHours))
	r.Get("/{desk}/settings/hours/{hours}", s.signedIn(s.editHours))
	r.Post("/{desk}/settings/hours/{hours}", s.signedIn(s.saveHours))
	r.Post("/{desk}/settings/hours/{hours}/removal", s.signedIn(s.removeHours))
	r.Get("/{desk}/settings/prices", s.signedIn(s.prices))
	r.Post("/{desk}/settings/prices", s.signedIn(s.savePrices))
}

// offerFormPage is the page of a form of the offer, or of an agreement.
func offerFormPage(path string) string {
	if customer, _, found := strings.Cut(path, "/agreements"); found {
		return customer
	}
	for _, act := range []string{"/types/", "/draft/"} {
		if at, rest, found := strings.Cut(path, act); found && (act == "/draft/" || strings.HasSuffix(rest, "/place")) {
			return at
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(path, "/removal"), "/restoration")
}
