package microsoft

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// graph lets a request in that has a token, a role and calls left.
func (s *Server) graph(next func(http.ResponseWriter, *http.Request, Tenant)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tenant, ok := s.bearer(r, s.Graph().String())
		if !ok {
			s.refuse(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is empty, has expired or is for another audience.")
			return
		}
		deny := func() {
			s.refuse(w, http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
		}
		switch {
		case s.throttles(w, tenant.ID), s.fails(w, tenant.ID, deny):
		case !s.consented(tenant.ID):
			deny()
		default:
			next(w, r, tenant)
		}
	}
}

func (s *Server) entries(list string, t Tenant) ([]entry, bool) {
	switch list {
	case "healthOverviews":
		return s.overviews(t), true
	case "issues":
		return s.issues(t), true
	case "messages":
		return s.messages(t), true
	}
	return nil, false
}

// graphList answers a page ("List issues", "List serviceAnnouncement messages",
// "List healthOverviews").
func (s *Server) graphList(w http.ResponseWriter, r *http.Request, t Tenant) {
	entries, ok := s.entries(r.PathValue("list"), t)
	if !ok {
		s.refuse(w, http.StatusNotFound, "UnknownError", "Resource not found for the segment '"+r.PathValue("list")+"'.")
		return
	}
	q := r.URL.Query()
	for name := range q {
		if !slices.Contains([]string{"$filter", "$top", "$skip", "$expand"}, name) {
			s.refuse(w, http.StatusBadRequest, "BadRequest", "The query parameter '"+name+"' is not supported.")
			return
		}
	}
	entries, err := filtered(entries, q.Get("$filter"))
	if err != nil {
		s.refuse(w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	if q.Get("$expand") == "issues" && r.PathValue("list") == "healthOverviews" {
		s.expand(entries, t)
	}
	s.page(w, r, entries)
}

func (s *Server) page(w http.ResponseWriter, r *http.Request, entries []entry) {
	q, list := r.URL.Query(), r.PathValue("list")
	size := s.pageSize(r)
	skip, _ := strconv.Atoi(q.Get("$skip")) // what is no number skips nothing
	first := min(max(skip, 0), len(entries))
	if top, err := strconv.Atoi(q.Get("$top")); err == nil && top >= 0 {
		entries = entries[:min(len(entries), first+top)]
	}
	last := min(first+size, len(entries))
	body := map[string]any{"@odata.context": s.Graph().String() + "/v1.0/$metadata#admin/serviceAnnouncement/" + list, "value": entries[first:last]}
	if last < len(entries) {
		q.Set("$skip", strconv.Itoa(last))
		body["@odata.nextLink"] = s.Graph().String() + "/v1.0/admin/serviceAnnouncement/" + list + "?" + q.Encode()
	}
	s.answer(w, http.StatusOK, body)
}

// pageSize is 100, or what is wished up to 1,000; overviews come by the hundred.
func (s *Server) pageSize(r *http.Request) int {
	size := 100
	for part := range strings.SplitSeq(r.Header.Get("Prefer"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if wished, err := strconv.Atoi(value); err == nil && wished > 0 && name == "odata.maxpagesize" && r.PathValue("list") != "healthOverviews" {
			size = min(wished, 1000)
		}
	}
	return min(size, s.config.LargestPage)
}

func (s *Server) graphOne(w http.ResponseWriter, r *http.Request, t Tenant) {
	id, err := url.PathUnescape(r.PathValue("id"))
	entries, _ := s.entries(r.PathValue("list"), t)
	i := slices.IndexFunc(entries, func(e entry) bool {
		return strings.EqualFold(fmt.Sprint(e["id"]), id) || e["service"] == id && e["title"] == nil
	})
	if err != nil || i < 0 {
		s.refuse(w, http.StatusNotFound, "UnknownError", "The resource could not be found.")
		return
	}
	s.answer(w, http.StatusOK, entries[i])
}
