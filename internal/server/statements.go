package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// statements are a desk's by month, or a manager's own.
func (s *Server) statements(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if who.DeskSide() {
		month, ok := desk.ParseMonth(r.URL.Query().Get("month"))
		if !ok {
			month = desk.MonthOf(s.app.Now(), who.Desk.Location()).Add(-1)
		}
		return s.showMonth(w, r, who, http.StatusOK, month, nil)
	}
	var m page.MyStatements
	var err error
	if m.List, err = s.app.MyStatements(r.Context(), who); err != nil {
		return err
	}
	if m.Blocks, err = s.app.MyBlocks(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.MyStatementsPage(s.frame(r, who, "statements"), m))
}

func (s *Server) showMonth(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, m desk.Month, wrong desk.Problems) error {
	b, err := s.app.MonthBook(r.Context(), who, m)
	if err != nil {
		return err
	}
	return s.render(w, r, status, page.Statements(s.frame(r, who, "charges"), page.MonthBook{MonthBook: b, Problems: wrong}))
}

func (s *Server) issueStatement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	customer, err := formID(r, "customer")
	if err != nil {
		return err
	}
	month, ok := desk.ParseMonth(r.PostFormValue("month"))
	if !ok {
		return desk.NewInvalid("month", "error.month")
	}
	id, err := s.app.IssueStatement(r.Context(), who, customer, month)
	if wrong, invalid := problems(err); invalid {
		return s.showMonth(w, r, who, http.StatusUnprocessableEntity, month, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/statements/"+id.String(), "statements.done_issue")
}

func (s *Server) statement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	p, err := s.readStatement(r, who)
	if err != nil {
		return err
	}
	section := "statements"
	if who.DeskSide() {
		section = "charges"
	}
	return s.render(w, r, http.StatusOK, page.Statement(s.frame(r, who, section), p))
}

func (s *Server) readStatement(r *http.Request, who desk.Actor) (p desk.StatementPage, err error) {
	id, err := desk.ParseID(chi.URLParam(r, "statement"))
	if err != nil {
		return p, err
	}
	return s.app.Statement(r.Context(), who, id)
}

// statementCSV is a statement as a file.
func (s *Server) statementCSV(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	p, err := s.readStatement(r, who)
	if err != nil {
		return err
	}
	return s.send(w, r, page.StatementSheet(r.Context(), p))
}
