package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/rules"
	"guichet/web/page"
)

func (s *Server) rules(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showRules(w, r, who, http.StatusOK, func(p *page.Rules) {
		if draft, ok := s.takeDraft(r); ok {
			p.Import.Text = draft.Get("rules")
		}
	})
}

// showRules answers with the rules as they are; dress adds what a form brought back.
func (s *Server) showRules(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.Rules)) error {
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	p := page.Rules{Book: book}
	if p.Counts, err = s.app.RuleCounts(r.Context(), who); err != nil {
		return err
	}
	if p.Trial, err = s.trialPanel(r, who); err != nil {
		return err
	}
	dress(&p)
	return s.render(w, r, status, page.RulesPage(s.frame(r, who, "rules"), p))
}

func (s *Server) rulesVersion(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showVersion(w, r, who, http.StatusOK, func(*page.RulesOld) {})
}

func (s *Server) showVersion(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.RulesOld)) error {
	n, err := versionNumber(chi.URLParam(r, "version"))
	if err != nil {
		return err
	}
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	p := page.RulesOld{Book: book}
	if p.Version, p.Before, err = s.app.RulesVersion(r.Context(), who, n); err != nil {
		return err
	}
	if draft, ok := s.takeDraft(r); ok {
		p.Note = draft.Get("note")
	}
	dress(&p)
	return s.render(w, r, status, page.RulesVersion(s.frame(r, who, "rules"), p))
}

// versionNumber reads the number of a version. Errors: ErrNotFound.
func versionNumber(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, desk.ErrNotFound
	}
	return int(n), nil
}

func (s *Server) restoreVersion(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := versionNumber(chi.URLParam(r, "version"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	note := r.PostForm.Get("note")
	_, err = s.app.RestoreVersion(r.Context(), who, draftMark(r), n, note)
	again := func(status int, dress func(*page.RulesOld)) error {
		return s.showVersion(w, r, who, status, func(p *page.RulesOld) {
			p.Note = note
			dress(p)
		})
	}
	if wrong, ok := problems(err); ok {
		return again(http.StatusUnprocessableEntity, func(p *page.RulesOld) { p.Problems = wrong })
	}
	if faults, ok := faults(err); ok {
		return again(http.StatusUnprocessableEntity, func(p *page.RulesOld) { p.Faults = faults })
	}
	if errors.Is(err, desk.ErrConflict) {
		return again(http.StatusConflict, func(p *page.RulesOld) { p.Conflict = page.ConflictOf(p.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules", "flash.rules_restored")
}

// exportRules gives the rules as a file: a version, else the draft, else what is published.
func (s *Server) exportRules(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	rs := book.Published.Ruleset()
	if book.Draft != nil {
		rs = book.Draft.Ruleset(book.Published.Version + 1)
	}
	if asked := r.URL.Query().Get("version"); asked != "" {
		n, err := versionNumber(asked)
		if err != nil {
			return err
		}
		v, _, err := s.app.RulesVersion(r.Context(), who, n)
		if err != nil {
			return err
		}
		rs = v.Ruleset()
	}
	file, err := rules.Format(rs)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="`+who.Desk.Slug+"-rules-"+strconv.Itoa(rs.Version)+`.json"`)
	_, _ = w.Write(file)
	return nil
}

// draftMark is the state of the rules, or of the offer, that a form was made from.
func draftMark(r *http.Request) desk.DraftMark { return page.ReadDraftMark(r.PostForm.Get("at")) }

// faults picks what is wrong with rules out of an error.
func faults(err error) ([]*rules.Error, bool) {
	var invalid desk.InvalidRules
	ok := errors.As(err, &invalid)
	return invalid.Faults, ok
}
