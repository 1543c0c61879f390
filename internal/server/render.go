package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/web/page"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func buffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func release(b *bytes.Buffer) {
	if b.Cap() < 1<<20 { // a giant is not kept for ever
		b.Reset()
		buffers.Put(b)
	}
}

// render writes a page whole or not at all: into a buffer first, so that a
// failure half-way can still choose its status.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffer()
	defer release(b)
	err := c.Render(r.Context(), b)
	if err == nil {
		sendHTML(w, r, status, b.Bytes())
	}
	return err
}

// renderTagged is render of a page that is its reader's alone, under the tag of
// its content: who asks again for what he has is told so.
func (s *Server) renderTagged(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	b := buffer()
	defer release(b)
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	if acceptsGzip(r) {
		tag += "-gzip"
	}
	tag = `"` + tag + `"`
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.Header().Add("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	sendHTML(w, r, http.StatusOK, b.Bytes())
	return nil
}

func sendHTML(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		squeeze(w, page)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(page) // the reader hung up: nobody is left to tell
}

// drawn is a page for a copy that is kept.
func drawn(ctx context.Context, c templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := c.Render(ctx, &b)
	return b.Bytes(), err
}

// frame is what stands around a page.
func (s *Server) frame(r *http.Request, who desk.Actor, section string) page.Frame {
	f := page.Frame{Who: who, Path: r.URL.Path, Section: section, Theme: chosenTheme(r), Base: s.address(), AsOf: s.app.Now()}
	if !isLive(r) {
		f.Flash = s.sessions.PopString(r.Context(), "flash")
	}
	if who.DeskSide() {
		f.Timer, _ = s.app.RunningTimer(r.Context(), who) // a badge is not worth a page
		f.Incidents, _ = s.app.LiveIncidents(r.Context(), who)
		f.Handed, _ = s.app.EscalationsWaiting(r.Context(), who)
	}
	return f
}

// address is the portal's own, without a slash at the end.
func (s *Server) address() string { return strings.TrimSuffix(s.base.String(), "/") }

// chosenTheme is what the reader's browser was told to remember.
func chosenTheme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// seeOther goes to another page of the desk after a form did its work; flash
// is the message key of what was done, "" for none.
func (s *Server) seeOther(w http.ResponseWriter, r *http.Request, who desk.Actor, path, flash string) error {
	if flash != "" {
		s.sessions.Put(r.Context(), "flash", flash)
	}
	http.Redirect(w, r, "/"+who.Desk.Slug+path, http.StatusSeeOther)
	return nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
