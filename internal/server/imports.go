package server

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// movingRoutes are what a desk owns: in, out, and people out of it.
func (s *Server) movingRoutes(r chi.Router) {
	r.Get("/{desk}/settings/import", s.signedIn(s.imports))
	r.Post("/{desk}/settings/import", s.signedIn(s.startImport))
	r.Get("/{desk}/settings/import/templates/{kind}", s.signedIn(s.importTemplate))
	r.Get("/{desk}/settings/import/{import}", s.signedIn(s.oneImport))
	r.Get("/{desk}/settings/import/{import}/refused", s.signedIn(s.refusedLines))
	r.Post("/{desk}/settings/import/{import}/addition", s.signedIn(s.addImported))
	r.Post("/{desk}/settings/import/{import}/removal", s.signedIn(s.dropImport))
	r.Get("/{desk}/settings/export", s.signedIn(s.exports))
	r.Post("/{desk}/settings/export", s.signedIn(s.export))
	r.Get("/{desk}/settings/people/{person}/erasure", s.signedIn(s.erasure))
	r.Post("/{desk}/settings/people/{person}/erasure", s.signedIn(s.erasePerson))
}

func (s *Server) imports(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	o := page.ImportsPage{Kind: string(desk.ImportCustomers)}
	if draft, ok := s.takeDraft(r); ok {
		o.Kind, o.Text = draft.Get("kind"), draft.Get("text")
	}
	return s.drawImports(w, r, who, http.StatusOK, o)
}

func (s *Server) drawImports(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, o page.ImportsPage) (err error) {
	if o.List, err = s.app.Imports(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, status, page.Imports(s.frame(r, who, "import"), o))
}

// startImport takes a file while it comes, or the text that was pasted in its place.
func (s *Server) startImport(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.MoveData); err != nil { // before a byte is read
		return err
	}
	line := wholeLine(w, r, desk.MaxImportBytes+2*maxForm)
	r.Body = line
	var o page.ImportsPage
	id, err := s.takeImport(r, who, &o)
	wrong, invalid := problems(err)
	switch {
	case tooManyBytes(err):
		wrong, invalid = desk.Problems{{Field: "file", Key: "moving.error.large", Args: []any{"Most", desk.MaxImportBytes >> 20}}}, true
	case errors.Is(err, app.ErrUpload) || line.broke:
		wrong, invalid = desk.Problems{{Key: "error.form"}}, true
	}
	if invalid {
		o.Problems = wrong
		return s.drawImports(w, r, who, http.StatusUnprocessableEntity, o)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/import/"+id.String(), "")
}

// takeImport reads the form as its fields stand on the page: the file comes last, so
// that it is never held.
func (s *Server) takeImport(r *http.Request, who desk.Actor, o *page.ImportsPage) (desk.ID, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return desk.Nobody, desk.NewInvalid("", "error.form")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return desk.Nobody, errors.Join(app.ErrUpload, err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return s.app.StartImport(r.Context(), who, o.Kind, part.FileName(), part)
		}
		if err := typedPart(part, o); err != nil {
			return desk.Nobody, err
		}
	}
	if strings.TrimSpace(o.Text) == "" {
		return desk.Nobody, desk.NewInvalid("file", "moving.error.no_file")
	}
	return s.app.StartImport(r.Context(), who, o.Kind, o.Kind+".csv", strings.NewReader(o.Text))
}

func typedPart(part *multipart.Part, o *page.ImportsPage) error {
	text, err := io.ReadAll(io.LimitReader(part, maxForm+1))
	if err != nil {
		return errors.Join(app.ErrUpload, err)
	}
	switch part.FormName() {
	case "kind":
		o.Kind = string(text)
	case "text":
		if len(text) > maxForm {
			return desk.NewInvalid("text", "moving.error.long_text")
		}
		o.Text = string(text)
	}
	return nil
}

func (s *Server) importTemplate(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.MoveData); err != nil {
		return err
	}
	kind := desk.ImportKind(chi.URLParam(r, "kind"))
	if !slices.Contains(desk.ImportKinds(), kind) {
		return desk.ErrNotFound
	}
	asFile(w, string(kind)+".csv", "text/csv; charset=utf-8; header=present")
	return page.WriteTemplate(r.Context(), kind, w)
}

func importID(r *http.Request) (desk.ID, error) { return desk.ParseID(chi.URLParam(r, "import")) }

func (s *Server) oneImport(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // what is no number is the beginning
	o := page.ImportPage{Shown: desk.LineState(r.URL.Query().Get("lines"))}
	o.Import, o.Rows, err = s.app.Import(r.Context(), who, id, o.Shown, min(max(after, 0), 1<<30))
	if first := o.FirstTab(); err == nil && len(o.Rows) == 0 && first != o.Shown {
		o.Shown = first
		o.Import, o.Rows, err = s.app.Import(r.Context(), who, id, o.Shown, 0)
	}
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.OneImport(s.frame(r, who, "import"), o))
}

// refusedLines streams what was not added, with why.
func (s *Server) refusedLines(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	file := page.RefusedTo(r.Context(), pour(w))
	began := false
	err = s.app.EachRefused(r.Context(), who, id, func(i desk.Import) error {
		began = true
		asFile(w, string(i.Kind)+"-refused.csv", "text/csv; charset=utf-8; header=present")
		return file.Begin(i)
	}, file.Line)
	if err = errors.Join(err, file.End()); err != nil && began {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return err
}

func (s *Server) addImported(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToImport(w, r, who, "", s.app.AddImported)
}

func (s *Server) dropImport(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToImport(w, r, who, "moving.dropped", s.app.DropImport)
}
