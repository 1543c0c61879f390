package server

import (
	"net/http"

	"guichet/internal/app"
	"guichet/internal/desk"
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

// home is a desk's public page.
func (s *Server) home(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	now := s.app.Now()
	l, _, err := s.app.Mine(r.Context(), who, "")
	if err != nil {
		return err
	}
	support := page.Support{Level: l, Week: app.OpenWeek(l.Calendar, now, who.Location()), Promised: l.FirstReplies(now)}
	support.Open, support.Until = l.Calendar.Open(now)
	return s.render(w, r, http.StatusOK, page.Home(s.frame(r, who, "support"), support))
}
