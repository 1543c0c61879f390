package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/web/page"
)

// keepTyped takes what somebody is typing, from his page's script; "back" is sent by
// the form that throws it away.
func (s *Server) keepTyped(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	about := r.PostFormValue("about")
	if err := s.app.KeepDraft(r.Context(), who, desk.Draft{About: about, Fields: r.PostFormValue("fields")}); err != nil {
		return err
	}
	if !r.PostForm.Has("back") {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if number, err := strconv.ParseInt(r.PostFormValue("back"), 10, 64); err == nil {
		return s.seeOther(w, r, who, ticketPath(number), "")
	}
	to := "/tickets/new"
	if customer, ok := strings.CutPrefix(about, desk.DraftOfTicket(desk.Nobody)+"-for-"); ok {
		to += "?" + url.Values{"customer": {customer}}.Encode()
	}
	return s.seeOther(w, r, who, to, "")
}

// kept is a draft's form, empty for none.
func kept(d desk.Draft) url.Values {
	v, err := url.ParseQuery(d.Fields)
	if err != nil {
		return url.Values{}
	}
	return v
}

// presence says and shows who of the desk is at a ticket.
func (s *Server) presence(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		if err := readForm(r); err != nil {
			return err
		}
	}
	list, err := s.app.BeAt(r.Context(), who, number, desk.Doing(r.PostFormValue("doing")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Here(page.Frame{Who: who}, number, list))
}
