package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) connections(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	h, err := s.app.HealthSettings(r.Context(), who, sought(r, "after"), r.URL.Query().Has("lost"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Connections(s.frameElsewhere(r, who, "connections"), h))
}

func (s *Server) switchFeed(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	do := r.PostFormValue("do")
	if do != "on" && do != "off" {
		return desk.NewInvalid("do", "error.choose")
	}
	if err := s.app.SwitchPublicFeed(r.Context(), who, do == "on"); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/health", "connections.feed_saved")
}

// connection shows a customer's connection, with the consent link that this
// session asked for.
func (s *Server) connection(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawConnection(w, r, who, http.StatusOK, func(o *page.OneConnection) {
		if s.sessions.GetString(r.Context(), "consent_of") == o.Customer.ID.String() {
			o.Link = s.sessions.PopString(r.Context(), "consent_link")
		}
		if draft, ok := s.takeDraft(r); ok {
			o.Subscription = desk.SubscriptionForm{Subscription: draft.Get("subscription"), Name: draft.Get("subscription_name")}
		}
	})
}

func (s *Server) drawConnection(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.OneConnection)) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	h, err := s.app.CustomersHealth(r.Context(), who, id)
	if err != nil {
		return err
	}
	o := page.OneConnection{CustomersHealth: h}
	fill(&o)
	return s.render(w, r, status, page.Connection(s.frame(r, who, "connections"), o))
}

// askConsent makes the link and shows it once, to who asked.
func (s *Server) askConsent(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToConnection(w, r, who, func(customer desk.ID) (string, error) {
		link, err := s.app.AskConsent(r.Context(), who, customer)
		if err == nil {
			s.sessions.Put(r.Context(), "consent_of", customer.String())
			s.sessions.Put(r.Context(), "consent_link", link)
			s.sessions.Put(r.Context(), "consent_at", who.Desk.Slug)
		}
		return "", err
	}, nil)
}

func (s *Server) tryConnection(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToConnection(w, r, who, func(customer desk.ID) (string, error) {
		h, err := s.app.TryConnection(r.Context(), who, customer)
		return verified(h), err
	}, nil)
}

// verified is what a page says once a tenant was asked.
func verified(h desk.CustomersHealth) string {
	if h.Connection.State == desk.Connected && h.Connection.Problem == "" {
		return "connections.now_connected"
	}
	return "connections.not_yet"
}

func (s *Server) switchConnectionOff(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToConnection(w, r, who, func(customer desk.ID) (string, error) {
		return "connections.now_off", s.app.SwitchConnectionOff(r.Context(), who, customer)
	}, nil)
}

func (s *Server) watchSubscription(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	var form desk.SubscriptionForm
	return s.doToConnection(w, r, who, func(customer desk.ID) (string, error) {
		form = desk.SubscriptionForm{Subscription: r.PostFormValue("subscription"), Name: r.PostFormValue("subscription_name")}
		return "connections.watched", s.app.WatchSubscription(r.Context(), who, customer, form)
	}, func(o *page.OneConnection) { o.Subscription = form })
}

func (s *Server) leaveSubscription(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToConnection(w, r, who, func(customer desk.ID) (string, error) {
		return "connections.left", s.app.LeaveSubscription(r.Context(), who, customer, chi.URLParam(r, "subscription"))
	}, nil)
}

// doToConnection gives a form to a verb and comes back to the customer's page;
// what was wrong is said there.
func (s *Server) doToConnection(w http.ResponseWriter, r *http.Request, who desk.Actor, verb func(desk.ID) (flash string, err error), fill func(*page.OneConnection)) error {
	id, err := desk.ParseID(chi.URLParam(r, "customer"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	flash, err := verb(id)
	if wrong, ok := problems(err); ok {
		return s.drawConnection(w, r, who, http.StatusUnprocessableEntity, func(o *page.OneConnection) {
			o.Problems = wrong
			if fill != nil {
				fill(o)
			}
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/health/"+id.String(), flash)
}
