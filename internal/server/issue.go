package server

import (
	"net/http"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) issue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawIssue(w, r, who, http.StatusOK, func(o *page.OneIssue) {
		if draft, ok := s.takeDraft(r); ok && draft.Has("title_fr") {
			o.Words, o.Open = wordsForm(draft), true
			o.Words.Restored = true
		}
	})
}

// drawIssue reads an issue anew and shows it with the form of the partner's
// words, as fill left it.
func (s *Server) drawIssue(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.OneIssue)) error {
	id, err := issueID(r)
	if err != nil {
		return err
	}
	at := app.IssuePage{Customer: sought(r, "customer")}
	at.Ticket, _ = desk.ParseID(r.URL.Query().Get("ticket")) // a list that begins nowhere begins at its top
	f, err := s.app.ReadIssue(r.Context(), who, id, at)
	if err != nil {
		return err
	}
	o := page.OneIssue{IssueFile: f, Words: page.IssueWords(r.Context(), f.Issue)}
	fill(&o)
	return s.render(w, r, status, page.Issue(s.frame(r, who, "issues"), o))
}

func (s *Server) sayOfIssue(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := issueID(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := wordsForm(r.PostForm)
	err = s.app.SayOfIssue(r.Context(), who, id, saidWords(r, form))
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.drawIssue(w, r, who, http.StatusUnprocessableEntity, func(o *page.OneIssue) { o.Words, o.Open = form, true })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/issues/"+id.String(), "issues.words_saved")
}
