package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) newLine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	form := page.LineForm{At: book.Now.Version, Place: 1}
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadLineForm(draft, 0)
	}
	return s.showLine(w, r, who, http.StatusOK, book.Now, form)
}

func (s *Server) line(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	n, err := versionNumber(chi.URLParam(r, "line"))
	if err != nil || n > len(book.Now.Policy.Lines) {
		return desk.ErrNotFound
	}
	form := page.LineForm{At: book.Now.Version, Number: n, Line: book.Now.Policy.Lines[n-1]}
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadLineForm(draft, n)
	}
	return s.showLine(w, r, who, http.StatusOK, book.Now, form)
}

func (s *Server) showLine(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, now desk.Handover, form page.LineForm) error {
	form.Now = now
	return s.render(w, r, status, page.EditLine(s.frame(r, who, "escalation"), form))
}

func (s *Server) addLine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadLineForm(r.PostForm, 0)
	return s.takeLine(w, r, who, form, desk.HandoverChange{Act: desk.HandoverLineAdded, To: form.Place, Line: form.Line, Note: form.Note})
}

func (s *Server) saveLine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := versionNumber(chi.URLParam(r, "line"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadLineForm(r.PostForm, n)
	return s.takeLine(w, r, who, form, desk.HandoverChange{Act: desk.HandoverLineChanged, Number: n, Line: form.Line, Note: form.Note})
}

func (s *Server) takeLine(w http.ResponseWriter, r *http.Request, who desk.Actor, form page.LineForm, c desk.HandoverChange) error {
	at := madeFrom(r.PostForm)
	err := s.app.ChangeHandover(r.Context(), who, at, c)
	if err == nil {
		return s.seeOther(w, r, who, handoverPath+"#line-"+strconv.Itoa(max(form.Number, form.Place)), "handover.saved")
	}
	wrong, invalid := problems(err)
	if !invalid && !errors.Is(err, desk.ErrConflict) {
		return err
	}
	book, readErr := s.app.Handover(r.Context(), who)
	if readErr != nil {
		return readErr
	}
	if invalid {
		form.Problems = wrong
		return s.showLine(w, r, who, http.StatusUnprocessableEntity, book.Now, form)
	}
	if form, err = s.lineBehind(r, who, book.Now, form, at); err != nil {
		return err
	}
	return s.showLine(w, r, who, http.StatusConflict, book.Now, form)
}

// lineBehind is a form that somebody was faster than: it goes on from the version
// there is now, where its line may stand elsewhere, or be gone.
func (s *Server) lineBehind(r *http.Request, who desk.Actor, now desk.Handover, form page.LineForm, at int) (page.LineForm, error) {
	form.Conflict, form.At = true, now.Version
	if form.Number == 0 {
		return form, nil
	}
	was, err := s.app.HandoverAt(r.Context(), who, max(at, 0))
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return form, err
	}
	form.Place = form.Number
	form.Number = now.Follow(was, form.Number)
	return form, nil
}

func (s *Server) handoverContact(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	form := page.ContactForm{At: book.Now.Version, Contact: book.Now.Contact}
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadContactForm(draft)
	}
	return s.render(w, r, http.StatusOK, page.EditContact(s.frame(r, who, "escalation"), form))
}

func (s *Server) saveHandoverContact(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadContactForm(r.PostForm)
	err := s.app.ChangeHandover(r.Context(), who, madeFrom(r.PostForm), desk.HandoverChange{Act: desk.HandoverContacts, Contact: form.Contact})
	if err == nil {
		return s.seeOther(w, r, who, handoverPath, "handover.saved")
	}
	status := http.StatusUnprocessableEntity
	wrong, invalid := problems(err)
	form.Problems = wrong
	if !invalid && !errors.Is(err, desk.ErrConflict) {
		return err
	}
	if !invalid {
		book, err := s.app.Handover(r.Context(), who)
		if err != nil {
			return err
		}
		status, form.Conflict, form.At, form.Now = http.StatusConflict, true, book.Now.Version, book.Now
	}
	return s.render(w, r, status, page.EditContact(s.frame(r, who, "escalation"), form))
}
