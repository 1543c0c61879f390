package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) showQueue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	f, err := queueFilter(chi.URLParam(r, "view"), r.URL.Query())
	if err != nil {
		return err
	}
	q := page.Queue{Filter: f}
	if q.Rows, q.Next, err = s.app.ReadQueue(r.Context(), who, f); err != nil {
		return err
	}
	if q.Counts, err = s.app.Counts(r.Context(), who); err != nil {
		return err
	}
	if q.Access, err = s.app.TroubledAccess(r.Context(), who); err != nil {
		return err
	}
	if q.Customer, err = s.customerOf(r, who, q); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.QueuePage(s.frame(r, who, "queue"), q))
}

// customerOf names the company that the filter keeps: the rows know it already
// where there are any. Errors: ErrNotFound for another desk's.
func (s *Server) customerOf(r *http.Request, who desk.Actor, q page.Queue) (string, error) {
	switch {
	case q.Filter.Customer == desk.Nobody:
		return "", nil
	case len(q.Rows) > 0:
		return q.Rows[0].CustomerName, nil
	}
	c, _, err := s.app.Customer(r.Context(), who, q.Filter.Customer)
	return c.Name, err
}

// longestSearch is how much of a search box is looked for, in bytes.
const longestSearch = 200

// queueFilter reads the queue's address. What no list of ours offers is left
// out, so that an old link still opens. Errors: ErrNotFound for a view or a
// customer that cannot exist.
func queueFilter(view string, v url.Values) (desk.QueueFilter, error) {
	f := desk.QueueFilter{View: desk.View(view), Text: searchText(v.Get("q")), After: desk.ParseCursor(v.Get("after"))}
	if view == "" {
		f.View = desk.ViewTodo
	}
	if !slices.Contains(desk.Views(), f.View) {
		return f, desk.ErrNotFound
	}
	if id := v.Get("customer"); id != "" {
		var err error
		if f.Customer, err = desk.ParseID(id); err != nil {
			return f, err
		}
	}
	if name := v.Get("service"); name != "" {
		service, _ := desk.ServiceNamed(name)
		f.Service = service.Name
	}
	f.Outcome = oneOf(desk.Outcome(v.Get("outcome")), []desk.Outcome{desk.Partner, desk.Microsoft, desk.NeedsInfo})
	f.Tag, f.Team = label(v.Get("tag")), label(v.Get("team"))
	f.State = oneOf(desk.State(v.Get("state")), desk.States())
	f.Sort = oneOf(v.Get("sort"), desk.Sorts[1:]) // the first is what the queue does unasked
	if n, err := strconv.Atoi(v.Get("priority")); err == nil && n >= 1 && n <= 4 {
		f.Priority = n
	}
	return f, nil
}

// cameFrom is the list that a ticket was opened from, as page.QueueFrom wrote
// it; the list that agents start with when that cannot be read.
func cameFrom(r *http.Request) desk.QueueFilter {
	view, query, _ := strings.Cut(r.URL.Query().Get("from"), "?")
	v, err := url.ParseQuery(query)
	if err == nil {
		if f, err := queueFilter(view, v); err == nil {
			return f
		}
	}
	return desk.QueueFilter{View: desk.ViewTodo}
}

func oneOf[T ~string](value T, allowed []T) T {
	if slices.Contains(allowed, value) {
		return value
	}
	return ""
}

// label is a tag or a team that a list is narrowed to, "" for what can be none.
func label(s string) string {
	if s = searchText(s); utf8.RuneCountInString(s) > desk.MaxTag {
		return ""
	}
	return s
}

// searchText is what was typed, without what no text in the database holds.
func searchText(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\x00", "")
	if len(s) > longestSearch {
		s = s[:longestSearch]
	}
	return strings.ToValidUTF8(s, "")
}
