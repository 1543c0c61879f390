package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) webhookRoutes(r chi.Router) {
	r.Get("/{desk}/settings/webhooks", s.signedIn(s.webhooks))
	r.Post("/{desk}/settings/webhooks", s.signedIn(s.addWebhook))
	r.Get("/{desk}/settings/webhooks/{webhook}", s.signedIn(s.webhook))
	r.Post("/{desk}/settings/webhooks/{webhook}", s.signedIn(s.saveWebhook))
	r.Post("/{desk}/settings/webhooks/{webhook}/secret", s.signedIn(s.rotateWebhook))
	r.Post("/{desk}/settings/webhooks/{webhook}/test", s.signedIn(s.testWebhook))
	r.Post("/{desk}/settings/webhooks/{webhook}/removal", s.signedIn(s.removeWebhook))
	r.Get("/{desk}/settings/webhooks/{webhook}/deliveries/{delivery}", s.signedIn(s.webhookDelivery))
	r.Post("/{desk}/settings/webhooks/{webhook}/deliveries/{delivery}/tries", s.signedIn(s.sendWebhookAgain))
}

// webhookLines is how many messages a page of a webhook's log has.
const webhookLines = 50

func webhookForm(v url.Values, active bool) desk.WebhookForm {
	return desk.WebhookForm{URL: v.Get("url"), Events: v["events"], Texts: v.Get("texts") == "on", Active: active}
}

// firstEvents are what a new form has ticked: what a copy of the desk's tickets needs.
var firstEvents = []string{string(desk.TicketCreated), string(desk.TicketUpdated), string(desk.MessageCreated)}

func (s *Server) webhooks(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	form := desk.WebhookForm{Events: firstEvents}
	if draft, ok := s.takeDraft(r); ok {
		form = webhookForm(draft, true)
	}
	return s.drawWebhooks(w, r, who, http.StatusOK, page.WebhooksPage{Form: form})
}

func (s *Server) drawWebhooks(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, o page.WebhooksPage) (err error) {
	if o.List, err = s.app.Webhooks(r.Context(), who); err != nil {
		return err
	}
	if o.Form.Key == desk.Nobody {
		o.Form.Key = desk.NewID()
	}
	return s.render(w, r, status, page.Webhooks(s.frame(r, who, "webhooks"), o))
}

// addWebhook answers with the secret itself: what is shown once is kept readable
// nowhere, not even until the next page.
func (s *Server) addWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := webhookForm(r.PostForm, true)
	form.Key = formKey(r)
	id, secret, err := s.app.AddWebhook(r.Context(), who, form)
	wrong, ok := problems(err)
	switch {
	case ok:
		return s.drawWebhooks(w, r, who, http.StatusUnprocessableEntity, page.WebhooksPage{Form: form, Problems: wrong})
	case errors.Is(err, desk.ErrConflict):
		o := page.WebhooksPage{Form: desk.WebhookForm{Events: firstEvents}}
		o.Problems.Add("", "webhooks.twice")
		return s.drawWebhooks(w, r, who, http.StatusConflict, o)
	case err != nil:
		return err
	}
	return s.drawWebhook(w, r, who, id, http.StatusCreated, func(o *page.WebhookPage) { o.Secret = secret })
}

func pathID(r *http.Request, name string) (desk.ID, error) {
	return desk.ParseID(chi.URLParam(r, name))
}

func (s *Server) webhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err != nil {
		return err
	}
	return s.drawWebhook(w, r, who, id, http.StatusOK, func(o *page.WebhookPage) {
		if draft, ok := s.takeDraft(r); ok {
			o.Form = webhookForm(draft, draft.Get("active") == "on")
		}
	})
}

func (s *Server) drawWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor, id desk.ID, status int, fill func(*page.WebhookPage)) (err error) {
	o := page.WebhookPage{State: webhookState(r.URL.Query().Get("state")), Now: s.app.Now()}
	if o.Webhook, err = s.app.Webhook(r.Context(), who, id); err != nil {
		return err
	}
	if o.List, o.Next, err = s.app.WebhookDeliveries(r.Context(), who, id, o.State, desk.ParseCursor(r.URL.Query().Get("after")), webhookLines); err != nil {
		return err
	}
	o.Form = desk.WebhookForm{URL: o.Webhook.URL, Events: o.Webhook.Events, Texts: o.Webhook.Texts, Active: o.Webhook.Active}
	fill(&o)
	return s.render(w, r, status, page.Webhook(s.frame(r, who, "webhooks"), o))
}

// webhookState reads which part of the log is asked for; all of it where that is none.
func webhookState(text string) desk.WebhookDeliveryState {
	switch state := desk.WebhookDeliveryState(text); state {
	case desk.WebhookWaiting, desk.WebhookDelivered, desk.WebhookFailed:
		return state
	}
	return ""
}

func (s *Server) saveWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err == nil {
		err = readForm(r)
	}
	if err != nil {
		return err
	}
	form := webhookForm(r.PostForm, r.PostForm.Get("active") == "on")
	err = s.app.ChangeWebhook(r.Context(), who, id, func(desk.Webhook) (desk.WebhookForm, error) { return form, nil })
	if wrong, ok := problems(err); ok {
		return s.drawWebhook(w, r, who, id, http.StatusUnprocessableEntity, func(o *page.WebhookPage) { o.Form, o.Problems = form, wrong })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/webhooks/"+id.String(), "webhooks.saved")
}

// rotateWebhook answers with the new secret itself, as addWebhook does.
func (s *Server) rotateWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err != nil {
		return err
	}
	secret, err := s.app.RotateWebhook(r.Context(), who, id)
	if err != nil {
		return err
	}
	return s.drawWebhook(w, r, who, id, http.StatusCreated, func(o *page.WebhookPage) { o.Secret = secret })
}

func (s *Server) testWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err != nil {
		return err
	}
	delivery, err := s.app.TestWebhook(r.Context(), who, id)
	return s.webhookSent(w, r, who, id, delivery, err)
}

// webhookSent leads to what was ordered to be sent, or says why it was not.
func (s *Server) webhookSent(w http.ResponseWriter, r *http.Request, who desk.Actor, id, delivery desk.ID, err error) error {
	to := "/settings/webhooks/" + id.String()
	if errors.Is(err, desk.ErrConflict) {
		return s.seeOther(w, r, who, to, "webhooks.is_off")
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, to+"/deliveries/"+delivery.String(), "webhooks.ordered")
}

func (s *Server) removeWebhook(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err == nil {
		err = readForm(r)
	}
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") != "on" {
		return s.drawWebhook(w, r, who, id, http.StatusUnprocessableEntity, func(o *page.WebhookPage) { o.Problems.Add("sure", "webhooks.unsure") })
	}
	if err := s.app.RemoveWebhook(r.Context(), who, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/webhooks", "webhooks.removed")
}

func (s *Server) webhookDelivery(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err != nil {
		return err
	}
	delivery, err := pathID(r, "delivery")
	if err != nil {
		return err
	}
	o := page.WebhookDeliveryPage{Now: s.app.Now()}
	if o.Webhook, err = s.app.Webhook(r.Context(), who, id); err != nil {
		return err
	}
	if o.Delivery, o.Tries, err = s.app.WebhookDelivery(r.Context(), who, id, delivery); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.WebhookDelivery(s.frame(r, who, "webhooks"), o))
}

func (s *Server) sendWebhookAgain(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := pathID(r, "webhook")
	if err != nil {
		return err
	}
	delivery, err := pathID(r, "delivery")
	if err != nil {
		return err
	}
	return s.webhookSent(w, r, who, id, delivery, s.app.SendAgain(r.Context(), who, id, delivery))
}
