package server

import (
	"net/http"
	"strconv"

	"guichet/internal/desk"
	"guichet/web/page"
)

// search finds tickets; a number that is one leads to it.
func (s *Server) search(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	v := r.URL.Query()
	p := page.Searched{After: desk.ParseSearchCursor(v.Get("after"))}
	var err error
	if p.Search, p.Hits, p.Next, err = s.app.Search(r.Context(), who, v.Get("q"), p.After); err != nil {
		return err
	}
	if p.Search.Number > 0 {
		return s.seeOther(w, r, who, "/tickets/"+strconv.FormatInt(p.Search.Number, 10), "")
	}
	return s.render(w, r, http.StatusOK, page.Search(s.frame(r, who, "search"), p))
}
