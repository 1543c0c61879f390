package server

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

func (s *Server) newType(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.typeForm(w, r, who, "")
}

func (s *Server) supportType(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.typeForm(w, r, who, chi.URLParam(r, "type"))
}

// offerToEdit reads the offer for who may change it.
func (s *Server) offerToEdit(r *http.Request, who desk.Actor) (desk.OfferBook, error) {
	if err := who.May(desk.ManageOffer); err != nil {
		return desk.OfferBook{}, err
	}
	return s.app.OfferBook(r.Context(), who)
}

// offerSaved leads on from a part of the offer, or shows its form again: wrong at
// its fields, or behind the offer as it is now.
func (s *Server) offerSaved(w http.ResponseWriter, r *http.Request, who desk.Actor, err error, to string, wrong func(desk.Problems) templ.Component, behind func(desk.OfferBook) templ.Component) error {
	if list, ok := problems(err); ok {
		return s.render(w, r, http.StatusUnprocessableEntity, wrong(list))
	}
	if errors.Is(err, desk.ErrConflict) {
		now, err := s.offerToEdit(r, who)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusConflict, behind(now))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, to, "flash.offer_saved")
}

// typeForm shows a type to be edited, or what was typed when the session ended.
func (s *Server) typeForm(w http.ResponseWriter, r *http.Request, who desk.Actor, key string) error {
	book, err := s.offerToEdit(r, who)
	if err != nil {
		return err
	}
	t, there := book.Offer().Type(key)
	if key != "" && !there {
		return desk.ErrNotFound
	}
	form := page.TypeFormOf(i18n.From(r.Context()), book, t)
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadTypeForm(draft, book, key)
	}
	return s.render(w, r, http.StatusOK, page.EditType(s.frame(r, who, "offer"), form))
}

// saveType adds or changes a type, as its address says.
func (s *Server) saveType(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	book, err := s.offerToEdit(r, who)
	if err != nil {
		return err
	}
	form := page.ReadTypeForm(r.PostForm, book, chi.URLParam(r, "type"))
	key, err := s.app.SaveType(r.Context(), who, form.At, form.Key, form.Settings)
	return s.offerSaved(w, r, who, err, "/settings/offer#t-"+key, func(wrong desk.Problems) templ.Component {
		form.Problems = wrong
		return page.EditType(s.frame(r, who, "offer"), form)
	}, func(now desk.OfferBook) templ.Component {
		form.Book = now
		return page.EditType(s.frame(r, who, "offer"), form.Behind())
	})
}

// removeType takes a type out, or says at its button why not.
func (s *Server) removeType(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	key, successor := chi.URLParam(r, "type"), r.PostForm.Get("successor")
	err := s.app.RemoveType(r.Context(), who, draftMark(r), key, successor)
	if wrong, ok := problems(err); ok {
		book, err := s.offerToEdit(r, who)
		if err != nil {
			return err
		}
		t, there := book.Offer().Type(key)
		if !there {
			return desk.ErrNotFound
		}
		form := page.TypeFormOf(i18n.From(r.Context()), book, t)
		form.Successor, form.Removal = successor, wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.EditType(s.frame(r, who, "offer"), form))
	}
	return s.offerTouched(w, r, who, err, "/settings/offer", "flash.offer_type_removed")
}
