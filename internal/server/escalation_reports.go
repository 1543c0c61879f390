package server

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// escalationReportRoutes are the report of escalations and its figures to take away.
func (s *Server) escalationReportRoutes(r chi.Router) {
	r.Get("/{desk}/reports/escalations", s.signedIn(s.escalationReport))
	r.Get("/{desk}/reports/escalated.csv", s.signedIn(s.escalatedSheet))
	r.Get("/{desk}/reports/escalations.csv", s.signedIn(s.escalationsSheet))
	r.Get("/{desk}/reports/returned.csv", s.signedIn(s.returnedSheet))
	r.Get("/{desk}/reports/credits.csv", s.signedIn(s.creditsSheet))
}

func (s *Server) escalationReport(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	f, err := s.reportFilter(r, who)
	if err != nil {
		return err
	}
	report, err := s.app.EscalationReport(r.Context(), who, f)
	if err != nil {
		return err
	}
	p := page.EscalationReports{EscalationReport: report, Today: s.today(who)}
	p.Filter.Type = ""
	return s.render(w, r, http.StatusOK, page.EscalationReportPage(s.frame(r, who, "reports"), p))
}

func (s *Server) escalatedSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return reportSheet(s, w, r, who, "escalated", s.app.EscalatedLines, page.EscalatedRows)
}

func (s *Server) escalationsSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return reportSheet(s, w, r, who, "escalations", s.app.EscalationLines, page.EscalationRows)
}

func (s *Server) returnedSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return reportSheet(s, w, r, who, "returned", s.app.EscalationReport, page.ReturnedRows)
}

func (s *Server) creditsSheet(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return reportSheet(s, w, r, who, "credits", s.app.EscalationReport, page.CreditRows)
}

// reportSheet sends what a report reads, as rows.
func reportSheet[T any](s *Server, w http.ResponseWriter, r *http.Request, who desk.Actor, name string,
	read func(context.Context, desk.Actor, desk.ReportFilter) (T, error), rows func(context.Context, T) [][]any) error {
	f, err := s.reportFilter(r, who)
	if err != nil {
		return err
	}
	found, err := read(r.Context(), who, f)
	if err != nil {
		return err
	}
	return s.send(w, r, page.Sheet{Name: who.Desk.Slug + "-" + name, Rows: rows(r.Context(), found)})
}
