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

func (s *Server) hours(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showHours(w, r, who, http.StatusOK, false)
}

// showHours lists the calendars, after somebody else was faster perhaps.
func (s *Server) showHours(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, behind bool) error {
	book, err := s.app.OfferBook(r.Context(), who)
	if err != nil {
		return err
	}
	o := page.OfferOf(i18n.From(r.Context()), book)
	if behind {
		o.Conflict = page.OfferConflictOf(book)
	}
	return s.render(w, r, status, page.HoursPage(s.frame(r, who, "hours"), o))
}

func (s *Server) newHours(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.hoursForm(w, r, who, "")
}

func (s *Server) editHours(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.hoursForm(w, r, who, chi.URLParam(r, "hours"))
}

// hoursForm shows a calendar to be edited, or what was typed when the session
// ended.
func (s *Server) hoursForm(w http.ResponseWriter, r *http.Request, who desk.Actor, key string) error {
	book, err := s.offerToEdit(r, who)
	if err != nil {
		return err
	}
	c, there := book.Offer().Hours(key)
	if key != "" && !there {
		return desk.ErrNotFound
	}
	form := page.HoursFormOf(book, c, who.Desk.Zone)
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadHoursForm(draft, book, key)
	}
	return s.render(w, r, http.StatusOK, page.EditHours(s.frame(r, who, "hours"), form))
}

// saveHours adds or changes a calendar, as its address says, or only shows the
// weeks that it would make.
func (s *Server) saveHours(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	book, err := s.offerToEdit(r, who)
	if err != nil {
		return err
	}
	form := page.ReadHoursForm(r.PostForm, book, chi.URLParam(r, "hours"))
	if r.PostForm.Get("do") == "preview" {
		form = form.Judge()
		return s.render(w, r, status(len(form.Problems) == 0), page.EditHours(s.frame(r, who, "hours"), form))
	}
	key, err := s.app.SaveHours(r.Context(), who, form.At, form.Key, form.Settings)
	return s.offerSaved(w, r, who, err, "/settings/hours#h-"+key, func(wrong desk.Problems) templ.Component {
		form.Problems = wrong
		return page.EditHours(s.frame(r, who, "hours"), form)
	}, func(now desk.OfferBook) templ.Component {
		form.Book = now
		return page.EditHours(s.frame(r, who, "hours"), form.Behind())
	})
}

// removeHours takes a calendar out, or says at its button who goes by it.
func (s *Server) removeHours(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	key := chi.URLParam(r, "hours")
	err := s.app.RemoveHours(r.Context(), who, draftMark(r), key)
	if wrong, ok := problems(err); ok {
		book, err := s.offerToEdit(r, who)
		if err != nil {
			return err
		}
		c, there := book.Offer().Hours(key)
		if !there {
			return desk.ErrNotFound
		}
		form := page.HoursFormOf(book, c, who.Desk.Zone)
		form.Removal = wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.EditHours(s.frame(r, who, "hours"), form))
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.showHours(w, r, who, http.StatusConflict, true)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/hours", "flash.offer_hours_removed")
}

func (s *Server) prices(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	book, err := s.app.OfferBook(r.Context(), who)
	if err != nil {
		return err
	}
	form := page.PriceFormOf(book)
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadPriceForm(draft, book)
	}
	return s.render(w, r, http.StatusOK, page.PricesPage(s.frame(r, who, "prices"), form))
}

func (s *Server) savePrices(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	book, err := s.offerToEdit(r, who)
	if err != nil {
		return err
	}
	form := page.ReadPriceForm(r.PostForm, book)
	err = s.app.SavePrices(r.Context(), who, form.At, form.Settings)
	return s.offerSaved(w, r, who, err, "/settings/prices", func(wrong desk.Problems) templ.Component {
		form.Problems = wrong
		return page.PricesPage(s.frame(r, who, "prices"), form)
	}, func(now desk.OfferBook) templ.Component {
		form.Book = now
		return page.PricesPage(s.frame(r, who, "prices"), form.Behind())
	})
}
