package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// maxFiles bounds a form with files: all that a dossier may hold, and what stands
// between them. Only whoever may send files is read so far.
const maxFiles = desk.MaxDossierBytes + maxForm

// How long a file may take on its way: as long as something moves, up to a bound.
const (
	stalled  = 30 * time.Second
	answered = time.Minute // what is left for the page after the last byte
	longest  = 30 * time.Minute
)

type wholeBody struct{}

// keepBody lets a handler take more than limitBody gives to everybody.
func keepBody(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), wholeBody{}, r.Body))
}

// uploads reads the files of a form one by one, as they come, and holds none. What
// is no file is skipped, and a file field that nobody filled is none. Errors: Invalid
// on "files" for what is no form.
func uploads(w http.ResponseWriter, r *http.Request) (next func() (app.Upload, error), err error) {
	line := wholeLine(w, r, maxFiles)
	r.Body = line
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, desk.NewInvalid("files", "evidence.broken")
	}
	return func() (app.Upload, error) {
		for {
			part, err := parts.NextPart()
			if errors.Is(err, io.EOF) && !line.broke {
				return app.Upload{}, io.EOF
			}
			if err != nil {
				return app.Upload{}, errors.Join(app.ErrUpload, err)
			}
			if part.FileName() != "" {
				return app.Upload{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Body: part}, nil
			}
		}
	}, nil
}

// wholeLine is a request's body up to so many bytes, as long as it moves.
func wholeLine(w http.ResponseWriter, r *http.Request, most int64) *moving {
	body, ok := r.Context().Value(wholeBody{}).(io.ReadCloser)
	if !ok {
		body = r.Body
	}
	return &moving{ReadCloser: http.MaxBytesReader(w, body, most), conn: http.NewResponseController(w), until: time.Now().Add(longest)}
}

// moving is a body that may take long as long as something moves.
type moving struct {
	io.ReadCloser
	conn  *http.ResponseController
	until time.Time
	broke bool
}

// Read implements io.Reader.
func (m *moving) Read(p []byte) (int, error) {
	now := time.Now()
	if now.Before(m.until) { // a test's connection may know no deadlines
		_ = m.conn.SetReadDeadline(now.Add(stalled))
		_ = m.conn.SetWriteDeadline(now.Add(stalled + answered))
	}
	n, err := m.ReadCloser.Read(p)
	m.broke = m.broke || err != nil && !errors.Is(err, io.EOF)
	return n, err
}

// tooManyBytes tells a form that was cut for its size.
func tooManyBytes(err error) bool {
	var tooLarge *http.MaxBytesError
	return errors.As(err, &tooLarge)
}

// pouring is an answer that may take long as long as its reader takes it.
type pouring struct {
	http.ResponseWriter
	conn  *http.ResponseController
	until time.Time
}

func pour(w http.ResponseWriter) *pouring {
	return &pouring{w, http.NewResponseController(w), time.Now().Add(longest)}
}

// Write implements io.Writer.
func (p *pouring) Write(b []byte) (int, error) {
	if now := time.Now(); now.Before(p.until) {
		_ = p.conn.SetWriteDeadline(now.Add(stalled))
	}
	return p.ResponseWriter.Write(b)
}
