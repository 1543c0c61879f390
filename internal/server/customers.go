package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) customers(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ReadCustomers); err != nil {
		return err
	}
	list := page.CustomerList{Text: sought(r, "q"), After: sought(r, "after")}
	var err error
	list.Rows, list.Next, err = s.app.Customers(r.Context(), who, strings.ToLower(list.Text), list.After)
	if err != nil {
		return err
	}
	if list.Types, err = s.app.TypesToday(r.Context(), who, list.Rows); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Customers(s.frame(r, who, "customers"), list))
}

// sought is a text that an address asks for, as far as a name can match it.
func sought(r *http.Request, name string) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(r.URL.Query().Get(name), "\x00", ""), "")
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200])
	}
	return strings.TrimSpace(text)
}

func (s *Server) newCustomer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageCustomers); err != nil {
		return err
	}
	form := page.CustomerForm{CustomerSettings: desk.CustomerSettings{Relationship: desk.Direct}}
	if draft, ok := s.takeDraft(r); ok {
		form.CustomerSettings = customerForm(draft)
	}
	return s.render(w, r, http.StatusOK, page.NewCustomer(s.frame(r, who, "customers"), form))
}

func (s *Server) addCustomer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.CustomerForm{CustomerSettings: customerForm(r.PostForm)}
	id, err := s.app.AddCustomer(r.Context(), who, form.CustomerSettings)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.NewCustomer(s.frame(r, who, "customers"), form))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/customers/"+id.String(), "customers.added")
}

func (s *Server) customer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ReadCustomers); err != nil { // the verb serves the form of a new ticket too
		return err
	}
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	return s.showCustomer(w, r, who, id, http.StatusOK, func(form *page.CustomerForm, _ *page.Agreements) {
		if draft, ok := s.takeDraft(r); ok {
			if draft.Has("block_name") {
				form.Blocks.Form = blockSettings(draft)
			} else if draft.Has("name") {
				form.CustomerSettings = customerForm(draft)
			}
		}
	})
}

func (s *Server) saveCustomer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	form := page.CustomerForm{CustomerSettings: customerForm(r.PostForm)}
	err = s.app.SaveCustomer(r.Context(), who, id, form.CustomerSettings)
	wrong, ok := problems(err)
	if !ok {
		if err != nil {
			return err
		}
		return s.seeOther(w, r, who, "/settings/customers/"+id.String(), "customers.saved")
	}
	form.Problems = wrong
	return s.showCustomer(w, r, who, id, http.StatusUnprocessableEntity, func(f *page.CustomerForm, _ *page.Agreements) { *f = form })
}

func customerForm(v url.Values) desk.CustomerSettings {
	return desk.CustomerSettings{Name: v.Get("name"), Tenant: v.Get("tenant"), InitialDomain: v.Get("initial_domain"), Domains: v.Get("domains"),
		Region: v.Get("region"), Note: v.Get("note"), Relationship: desk.Relationship(v.Get("relationship")), Priority: v.Has("priority"),
		OpenDoor: v.Has("open_door"), Active: v.Has("active")}
}
