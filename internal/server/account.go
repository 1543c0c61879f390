package server

import (
	"net/http"
	"net/url"
	"regexp"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) account(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	form := page.AccountFormOf(who.Person)
	if draft, ok := s.takeDraft(r); ok {
		form.Preferences = accountForm(draft, who)
	}
	return s.showAccount(w, r, who, http.StatusOK, form)
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.AccountForm) error {
	sessions, err := s.app.Sessions(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, status, page.Account(s.frame(r, who, "account"), form, sessions))
}

func (s *Server) saveAccount(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.AccountForm{Preferences: accountForm(r.PostForm, who)}
	err := s.app.SavePreferences(r.Context(), who, form.Preferences)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.showAccount(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/account", "account.saved")
}

// accountForm reads the preferences. Only the desk's people have keys to
// switch off; the others keep what they have.
func accountForm(v url.Values, who desk.Actor) desk.Preferences {
	p := desk.Preferences{Language: v.Get("language"), Zone: v.Get("zone"), KeysOff: !v.Has("keys")}
	if !who.DeskSide() {
		p.KeysOff = who.Person.KeysOff
	}
	p.Letters = who.Person.Letters
	for _, t := range desk.LetterTopics(who.Person.Role) {
		if v.Has(string(t)) { // a form of before keeps what is chosen
			p.Letters = p.Letters.With(t, desk.LetterWhen(v.Get(string(t))))
		}
	}
	return p
}

// sessionName is what storedName makes; nothing else names a session.
var sessionName = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

func (s *Server) endSession(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	name := chi.URLParam(r, "session")
	switch {
	case !sessionName.MatchString(name):
		return desk.ErrNotFound
	case name == who.SessionID: // writing to the session he acts in would bring it back
		return s.signOut(w, r, who)
	}
	if err := s.app.Revoke(r.Context(), who, name); err != nil {
		return err
	}
	s.readers.forget(func(session string, _ desk.Actor) bool { return session == name })
	return s.seeOther(w, r, who, "/account", "account.ended")
}

func (s *Server) endOtherSessions(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := s.app.RevokeOthers(r.Context(), who); err != nil {
		return err
	}
	s.readers.forget(func(session string, o desk.Actor) bool {
		return o.Person.ID == who.Person.ID && session != who.SessionID
	})
	return s.seeOther(w, r, who, "/account", "account.others_ended")
}
