package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) escalations(w http.ResponseWriter, r *http.Request, who desk.Actor) (err error) {
	l := page.ReadEscalations(r.URL.Query())
	if l.EscalationList, err = s.app.Escalations(r.Context(), who, l.After); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.EscalationsPage(s.frame(r, who, "escalations"), l))
}

// beginEscalation begins one from a ticket's page; what stands in its way comes back
// there.
func (s *Server) beginEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	ticket, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	x := beginForm(r.PostForm)
	number, err := s.app.BeginEscalation(r.Context(), who, ticket, app.Begin{Reason: x.Reason, Matter: desk.Matter(x.Matter), Incident: x.Incident})
	if wrong, ok := problems(err); ok {
		return s.showAgain(w, r, who, ticket, http.StatusUnprocessableEntity, func(t *page.DeskTicket) {
			t.Escalating = x
			t.Escalating.Problems = wrong
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, escalationPath(number), "escalation.done.begun")
}

func beginForm(v url.Values) page.BeginForm {
	return page.BeginForm{Reason: v.Get("reason"), Matter: v.Get("matter"), Incident: v.Has("incident")}
}

func escalationPath(n int64) string { return "/escalations/" + strconv.FormatInt(n, 10) }

// escalationNumber reads the number in an address. Errors: ErrNotFound.
func escalationNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, "escalation"), 10, 64)
	if err != nil || n < 1 {
		return 0, desk.ErrNotFound
	}
	return n, nil
}

func (s *Server) escalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := escalationNumber(r)
	if err != nil {
		return err
	}
	return s.drawEscalation(w, r, who, http.StatusOK, n, func(e *page.Escalation) {
		if draft, ok := s.takeDraft(r); ok && draft.Get("form") != "" {
			e.Form = page.EscalationForm{Name: draft.Get("form"), Typed: draft, Restored: true}
		}
	})
}

// drawEscalation reads one anew and shows it with the form that came back.
func (s *Server) drawEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, n int64, fill func(*page.Escalation)) (err error) {
	var e page.Escalation
	if e.Story, err = s.app.Escalation(r.Context(), who, n); err != nil {
		return err
	}
	if e.Languages, err = s.app.EscalationLanguages(r.Context(), who, n); err != nil {
		return err
	}
	fill(&e)
	return s.render(w, r, status, page.EscalationPage(s.frame(r, who, "escalations"), e))
}

// doToEscalation gives a form to a verb; done names what it did. One that is wrong
// comes back filled, and one that is too late beside what holds now.
func (s *Server) doToEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor, form, done string, verb func(n int64, seen int) error) error {
	n, err := escalationNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	seen, _ := strconv.Atoi(r.PostFormValue("revision"))
	err = verb(n, seen)
	wrong, invalid := problems(err)
	late := errors.Is(err, desk.ErrConflict)
	if invalid || late {
		status := http.StatusUnprocessableEntity
		if late {
			status = http.StatusConflict
		}
		return s.drawEscalation(w, r, who, status, n, func(e *page.Escalation) {
			e.Form, e.Conflict = page.EscalationForm{Name: form, Typed: r.PostForm, Problems: wrong}, late
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, escalationPath(n), "escalation.done."+done)
}
