package server

import (
	"errors"
	"net/http"
	"strings"

	"guichet/internal/desk"
	"guichet/web/page"
)

// consentReturn takes what Microsoft sends back with the browser of who asked a
// customer's administrator for consent. Its address is registered once for all
// desks: whose it is, the session tells.
func (s *Server) consentReturn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	who, err := s.consenting(r)
	r = r.WithContext(s.speak(r, who))
	if err == nil {
		err = s.takeConsent(w, r, who)
	}
	if err != nil {
		s.fail(w, r, who, err)
	}
}

// consenting is who asked for a consent in this browser. Errors: ErrNotFound where
// nobody did.
func (s *Server) consenting(r *http.Request) (desk.Actor, error) {
	slug := s.sessions.GetString(r.Context(), "consent_at")
	if slug == "" {
		return desk.Actor{}, desk.ErrNotFound
	}
	d, err := s.app.Desk(r.Context(), slug)
	if err != nil {
		return desk.Actor{}, err
	}
	return s.actorAt(r, d)
}

func (s *Server) takeConsent(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	q := r.URL.Query()
	reply := desk.ConsentReply{Tenant: q.Get("tenant"), State: q.Get("state"),
		Given: strings.EqualFold(q.Get("admin_consent"), "true"), Error: q.Get("error"), Detail: q.Get("error_description")}
	h, err := s.app.TakeConsent(r.Context(), who, reply)
	if unknownState(err) { // then the partner's own tenant may have been asked with it
		if own := s.takeAccessConsent(w, r, who, reply); own == nil {
			return nil
		} else if !unknownState(own) {
			err = own
		}
	}
	var refused desk.ConsentRefused
	if errors.As(err, &refused) {
		s.log.WarnContext(r.Context(), "consent refused", "desk", who.Desk.Slug, "person", who.Person.ID, "reason", refused.Reason, "detail", refused.Detail)
		return s.render(w, r, http.StatusForbidden, page.ConsentRefused(s.frame(r, who, "connections"), refused.Reason))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/health/"+h.Customer.ID.String(), verified(h))
}
