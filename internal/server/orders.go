package server

import (
	"errors"
	"net/http"
	"net/url"

	"guichet/internal/desk"
	"guichet/web/page"
)

// decideOrder takes a manager's answer to an order of his company. Who comes
// second is told so, on the page that says what the first one answered.
func (s *Server) decideOrder(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	form := page.ApprovalForm{Reason: r.PostFormValue("reason")}
	do := r.PostFormValue("do")
	err = s.app.DecideOrder(r.Context(), who, number, do, form.Reason)
	wrong, invalid := problems(err)
	switch {
	case invalid && do == "refuse":
		form.Problems = wrong
		return s.redrawApproval(w, r, who, number, http.StatusUnprocessableEntity, form)
	case errors.Is(err, desk.ErrConflict):
		return s.redrawApproval(w, r, who, number, http.StatusConflict, page.ApprovalForm{Late: true})
	case err != nil:
		return err
	}
	flash := "order.approved_done"
	if do == "refuse" {
		flash = "order.refused_done"
	}
	return s.seeOther(w, r, who, ticketPath(number), flash)
}

// redrawApproval shows a manager the ticket again, with his answer as typed.
func (s *Server) redrawApproval(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, status int, form page.ApprovalForm) error {
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	t := page.CustomerTicket{Thread: th, Composer: page.Composer{Key: desk.NewID(), Seen: th.LastPublic()}, Approval: form}
	return s.drawCustomerTicket(w, r, who, status, t)
}

// typedOrder is an order as typed, and whether the form was one that asks for
// it: a ticket of that kind may also be written in words alone.
func typedOrder(v url.Values) (form desk.OrderForm, ordering bool) {
	form = desk.OrderForm{Action: v.Get("action"), Product: v.Get("product"), Seats: v.Get("seats"), WishedOn: v.Get("wished_on"),
		Commitment: v.Get("commitment"), Comment: v.Get("body")}
	return form, v.Get("kind") == desk.KindSubscription && (v.Has("action") || v.Has("order"))
}
