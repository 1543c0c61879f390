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

// elsewhere is what the circle tells those who may read it; nothing to others,
// and nothing where it cannot be read: a page does without.
func (s *Server) elsewhere(r *http.Request, who desk.Actor) []desk.Elsewhere {
	if who.May(desk.ReadElsewhere) != nil {
		return nil
	}
	list, err := s.app.SeenElsewhere(r.Context(), who)
	if err != nil {
		s.log.WarnContext(r.Context(), "the circle cannot be asked", "err", err)
	}
	return list
}
