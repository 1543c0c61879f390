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

func (s *Server) letters(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	words, err := s.app.LetterWords(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Letters(s.frame(r, who, "letters"), words))
}

func (s *Server) letter(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawLetter(w, r, who, http.StatusOK, func(l *page.LetterPage) {
		if draft, ok := s.takeDraft(r); ok {
			l.Typed(letterForm(draft).Texts)
		}
	})
}

func (s *Server) drawLetter(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.LetterPage)) error {
	l := page.LetterPage{Kind: desk.LetterKind(chi.URLParam(r, "kind"))}
	var err error
	if l.History, err = s.app.LetterHistory(r.Context(), who, l.Kind); err != nil {
		return err
	}
	words, err := s.app.LetterWords(r.Context(), who)
	if err != nil {
		return err
	}
	for _, x := range words {
		switch {
		case x.Kind == l.Kind:
			l.Fields = append(l.Fields, page.LetterField{LetterWords: x, Typed: x.InUse()})
		case x.Kind == desk.LetterSubject && l.Kind.InThread():
			l.Shared = append(l.Shared, x)
		}
	}
	fill(&l)
	return s.render(w, r, status, page.EditLetter(s.frame(r, who, "letters"), l))
}

func letterForm(v url.Values) app.LetterForm {
	f := app.LetterForm{Texts: map[string]desk.Saying{}, Revisions: map[string]int{}}
	for _, l := range page.Languages() {
		f.Texts[l] = desk.Saying{Subject: v.Get("subject_" + l), Body: v.Get("body_" + l)}
		f.Revisions[l], _ = strconv.Atoi(v.Get("revision_" + l)) // what is no number is of no form of ours
	}
	return f
}

// saveLetter saves what was typed, shows what it would be, or brings back what ships.
func (s *Server) saveLetter(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	kind, form := desk.LetterKind(chi.URLParam(r, "kind")), letterForm(r.PostForm)
	var shown []desk.LetterPreview
	var err error
	switch r.PostForm.Get("do") {
	case "preview":
		shown, err = s.app.PreviewLetter(r.Context(), who, kind, form)
	case "reset":
		form.Texts = nil
		fallthrough
	default:
		err = s.app.SaveLetter(r.Context(), who, kind, form)
	}
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawLetter(w, r, who, http.StatusUnprocessableEntity, func(l *page.LetterPage) { l.Typed(form.Texts); l.Problems = wrong })
	case errors.Is(err, desk.ErrConflict):
		return s.drawLetter(w, r, who, http.StatusConflict, func(l *page.LetterPage) { l.Problems.Add("", "words.conflict") })
	case err != nil:
		return err
	case shown != nil:
		return s.drawLetter(w, r, who, http.StatusOK, func(l *page.LetterPage) { l.Typed(form.Texts); l.Previews = shown })
	}
	return s.seeOther(w, r, who, "/settings/letters/"+string(kind), "words.saved")
}
