package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// lettersToStop asks for one press: programs follow links in mails, and must turn
// nothing off.
func (s *Server) lettersToStop(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.answerStop(w, r, who, page.StopForm{}, s.app.LettersToStop)
}

// stopLetters takes the press, of the page or of a mail program (RFC 8058): neither
// signs in.
func (s *Server) stopLetters(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.answerStop(w, r, who, page.StopForm{Done: true}, s.app.StopLetters)
}

func (s *Server) answerStop(w http.ResponseWriter, r *http.Request, who desk.Actor, f page.StopForm,
	verb func(context.Context, desk.Desk, string) (desk.LetterTopic, desk.Person, error)) (err error) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	f.Token = chi.URLParam(r, "token")
	var p desk.Person
	f.Topic, p, err = verb(r.Context(), who.Desk, f.Token)
	if errors.Is(err, desk.ErrNotFound) {
		return s.render(w, r, http.StatusGone, page.StopGone(s.frame(r, who, "")))
	}
	if err != nil {
		return err
	}
	f.Own = who.Person.ID == p.ID
	return s.render(w, r, http.StatusOK, page.StopLetters(s.frame(r, who, ""), f))
}

// trustAddress has letters go to a person's address again.
func (s *Server) trustAddress(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "person"))
	if err != nil {
		return err
	}
	if err := s.app.TrustAddress(r.Context(), who, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/people/"+id.String(), "mailout.trusted")
}
