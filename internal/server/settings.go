package server

import (
	"net/http"
	"net/url"

	"guichet/internal/desk"
	"guichet/web/page"
)

// settings leads to the first settings page that the reader may open.
func (s *Server) settings(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ReadCustomers); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/customers", "")
}

func (s *Server) deskSettings(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	form := page.DeskFormOf(who.Desk)
	if draft, ok := s.takeDraft(r); ok {
		form.DeskSettings = deskForm(draft)
	}
	return s.render(w, r, http.StatusOK, page.EditDesk(s.frame(r, who, "desk"), form))
}

func (s *Server) saveDesk(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.DeskForm{DeskSettings: deskForm(r.PostForm)}
	err := s.app.SaveDesk(r.Context(), who, form.DeskSettings, r.PostForm.Get(secretField))
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.EditDesk(s.frame(r, who, "desk"), form))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/desk", "desk.saved")
}

// secretField is a field that is never kept nor shown again, as a connector’s refresh
// token is.
const secretField = "client_secret"

// deskForm reads the desk's settings. A colour field always sends a colour, so
// the house's own stands for "none".
func deskForm(v url.Values) desk.DeskSettings {
	d := desk.DeskSettings{Name: v.Get("name"), Language: v.Get("language"), Zone: v.Get("zone"), Accent: v.Get("accent"), Email: v.Get("email"),
		Phone: v.Get("phone"), Website: v.Get("website"), Address: v.Get("address"), EmailSignIn: v.Has("email_sign_in"), ApproveOrders: v.Has("approve_orders"), Issuer: v.Get("issuer"),
		ClientID: v.Get("client_id")}
	if v.Has("house_accent") || d.Accent == page.HouseAccent {
		d.Accent = ""
	}
	return d
}
