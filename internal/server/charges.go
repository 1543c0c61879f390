package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// charges is the review of what customers owe.
func (s *Server) charges(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showCharges(w, r, who, http.StatusOK, func(*page.ChargeList) {})
}

func (s *Server) showCharges(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.ChargeList)) error {
	f, err := chargeFilter(r.URL.Query())
	if err != nil {
		return err
	}
	l := page.ChargeList{Filter: f}
	if l.Rows, l.Next, err = s.app.Charges(r.Context(), who, f); err != nil {
		return err
	}
	if f.Customer != desk.Nobody {
		c, _, err := s.app.Customer(r.Context(), who, f.Customer)
		if err != nil {
			return err
		}
		l.Customer = c.Name
	}
	fill(&l)
	return s.render(w, r, status, page.Charges(s.frame(r, who, "charges"), l))
}

// chargeFilter reads the review's address; what it never offers is left out.
// Errors: ErrNotFound for a customer that cannot exist.
func chargeFilter(v url.Values) (f desk.ChargeFilter, err error) {
	f = desk.ChargeFilter{State: oneOf(desk.ChargeState(v.Get("state")), desk.ChargeStates), After: desk.ParseChargeCursor(v.Get("after"))}
	if f.State == "" {
		f.State = desk.Proposed
	}
	if m, ok := desk.ParseMonth(v.Get("month")); ok {
		f.Month = m
	}
	if id := v.Get("customer"); id != "" {
		f.Customer, err = desk.ParseID(id)
	}
	return f, err
}

// decidedFlash says what was done to charges.
var decidedFlash = map[string]string{app.Approve: "charges.done_approve", app.Waive: "charges.done_waive", app.Review: "charges.done_review"}

// decideCharges approves, waives or puts back what is chosen, or approves all
// that the page showed.
func (s *Server) decideCharges(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	f, err := chargeFilter(r.URL.Query())
	if err != nil {
		return err
	}
	do, field := r.PostFormValue("do"), "charge"
	if do == "approve_page" {
		do, field = app.Approve, "shown"
	}
	var ids []desk.ID
	chosen := map[desk.ID]bool{}
	for _, text := range r.PostForm[field] {
		id, err := desk.ParseID(text)
		if err != nil {
			return err
		}
		ids, chosen[id] = append(ids, id), true
	}
	_, err = s.app.DecideCharges(r.Context(), who, ids, do, r.PostFormValue("reason"))
	if wrong, invalid := problems(err); invalid {
		return s.showCharges(w, r, who, http.StatusUnprocessableEntity, func(l *page.ChargeList) {
			l.Chosen, l.Reason, l.Problems = chosen, r.PostFormValue("reason"), wrong
		})
	}
	if err != nil {
		return err
	}
	f.After = desk.ChargeCursor{}
	return s.seeOther(w, r, who, page.ChargesPath(f), decidedFlash[do])
}

func (s *Server) charge(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showCharge(w, r, who, http.StatusOK, func(*page.OneCharge) {})
}

func (s *Server) showCharge(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.OneCharge)) error {
	id, err := desk.ParseID(chi.URLParam(r, "charge"))
	if err != nil {
		return err
	}
	o := page.OneCharge{}
	if o.Charge, err = s.app.Charge(r.Context(), who, id); err != nil {
		return err
	}
	if o.Charge.SupportType != "" {
		offer, err := s.app.OfferAt(r.Context(), who, o.Charge.Offer)
		if err != nil {
			return err
		}
		o.Type = offer.Level(o.Charge.SupportType).Type.Name
	}
	fill(&o)
	return s.render(w, r, status, page.Charge(s.frame(r, who, "charges"), o))
}

func (s *Server) decideCharge(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "charge"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	do, reason := r.PostFormValue("do"), r.PostFormValue("reason")
	decided, err := s.app.DecideCharges(r.Context(), who, []desk.ID{id}, do, reason)
	wrong, invalid := problems(err)
	switch {
	case invalid:
		return s.showCharge(w, r, who, http.StatusUnprocessableEntity, func(o *page.OneCharge) {
			o.Waiving, o.Reason, o.Problems = true, reason, wrong
		})
	case err != nil:
		return err
	case decided == 0:
		return desk.ErrConflict
	}
	return s.seeOther(w, r, who, "/charges/"+id.String(), decidedFlash[do])
}

func (s *Server) adjustCharge(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "charge"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	amount, reason := r.PostFormValue("amount"), r.PostFormValue("reason")
	err = s.app.AdjustCharge(r.Context(), who, id, amount, reason)
	if wrong, invalid := problems(err); invalid {
		return s.showCharge(w, r, who, http.StatusUnprocessableEntity, func(o *page.OneCharge) {
			o.Amount, o.Reason, o.Problems = amount, reason, wrong
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/charges/"+id.String(), "charges.done_adjust")
}

// newCharge asks for an amount, and first for whom.
func (s *Server) newCharge(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageCharges); err != nil {
		return err
	}
	x := page.ExtraForm{Extra: desk.Extra{Month: string(desk.MonthOf(s.app.Now(), who.Desk.Location())), Key: desk.NewID()}}
	id := r.URL.Query().Get("customer")
	if draft, ok := s.takeDraft(r); ok {
		x.Extra = extra(draft)
		id = draft.Get("customer")
	}
	if id == "" {
		list := page.CustomerList{Text: sought(r, "q")}
		var err error
		if list.Rows, list.Next, err = s.app.Customers(r.Context(), who, strings.ToLower(list.Text), ""); err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.ChooseAccount(s.frame(r, who, "charges"), list))
	}
	var err error
	if x.Customer, err = desk.ParseID(id); err != nil {
		return err
	}
	return s.drawCharge(w, r, who, http.StatusOK, x)
}

func (s *Server) drawCharge(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, x page.ExtraForm) error {
	c, _, err := s.app.Customer(r.Context(), who, x.Customer)
	if err != nil {
		return err
	}
	o, err := s.app.Offer(r.Context(), who.Desk)
	if err != nil {
		return err
	}
	x.Name, x.Currency = c.Name, o.Content.Currency
	if x.Key == desk.Nobody {
		x.Key = desk.NewID()
	}
	return s.render(w, r, status, page.NewCharge(s.frame(r, who, "charges"), x))
}

func extra(v url.Values) desk.Extra {
	x := desk.Extra{Ticket: v.Get("ticket"), Month: v.Get("month"), Text: v.Get("what"), Amount: v.Get("amount")}
	x.Customer, _ = desk.ParseID(v.Get("customer"))
	x.Key, _ = desk.ParseID(v.Get("key"))
	return x
}

func (s *Server) addCharge(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	x := page.ExtraForm{Extra: extra(r.PostForm)}
	err := s.app.AddCharge(r.Context(), who, x.Extra)
	if wrong, invalid := problems(err); invalid {
		if x.Customer == desk.Nobody {
			return err
		}
		x.Problems = wrong
		return s.drawCharge(w, r, who, http.StatusUnprocessableEntity, x)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, page.ChargesPath(desk.ChargeFilter{State: desk.Proposed, Customer: x.Customer}), "charges.done_add")
}
