package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/rules"
	"guichet/web/page"
)

func (s *Server) newRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.ruleForm(w, r, who, func(desk.Rulebook) (rules.Rule, error) { return rules.Rule{}, nil })
}

func (s *Server) rule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.ruleForm(w, r, who, func(b desk.Rulebook) (rules.Rule, error) {
		found, ok := rules.Ruleset{Rules: b.Rules()}.Rule(chi.URLParam(r, "key"))
		if !ok {
			return found, desk.ErrNotFound
		}
		return found, nil
	})
}

// ruleForm shows a rule to be edited, or what was typed when the session ended.
func (s *Server) ruleForm(w http.ResponseWriter, r *http.Request, who desk.Actor, find func(desk.Rulebook) (rules.Rule, error)) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	found, err := find(book)
	if err != nil {
		return err
	}
	form := page.RuleFormOf(book, found)
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadRuleForm(draft, found.Key)
		form.Rules = book.Rules()
	}
	return s.render(w, r, http.StatusOK, page.EditRule(s.frame(r, who, "rules"), book, form))
}

func (s *Server) addRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.takeRule(w, r, who, func(f page.RuleForm) (string, error) {
		return s.app.AddRule(r.Context(), who, f.At, f.Rule, f.After)
	})
}

func (s *Server) saveRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.takeRule(w, r, who, func(f page.RuleForm) (string, error) {
		return f.Rule.Key, s.app.SaveRule(r.Context(), who, f.At, f.Rule)
	})
}

// takeRule saves what was typed, or changes the form's shape: another row, the other view.
func (s *Server) takeRule(w http.ResponseWriter, r *http.Request, who desk.Actor, save func(page.RuleForm) (string, error)) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadRuleForm(r.PostForm, chi.URLParam(r, "key"))
	if form.Reshape(r.PostForm.Get("do")) {
		return s.showRule(w, r, who, status(len(form.Faults) == 0), form)
	}
	if !form.Written() {
		return s.showRule(w, r, who, http.StatusUnprocessableEntity, form)
	}
	key, err := save(form)
	if found, ok := faults(err); ok {
		return s.showRule(w, r, who, http.StatusUnprocessableEntity, form.Refused(found))
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.ruleConflict(w, r, who, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules#r-"+key, "flash.rule_saved")
}

func status(fine bool) int {
	if fine {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

func (s *Server) showRule(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.RuleForm) error {
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	form.Rules = book.Rules()
	return s.render(w, r, status, page.EditRule(s.frame(r, who, "rules"), book, form))
}

// ruleConflict tells who was faster and keeps what was typed, to be saved over it.
func (s *Server) ruleConflict(w http.ResponseWriter, r *http.Request, who desk.Actor, form page.RuleForm) error {
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusConflict, page.EditRule(s.frame(r, who, "rules"), book, form.Behind(book)))
}
