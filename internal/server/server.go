// Package server is the people's door: routes, session, forms in, pages out.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/httprate"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Server answers people.
type Server struct {
	app      *app.App
	sessions *scs.SessionManager
	base     *url.URL
	idle     time.Duration
	lifetime time.Duration
	proxies  int
	drafts   *httprate.RateLimiter // a draft is kept for who is not signed in
	homes    copies                // public pages as they are this minute
	sheets   sheets                // the state of services as it was last drawn
	readers  readers               // who was here lately, for when no session can be read
	programs http.Handler          // their door, nil for none
	log      *slog.Logger
}

// Parts is what a Server is built from.
type Parts struct {
	App      *app.App
	Sessions scs.CtxStore
	Codec    scs.Codec
	BaseURL  *url.URL      // every link is built from it
	Idle     time.Duration // a session unused for so long ends
	Lifetime time.Duration // a session ends after so long
	Proxies  int           // trusted hops of X-Forwarded-For
	Programs http.Handler  // answers below /api/v1; it reads no cookie, and gets no session
	Log      *slog.Logger
}

// New builds the door. Its handler is Routes.
func New(p Parts) *Server {
	s := &Server{app: p.App, base: p.BaseURL, idle: p.Idle, lifetime: p.Lifetime, proxies: p.Proxies, programs: p.Programs, log: p.Log,
		drafts: httprate.NewRateLimiter(10, time.Minute)}
	m := scs.New()
	m.Store, m.Codec, m.HashTokenInStore, m.Lifetime = p.Sessions, p.Codec, true, p.Lifetime
	// The __Host- prefix (RFC 6265bis §4.1.3) ties the cookie to this very host
	// and to https. Browsers that hold plain-http loopback insecure, and clients
	// that are none, would drop it there; only the demo and tests serve so.
	m.Cookie.Name, m.Cookie.Secure = "__Host-guichet", true
	if p.BaseURL.Scheme != "https" {
		m.Cookie.Name, m.Cookie.Secure = "guichet", false
	}
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path, m.Cookie.Persist = true, http.SameSiteLaxMode, "/", true
	m.ErrorFunc = s.sessionFailed
	s.sessions = m
	return s
}

// handler answers for whoever stands at a desk's door; what goes wrong comes
// back as an error, which fail turns into a page.
type handler func(w http.ResponseWriter, r *http.Request, who desk.Actor) error

// at finds the desk and the actor for a handler.
func (s *Server) at(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache") // public pages too greet who is signed in
		who, err := s.actor(r)
		r = r.WithContext(s.speak(r, who))
		if err == nil {
			err = h(w, r, who)
		}
		if err != nil {
			s.fail(w, r, who, err)
		}
	}
}

// signedIn is at for pages of the desk's and its customers' people; a visitor
// is sent to sign in and comes back.
func (s *Server) signedIn(h handler) http.HandlerFunc {
	return s.at(func(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
		if !who.SignedIn() {
			return desk.ErrSignIn
		}
		if who.Off != nil {
			return *who.Off
		}
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r, who)
	})
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.app.Ready(context.WithoutCancel(r.Context())); err != nil {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "unavailable", "reason": reason(err)})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}
