package server

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) subcontractors(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	list, err := s.app.Subcontractors(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Subcontractors(s.frame(r, who, "subcontractors"), list))
}

func (s *Server) newSubcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	form := page.NewSubcontractorForm(who.Desk)
	if draft, ok := s.takeDraft(r); ok {
		form.SubcontractorSettings = subcontractorForm(draft)
	}
	return s.drawNewSubcontractor(w, r, who, http.StatusOK, form)
}

func (s *Server) drawNewSubcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.SubcontractorForm) (err error) {
	if form.Grantable, err = s.app.Grantable(r.Context(), who, nil); err != nil {
		return err
	}
	return s.render(w, r, status, page.NewSubcontractor(s.frame(r, who, "subcontractors"), form))
}

func (s *Server) addSubcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.SubcontractorForm{SubcontractorSettings: subcontractorForm(r.PostForm)}
	id, err := s.app.AddSubcontractor(r.Context(), who, form.SubcontractorSettings)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.drawNewSubcontractor(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/subcontractors/"+id.String(), "subcontractors.added")
}

func (s *Server) subcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "subcontractor"))
	if err != nil {
		return err
	}
	return s.drawSubcontractor(w, r, who, http.StatusOK, id, func(form *page.SubcontractorForm) {
		if draft, ok := s.takeDraft(r); ok {
			form.SubcontractorSettings = subcontractorForm(draft)
		}
	})
}

func (s *Server) drawSubcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, id desk.ID, fill func(*page.SubcontractorForm)) error {
	c, staff, err := s.app.Subcontractor(r.Context(), who, id)
	if err != nil {
		return err
	}
	form := page.SubcontractorFormOf(c)
	fill(&form)
	if form.Grantable, err = s.app.Grantable(r.Context(), who, c.Customers); err != nil {
		return err
	}
	return s.render(w, r, status, page.Subcontractor(s.frame(r, who, "subcontractors"), c, staff, form))
}

func (s *Server) saveSubcontractor(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "subcontractor"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	typed := subcontractorForm(r.PostForm)
	err = s.app.SaveSubcontractor(r.Context(), who, id, typed)
	if wrong, ok := problems(err); ok {
		return s.drawSubcontractor(w, r, who, http.StatusUnprocessableEntity, id, func(form *page.SubcontractorForm) {
			form.SubcontractorSettings, form.Problems = typed, wrong
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/subcontractors/"+id.String(), "subcontractors.saved")
}

func subcontractorForm(v url.Values) desk.SubcontractorSettings {
	settings := desk.SubcontractorSettings{Name: v.Get("name"), Tenant: v.Get("tenant"), AllCustomers: v.Has("all_customers"), AllServices: v.Has("all_services"),
		Services: v["services"], Always: v.Has("always"), Zone: v.Get("zone"), Week: map[string]string{}, Active: v.Has("active")}
	for _, text := range v["customers"] {
		settings.Customers = append(settings.Customers, statedID(text))
	}
	for _, day := range desk.Weekdays {
		settings.Week[day] = v.Get(day)
	}
	return settings
}
