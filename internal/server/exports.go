package server

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// doToImport gives a file to a verb and comes back to it. What was done already, or
// while somebody looked, is not wrong: the page says how it stands.
func (s *Server) doToImport(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, verb func(context.Context, desk.Actor, desk.ID) error) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	err = verb(r.Context(), who, id)
	if wrong, ok := problems(err); ok {
		return s.drawImports(w, r, who, http.StatusUnprocessableEntity, page.ImportsPage{Kind: string(desk.ImportCustomers), Problems: wrong})
	}
	if errors.Is(err, desk.ErrConflict) {
		flash, err = "", nil
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/import/"+id.String(), flash)
}

func (s *Server) exports(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawExports(w, r, who, http.StatusOK, page.ExportsPage{Form: string(desk.ExportJSON)})
}

func (s *Server) drawExports(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, o page.ExportsPage) (err error) {
	if o.List, err = s.app.Exports(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, status, page.Exports(s.frame(r, who, "export"), o))
}

// export answers with the zip while it is made. One that breaks off is cut, so that it
// does not look like a whole one.
func (s *Server) export(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	o := page.ExportsPage{Form: r.PostForm.Get("form"), Files: r.PostForm.Has("files")}
	began := false
	err := s.app.Export(r.Context(), who, o.Form, o.Files, func(e desk.Export) io.Writer {
		began = true
		asFile(w, who.Desk.Slug+"-"+e.CreatedAt.In(who.Location()).Format("2006-01-02-1504")+".zip", "application/zip")
		return pour(w)
	})
	if err != nil && began {
		s.log.WarnContext(r.Context(), "export broke off", "desk", who.Desk.Slug, "error", err)
		panic(http.ErrAbortHandler)
	}
	if wrong, ok := problems(err); ok {
		o.Problems = wrong
		return s.drawExports(w, r, who, http.StatusUnprocessableEntity, o)
	}
	return err
}

func (s *Server) erasure(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawErasure(w, r, who, http.StatusOK, page.ErasurePage{})
}

func (s *Server) drawErasure(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, o page.ErasurePage) error {
	id, err := desk.ParseID(chi.URLParam(r, "person"))
	if err != nil {
		return err
	}
	if o.Person, o.Traces, err = s.app.Traces(r.Context(), who, id); err != nil {
		return err
	}
	return s.render(w, r, status, page.ErasePerson(s.frame(r, who, section(o.Person.CustomerID)), o))
}

func (s *Server) erasePerson(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "person"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	p, _, err := s.app.Traces(r.Context(), who, id)
	if err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	err = s.app.ErasePerson(r.Context(), who, id, email)
	if wrong, ok := problems(err); ok {
		return s.drawErasure(w, r, who, http.StatusUnprocessableEntity, page.ErasurePage{Email: email, Problems: wrong})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, listOf(p.CustomerID), "moving.erased")
}
