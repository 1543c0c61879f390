package server

import (
	"net/http"

	"guichet/internal/desk"
	"guichet/web/page"
)

// bindIssue takes an agent's word on which known issue covers a ticket: his choice
// or his yes, his no to a proposal, or that it is none after all.
func (s *Server) bindIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	form := page.KnownForm{Issue: r.PostFormValue("issue"), Code: r.PostFormValue("code")}
	flash, err := s.bind(r, who, number, form)
	if p, invalid := problems(err); invalid {
		form.Problems = p
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Known = form })
	}
	return s.done(w, r, who, number, err, flash)
}

func (s *Server) bind(r *http.Request, who desk.Actor, number int64, form page.KnownForm) (flash string, err error) {
	issue, err := formID(r, "issue")
	if err != nil {
		return "", err
	}
	switch do := r.PostFormValue("do"); {
	case do == "refuse":
		return "known.refused_done", s.app.RefuseIssue(r.Context(), who, number, issue)
	case do == "detach":
		return "known.detached_done", s.app.DetachIssue(r.Context(), who, number, issue)
	case do != "attach":
		return "", desk.NewInvalid("do", "error.choose")
	case issue == desk.Nobody:
		return "known.attached_done", s.app.AttachIssueByCode(r.Context(), who, number, form.Code)
	}
	return "known.attached_done", s.app.AttachIssue(r.Context(), who, number, issue)
}

// worksAgain takes the customer's answer to whether it works again.
func (s *Server) worksAgain(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	works, flash := r.PostFormValue("works") == "yes", "known.still_done"
	if works {
		flash = "known.works_done"
	} else if r.PostFormValue("works") != "no" {
		return desk.NewInvalid("works", "error.choose")
	}
	again := page.AgainForm{Body: r.PostFormValue("word"), Key: formKey(r)}
	err = s.app.AnswerWhetherItWorks(r.Context(), who, number, works, again.Body, again.Key)
	if p, invalid := problems(err); invalid {
		for i := range p {
			p[i].Field = "word"
		}
		again.Problems = p
		return s.drawAgain(w, r, who, number, http.StatusUnprocessableEntity, again)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, ticketPath(number), flash)
}

func (s *Server) drawAgain(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, status int, again page.AgainForm) error {
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	return s.drawCustomerTicket(w, r, who, status, page.CustomerTicket{Thread: th, Composer: page.Composer{Key: desk.NewID(), Seen: th.LastPublic()}, Again: again})
}

// knownFirst is what stands before the new-ticket form, for the service that was
// just chosen.
func (s *Server) knownFirst(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	q := r.URL.Query()
	customer, _ := desk.ParseID(q.Get("customer"))
	chosen, _ := desk.ParseID(q.Get("issue"))
	if !who.DeskSide() {
		customer = who.Person.CustomerID
	} else if _, _, err := s.app.Customer(r.Context(), who, customer); err != nil {
		return err
	}
	known, err := s.knownBefore(r, who, customer, q.Get("service"), chosen)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.KnownFirst(s.frame(r, who, "tickets"), known))
}

func (s *Server) knownBefore(r *http.Request, who desk.Actor, customer desk.ID, service string, chosen desk.ID) (known page.KnownBefore, err error) {
	known.Chosen = chosen
	if customer == desk.Nobody {
		return known, nil
	}
	known.Issues, err = s.app.KnownBefore(r.Context(), who, customer, service)
	return known, err
}
