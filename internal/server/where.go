package server

import (
	"net/http"

	"guichet/internal/desk"
	"guichet/web/page"
)

// whereTo tells an agent where something goes before he writes it.
func (s *Server) whereTo(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	q := page.ReadWhere(r.URL.Query())
	if text := r.URL.Query().Get("customer"); text != "" {
		id, err := desk.ParseID(text)
		if err != nil {
			return err
		}
		q.Customer = id
	}
	answer, err := s.app.WhereTo(r.Context(), who, q)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.WherePage(s.frame(r, who, "escalations"), page.Where{Question: q, Answer: answer}))
}
