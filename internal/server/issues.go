package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

func (s *Server) issues(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawIssues(w, r, who, http.StatusOK, func(l *page.IssueList) {
		if draft, ok := s.takeDraft(r); ok {
			l.Note = page.NoteForm{Fr: draft.Get("note_fr"), En: draft.Get("note_en")}
		}
	})
}

func (s *Server) drawIssues(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.IssueList)) error {
	list, err := s.app.Issues(r.Context(), who, issueFilter(r))
	if err != nil {
		return err
	}
	l := page.IssueList{IssueList: list, Note: page.NoteForm{Fr: list.Note.Fr, En: list.Note.En}}
	fill(&l)
	return s.render(w, r, status, page.Issues(s.frameElsewhere(r, who, "issues"), l))
}

func issueFilter(r *http.Request) desk.IssueFilter {
	f := desk.IssueFilter{Tab: desk.TabOpen, Service: sought(r, "service"), After: desk.ParseCursor(r.URL.Query().Get("after"))}
	switch tab := r.URL.Query().Get("tab"); tab {
	case desk.TabOver, desk.TabMessages:
		f.Tab = tab
	}
	switch source := r.URL.Query().Get("source"); source {
	case desk.FromGraph, desk.FromAzure, desk.FromHand:
		f.Source = source
	}
	return f
}

func (s *Server) noteHealth(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.NoteForm{Fr: r.PostFormValue("note_fr"), En: r.PostFormValue("note_en")}
	err := s.app.NoteHealth(r.Context(), who, form.Fr, form.En)
	if wrong, ok := problems(err); ok {
		return s.drawIssues(w, r, who, http.StatusUnprocessableEntity, func(l *page.IssueList) { l.Note, l.Problems = form, wrong })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/issues", "issues.note_saved")
}

// newIssue is the form of an issue that nobody has published; a pasted code that
// is known leads to its issue.
func (s *Server) newIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageIssues); err != nil {
		return err
	}
	code := strings.ToUpper(sought(r, "code"))
	if code != "" {
		i, err := s.app.IssueNamed(r.Context(), who, code)
		if err == nil {
			return s.seeOther(w, r, who, "/issues/"+i.ID.String(), "")
		}
		if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
	}
	form := page.IssueForm{Code: code, Service: desk.ServiceOfCode(code), Classification: "incident", Status: "investigating"}
	if draft, ok := s.takeDraft(r); ok {
		form = issueForm(draft)
		form.Words.Restored = true
	}
	return s.drawNewIssue(w, r, who, http.StatusOK, form)
}

func (s *Server) drawNewIssue(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.IssueForm) (err error) {
	if form.Choices, err = s.app.CustomersToChoose(r.Context(), who); err != nil {
		return err
	}
	if form.ID != desk.Nobody {
		return s.render(w, r, status, page.EditIssue(s.frame(r, who, "issues"), form))
	}
	return s.render(w, r, status, page.NewIssue(s.frame(r, who, "issues"), form))
}

func (s *Server) recordIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := issueForm(r.PostForm)
	typed, err := recorded(r.Context(), form)
	if err != nil {
		return err
	}
	id, err := s.app.RecordIssue(r.Context(), who, typed, saidWords(r, form.Words))
	if wrong, ok := problems(err); ok {
		form.Problems, form.Words.Problems = wrong, wrong
		return s.drawNewIssue(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/issues/"+id.String(), "issues.recorded")
}

func (s *Server) editIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageIssues); err != nil {
		return err
	}
	id, err := issueID(r)
	if err != nil {
		return err
	}
	f, err := s.app.ReadIssue(r.Context(), who, id, app.IssuePage{})
	if err != nil {
		return err
	}
	if f.Issue.Source != desk.FromHand {
		return desk.ErrConflict
	}
	chosen, err := s.app.ChosenCustomers(r.Context(), who, id)
	if err != nil {
		return err
	}
	form := page.IssueFormOf(r.Context(), f.Issue, chosen)
	if draft, ok := s.takeDraft(r); ok {
		form = issueForm(draft)
		form.ID, form.Over = id, f.Issue.Over
	}
	return s.drawNewIssue(w, r, who, http.StatusOK, form)
}

func (s *Server) correctIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := issueID(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := issueForm(r.PostForm)
	typed, err := recorded(r.Context(), form)
	if err != nil {
		return err
	}
	err = s.app.CorrectIssue(r.Context(), who, id, typed)
	if wrong, ok := problems(err); ok {
		form.ID, form.Problems, form.Over = id, wrong, !r.PostForm.Has("stage")
		return s.drawNewIssue(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/issues/"+id.String(), "issues.saved")
}

// turnIssue ends an issue that was recorded by hand, or says that it is back.
func (s *Server) turnIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := issueID(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	flash := "issues.now_over"
	switch r.PostFormValue("do") {
	case "end":
		err = s.app.EndIssue(r.Context(), who, id)
	case "back":
		err, flash = s.app.BringIssueBack(r.Context(), who, id), "issues.now_back"
	default:
		err = desk.NewInvalid("do", "error.choose")
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/issues/"+id.String(), flash)
}

func issueID(r *http.Request) (desk.ID, error) { return desk.ParseID(chi.URLParam(r, "issue")) }

func issueForm(v url.Values) page.IssueForm {
	return page.IssueForm{Code: v.Get("code"), Title: v.Get("title"), Service: v.Get("service"), Places: v.Get("places"), Classification: v.Get("classification"),
		Status: v.Get("stage"), Since: v.Get("since"), Next: v.Get("publisher_next"), Everyone: v.Has("everyone"), Customers: v["customers"], Words: wordsForm(v)}
}

// recorded reads what was typed. Errors: Invalid for a customer that the form
// never offered.
func recorded(ctx context.Context, x page.IssueForm) (f desk.IssueForm, err error) {
	zone := i18n.From(ctx).Zone()
	f = desk.IssueForm{Code: x.Code, Title: x.Title, Service: x.Service, Places: x.Places, Classification: x.Classification, Status: x.Status, Everyone: x.Everyone}
	f.Since, f.BadSince = formTime(x.Since, zone)
	f.Next, f.BadNext = formTime(x.Next, zone)
	for _, text := range x.Customers {
		id, err := desk.ParseID(text)
		if err != nil {
			return f, desk.NewInvalid("customers", "error.choose")
		}
		f.Customers = append(f.Customers, id)
	}
	return f, nil
}
