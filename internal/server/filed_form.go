package server

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// heldField names the files that wait already: of a form that came back, or that a
// script sent ahead.
const heldField = "held"

// filed is what a form brought of files: those that wait to be taken with it, and
// what stands against the others.
type filed struct {
	held    []desk.ID
	refused desk.Problems
}

// ok tells a form whose files were all taken; else it is shown again, with those that
// were.
func (f filed) ok() bool { return len(f.refused) == 0 }

// filedForm reads a form that may bring files, which are kept as they come and never
// held in memory. Errors: as readForm, and ErrForbidden before a byte is read.
func (s *Server) filedForm(w http.ResponseWriter, r *http.Request, who desk.Actor) (filed, error) {
	if err := who.May(desk.SendFiles); err != nil {
		return filed{}, err
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		err := readForm(r)
		return filed{held: heldIDs(r.PostForm)}, err
	}
	in, err := openFiled(w, r, who.Desk.Limits().Together+maxForm)
	if err != nil {
		return filed{}, err
	}
	kept, err := s.app.HoldFiles(r.Context(), who, in.next)
	r.Form, r.PostForm = in.fields, in.fields
	f := filed{held: heldIDs(in.fields)}
	for _, u := range kept {
		f.held = append(f.held, u.ID)
	}
	wrong, invalid := problems(err)
	switch {
	case invalid:
		f.refused = wrong
	case in.over || tooManyBytes(err):
		f.refused = desk.Problems{{Field: "attachments", Key: "files.refused.together"}}
	case errors.Is(err, app.ErrUpload):
		f.refused = desk.Problems{{Field: "attachments", Key: "error.attachments"}}
	case err != nil:
		return f, err
	}
	if in.large {
		return f, errTooLarge
	}
	return f, nil
}

func heldIDs(form url.Values) (ids []desk.ID) {
	for _, text := range form[heldField] {
		if id, err := desk.ParseID(text); err == nil && !slices.Contains(ids, id) && len(ids) <= desk.MaxMessageFiles {
			ids = append(ids, id)
		}
	}
	return ids
}

// incoming is a form with files on its way in.
type incoming struct {
	line   *moving
	parts  *multipart.Reader
	fields url.Values
	left   int   // bytes that its fields may still have
	large  bool  // they had more
	whole  int64 // what the form says that it has, -1 when it does not
	most   int64
	over   bool // its files have more than they may
}

// openFiled begins to read one of at most so many bytes. Errors: Invalid for what is
// no form.
func openFiled(w http.ResponseWriter, r *http.Request, most int64) (*incoming, error) {
	line := wholeLine(w, r, most)
	r.Body = line
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, desk.NewInvalid("", "error.form")
	}
	return &incoming{line: line, parts: parts, fields: url.Values{}, left: maxForm, whole: r.ContentLength, most: most}, nil
}

// next gives the files one after the other and keeps the fields between them. A form
// that says that it is too large is read as far as its first file: what was typed
// comes before, and the rest is not waited for.
func (in *incoming) next() (app.Upload, error) {
	for {
		part, err := in.parts.NextPart()
		if errors.Is(err, io.EOF) && !in.line.broke || in.over || in.large {
			return app.Upload{}, io.EOF
		}
		if err != nil {
			return app.Upload{}, errors.Join(app.ErrUpload, err)
		}
		if part.FileName() == "" {
			if err := in.keep(part); err != nil {
				return app.Upload{}, err
			}
			continue
		}
		if in.whole > in.most {
			in.over = true
			return app.Upload{}, io.EOF
		}
		return app.Upload{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Body: part}, nil
	}
}

func (in *incoming) keep(part *multipart.Part) error {
	if part.Header.Get("Content-Type") != "" || part.FormName() == "" { // a file field that nobody filled
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(part, int64(in.left)+1))
	if err != nil {
		return errors.Join(app.ErrUpload, err)
	}
	in.left -= len(text) + len(part.FormName()) + 64
	if in.left < 0 {
		in.large = true
		return io.EOF
	}
	in.fields.Add(part.FormName(), string(text))
	return nil
}

// showFiles is what a form shows of files: what it may bring, and what waits already.
func (s *Server) showFiles(r *http.Request, who desk.Actor, f filed, wrong desk.Problems) (page.FilesField, error) {
	held, err := s.app.HeldFiles(r.Context(), who, f.held)
	_, scanned := s.app.Scans()
	field := page.FilesField{Limits: who.Desk.Limits(), Held: held, Scanned: scanned}
	for _, p := range wrong {
		if p.Field == "attachments" {
			field.Problems = append(field.Problems, p)
		}
	}
	return field, err
}

// readTyped is readForm of a form whose files nobody takes any more: of one with
// files it reads what was typed before them. Errors: as readForm.
func readTyped(r *http.Request) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return readForm(r)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return desk.NewInvalid("", "error.form")
	}
	in := &incoming{parts: parts, line: &moving{}, fields: url.Values{}, left: maxDraft, most: -1}
	if _, err := in.next(); err != nil && !errors.Is(err, io.EOF) && len(in.fields) == 0 {
		return err
	}
	r.Form, r.PostForm = in.fields, in.fields
	return nil
}
