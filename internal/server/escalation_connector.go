package server

import (
	"errors"
	"net/http"
	"strconv"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// filingChoices shows what a connector could file an escalation as.
func (s *Server) filingChoices(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	f := desk.RemoteFiling{Service: r.URL.Query().Get("service")}
	draft, ok := s.takeDraft(r)
	if ok {
		f = filingOf(draft.Get)
	}
	return s.drawFiling(w, r, who, http.StatusOK, f, nil)
}

func filingOf(get func(string) string) desk.RemoteFiling {
	return desk.RemoteFiling{Severity: get("severity"), Service: get("service"), Problem: get("problem"), Subscription: get("subscription"), Anyway: get("anyway") != ""}
}

func (s *Server) drawFiling(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, f desk.RemoteFiling, wrong desk.Problems) error {
	n, err := escalationNumber(r)
	if err != nil {
		return err
	}
	c, err := s.app.FilingChoices(r.Context(), who, n, f.Service)
	o := filingPage(c, f, wrong)
	var refusal desk.Refusal
	if found, ok := problems(err); ok {
		o.Wrong.Merge(found)
		status = http.StatusUnprocessableEntity
	} else if errors.As(err, &refusal) {
		o.Refusal, status = &refusal, http.StatusBadGateway
	} else if err != nil {
		return err
	}
	return s.render(w, r, status, page.FilingPage(s.frame(r, who, "escalations"), o))
}

// filingPage proposes what the dossier says where nothing was chosen yet.
func filingPage(c app.FilingChoices, f desk.RemoteFiling, wrong desk.Problems) page.Filing {
	if f.Severity == "" {
		f.Severity = c.Story.Dossier.Severity.Letter
	}
	if f.Subscription == "" {
		f.Subscription = c.Subscription
	}
	return page.Filing{Story: c.Story, Services: c.Services, Problems: c.Problems, Form: f, Wrong: wrong}
}

func (s *Server) fileByConnector(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := escalationNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	f := filingOf(r.PostFormValue)
	seen, _ := strconv.Atoi(r.PostFormValue("revision"))
	err = s.app.FileByConnector(r.Context(), who, n, seen, f)
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawFiling(w, r, who, http.StatusUnprocessableEntity, f, wrong)
	case errors.Is(err, desk.ErrConflict):
		return s.seeOther(w, r, who, escalationPath(n), "connectors.filed_already")
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, escalationPath(n), "escalation.done.connector")
}

func (s *Server) sayByConnector(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "words", "words", func(n int64, _ int) error {
		return s.app.SayByConnector(r.Context(), who, n, r.PostFormValue("text"))
	})
}
