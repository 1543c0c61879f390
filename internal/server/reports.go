package server

import (
	"context"
	"net/http"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/web/page"
)

// longestType is how long the key of a support type can be.
const longestType = 60

// reportFilter reads a report's address. Errors: ErrNotFound for a customer that
// cannot exist.
func (s *Server) reportFilter(r *http.Request, who desk.Actor) (desk.ReportFilter, error) {
	q := r.URL.Query()
	f := desk.NewReportFilter(q.Get("from"), q.Get("to"), s.today(who))
	if f.Type = searchText(q.Get("type")); utf8.RuneCountInString(f.Type) > longestType {
		f.Type = ""
	}
	if id := q.Get("customer"); id != "" {
		var err error
		if f.Customer, err = desk.ParseID(id); err != nil {
			return f, err
		}
	}
	return f, nil
}

// today is the date at the desk.
func (s *Server) today(who desk.Actor) desk.Day {
	return desk.DayOf(s.app.Now(), who.Desk.Location())
}

func (s *Server) report(r *http.Request, who desk.Actor) (desk.Report, error) {
	f, err := s.reportFilter(r, who)
	if err != nil {
		return desk.Report{}, err
	}
	return s.app.Reports(r.Context(), who, f)
}

func (s *Server) reports(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	report, err := s.report(r, who)
	if err != nil {
		return err
	}
	p := page.Reports{Report: report, Today: s.today(who)}
	if p.Work, err = report.TopWork(page.ReportWorkMost); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.ReportsPage(s.frame(r, who, "reports"), p))
}

func (s *Server) attainmentSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	f, err := s.reportFilter(r, who)
	if err != nil {
		return err
	}
	list, err := s.app.Attained(r.Context(), who, f)
	if err != nil {
		return err
	}
	o, err := s.app.Offer(r.Context(), who.Desk)
	if err != nil {
		return err
	}
	return s.send(w, r, page.Sheet{Name: who.Desk.Slug + "-attainment", Rows: page.AttainmentRows(r.Context(), list, o.Content)})
}

func (s *Server) hoursSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.reportSheet(w, r, who, "hours", page.HoursRows)
}

func (s *Server) sidesSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.reportSheet(w, r, who, "sides", page.SidesRows)
}

func (s *Server) workSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.reportSheet(w, r, who, "work", page.WorkRows)
}

func (s *Server) reportSheet(w http.ResponseWriter, r *http.Request, who desk.Actor, name string, rows func(context.Context, desk.Report) [][]any) error {
	report, err := s.report(r, who)
	if err != nil {
		return err
	}
	return s.send(w, r, page.Sheet{Name: who.Desk.Slug + "-" + name, Rows: rows(r.Context(), report)})
}
