package server

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// issueHitsToo takes a customer's word, in one press, that a known issue hits him
// too.
func (s *Server) issueHitsToo(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "issue"))
	if err != nil {
		return desk.ErrNotFound
	}
	return s.hitsToo(w, r, who, desk.TroubleRef{Issue: id})
}

// incidentHitsToo is the same of an incident.
func (s *Server) incidentHitsToo(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := strconv.ParseInt(chi.URLParam(r, "incident"), 10, 64)
	if err != nil || n < 1 {
		return desk.ErrNotFound
	}
	return s.hitsToo(w, r, who, desk.TroubleRef{Incident: n})
}

// hitsToo leads to the ticket; where a price must be accepted first, to the form
// with all that is known filled in.
func (s *Server) hitsToo(w http.ResponseWriter, r *http.Request, who desk.Actor, at desk.TroubleRef) error {
	var said desk.Submission
	number, err := s.app.HitToo(r.Context(), who, at, func(t desk.Trouble) desk.Submission {
		said = page.HitWords(r.Context(), page.Frame{Who: who}, t)
		return said
	})
	if wrong, ok := problems(err); ok {
		form := page.NewTicketForm()
		form.Kind, form.Subject, form.Body, form.Service, form.Region = said.Kind, said.Subject, said.Body, said.Service, said.Region
		form.Affected, form.Impact, form.Since = said.Affected, said.Impact, said.Since.In(who.Location()).Format("2006-01-02T15:04")
		form.Issue, form.Incident, form.Problems = at.Issue, at.Incident, wrong
		return s.drawTicketForm(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), "health.joined")
}
