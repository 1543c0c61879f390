package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) tokenRoutes(r chi.Router) {
	r.Get("/{desk}/settings/tokens", s.signedIn(s.tokens))
	r.Post("/{desk}/settings/tokens", s.signedIn(s.addToken))
	r.Post("/{desk}/settings/tokens/{apitoken}/revocation", s.signedIn(s.revokeToken))
}

func (s *Server) tokens(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	form := desk.TokenForm{Person: who.Person.ID, Key: desk.NewID()}
	if draft, ok := s.takeDraft(r); ok {
		form.Name, form.Scopes, form.Person, form.Last = draft.Get("name"), draft["scopes"], statedID(draft.Get("person")), draft.Get("last")
	}
	return s.drawTokens(w, r, who, http.StatusOK, page.TokensPage{Form: form})
}

func (s *Server) drawTokens(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, o page.TokensPage) (err error) {
	if o.List, err = s.app.Tokens(r.Context(), who); err != nil {
		return err
	}
	if o.People, err = s.app.Agents(r.Context(), who); err != nil {
		return err
	}
	o.Now = s.app.Now()
	return s.render(w, r, status, page.Tokens(s.frame(r, who, "tokens"), o))
}

// addToken answers with the token itself: what is shown once is kept nowhere, not
// even until the next page.
func (s *Server) addToken(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := desk.TokenForm{Name: r.PostForm.Get("name"), Scopes: r.PostForm["scopes"], Person: statedID(r.PostForm.Get("person")), Last: r.PostForm.Get("last"), Key: formKey(r)}
	text, err := s.app.AddToken(r.Context(), who, form)
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawTokens(w, r, who, http.StatusUnprocessableEntity, page.TokensPage{Form: form, Problems: wrong})
	case errors.Is(err, desk.ErrConflict):
		o := page.TokensPage{Form: desk.TokenForm{Person: who.Person.ID, Key: desk.NewID()}}
		o.Problems.Add("", "tokens.twice")
		return s.drawTokens(w, r, who, http.StatusConflict, o)
	case err != nil:
		return err
	}
	return s.drawTokens(w, r, who, http.StatusCreated, page.TokensPage{Form: desk.TokenForm{Person: who.Person.ID, Key: desk.NewID()}, Made: text})
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "apitoken"))
	if err != nil {
		return err
	}
	if err := s.app.RevokeToken(r.Context(), who, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/tokens", "tokens.revoked")
}
