package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

func (s *Server) offer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showOffer(w, r, who, http.StatusOK, func(o *page.Offer) {
		if draft, ok := s.takeDraft(r); ok {
			*o = o.Read(draft)
		}
	})
}

// showOffer answers with the offer as it is; dress adds what a form brought back.
func (s *Server) showOffer(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.Offer)) error {
	book, err := s.app.OfferBook(r.Context(), who)
	if err != nil {
		return err
	}
	o := page.OfferOf(i18n.From(r.Context()), book)
	dress(&o)
	return s.render(w, r, status, page.OfferPage(s.frame(r, who, "offer"), o))
}

// saveOffer takes what belongs to no type.
func (s *Server) saveOffer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageOffer); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := page.Offer{}.Read(r.PostForm)
	if r.PostForm.Get("do") == "baseline" && len(form.General.Baseline) == 0 {
		form.General.Baseline = desk.ShippedBaseline()
	}
	err := s.app.SaveOffer(r.Context(), who, form.At, form.General)
	typed := func(o *page.Offer) { o.General, o.Was, o.At = form.General, form.Was, form.At }
	if wrong, ok := problems(err); ok {
		return s.showOffer(w, r, who, http.StatusUnprocessableEntity, func(o *page.Offer) { typed(o); o.Problems = wrong })
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.showOffer(w, r, who, http.StatusConflict, func(o *page.Offer) { typed(o); *o = o.Behind() })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/offer", "flash.offer_saved")
}

// placeType moves a type up or down.
func (s *Server) placeType(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	by, key := 1, chi.URLParam(r, "type")
	if r.PostForm.Get("do") == "up" {
		by = -1
	}
	return s.offerTouched(w, r, who, s.app.ShiftType(r.Context(), who, draftMark(r), key, by), "/settings/offer#t-"+key, "flash.offer_moved")
}

func (s *Server) discardOffer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	return s.offerTouched(w, r, who, s.app.DiscardOffer(r.Context(), who, draftMark(r)), "/settings/offer", "flash.offer_discarded")
}

// offerTouched leads on, or tells who was faster.
func (s *Server) offerTouched(w http.ResponseWriter, r *http.Request, who desk.Actor, err error, to, flash string) error {
	if errors.Is(err, desk.ErrConflict) {
		return s.showOffer(w, r, who, http.StatusConflict, func(o *page.Offer) { o.Conflict = page.OfferConflictOf(o.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, to, flash)
}

func (s *Server) offerPublication(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showOfferPublication(w, r, who, http.StatusOK, func(o *page.Offer) {
		if draft, ok := s.takeDraft(r); ok {
			o.Note = draft.Get("note")
		}
	})
}

func (s *Server) showOfferPublication(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.Offer)) error {
	if err := who.May(desk.ManageOffer); err != nil {
		return err
	}
	book, err := s.app.OfferBook(r.Context(), who)
	if err != nil {
		return err
	}
	o := page.OfferOf(i18n.From(r.Context()), book)
	dress(&o)
	return s.render(w, r, status, page.PublishOffer(s.frame(r, who, "offer"), o))
}

func (s *Server) publishOffer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	note := r.PostForm.Get("note")
	_, err := s.app.PublishOffer(r.Context(), who, draftMark(r), note)
	again := func(status int, dress func(*page.Offer)) error {
		return s.showOfferPublication(w, r, who, status, func(o *page.Offer) {
			o.Note = note
			dress(o)
		})
	}
	if wrong, ok := problems(err); ok {
		return again(http.StatusUnprocessableEntity, func(o *page.Offer) { o.Problems = wrong })
	}
	if faults, ok := offerFaults(err); ok {
		return again(http.StatusUnprocessableEntity, func(o *page.Offer) { o.Faults = faults })
	}
	if errors.Is(err, desk.ErrConflict) {
		return again(http.StatusConflict, func(o *page.Offer) { o.Conflict = page.OfferConflictOf(o.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/offer", "flash.offer_published")
}

// offerFaults picks what is wrong with an offer out of an error.
func offerFaults(err error) ([]desk.OfferFault, bool) {
	var invalid desk.InvalidOffer
	ok := errors.As(err, &invalid)
	return invalid.Faults, ok
}

func (s *Server) offerVersion(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showOfferVersion(w, r, who, http.StatusOK, func(*page.OfferOld) {})
}

func (s *Server) showOfferVersion(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.OfferOld)) error {
	n, err := offerNumber(r)
	if err != nil {
		return err
	}
	v := page.OfferOld{}
	if v.Book, err = s.app.OfferBook(r.Context(), who); err != nil {
		return err
	}
	if v.Version, v.Before, err = s.app.OfferVersion(r.Context(), who, n); err != nil {
		return err
	}
	if draft, ok := s.takeDraft(r); ok {
		v.Note = draft.Get("note")
	}
	dress(&v)
	return s.render(w, r, status, page.OfferVersion(s.frame(r, who, "offer"), v))
}

// offerNumber reads the number of a version, 0 for the first. Errors: ErrNotFound.
func offerNumber(r *http.Request) (int, error) {
	text := chi.URLParam(r, "version")
	if text == "0" {
		return 0, nil
	}
	return versionNumber(text)
}

func (s *Server) restoreOffer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := offerNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	note := r.PostForm.Get("note")
	_, err = s.app.RestoreOffer(r.Context(), who, draftMark(r), n, note)
	again := func(status int, dress func(*page.OfferOld)) error {
		return s.showOfferVersion(w, r, who, status, func(v *page.OfferOld) {
			v.Note = note
			dress(v)
		})
	}
	if wrong, ok := problems(err); ok {
		return again(http.StatusUnprocessableEntity, func(v *page.OfferOld) { v.Problems = wrong })
	}
	if faults, ok := offerFaults(err); ok {
		return again(http.StatusUnprocessableEntity, func(v *page.OfferOld) { v.Faults = faults })
	}
	if errors.Is(err, desk.ErrConflict) {
		return again(http.StatusConflict, func(v *page.OfferOld) { v.Conflict = page.OfferConflictOf(v.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/offer", "flash.offer_restored")
}
