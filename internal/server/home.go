package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// front lists the desks of the installation; where there is only one, it is
// that desk's door.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(s.speak(r, desk.Actor{}))
	w.Header().Set("Cache-Control", "private, no-cache") // speaks its reader's language
	list, err := s.app.Desks(r.Context())
	if err == nil && len(list) == 1 {
		http.Redirect(w, r, "/"+list[0].Slug, http.StatusSeeOther)
		return
	}
	if err == nil {
		err = s.render(w, r, http.StatusOK, page.Desks(list))
	}
	if err != nil {
		s.fail(w, r, desk.Actor{}, err)
	}
}

// home is a desk's public page. A visitor gets the copy that all visitors get.
func (s *Server) home(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	o, err := s.app.Offer(r.Context(), who.Desk)
	if err != nil {
		return err
	}
	z := zoneOf(r, who)
	if s.isAnybody(r, who) {
		return s.homeForAll(w, r, who, o, z)
	}
	l, _, err := s.app.Mine(r.Context(), who, "")
	if err != nil {
		return err
	}
	support := supportNow(o, l, s.app.Now(), z)
	support.Mine = who.Person.CustomerID != desk.Nobody
	if support.Health, err = s.app.PublicHealth(r.Context(), who.Desk, z.shown); err != nil {
		return err
	}
	r = r.WithContext(inZone(r.Context(), z.shown))
	return s.render(w, r, http.StatusOK, page.Home(s.frame(r, who, "support"), support))
}

// supportNow is what a desk publishes, as of now: the reader's hours first, then
// those of the other support types.
func supportNow(o desk.OpenOffer, l desk.Level, now time.Time, z readerZone) page.Support {
	out := page.Support{Offer: o, Level: l, Zone: z.own, Promised: l.FirstReplies(now)}
	seen := map[string]bool{}
	add := func(calendar string) {
		if !seen[calendar] {
			seen[calendar] = true
			out.Hours = append(out.Hours, app.OpeningOf(o, calendar, now, z.shown))
		}
	}
	add(l.Type.Calendar)
	for _, t := range o.Content.Types {
		add(t.Calendar)
	}
	return out
}

// publishedVersion is what the desk promised at a time, for its people and its
// customers'.
func (s *Server) publishedVersion(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := strconv.Atoi(chi.URLParam(r, "version"))
	if err != nil || n < 0 || strconv.Itoa(n) != chi.URLParam(r, "version") || n >= mostVersions {
		return desk.ErrNotFound
	}
	o, err := s.app.OfferAt(r.Context(), who, n)
	if err != nil {
		return err
	}
	support := page.Support{Offer: o, From: o.CreatedAt}
	next, err := s.app.OfferAt(r.Context(), who, n+1)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	support.To = next.CreatedAt
	return s.render(w, r, http.StatusOK, page.PublishedVersion(s.frame(r, who, "support"), support))
}

// mostVersions is beyond any that a desk will have, and within what the database
// counts with.
const mostVersions = 1 << 30

// readerZone is the zone in which a reader is told hours, and his own, which he
// may have put aside for the desk's.
type readerZone struct{ shown, own *time.Location }

// zoneOf is the zone of somebody's account, or of a visitor's browser, which a
// script keeps in a cookie; the desk's where neither says one, or it is asked for.
func zoneOf(r *http.Request, who desk.Actor) readerZone {
	z := readerZone{own: who.Location()}
	if c, err := r.Cookie("zone"); err == nil && !who.SignedIn() {
		if own, ok := desk.ZoneNamed(c.Value); ok {
			z.own = own
		}
	}
	z.shown = z.own
	if r.URL.Query().Get("zone") == "desk" {
		z.shown = who.Desk.Location()
	}
	return z
}

// inZone has the page written by another clock.
func inZone(ctx context.Context, zone *time.Location) context.Context {
	p := i18n.From(ctx)
	return i18n.With(ctx, i18n.New(p.Lang(), zone, p.Now()))
}
