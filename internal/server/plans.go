package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// contractField is never kept nor shown again, as secretField.
const contractField = "contract"

func (s *Server) plans(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	list, err := s.app.PartnerPlans(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Plans(s.frame(r, who, "plans"), list))
}

func (s *Server) newPlan(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	var form page.PlanForm
	if draft, ok := s.takeDraft(r); ok {
		form = page.ReadPlanForm(draft)
	}
	return s.showPlan(w, r, who, http.StatusOK, form)
}

func (s *Server) showPlan(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.PlanForm) error {
	return s.render(w, r, status, page.EditPlan(s.frame(r, who, "plans"), form))
}

func (s *Server) addPlan(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadPlanForm(r.PostForm)
	_, err := s.app.AddPartnerPlan(r.Context(), who, form.PlanSettings, r.PostForm.Get(contractField))
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.showPlan(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/plans", "plans.added")
}

func (s *Server) plan(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "plan"))
	if err != nil {
		return err
	}
	l, err := s.app.PartnerPlan(r.Context(), who, id)
	if err != nil {
		return err
	}
	form := page.PlanFormOf(l)
	if draft, ok := s.takeDraft(r); ok {
		form = planTyped(page.ReadPlanForm(draft), l)
	}
	return s.showPlan(w, r, who, http.StatusOK, form)
}

// planTyped is what was typed about a contract.
func planTyped(form page.PlanForm, l desk.PartnerPlan) page.PlanForm {
	form.ID, form.HasID = l.ID, l.HasID
	return form
}

func (s *Server) savePlan(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "plan"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ReadPlanForm(r.PostForm)
	err = s.app.SavePartnerPlan(r.Context(), who, id, form.Revision, form.PlanSettings, r.PostForm.Get(contractField), r.PostForm.Has("forget"))
	wrong, invalid := problems(err)
	if err == nil {
		return s.seeOther(w, r, who, "/settings/plans", "plans.saved")
	}
	if !invalid && !errors.Is(err, desk.ErrConflict) {
		return err
	}
	now, err := s.app.PartnerPlan(r.Context(), who, id)
	if err != nil {
		return err
	}
	form = planTyped(form, now)
	form.Problems = wrong
	if invalid {
		return s.showPlan(w, r, who, http.StatusUnprocessableEntity, form)
	}
	form.Revision, form.Theirs = now.Revision, &now
	return s.showPlan(w, r, who, http.StatusConflict, form)
}
