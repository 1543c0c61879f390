package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// incidentRoutes are the desk's pages of what several customers share.
func (s *Server) incidentRoutes(r chi.Router) {
	r.Get("/{desk}/incidents", s.signedIn(s.incidents))
	r.Get("/{desk}/incidents/new", s.signedIn(s.newIncident))
	r.Post("/{desk}/incidents", s.signedIn(s.openIncident))
	r.Get("/{desk}/incidents/{incident}", s.signedIn(s.incident))
	r.Post("/{desk}/incidents/{incident}/state", s.signedIn(s.actOnIncident))
	r.Post("/{desk}/incidents/{incident}/about", s.signedIn(s.describeIncident))
	r.Post("/{desk}/incidents/{incident}/words", s.signedIn(s.sayOfIncident))
	r.Post("/{desk}/incidents/{incident}/request", s.signedIn(s.requestForIncident))
	r.Post("/{desk}/incidents/{incident}/merge", s.signedIn(s.mergeIncident))
	r.Post("/{desk}/incidents/{incident}/issues", s.signedIn(s.linkIncident))
	r.Post("/{desk}/incidents/{incident}/tickets", s.signedIn(s.joinIncident))
	r.Post("/{desk}/incidents/{incident}/tickets/{number}/leave", s.signedIn(s.leaveIncident))
	r.Post("/{desk}/tickets/{number}/incident", s.signedIn(s.joinIncidentOf))
}

func (s *Server) incidents(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	after := desk.ParseCursor(r.URL.Query().Get("after"))
	l, err := s.app.Incidents(r.Context(), who, after)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.IncidentsPage(s.frameElsewhere(r, who, "incidents"), page.Incidents{IncidentList: l, After: after}))
}

func (s *Server) newIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	x := page.NewIncidentForm{Service: r.URL.Query().Get("service"), Kind: string(desk.Regional)}
	if t := r.URL.Query().Get("ticket"); t != "" {
		x.Tickets = t
	}
	if draft, ok := s.takeDraft(r); ok {
		x = incidentForm(draft)
		x.Restored = true
	}
	return s.drawNewIncident(w, r, who, http.StatusOK, x)
}

func (s *Server) drawNewIncident(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, x page.NewIncidentForm) (err error) {
	service := x.Service
	if known, ok := desk.ServiceNamed(service); !ok || known.Name == "Unknown" {
		service = ""
	}
	if x.Similar, err = s.app.SimilarTickets(r.Context(), who, service); err != nil {
		return err
	}
	return s.render(w, r, status, page.NewIncident(s.frame(r, who, "incidents"), x))
}

func (s *Server) openIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	x := incidentForm(r.PostForm)
	number := int64(0)
	f, err := aboutIncident(r, x)
	if err == nil {
		number, err = s.app.OpenIncident(r.Context(), who, f)
	}
	if wrong, ok := problems(err); ok {
		x.Problems = wrong
		return s.drawNewIncident(w, r, who, http.StatusUnprocessableEntity, x)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, incidentPath(number), "incident.opened")
}

// incidentForm reads what an incident is about.
func incidentForm(v url.Values) page.NewIncidentForm {
	return page.NewIncidentForm{Title: v.Get("title"), Service: v.Get("service"), Region: v.Get("region"), Kind: v.Get("kind"), Since: v.Get("since"),
		Tickets: v.Get("tickets"), Chosen: v["ticket"]}
}

func incidentPath(n int64) string { return "/incidents/" + strconv.FormatInt(n, 10) }

// incidentNumber reads the number in an address. Errors: ErrNotFound.
func incidentNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, "incident"), 10, 64)
	if err != nil || n < 1 {
		return 0, desk.ErrNotFound
	}
	return n, nil
}

// aboutIncident is what a verb takes of the form. Errors: Invalid on "tickets".
func aboutIncident(r *http.Request, x page.NewIncidentForm) (desk.IncidentForm, error) {
	f := desk.IncidentForm{Title: x.Title, Service: x.Service, Region: x.Region, Kind: x.Kind}
	f.Since, f.BadSince = formTime(x.Since, i18n.From(r.Context()).Zone())
	parted := strings.FieldsFunc(x.Tickets, func(c rune) bool { return c == ',' || c == ';' || c == ' ' || c == '\u202f' || c == '\n' || c == '#' })
	for _, text := range append(parted, x.Chosen...) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return f, desk.NewInvalid("tickets", "error.incident.tickets")
		}
		if !slices.Contains(f.Tickets, n) {
			f.Tickets = append(f.Tickets, n)
		}
	}
	if len(f.Tickets) > mostFirstTickets {
		return f, desk.NewInvalid("tickets", "error.too_many", "Most", mostFirstTickets)
	}
	return f, nil
}

// mostFirstTickets bounds what one form brings.
const mostFirstTickets = 200
