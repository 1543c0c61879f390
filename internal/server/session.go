package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// touchEvery is how often a used session's end moves on: not at each request,
// so that reading a page writes nothing.
const touchEvery = 5 * time.Minute

// actor finds the desk of the address and who its session is today.
func (s *Server) actor(r *http.Request) (desk.Actor, error) {
	d, err := s.app.Desk(r.Context(), chi.URLParam(r, "desk"))
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Actor{}, errUnknownDesk
	}
	if err != nil {
		return desk.Actor{}, err
	}
	return s.actorAt(r, d)
}

// actorAt is who the session is at a desk.
func (s *Server) actorAt(r *http.Request, d desk.Desk) (desk.Actor, error) {
	ctx := r.Context()
	person, err := desk.ParseID(s.sessions.GetString(ctx, "person"))
	if err != nil {
		s.forgetReader(r) // whose session ended since
		return desk.Visitor(d), nil
	}
	if s.sessions.GetString(ctx, "desk") != d.ID.String() {
		return desk.Visitor(d), nil
	}
	name := storedName(s.sessions.Token(ctx))
	who, err := s.app.Actor(ctx, d, person, name)
	if err == nil {
		s.readers.remember(name, who, s.app.Now())
	}
	if err == nil && who.SignedIn() && !isLive(r) {
		s.touch(ctx)
	}
	return who, err
}

// storedName is a session's name in the store, which keeps a hash of the token.
func storedName(token string) string {
	h := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// touch moves the end of a session that is used, never past its lifetime.
func (s *Server) touch(ctx context.Context) {
	now := s.app.Now()
	seen, err := time.Parse(time.RFC3339, s.sessions.GetString(ctx, "seen"))
	if err == nil && now.Sub(seen) < touchEvery {
		return
	}
	since, err := time.Parse(time.RFC3339, s.sessions.GetString(ctx, "since"))
	if err != nil {
		since = now
	}
	end := now.Add(s.idle)
	if last := since.Add(s.lifetime); end.After(last) {
		end = last
	}
	s.sessions.Put(ctx, "seen", now.Format(time.RFC3339))
	s.sessions.SetDeadline(ctx, end)
}

// open starts a person's session under a fresh token, so that one planted
// before sign-in is worth nothing.
func (s *Server) open(r *http.Request, d desk.Desk, p desk.Person) error {
	ctx := r.Context()
	drafts := s.sessions.GetString(ctx, "draft")
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	if drafts != "" {
		s.sessions.Put(ctx, "draft", drafts)
	}
	now := s.app.Now()
	for key, value := range map[string]string{"desk": d.ID.String(), "person": p.ID.String(), "since": now.Format(time.RFC3339),
		"device": device(r.UserAgent()), "address": clientIP(r)} {
		s.sessions.Put(ctx, key, value)
	}
	s.touch(ctx)
	return nil
}

// device is a browser's own description, cut to what a list can show.
func device(agent string) string {
	agent = strings.ToValidUTF8(strings.ReplaceAll(agent, "\x00", ""), "")
	if len(agent) > 200 {
		agent = strings.ToValidUTF8(agent[:200], "")
	}
	return agent
}

// clientIP is the address that the trusted proxies, or the connection, name.
func clientIP(r *http.Request) string {
	if ip := middleware.GetClientIP(r.Context()); ip != "" {
		return ip
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// network is whose tries count together. Whoever has IPv6 has a whole /64 to ask
// from (RFC 6177), an address a try.
func network(r *http.Request) string {
	ip, err := netip.ParseAddr(clientIP(r))
	if err != nil || ip.Is4() || ip.Is4In6() {
		return clientIP(r)
	}
	p, _ := ip.WithZone("").Prefix(64)
	return p.String()
}

// speak puts the reader's language, zone and time into the context: the
// person's, else what a visitor chose, else the desk's, else the browser's.
func (s *Server) speak(r *http.Request, who desk.Actor) context.Context {
	lang, zone := i18n.Lang(who.Person.Language), time.UTC
	if lang == "" {
		lang = s.chosenLanguage(r)
	}
	if lang == "" {
		lang = i18n.Lang(who.Desk.Language)
	}
	if lang == "" {
		lang, _ = i18n.Match(r.Header.Get("Accept-Language"))
	}
	if who.Desk.ID != desk.Nobody {
		zone = who.Location()
	}
	return i18n.With(r.Context(), i18n.New(lang, zone, s.app.Now()))
}

// chosenLanguage is what a visitor asked for with ?lang=, kept in a cookie of
// its own so that a public page needs no session.
func (s *Server) chosenLanguage(r *http.Request) i18n.Lang {
	if l := spoken(r.URL.Query().Get("lang")); l != "" {
		return l
	}
	c, err := r.Cookie("lang")
	if err != nil {
		return ""
	}
	return spoken(c.Value)
}

// spoken is a language that we speak, "" for any other text.
func spoken(text string) i18n.Lang {
	if l := i18n.Lang(text); slices.Contains(i18n.Langs(), l) {
		return l
	}
	return ""
}

// keepChoice remembers ?lang= for the pages that follow.
func (s *Server) keepChoice(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l := spoken(r.URL.Query().Get("lang")); l != "" {
			http.SetCookie(w, &http.Cookie{Name: "lang", Value: string(l), Path: "/", MaxAge: 180 * 24 * 3600, HttpOnly: true,
				Secure: s.base.Scheme == "https", SameSite: http.SameSiteLaxMode})
		}
		next.ServeHTTP(w, r)
	})
}

// maxDraft bounds what a visitor without a session can have us keep.
const maxDraft = 64 << 10

// keepDraft puts a form that met an ended session aside and tells on which
// page it can be sent again.
func (s *Server) keepDraft(w http.ResponseWriter, r *http.Request) string {
	back := formPage(r.URL.Path)
	if err := readTyped(r); err != nil {
		return back
	}
	draft := url.Values{"path": {back}}
	for name, values := range r.PostForm {
		if name != "path" && name != secretField && name != contractField && name != mailboxField && name != "refresh" {
			draft[name] = values
		}
	}
	if text := draft.Encode(); len(text) <= maxDraft && !s.drafts.OnLimit(w, r, network(r)) {
		s.sessions.Put(r.Context(), "draft", text)
		s.keepForAnHour(r.Context())
	}
	return back
}

// keepForAnHour lets what a visitor has under way wait. A session that somebody
// is signed in with, at whichever desk, ends when it would have ended.
func (s *Server) keepForAnHour(ctx context.Context) {
	if s.sessions.GetString(ctx, "person") == "" {
		s.sessions.SetDeadline(ctx, s.app.Now().Add(time.Hour))
	}
}

// formPage is the page that shows the form which posts to an address: a list's
// form stands on its page "new", a ticket's, an article's and an account's on
// their own.
func formPage(path string) string {
	segments := strings.Split(path, "/") // "", the desk, the part, …
	switch part := strings.Join(segments[min(len(segments), 2):], "/"); {
	case part == "tickets", part == "settings/customers", part == "settings/people", part == "settings/subcontractors", part == "settings/rules", part == "settings/articles", part == "incidents":
		return path + "/new"
	case strings.HasPrefix(part, "settings/rules/versions/"):
		return strings.TrimSuffix(path, "/restoration")
	case strings.HasPrefix(part, "settings/rules/") && forms[segments[len(segments)-1]]:
		return strings.Join(segments[:4], "/")
	case strings.HasPrefix(part, "settings/articles/"):
		return strings.Join(segments[:5], "/")
	case strings.HasPrefix(part, "settings/providers/"):
		return strings.Join(segments[:4], "/")
	case strings.HasPrefix(part, "settings/connectors/"):
		return strings.TrimSuffix(path, "/check")
	case part == "issues", strings.HasPrefix(part, "issues/"), strings.HasPrefix(part, "settings/health/"):
		return healthFormPage(segments)
	case part == "settings/offer/types", part == "settings/hours", part == "settings/plans":
		return path + "/new"
	case strings.HasPrefix(part, "settings/escalation/"):
		return handoverFormPage(segments)
	case strings.HasPrefix(part, "settings/offer/"), strings.HasPrefix(part, "settings/hours/"), strings.Contains(part, "/agreements"):
		return offerFormPage(path)
	case strings.HasPrefix(part, "escalations/") && len(segments) > 4 && segments[4] == "evidence":
		return strings.Join(segments[:5], "/")
	case strings.HasPrefix(part, "tickets/"), strings.HasPrefix(part, "help/"), strings.HasPrefix(part, "incidents/"), strings.HasPrefix(part, "escalations/"):
		return strings.Join(segments[:4], "/")
	case strings.HasPrefix(part, "health/"):
		return strings.Join(segments[:3], "/")
	case part == "charges":
		return path + "/new"
	case part == "charges/decisions":
		return strings.Join(segments[:3], "/")
	case strings.HasPrefix(part, "charges/"):
		return strings.Join(segments[:4], "/")
	case strings.HasPrefix(part, "settings/tokens/"):
		return strings.Join(segments[:4], "/")
	case strings.HasPrefix(part, "settings/access/"):
		return accessFormPage(segments)
	case strings.HasPrefix(part, "settings/customers/"):
		return strings.Join(segments[:5], "/")
	case strings.HasPrefix(part, "account/"):
		return strings.Join(segments[:3], "/")
	case strings.HasPrefix(part, "settings/rules/trials/"):
		return strings.Join(segments[:6], "/")
	}
	return path
}

// takeDraft gives back what was typed on this page before the session ended.
func (s *Server) takeDraft(r *http.Request) (url.Values, bool) {
	if isLive(r) {
		return nil, false
	}
	draft, ok := s.draftFor(r.Context(), r.URL.Path)
	if ok {
		s.sessions.Remove(r.Context(), "draft")
	}
	return draft, ok
}

func (s *Server) draftFor(ctx context.Context, path string) (url.Values, bool) {
	draft, err := url.ParseQuery(s.sessions.GetString(ctx, "draft"))
	if err != nil || draft.Get("path") != path {
		return nil, false
	}
	return draft, true
}
