package server

import (
	"net"
	"net/http"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"guichet/internal/desk"
	"guichet/web/asset"
)

// clientAddress names who is asking: believed from X-Forwarded-For only as many
// hops as the installation trusts.
func (s *Server) clientAddress() func(http.Handler) http.Handler {
	if s.proxies > 0 {
		return middleware.ClientIPFromXFFTrustedProxies(s.proxies)
	}
	return middleware.ClientIPFromRemoteAddr
}

// oneHost serves under the configured address alone, so that no link and no
// cookie is ever made for a name somebody else put into the request.
func (s *Server) oneHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Host, s.base.Host) {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodGet && isLoopback(r.Host) && isLoopback(s.base.Host) {
			http.Redirect(w, r, s.base.Scheme+"://"+s.base.Host+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
		http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
	})
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// policy lets a page load what this service serves and nothing else; scripts
// and styles stand in files, never inside a page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (s *Server) guardHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.base.Scheme == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms that another site sends with our cookie.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(s.speak(r, desk.Actor{}))
		s.fail(w, r, desk.Actor{}, errCrossOrigin)
	}))
	return p.Handler(next)
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxForm)
		if strings.HasSuffix(r.URL.Path, "/settings/rules/file") || strings.HasSuffix(r.URL.Path, "/settings/access/import") {
			most = maxUpload
		}
		r = keepBody(r)
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

func (s *Server) tooMany(w http.ResponseWriter, r *http.Request) {
	d, err := s.app.Desk(r.Context(), chi.URLParam(r, "desk"))
	if err != nil {
		d = desk.Desk{}
	}
	who := desk.Visitor(d)
	r = r.WithContext(s.speak(r, who))
	s.fail(w, r, who, desk.ErrTooMany)
}

// lost answers for addresses that no route has, in the desk's house where the
// address begins with one. It stands outside the session, which it does not need.
func (s *Server) lost(w http.ResponseWriter, r *http.Request) {
	slug, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	who := desk.Actor{}
	if d, err := s.app.Desk(r.Context(), slug); err == nil {
		who = desk.Visitor(d)
	}
	r = r.WithContext(s.speak(r, who))
	s.guardHeaders(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, who, desk.ErrNotFound) })).ServeHTTP(w, r)
}

// nowhere answers for addresses of a desk that name nothing, in the reader's
// own house and language. Whoever opens the address of a form that came back is
// led to the page it stands on.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request, _ desk.Actor) error {
	back := formPage(r.URL.Path)
	if r.Method == http.MethodGet && back != r.URL.Path && forms[path.Base(r.URL.Path)] {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	return desk.ErrNotFound
}

// forms are the last words of addresses that only take forms.
var forms = map[string]bool{"messages": true, "tickets": true, "closure": true, "reopening": true, "followers": true, "findings": true,
	"decision": true, "assignment": true, "state": true, "priority": true, "impact": true,
	"place": true, "removal": true, "restoration": true, "hint": true, "file": true}

// accent is the style sheet of a desk's own colour. It stands outside the
// session: what every cache may keep must carry nobody's cookie.
func (s *Server) accent(w http.ResponseWriter, r *http.Request) {
	d, err := s.app.Desk(r.Context(), chi.URLParam(r, "desk"))
	if err != nil {
		s.lost(w, r)
		return
	}
	css, err := asset.Accent(d.Accent)
	if err != nil {
		s.lost(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write([]byte(css))
}
