package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) connectors(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	list, gdap, err := s.app.Connectors(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Connectors(s.frame(r, who, "connectors"), list, gdap))
}

func (s *Server) connector(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawConnector(w, r, who, http.StatusOK, func(c *page.ConnectorPage) {
		if draft, ok := s.takeDraft(r); ok {
			c.Form.Enabled, c.Form.Tenant, c.Form.ClientID = draft.Get("enabled") == "on", draft.Get("tenant"), draft.Get("client_id")
		}
	})
}

func (s *Server) drawConnector(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.ConnectorPage)) error {
	list, _, err := s.app.Connectors(r.Context(), who)
	if err != nil {
		return err
	}
	for _, c := range list {
		if string(c.Kind) == chi.URLParam(r, "connector") {
			o := page.ConnectorPageOf(c)
			fill(&o)
			return s.render(w, r, status, page.Connector(s.frame(r, who, "connectors"), o))
		}
	}
	return desk.ErrNotFound
}

func (s *Server) saveConnector(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	revision, _ := strconv.Atoi(r.PostForm.Get("revision")) // what is no number is of no form of ours
	form := desk.ConnectorForm{Kind: desk.ConnectorKind(chi.URLParam(r, "connector")), Enabled: r.PostForm.Get("enabled") == "on", Tenant: r.PostForm.Get("tenant"),
		ClientID: r.PostForm.Get("client_id"), ClientSecret: r.PostForm.Get("client_secret"), Refresh: r.PostForm.Get("refresh"), Revision: revision}
	err := s.app.SaveConnector(r.Context(), who, form)
	wrong, ok := problems(err)
	switch {
	case ok:
		form.ClientSecret, form.Refresh = "", ""
		return s.drawConnector(w, r, who, http.StatusUnprocessableEntity, func(c *page.ConnectorPage) { c.Form, c.Problems = form, wrong })
	case errors.Is(err, desk.ErrConflict):
		return s.drawConnector(w, r, who, http.StatusConflict, func(c *page.ConnectorPage) { c.Problems.Add("", "connectors.conflict") })
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, "/settings/connectors/"+string(form.Kind), "connectors.saved")
}

// checkConnector asks for an answer now, and shows it.
func (s *Server) checkConnector(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	c, err := s.app.CheckConnector(r.Context(), who, desk.ConnectorKind(chi.URLParam(r, "connector")))
	if wrong, ok := problems(err); ok {
		return s.drawConnector(w, r, who, http.StatusUnprocessableEntity, func(o *page.ConnectorPage) { o.Problems = wrong })
	}
	if err != nil {
		return err
	}
	flash := "connectors.checked_ok"
	if c.Trouble != "" {
		flash = "connectors.checked_bad"
	}
	return s.seeOther(w, r, who, "/settings/connectors/"+string(c.Kind), flash)
}

func (s *Server) supportProfile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawProfile(w, r, who, http.StatusOK, false)
}

// drawProfile reads the profile and shows it, or why it cannot be read.
func (s *Server) drawProfile(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, changed bool) error {
	there, here, err := s.app.CompareProfile(r.Context(), who)
	o := page.ProfilePage{There: there, Here: here, Changed: changed}
	var refusal desk.Refusal
	if wrong, ok := problems(err); ok {
		o.Problems, status = wrong, http.StatusUnprocessableEntity
	} else if errors.As(err, &refusal) {
		o.Refusal, status = &refusal, http.StatusBadGateway
	} else if err != nil {
		return err
	}
	return s.render(w, r, status, page.ConnectorProfile(s.frame(r, who, "connectors"), o))
}

func (s *Server) writeProfile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	seen := desk.SupportProfile{Email: r.PostForm.Get("email"), Phone: r.PostForm.Get("phone"), Website: r.PostForm.Get("website")}
	err := s.app.WriteProfile(r.Context(), who, seen)
	_, wrong := problems(err)
	var refusal desk.Refusal
	switch {
	case errors.Is(err, desk.ErrConflict):
		return s.drawProfile(w, r, who, http.StatusConflict, true)
	case wrong, errors.As(err, &refusal):
		return s.drawProfile(w, r, who, http.StatusUnprocessableEntity, false)
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, "/settings/connectors/partner_center/profile", "connectors.profile_written")
}
