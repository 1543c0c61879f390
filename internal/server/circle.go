package server

import (
	"net/http"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) circle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	seat, told, err := s.app.Circle(r.Context(), who)
	if err != nil {
		return err
	}
	seen, err := s.app.SeenElsewhere(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Circle(s.frame(r, who, "circle"), page.CirclePage{Seat: seat, Told: told, Seen: seen}))
}

// changeCircle lets the desk join the circle, or leave it.
func (s *Server) changeCircle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	change, flash := s.app.LeaveCircle, "circle.left_done"
	switch r.PostFormValue("do") {
	case "join":
		change, flash = s.app.JoinCircle, "circle.joined_done"
	case "leave":
	default:
		return desk.NewInvalid("do", "error.choose")
	}
	if err := change(r.Context(), who); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/circle", flash)
}

// frameElsewhere is what stands around a page that says what the circle tells
// those who may read it. Others, and all where it cannot be read, do without.
func (s *Server) frameElsewhere(r *http.Request, who desk.Actor, section string) page.Frame {
	f := s.frame(r, who, section)
	if who.May(desk.ReadElsewhere) == nil {
		f.Elsewhere, _ = s.app.SeenElsewhere(r.Context(), who)
	}
	return f
}
