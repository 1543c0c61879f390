package server

import (
	"net/http"

	"guichet/internal/desk"
	"guichet/web/page"
)

// correctFact sets a fact of a ticket right, or takes that back.
func (s *Server) correctFact(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	f := page.CorrectionForm{Fact: r.PostFormValue("fact"), Value: r.PostFormValue("value"), Open: true}
	flash := "flash.corrected"
	if r.PostFormValue("do") == "back" {
		flash, err = "flash.taken_back", s.app.TakeBackCorrection(r.Context(), who, number, f.Fact)
	} else {
		err = s.app.CorrectFact(r.Context(), who, number, f.Fact, f.Value)
	}
	if p, invalid := problems(err); invalid {
		f.Problems = p
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Why, t.Correction = true, f })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, page.Behind(backToTicket(r, number)), flash)
}

// sortTicket gives a ticket its tags and its team.
func (s *Server) sortTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	f := page.SortForm{Tags: r.PostFormValue("tags"), Team: r.PostFormValue("team")}
	err = s.app.SortTicket(r.Context(), who, number, f.Tags, f.Team)
	if p, invalid := problems(err); invalid {
		f.Problems = p
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Sort = f })
	}
	return s.done(w, r, who, number, err, "flash.sorted")
}
