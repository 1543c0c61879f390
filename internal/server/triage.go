package server

import (
	"net/http"
	"strconv"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) recordFinding(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	if err := who.May(desk.RecordFinding); err != nil {
		return err
	}
	files, err := s.filedForm(w, r, who)
	if err != nil {
		return err
	}
	f := page.FindingForm{Kind: r.PostFormValue("finding_kind"), Result: r.PostFormValue("result"), Text: r.PostFormValue("text")}
	if err = (desk.Invalid{Problems: files.refused}); files.ok() {
		err = s.app.RecordFinding(r.Context(), who, number, f.Kind, f.Result, f.Text, files.held...)
	}
	if p, invalid := problems(err); invalid {
		f.Problems = p
		if f.Files, err = s.showFiles(r, who, files, p); err != nil {
			return err
		}
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Finding = f })
	}
	return s.done(w, r, who, number, err, "flash.finding")
}

func (s *Server) decideTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	switch r.PostFormValue("do") {
	case "confirm":
		return s.done(w, r, who, number, s.app.ConfirmDecision(r.Context(), who, number), "flash.confirmed")
	case "override":
		return s.override(w, r, who, number)
	}
	return desk.NewInvalid("do", "error.choose")
}

func (s *Server) override(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64) error {
	f := page.OverrideForm{Outcome: r.PostFormValue("outcome"), Category: r.PostFormValue("category"), Reason: r.PostFormValue("reason")}
	err := s.app.OverrideDecision(r.Context(), who, number, f.Outcome, f.Category, f.Reason)
	if p, invalid := problems(err); invalid {
		f.Problems = p
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Override = f })
	}
	return s.done(w, r, who, number, err, "flash.decided")
}

// assignTicket gives a ticket to a colleague, to "me", or to nobody.
func (s *Server) assignTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	to, flash := who.Person.ID, "flash.taken"
	if r.PostFormValue("assignee") != "me" {
		if to, err = formID(r, "assignee"); err != nil {
			return err
		}
		flash = "flash.assigned"
		if to == desk.Nobody {
			flash = "flash.released"
		}
	}
	return s.done(w, r, who, number, s.app.AssignTicket(r.Context(), who, number, to), flash)
}

func (s *Server) setState(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	to, err := desk.ParseState(r.PostFormValue("state"))
	if err != nil {
		return err
	}
	return s.done(w, r, who, number, s.app.SetState(r.Context(), who, number, to), "flash.state")
}

func (s *Server) setPriority(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	priority, err := strconv.Atoi(r.PostFormValue("priority"))
	if err != nil {
		return desk.NewInvalid("priority", "error.choose")
	}
	return s.done(w, r, who, number, s.app.SetPriority(r.Context(), who, number, priority), "flash.priority")
}

func (s *Server) setImpact(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	return s.done(w, r, who, number, s.app.SetImpact(r.Context(), who, number, desk.Impact(r.PostFormValue("impact"))), "flash.impact")
}

// ticketForm reads a form that acts on the ticket of the address.
func (s *Server) ticketForm(r *http.Request) (int64, error) {
	number, err := ticketNumber(r)
	if err != nil {
		return 0, err
	}
	return number, readForm(r)
}

// done goes back to the ticket after a verb, unless it failed.
func (s *Server) done(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, err error, flash string) error {
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, backToTicket(r, number), flash)
}

// backToTicket is a ticket's page, which still knows the list it was opened from.
func backToTicket(r *http.Request, number int64) string {
	return "/tickets/" + strconv.FormatInt(number, 10) + page.FromQueue(cameFrom(r))
}
