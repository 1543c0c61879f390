package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// showCustomer answers with a customer's page; dress adds what a form brought
// back.
func (s *Server) showCustomer(w http.ResponseWriter, r *http.Request, who desk.Actor, id desk.ID, status int, dress func(*page.CustomerForm, *page.Agreements)) error {
	c, people, err := s.app.Customer(r.Context(), who, id)
	if err != nil {
		return err
	}
	list, o, err := s.app.Agreements(r.Context(), who, id)
	if err != nil {
		return err
	}
	form := page.CustomerFormOf(c)
	agreed := page.Agreements{List: list, Offer: o.Content, Today: desk.DayOf(s.app.Now(), who.Desk.Location())}
	dress(&form, &agreed)
	typed := form.Blocks
	if form.Health, err = s.app.ConnectionOf(r.Context(), who, id); err != nil {
		return err
	}
	if form.Access, err = s.app.CustomersAccess(r.Context(), who, id); err != nil {
		return err
	}
	if form.Handed, err = s.app.CustomersEscalations(r.Context(), who, c.ID); err != nil {
		return err
	}
	if form.Routes, err = s.app.UsualRoutes(r.Context(), who, c); err != nil {
		return err
	}
	if form.Blocks, err = s.blockPanel(r, who, id); err != nil {
		return err
	}
	form.Blocks.Form, form.Blocks.Problems, form.Blocks.Block = typed.Form, typed.Problems, typed.Block
	return s.render(w, r, status, page.Customer(s.frame(r, who, "customers"), c, people, agreed, form))
}

func (s *Server) addAgreement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.agree(w, r, who, desk.Nobody, func(customer desk.ID, typed desk.AgreementSettings) error {
		return s.app.AddAgreement(r.Context(), who, customer, typed)
	}, "flash.agreement_added")
}

func (s *Server) saveAgreement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "agreement"))
	if err != nil {
		return err
	}
	return s.agree(w, r, who, id, func(customer desk.ID, typed desk.AgreementSettings) error {
		return s.app.SaveAgreement(r.Context(), who, customer, id, typed)
	}, "flash.agreement_saved")
}

func (s *Server) removeAgreement(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "agreement"))
	if err != nil {
		return err
	}
	return s.agree(w, r, who, id, func(customer desk.ID, _ desk.AgreementSettings) error {
		return s.app.RemoveAgreement(r.Context(), who, customer, id)
	}, "flash.agreement_removed")
}

// agree does what a form of an agreement asks for, and shows what is wrong at its
// fields.
func (s *Server) agree(w http.ResponseWriter, r *http.Request, who desk.Actor, id desk.ID, act func(desk.ID, desk.AgreementSettings) error, flash string) error {
	customer, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	typed := page.ReadAgreement(r.PostForm)
	if r.PostForm.Get("do") == "end" {
		typed.Ends = string(desk.DayOf(s.app.Now(), who.Desk.Location()))
	}
	err = act(customer, typed)
	if wrong, ok := problems(err); ok {
		return s.showCustomer(w, r, who, customer, http.StatusUnprocessableEntity, func(_ *page.CustomerForm, a *page.Agreements) {
			a.Typed = &page.AgreementForm{AgreementSettings: typed, ID: id, Problems: wrong}
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/customers/"+customer.String(), flash)
}
