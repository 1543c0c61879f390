package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"guichet/internal/desk"
	"guichet/web/page"
)

// mailboxField is never kept nor shown again, as secretField.
const mailboxField = "mailbox_secret"

func (s *Server) mailSettings(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawMailSettings(w, r, who, http.StatusOK, func(f *page.MailInForm) {
		if draft, ok := s.takeDraft(r); ok {
			f.Form = mailForm(draft)
		}
	})
}

func (s *Server) drawMailSettings(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.MailInForm)) error {
	settings, address, err := s.app.MailSettings(r.Context(), who)
	if err != nil {
		return err
	}
	f := page.MailInFormOf(settings, address)
	if f.Stuck, err = s.app.StuckLetters(r.Context(), who); err != nil {
		return err
	}
	fill(&f)
	f.Form.Secret = ""
	return s.render(w, r, status, page.EditMail(s.frame(r, who, "mail"), f))
}

func mailForm(v url.Values) desk.MailForm {
	revision, _ := strconv.Atoi(v.Get("revision")) // what is no number is of no form of ours
	return desk.MailForm{Addresses: v.Get("addresses"), Unknown: v.Get("unknown"), Kind: v.Get("mailbox"), Host: v.Get("host"), Tenant: v.Get("tenant"), Client: v.Get("client"), User: v.Get("user"), Folder: v.Get("folder"),
		Trusted: v.Get("trusted"), Secret: v.Get(mailboxField), On: v.Get("on") == "on", Revision: revision}
}

func (s *Server) saveMailSettings(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := mailForm(r.PostForm)
	err := s.app.SaveMailSettings(r.Context(), who, form)
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawMailSettings(w, r, who, http.StatusUnprocessableEntity, func(f *page.MailInForm) { f.Form, f.Problems = form, wrong })
	case errors.Is(err, desk.ErrConflict):
		return s.drawMailSettings(w, r, who, http.StatusConflict, func(f *page.MailInForm) { f.Problems.Add("", "mailin.conflict") })
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, "/settings/mail", "mailin.saved")
}

// tryMailbox opens the mailbox now, and says how that went.
func (s *Server) tryMailbox(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	trouble, err := s.app.TryMailbox(r.Context(), who)
	if err != nil {
		return err
	}
	flash := "mailin.tried_ok"
	if trouble != "" {
		flash = "mailin.tried_bad"
	}
	return s.seeOther(w, r, who, "/settings/mail", flash)
}
