package server

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

type failure struct {
	is     error
	status int
	kind   string // of the page
}

var failures = []failure{
	{desk.ErrNotFound, http.StatusNotFound, "not_found"},
	{desk.ErrForbidden, http.StatusForbidden, "forbidden"},
	{desk.ErrOutOfHours, http.StatusForbidden, "out_of_hours"},
	{desk.ErrConflict, http.StatusConflict, "conflict"},
	{desk.ErrTooMany, http.StatusTooManyRequests, "too_many"},
	{errCrossOrigin, http.StatusForbidden, "cross_origin"},
	{errTooLarge, http.StatusRequestEntityTooLarge, "too_large"},
	{errUnknownDesk, http.StatusNotFound, "unknown_desk"},
	{fs.ErrNotExist, http.StatusNotFound, "not_found"},
}

var (
	errCrossOrigin = errors.New("a form from another site")
	errTooLarge    = errors.New("request too large")
	errUnknownDesk = errors.New("no such desk")
)

// fail is the one place that turns an error into a page and a status. Only
// surprises are logged.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, who desk.Actor, err error) {
	if errors.Is(err, desk.ErrSignIn) {
		s.askToSignIn(w, r, who)
		return
	}
	f := s.judge(r, err)
	if f.kind == "down" && s.keptHealth(w, r) {
		return
	}
	c := page.Lost(f.kind)
	frame := page.Frame{Who: who, Path: r.URL.Path, Theme: chosenTheme(r)}
	var closed desk.OutOfHours
	switch {
	case errors.As(err, &closed):
		c = page.OutOfHours(frame, closed.Until)
	case who.Desk.ID != desk.Nobody:
		c = page.Failure(frame, f.kind)
	}
	w.Header().Set("Cache-Control", "no-store")
	if err := s.render(w, r, f.status, c); err != nil {
		s.log.ErrorContext(r.Context(), "failure page", "err", err)
		http.Error(w, http.StatusText(f.status), f.status)
	}
}

func (s *Server) judge(r *http.Request, err error) failure {
	for _, f := range failures {
		if errors.Is(err, f.is) {
			return f
		}
	}
	if invalid := (desk.Invalid{}); errors.As(err, &invalid) {
		// A form that the page itself never sends: nothing to fill in again.
		return failure{status: http.StatusUnprocessableEntity, kind: "form"}
	}
	if isDown(err) {
		s.log.WarnContext(r.Context(), "out of reach", "err", err, "path", logged(r))
		return failure{status: http.StatusServiceUnavailable, kind: "down"}
	}
	if !errors.Is(err, context.Canceled) {
		s.log.ErrorContext(r.Context(), "internal error", "err", err, "method", r.Method, "path", logged(r))
	}
	return failure{status: http.StatusInternalServerError, kind: "internal"}
}

// logged is a request's path without the token of a sign-in link, which is as
// good as a password until it is used.
func logged(r *http.Request) string {
	if token := chi.URLParam(r, "token"); token != "" {
		return strings.Replace(r.URL.Path, token, "…", 1)
	}
	return r.URL.Path
}

// once is an answer of which only the first page counts: a session is stored as
// the handler begins to write, and where that fails the page that says so is all
// that the reader gets.
type once struct {
	http.ResponseWriter
	closed bool
}

func onePage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&once{ResponseWriter: w}, r) })
}

// WriteHeader implements http.ResponseWriter.
func (o *once) WriteHeader(status int) {
	if !o.closed {
		o.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (o *once) Write(b []byte) (int, error) {
	if o.closed {
		return len(b), nil
	}
	return o.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (o *once) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// sessionFailed answers where a session can be neither read nor stored. Who is
// asking is unknown then, his browser's language is not.
func (s *Server) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Del("Location")
	s.fail(w, r.WithContext(s.speak(r, desk.Actor{})), desk.Actor{}, err)
	if o, ok := w.(*once); ok {
		o.closed = true
	}
}

// isDown tells a database that cannot be reached from one that refuses.
func isDown(err error) bool {
	var network net.Error
	var state interface{ SQLState() string }
	switch {
	case strings.Contains(err.Error(), "failed to connect"), errors.As(err, &network), errors.Is(err, net.ErrClosed), errors.Is(err, context.DeadlineExceeded):
		return true
	case errors.As(err, &state): // class 57P: operator intervention; 08: connection (PostgreSQL, appendix A)
		return strings.HasPrefix(state.SQLState(), "57P") || strings.HasPrefix(state.SQLState(), "08")
	}
	return strings.Contains(err.Error(), "unexpected EOF") || strings.Contains(err.Error(), "conn closed")
}

// reason says why the service is not ready without telling addresses or names.
func reason(err error) string {
	if isDown(err) {
		return "database unreachable"
	}
	return "database not migrated or not usable"
}

// askToSignIn sends a visitor to sign in and back. What he was typing when his
// session ended waits for him there. From a form he is led to a page of ours
// first, as a browser lets no form be led to another site (CSP, form-action).
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request, who desk.Actor) {
	if inBackground(r) { // a refusal would stand in the browser's log as a fault of the page
		w.WriteHeader(http.StatusNoContent)
		return
	}
	q := url.Values{"to": {r.URL.RequestURI()}}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		q = url.Values{"to": {s.keepDraft(w, r)}, "ended": {"1"}}
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/"+who.Desk.Slug+"/sign-in?"+q.Encode(), http.StatusSeeOther)
}

// inBackground tells what a page's script asks or leaves by itself: nobody sees a
// form in its answer, and what it sent is not what somebody was sending.
func inBackground(r *http.Request) bool {
	return isLive(r) || r.Header.Get("Sec-Fetch-Dest") == "empty" && r.Header.Get("HX-Request") == ""
}
