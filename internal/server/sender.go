package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) sender(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawSender(w, r, who, http.StatusOK, func(f *page.SenderPage) {
		if draft, ok := s.takeDraft(r); ok {
			f.Form = senderForm(draft)
		}
	})
}

func (s *Server) drawSender(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.SenderPage)) error {
	sender, installation, err := s.app.Sender(r.Context(), who)
	if err != nil {
		return err
	}
	f := page.SenderPage{Sender: sender, Installation: installation, Form: desk.SenderForm{Address: sender.Address(), Revision: sender.Revision}}
	fill(&f)
	return s.render(w, r, status, page.EditSender(s.frame(r, who, "sender"), f))
}

func senderForm(v url.Values) desk.SenderForm {
	revision, _ := strconv.Atoi(v.Get("revision")) // what is no number is of no form of ours
	return desk.SenderForm{Address: v.Get("address"), Revision: revision}
}

func (s *Server) saveSender(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := senderForm(r.PostForm)
	err := s.app.SaveSender(r.Context(), who, form)
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawSender(w, r, who, http.StatusUnprocessableEntity, func(f *page.SenderPage) { f.Form, f.Problems = form, wrong })
	case errors.Is(err, desk.ErrConflict):
		return s.drawSender(w, r, who, http.StatusConflict, func(f *page.SenderPage) { f.Problems.Add("", "sender.conflict") })
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, "/settings/sender", "sender.saved")
}

// checkSender asks the DNS now.
func (s *Server) checkSender(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	err := s.app.CheckSender(r.Context(), who)
	if errors.Is(err, desk.ErrConflict) {
		return s.seeOther(w, r, who, "/settings/sender", "sender.conflict")
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/sender", "sender.checked")
}
