package server

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// signInLife is how long a sign-in may take at the identity provider.
const signInLife = 15 * time.Minute

// signIn shows the ways in. With one way only, it starts it at once.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	to := safeReturn(who.Desk, r.URL.Query().Get("to"))
	if who.SignedIn() {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if r.URL.Query().Has("ended") {
		_, kept := s.draftFor(r.Context(), to)
		return s.render(w, r, http.StatusOK, page.SessionEnded(s.frame(r, who, ""), to, kept))
	}
	if r.URL.Query().Get("by") == "mail" || !s.app.HasProvider(who.Desk) {
		return s.render(w, r, http.StatusOK, page.SignInByMail(s.frame(r, who, ""), page.MailForm{To: to}))
	}
	start, err := s.app.BeginSignIn(r.Context(), who.Desk)
	if err != nil {
		s.log.WarnContext(r.Context(), "identity provider unreachable", "desk", who.Desk.Slug, "err", err)
		return s.render(w, r, http.StatusServiceUnavailable, page.SignInDown(s.frame(r, who, ""), to))
	}
	ctx := r.Context()
	for key, value := range map[string]string{"state": start.State, "nonce": start.Nonce, "verifier": start.Verifier,
		"signing_in_at": who.Desk.Slug, "to": to, "until": s.app.Now().Add(signInLife).Format(time.RFC3339)} {
		s.sessions.Put(ctx, key, value)
	}
	s.keepForAnHour(ctx)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, start.URL, http.StatusSeeOther)
	return nil
}

// signInReturn takes the identity provider's answer, once, from the browser
// that began, for the desk it began at, by the path of that desk's provider.
func (s *Server) signInReturn(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	slug := s.sessions.PopString(ctx, "signing_in_at")
	start := app.SignInStart{State: s.sessions.PopString(ctx, "state"), Nonce: s.sessions.PopString(ctx, "nonce"), Verifier: s.sessions.PopString(ctx, "verifier")}
	to, until := s.sessions.PopString(ctx, "to"), s.sessions.PopString(ctx, "until")
	d, err := s.app.Desk(ctx, slug)
	if err != nil { // no sign-in is under way in this browser
		r = r.WithContext(s.speak(r, desk.Actor{}))
		s.fail(w, r, desk.Actor{}, desk.ErrNotFound)
		return
	}
	who := desk.Visitor(d)
	r = r.WithContext(s.speak(r, who))
	end, err := time.Parse(time.RFC3339, until)
	if err != nil || r.URL.Path != app.ReturnPath(d) || s.app.Now().After(end) || start.State == "" || !start.Matches(r.URL.Query().Get("state")) || r.URL.Query().Get("code") == "" {
		s.signInFailed(w, r, who, app.ErrRefused)
		return
	}
	p, err := s.app.SignIn(ctx, d, r.URL.Query().Get("code"), start)
	if err != nil {
		s.signInFailed(w, r, who, err)
		return
	}
	if err := s.open(r, d, p); err != nil {
		s.fail(w, r, who, err)
		return
	}
	http.Redirect(w, r, s.landing(d, p, to), http.StatusSeeOther)
}

func (s *Server) signInFailed(w http.ResponseWriter, r *http.Request, who desk.Actor, err error) {
	w.Header().Set("Cache-Control", "no-store")
	kind, status := "again", http.StatusUnauthorized
	switch {
	case errors.Is(err, desk.ErrStranger):
		kind, status = "stranger", http.StatusForbidden
	case errors.Is(err, app.ErrRefused):
		s.log.WarnContext(r.Context(), "sign-in refused", "desk", who.Desk.Slug, "err", err)
	default:
		s.fail(w, r, who, err)
		return
	}
	if err := s.render(w, r, status, page.SignInFailed(s.frame(r, who, ""), kind)); err != nil {
		s.fail(w, r, who, err)
	}
}

// mailLink answers the same whether the address is known or not.
func (s *Server) mailLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.MailForm{Email: r.PostFormValue("email"), To: safeReturn(who.Desk, r.PostFormValue("to"))}
	err := s.app.AskForLink(r.Context(), who.Desk, form.Email)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.SignInByMail(s.frame(r, who, ""), form))
	}
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), "to", form.To)
	s.keepForAnHour(r.Context())
	return s.render(w, r, http.StatusOK, page.LinkSent(s.frame(r, who, ""), form.Email))
}

// showLink asks for one press before the link is spent: mail scanners follow
// links, people press buttons.
func (s *Server) showLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return s.render(w, r, http.StatusOK, page.UseLink(s.frame(r, who, ""), chi.URLParam(r, "token")))
}

func (s *Server) useLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	p, err := s.app.UseLink(r.Context(), who.Desk, chi.URLParam(r, "token"))
	if errors.Is(err, desk.ErrNotFound) {
		return s.render(w, r, http.StatusGone, page.SignInFailed(s.frame(r, who, ""), "link"))
	}
	if err != nil {
		return err
	}
	to := s.sessions.PopString(r.Context(), "to")
	if err := s.open(r, who.Desk, p); err != nil {
		return err
	}
	http.Redirect(w, r, s.landing(who.Desk, p, to), http.StatusSeeOther)
	return nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	s.forgetReader(r)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+who.Desk.Slug, http.StatusSeeOther)
	return nil
}

// safeReturn is a page of this desk to come back to; anything else, above all
// another site, becomes the desk's front page.
func safeReturn(d desk.Desk, to string) string {
	home := "/" + d.Slug
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.Contains(to, "\\") ||
		u.Path != path.Clean(u.Path) || u.Path != home && !strings.HasPrefix(u.Path, home+"/") || strings.HasPrefix(u.Path, home+"/sign-") {
		return home
	}
	return u.RequestURI()
}

// landing is where a person starts: where he was going, else his own work.
func (s *Server) landing(d desk.Desk, p desk.Person, to string) string {
	if to = safeReturn(d, to); to != "/"+d.Slug {
		return to
	}
	if p.Role.DeskSide() {
		return "/" + d.Slug + "/queue"
	}
	return "/" + d.Slug + "/tickets"
}
