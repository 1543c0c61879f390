package server

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// trials lists the tries of a draft on past tickets.
func (s *Server) trials(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	choice := page.FirstTrial()
	if draft, ok := s.takeDraft(r); ok {
		choice = trialChoice(draft)
	}
	return s.showTrials(w, r, who, http.StatusOK, choice, nil)
}

func (s *Server) showTrials(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, c desk.TrialChoice, wrong desk.Problems) error {
	p, err := s.trialPanel(r, who)
	if err != nil {
		return err
	}
	p.Choice, p.Problems = c, wrong
	return s.render(w, r, status, page.Trials(s.frame(r, who, "rules"), p))
}

// trialPanel is where a trial is begun, as nobody has filled it in.
func (s *Server) trialPanel(r *http.Request, who desk.Actor) (page.TrialPanel, error) {
	all, err := s.app.Trials(r.Context(), who)
	return page.TrialPanel{Trials: all, Choice: page.FirstTrial()}, err
}

func trialChoice(v url.Values) desk.TrialChoice {
	return desk.TrialChoice{Most: v.Get("most"), Since: v.Get("since"), Until: v.Get("until")}
}

func (s *Server) startTrial(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	choice := trialChoice(r.PostForm)
	id, err := s.app.StartTrial(r.Context(), who, choice)
	if wrong, ok := problems(err); ok {
		return s.showTrials(w, r, who, http.StatusUnprocessableEntity, choice, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules/trials/"+id.String(), "")
}

func (s *Server) trial(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "trial"))
	if err != nil {
		return err
	}
	t := page.TrialPage{Filter: trialFilter(r.URL.Query())}
	if t.OneTrial, err = s.app.Trial(r.Context(), who, id, t.Filter); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Trial(s.frame(r, who, "rules"), t))
}

// trialFilter reads what a trial's address asks to see; what it never offers is
// left out.
func trialFilter(v url.Values) desk.TrialFilter {
	f := desk.TrialFilter{Effect: oneOf(desk.TrialEffect(v.Get("show")), desk.TrialEffects)}
	if n, err := strconv.ParseInt(v.Get("after"), 10, 64); err == nil && n > 0 {
		f.After = n
	}
	return f
}

func (s *Server) stopTrial(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "trial"))
	if err != nil {
		return err
	}
	if err := s.app.StopTrial(r.Context(), who, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules/trials/"+id.String(), "")
}

// ruleResults tells how one rule fared lately.
func (s *Server) ruleResults(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	results, err := s.app.RuleResults(r.Context(), who, chi.URLParam(r, "key"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.RuleResults(s.frame(r, who, "rules"), results))
}
