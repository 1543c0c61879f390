package server

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// announcementRoutes write one word to all tickets of an issue, or of an incident.
func (s *Server) announcementRoutes(r chi.Router) {
	for _, of := range []string{"/{desk}/issues/{issue}", "/{desk}/incidents/{incident}"} {
		r.Get(of+"/announcements", s.signedIn(s.announce))
		r.Post(of+"/announcements", s.signedIn(s.sendAnnouncement))
		r.Get(of+"/announcements/{announcement}", s.signedIn(s.announcement))
	}
}

// announced is what an address is about, and the path of its page.
func (s *Server) announced(r *http.Request, who desk.Actor) (about desk.About, path string, err error) {
	if text := chi.URLParam(r, "issue"); text != "" {
		about.Issue, err = desk.ParseID(text)
		return about, "/issues/" + text, err
	}
	number, err := strconv.ParseInt(chi.URLParam(r, "incident"), 10, 64)
	if err != nil || number < 1 {
		return about, "", desk.ErrNotFound
	}
	about, err = s.app.AboutIncident(r.Context(), who, number)
	return about, "/incidents/" + strconv.FormatInt(number, 10), err
}

func (s *Server) announce(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	a := page.Announce{Key: desk.NewID()}
	if draft, ok := s.takeDraft(r); ok {
		a.Fr, a.En, a.Restored = draft.Get("text_fr"), draft.Get("text_en"), true
	}
	return s.drawAnnounce(w, r, who, http.StatusOK, a)
}

func (s *Server) drawAnnounce(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, a page.Announce) error {
	about, path, err := s.announced(r, who)
	if err != nil {
		return err
	}
	a.Path, a.Incident = path, about.Incident != desk.Nobody
	if a.Preview, err = s.app.PreviewAnnouncement(r.Context(), who, about); err != nil {
		return err
	}
	if a.Before, err = s.app.Announcements(r.Context(), who, about); err != nil {
		return err
	}
	section := "issues"
	if a.Incident {
		section = "incidents"
	}
	return s.render(w, r, status, page.AnnouncePage(s.frame(r, who, section), a))
}

// sendAnnouncement shows what was typed as each will read it, and sends it once
// that was seen.
func (s *Server) sendAnnouncement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	about, path, err := s.announced(r, who)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	a := page.Announce{Fr: r.PostFormValue("text_fr"), En: r.PostFormValue("text_en"), Key: formKey(r)}
	texts := map[string]string{"fr": a.Fr, "en": a.En}
	var id desk.ID
	switch r.PostFormValue("do") {
	case "change":
		return s.drawAnnounce(w, r, who, http.StatusOK, a)
	case "send":
		id, err = s.app.Announce(r.Context(), who, about, texts, a.Key)
	default:
		_, err = desk.NewAnnouncement(about, who.Person.ID, texts, a.Key, s.app.Now())
	}
	wrong, invalid := problems(err)
	switch {
	case invalid:
		a.Problems = wrong
		return s.drawAnnounce(w, r, who, http.StatusUnprocessableEntity, a)
	case err != nil:
		return err
	case id == desk.Nobody:
		a.Sample = true
		return s.drawAnnounce(w, r, who, http.StatusOK, a)
	}
	return s.seeOther(w, r, who, path+"/announcements/"+id.String(), "")
}

func (s *Server) announcement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	about, path, err := s.announced(r, who)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(chi.URLParam(r, "announcement"))
	if err != nil {
		return err
	}
	n, err := s.app.Announcement(r.Context(), who, about, id)
	if err != nil {
		return err
	}
	section := "issues"
	if about.Incident != desk.Nobody {
		section = "incidents"
	}
	return s.render(w, r, http.StatusOK, page.AnnouncedPage(s.frame(r, who, section), page.Announced{Path: path, Announcement: n}))
}
