package server

import (
	"errors"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

type signedInHandler = func(http.ResponseWriter, *http.Request, desk.Actor) error

// newParty is the form of a provider, or of a publisher, that there is not yet.
func (s *Server) newParty(list string) signedInHandler {
	return func(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
		book, err := s.app.Handover(r.Context(), who)
		if err != nil {
			return err
		}
		form := page.PartyForm{List: list, At: book.Now.Version}
		if draft, ok := s.takeDraft(r); ok {
			form = page.ReadPartyForm(draft, list, "")
		}
		return s.render(w, r, http.StatusOK, page.EditParty(s.frame(r, who, "escalation"), form))
	}
}

func (s *Server) party(list string) signedInHandler {
	return func(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
		book, err := s.app.Handover(r.Context(), who)
		if err != nil {
			return err
		}
		key, parties := chi.URLParam(r, "party"), book.Now.Providers
		if list == desk.HandoverPublishers {
			parties = book.Now.Publishers
		}
		i := slices.IndexFunc(parties, func(p desk.HandoverProvider) bool { return p.Key == key })
		if i < 0 {
			return desk.ErrNotFound
		}
		form := page.PartyForm{List: list, At: book.Now.Version, Key: key, Party: parties[i]}
		if draft, ok := s.takeDraft(r); ok {
			form = page.ReadPartyForm(draft, list, key)
		}
		return s.render(w, r, http.StatusOK, page.EditParty(s.frame(r, who, "escalation"), form))
	}
}

// saveParty adds one, changes it or takes it off the list.
func (s *Server) saveParty(list string) signedInHandler {
	return func(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
		if err := readForm(r); err != nil {
			return err
		}
		form := page.ReadPartyForm(r.PostForm, list, chi.URLParam(r, "party"))
		change := desk.HandoverChange{Act: list, Key: form.Key, Party: form.Party, Remove: form.Key != "" && r.PostForm.Get("do") == "remove"}
		if change.Remove {
			change.Party = desk.HandoverProvider{}
		}
		err := s.app.ChangeHandover(r.Context(), who, madeFrom(r.PostForm), change)
		wrong, invalid := problems(err)
		switch {
		case err == nil:
			return s.seeOther(w, r, who, handoverPath, "handover.saved")
		case invalid:
			form.Problems = wrong
			return s.render(w, r, http.StatusUnprocessableEntity, page.EditParty(s.frame(r, who, "escalation"), form))
		case errors.Is(err, desk.ErrConflict):
			return s.partyConflict(w, r, who, form)
		}
		return err
	}
}

func (s *Server) partyConflict(w http.ResponseWriter, r *http.Request, who desk.Actor, form page.PartyForm) error {
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	form.Conflict, form.At, form.Now = true, book.Now.Version, book.Now
	return s.render(w, r, http.StatusConflict, page.EditParty(s.frame(r, who, "escalation"), form))
}
