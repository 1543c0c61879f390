package server

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// When the database does not answer nobody can be recognised, and it is then
// that people ask what is wrong. Who was here lately is remembered by the name
// of his session, so that he is shown the last state of his own company's
// services; everybody else is shown what the desk tells in public.

// readerMemory is for how long somebody is remembered after his last request.
// Whoever signs out, or turns out to be nobody any more, is forgotten at once.
const readerMemory = 30 * time.Minute

// mostReaders bounds who is remembered: some megabytes.
const mostReaders = 8192

type knownReader struct {
	who   desk.Actor
	until time.Time
}

// readers are known by the stored names of their sessions. The zero value is
// ready.
type readers struct {
	mu    sync.Mutex
	known map[string]knownReader
}

// remember keeps who a session is of; a visitor's is forgotten.
func (k *readers) remember(session string, who desk.Actor, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !who.SignedIn() {
		delete(k.known, session)
		return
	}
	if k.known == nil {
		k.known = map[string]knownReader{}
	}
	if _, ok := k.known[session]; !ok && len(k.known) >= mostReaders {
		k.makeRoom(now)
	}
	k.known[session] = knownReader{who, now.Add(readerMemory)}
}

// forget drops those of whom f says so.
func (k *readers) forget(f func(session string, who desk.Actor) bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, r := range k.known {
		if f(name, r.who) {
			delete(k.known, name)
		}
	}
}

// forgetReader drops whoever the request's session is of, or was.
func (s *Server) forgetReader(r *http.Request) {
	if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		s.readers.remember(storedName(c.Value), desk.Actor{}, s.app.Now())
	}
}

// makeRoom forgets those who are gone, and anybody when that is not enough.
func (k *readers) makeRoom(now time.Time) {
	for name, r := range k.known {
		if now.After(r.until) {
			delete(k.known, name)
		}
	}
	for name := range k.known {
		if len(k.known) < mostReaders {
			return
		}
		delete(k.known, name)
	}
}

func (k *readers) find(session string, now time.Time) (desk.Actor, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok := k.known[session]
	return r.who, ok && now.Before(r.until)
}

// keptHealth answers a request for the state of services with the last that was
// drawn for its reader, and tells whether there was any.
func (s *Server) keptHealth(w http.ResponseWriter, r *http.Request) bool {
	slug, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if rest != "health" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	who, sheet, ok := s.lastSheet(r, slug)
	if !ok {
		return false
	}
	r = r.WithContext(s.speak(r, who))
	f := page.Frame{Who: who, Path: r.URL.Path, Section: "health", Theme: chosenTheme(r), Base: s.address()}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.HealthPage(f, sheet.HealthSheet, page.Mine{Kept: sheet.at})) == nil
}

// lastSheet finds whose the request is and the last sheet that was drawn for
// such a reader.
func (s *Server) lastSheet(r *http.Request, slug string) (desk.Actor, drawnSheet, bool) {
	now := s.app.Now()
	if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		who, ok := s.readers.find(storedName(c.Value), now)
		if ok && who.Desk.Slug == slug && who.Off == nil && who.May(desk.ReadHealth) == nil {
			asked := r.WithContext(s.speak(r, who))
			if sheet, ok := s.sheets.kept(s.sheetKey(asked, who)); ok {
				return who, sheet, true
			}
		}
	}
	lang, _ := i18n.Match(r.Header.Get("Accept-Language"))
	if chosen := s.chosenLanguage(r); chosen != "" {
		lang = chosen
	}
	sheet, of, ok := s.sheets.keptPublic(slug, lang)
	return desk.Visitor(of.desk), sheet, ok
}
