package server

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) people(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	people, err := s.app.People(r.Context(), who)
	if err != nil {
		return err
	}
	companies, err := s.app.Subcontractors(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.People(s.frame(r, who, "people"), people, page.CompaniesOf(companies)))
}

func (s *Server) newPerson(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManagePeople); err != nil {
		return err
	}
	settings := desk.PersonSettings{}
	draft, drafted := s.takeDraft(r)
	if drafted {
		settings = personForm(draft)
	}
	c, err := s.company(r, who, r.URL.Query().Get("customer")+draft.Get("customer"))
	if err != nil {
		return err
	}
	settings.CustomerID = c.ID
	if settings.Role == "" {
		settings.Role = leastRole(c.ID)
	}
	if id := r.URL.Query().Get("subcontractor"); id != "" && !drafted {
		settings.SubcontractorID = statedID(id)
		if _, _, err := s.app.Subcontractor(r.Context(), who, settings.SubcontractorID); err != nil {
			return err
		}
	}
	return s.drawInvitation(w, r, who, http.StatusOK, page.PersonForm{PersonSettings: settings, Customer: c})
}

func (s *Server) drawInvitation(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, form page.PersonForm) (err error) {
	if form.Employers, err = s.app.Subcontractors(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, status, page.NewPerson(s.frame(r, who, section(form.CustomerID)), form))
}

func (s *Server) drawPerson(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, p desk.Person, form page.PersonForm) (err error) {
	if form.Employers, err = s.app.Subcontractors(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, status, page.Person(s.frame(r, who, section(form.CustomerID)), p, form))
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	c, err := s.company(r, who, r.PostForm.Get("customer"))
	if err != nil {
		return err
	}
	form := page.PersonForm{PersonSettings: personForm(r.PostForm), Customer: c}
	form.CustomerID = c.ID
	_, err = s.app.Invite(r.Context(), who, form.PersonSettings)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.drawInvitation(w, r, who, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, listOf(c.ID), "people.invited")
}

func (s *Server) person(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "person"))
	if err != nil {
		return err
	}
	p, c, err := s.personOf(r, who, id)
	if err != nil {
		return err
	}
	form := page.PersonFormOf(p, c)
	if draft, ok := s.takeDraft(r); ok {
		form.PersonSettings = personForm(draft)
		form.CustomerID = c.ID
	}
	return s.drawPerson(w, r, who, http.StatusOK, p, form)
}

func (s *Server) savePerson(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "person"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	p, c, err := s.personOf(r, who, id)
	if err != nil {
		return err
	}
	form := page.PersonForm{PersonSettings: personForm(r.PostForm), Customer: c}
	form.CustomerID = c.ID
	err = s.app.SavePerson(r.Context(), who, id, form.PersonSettings)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.drawPerson(w, r, who, http.StatusUnprocessableEntity, p, form)
	}
	if err != nil {
		return err
	}
	if id == who.Person.ID && (form.Role != p.Role || !form.Active) {
		return s.signOut(w, r, who) // the verb ended his sessions; writing to this one would bring it back
	}
	return s.seeOther(w, r, who, listOf(c.ID), "people.saved")
}

// personOf reads a person with his company, zero for the desk's own.
func (s *Server) personOf(r *http.Request, who desk.Actor, id desk.ID) (desk.Person, desk.Customer, error) {
	p, err := s.app.Person(r.Context(), who, id)
	if err != nil || p.CustomerID == desk.Nobody {
		return p, desk.Customer{}, err
	}
	c, _, err := s.app.Customer(r.Context(), who, p.CustomerID)
	return p, c, err
}

// company reads the customer that an id from outside names; "" is the desk.
func (s *Server) company(r *http.Request, who desk.Actor, text string) (desk.Customer, error) {
	if text == "" {
		return desk.Customer{}, nil
	}
	id, err := desk.ParseID(text)
	if err != nil {
		return desk.Customer{}, err
	}
	c, _, err := s.app.Customer(r.Context(), who, id)
	return c, err
}

func personForm(v url.Values) desk.PersonSettings {
	return desk.PersonSettings{Name: v.Get("name"), Email: v.Get("email"), Language: v.Get("language"), Role: desk.Role(v.Get("role")),
		SubcontractorID: statedID(v.Get("subcontractor")), Active: v.Has("active")}
}

// noOne is no id of ours: what a form means by a malformed one does not exist.
var noOne = desk.ID{0: 0xff}

// statedID is an id from a form, Nobody for "".
func statedID(text string) desk.ID {
	if text == "" {
		return desk.Nobody
	}
	id, err := desk.ParseID(text)
	if err != nil || id == desk.Nobody {
		return noOne
	}
	return id
}

// leastRole is what a form offers first: the role that may do the least.
func leastRole(customer desk.ID) desk.Role {
	if customer == desk.Nobody {
		return desk.Agent
	}
	return desk.Contact
}

// section is the part of the settings where people of this customer, or of the
// desk, are found; listOf is its address.
func section(customer desk.ID) string {
	if customer == desk.Nobody {
		return "people"
	}
	return "customers"
}

func listOf(customer desk.ID) string {
	if customer == desk.Nobody {
		return "/settings/people"
	}
	return "/settings/customers/" + customer.String()
}
