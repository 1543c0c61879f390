package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Webhook is where another system hears of what happens.
type Webhook struct {
	ID           desk.ID    `json:"id" format:"uuid"`
	URL          string     `json:"url" format:"uri"`
	Events       []string   `json:"events"`
	Texts        bool       `json:"texts" doc:"Whether subjects and what people wrote go along."`
	Active       bool       `json:"active"`
	OffReason    string     `json:"off_reason" doc:"Why it was switched off by itself: gone after a 410, failing after five days; empty otherwise."`
	FailingSince *time.Time `json:"failing_since,omitempty"`
	Secret       string     `json:"secret,omitempty" doc:"What its messages are signed with. In the answer that made it alone."`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at" doc:"When its settings changed, or something was tried."`
}

// Delivery is one message to a webhook.
type Delivery struct {
	ID        desk.ID    `json:"id" format:"uuid" doc:"The header webhook-id."`
	Event     string     `json:"event"`
	State     string     `json:"state" enum:"waiting,delivered,failed"`
	Status    int        `json:"status" doc:"The HTTP status of the last try; 0 when no answer came."`
	Trouble   string     `json:"trouble" doc:"Why no answer came: timeout, unnamed, private, insecure, unheard, unsealed."`
	TookMs    int        `json:"took_ms"`
	TriedAt   *time.Time `json:"tried_at,omitempty"`
	DueAt     *time.Time `json:"due_at,omitempty" doc:"When it is tried next."`
	CreatedAt time.Time  `json:"created_at"`
	Body      string     `json:"body,omitempty" doc:"What is sent, as it is signed. Not in lists."`
	Tries     []Try      `json:"tries,omitempty" doc:"The newest first. Not in lists."`
}

// Try is one try of sending a message.
type Try struct {
	At      time.Time `json:"at"`
	Status  int       `json:"status"`
	Trouble string    `json:"trouble"`
	TookMs  int       `json:"took_ms"`
	Answer  string    `json:"answer" doc:"The first kilobyte of it."`
}

// OneWebhook names a webhook.
type OneWebhook struct {
	ID desk.ID `path:"id" format:"uuid"`
}

// OneDelivery names a message to a webhook.
type OneDelivery struct {
	OneWebhook
	Delivery desk.ID `path:"delivery" format:"uuid"`
}

// WebhookAnswer is one webhook.
type WebhookAnswer struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Webhook
}

// DeliveryAnswer is one message.
type DeliveryAnswer struct {
	Location string `header:"Location"`
	Body     Delivery
}

type newWebhook struct {
	Body struct {
		URL    string   `json:"url" maxLength:"500" doc:"https, of a server on the Internet."`
		Events []string `json:"events" minItems:"1" maxItems:"20" doc:"Such as ticket.created and message.created."`
		Texts  bool     `json:"texts,omitempty"`
	}
}

type webhookChange struct {
	OneWebhook
	IfMatch string `header:"If-Match" doc:"The ETag that you read: the change is refused with 412 when the webhook has changed since."`
	Body    struct {
		URL    *string   `json:"url,omitempty" maxLength:"500"`
		Events *[]string `json:"events,omitempty" minItems:"1" maxItems:"20"`
		Texts  *bool     `json:"texts,omitempty"`
		Active *bool     `json:"active,omitempty"`
	}
}

type deliveryQuery struct {
	OneWebhook
	Paged
	State string `query:"state" enum:"waiting,delivered,failed"`
}

func (d *door) webhookRoutes(h huma.API) {
	const tag = "Webhooks"
	const read, write = desk.ScopeWebhooksRead, desk.ScopeWebhooksWrite
	add(d, h, op(http.MethodGet, "/webhooks", read, tag, "listWebhooks", "Webhooks, the newest first"), d.listWebhooks)
	add(d, h, op(http.MethodPost, "/webhooks", write, tag, "createWebhook", "Have another system told; the answer has its secret"), d.createWebhook)
	add(d, h, op(http.MethodGet, "/webhooks/{id}", read, tag, "readWebhook", "One webhook"), d.readWebhook)
	add(d, h, op(http.MethodPatch, "/webhooks/{id}", write, tag, "changeWebhook", "Change a webhook, or switch it on or off"), d.changeWebhook)
	add(d, h, op(http.MethodDelete, "/webhooks/{id}", write, tag, "deleteWebhook", "Remove a webhook with all that was sent to it"),
		func(ctx context.Context, who desk.Actor, in *OneWebhook) (*struct{}, error) {
			return nil, d.app.RemoveWebhook(ctx, who, in.ID)
		})
	add(d, h, op(http.MethodPost, "/webhooks/{id}/secret", write, tag, "rotateWebhookSecret", "Make another secret; the one before signs too for a day"), d.rotateWebhook)
	add(d, h, op(http.MethodPost, "/webhooks/{id}/test", write, tag, "testWebhook", "Send a message that tells of nothing"), d.testWebhook)
	add(d, h, op(http.MethodGet, "/webhooks/{id}/deliveries", read, tag, "listDeliveries", "What was sent in the last thirty days, the newest first"), d.listDeliveries)
	add(d, h, op(http.MethodGet, "/webhooks/{id}/deliveries/{delivery}", read, tag, "readDelivery", "One message with its tries"), d.readDelivery)
	add(d, h, op(http.MethodPost, "/webhooks/{id}/deliveries/{delivery}/tries", write, tag, "sendDeliveryAgain", "Send a message again, under the same webhook-id"), d.sendAgain)
}

func webhook(w desk.Webhook) Webhook {
	return Webhook{ID: w.ID, URL: w.URL, Events: append([]string{}, w.Events...), Texts: w.Texts, Active: w.Active, OffReason: w.OffReason, FailingSince: utc(w.FailingSince),
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.ChangedAt.UTC()}
}

// webhookTag tells one state of a webhook's settings from another; what was tried
// meanwhile changes none of them.
func webhookTag(w desk.Webhook) string {
	settings := []string{w.URL, strings.Join(w.Events, " "), map[bool]string{true: "texts"}[w.Texts], map[bool]string{true: "on"}[w.Active]}
	return shortHash(strings.Join(settings, "\n"))
}

func (d *door) listWebhooks(ctx context.Context, who desk.Actor, in *Paged) (*Listed[Webhook], error) {
	list, err := d.app.Webhooks(ctx, who)
	if err != nil {
		return nil, err
	}
	return windowed(list, *in, "/webhooks", func(w desk.Webhook) string { return w.ID.String() }, webhook)
}

func (d *door) readWebhook(ctx context.Context, who desk.Actor, in *OneWebhook) (*WebhookAnswer, error) {
	w, err := d.app.Webhook(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &WebhookAnswer{ETag: webhookTag(w), Body: webhook(w)}, nil
}

// withSecret is a webhook with the secret that was just made.
func (d *door) withSecret(ctx context.Context, who desk.Actor, id desk.ID, secret string, err error) (*WebhookAnswer, error) {
	if err != nil {
		return nil, err
	}
	out, err := d.readWebhook(ctx, who, &OneWebhook{id})
	if err == nil {
		out.Location, out.Body.Secret = Path+"/webhooks/"+id.String(), secret
	}
	return out, err
}

func (d *door) createWebhook(ctx context.Context, who desk.Actor, in *newWebhook) (*WebhookAnswer, error) {
	id, secret, err := d.app.AddWebhook(ctx, who, desk.WebhookForm{URL: in.Body.URL, Events: in.Body.Events, Texts: in.Body.Texts, Active: true, Key: keyOf(ctx)})
	return d.withSecret(ctx, who, id, secret, err)
}

func (d *door) rotateWebhook(ctx context.Context, who desk.Actor, in *OneWebhook) (*WebhookAnswer, error) {
	secret, err := d.app.RotateWebhook(ctx, who, in.ID)
	return d.withSecret(ctx, who, in.ID, secret, err)
}

func (d *door) changeWebhook(ctx context.Context, who desk.Actor, in *webhookChange) (*WebhookAnswer, error) {
	err := d.app.ChangeWebhook(ctx, who, in.ID, func(w desk.Webhook) (desk.WebhookForm, error) {
		f := desk.WebhookForm{URL: w.URL, Events: w.Events, Texts: w.Texts, Active: w.Active}
		if in.IfMatch != "" && in.IfMatch != "*" && !strings.HasPrefix(strings.TrimPrefix(strings.TrimSpace(in.IfMatch), `"`), webhookTag(w)+".") {
			return f, app.ErrChanged
		}
		put(&f.URL, in.Body.URL)
		put(&f.Events, in.Body.Events)
		put(&f.Texts, in.Body.Texts)
		put(&f.Active, in.Body.Active)
		return f, nil
	})
	if err != nil {
		return nil, err
	}
	return d.readWebhook(ctx, who, &in.OneWebhook)
}

func delivery(x desk.WebhookDelivery) Delivery {
	out := Delivery{ID: x.ID, Event: string(x.Event), State: string(x.State), Status: x.Status, Trouble: x.Trouble, TookMs: x.TookMs, TriedAt: utc(x.TriedAt), CreatedAt: x.CreatedAt.UTC()}
	if x.State == desk.WebhookWaiting {
		out.DueAt = utc(&x.DueAt)
	}
	return out
}

func (d *door) listDeliveries(ctx context.Context, who desk.Actor, in *deliveryQuery) (*Listed[Delivery], error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	list, next, err := d.app.WebhookDeliveries(ctx, who, in.ID, desk.WebhookDeliveryState(in.State), after, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Delivery, len(list))
	for i, x := range list {
		items[i] = delivery(x)
	}
	query := in.limitQuery()
	if in.State != "" {
		query.Set("state", in.State)
	}
	return listed(items, next.String(), "/webhooks/"+in.ID.String()+"/deliveries", query), nil
}

func (d *door) readDelivery(ctx context.Context, who desk.Actor, in *OneDelivery) (*DeliveryAnswer, error) {
	x, tries, err := d.app.WebhookDelivery(ctx, who, in.ID, in.Delivery)
	if err != nil {
		return nil, err
	}
	out := delivery(x)
	out.Body = x.Body
	for _, a := range tries {
		out.Tries = append(out.Tries, Try{a.CreatedAt.UTC(), a.Status, a.Trouble, a.TookMs, a.Answer})
	}
	return &DeliveryAnswer{Body: out}, nil
}

// ordered answers with a message that is on its way.
func (d *door) ordered(ctx context.Context, who desk.Actor, webhook, id desk.ID, err error) (*DeliveryAnswer, error) {
	if err != nil {
		return nil, err
	}
	out, err := d.readDelivery(ctx, who, &OneDelivery{OneWebhook{webhook}, id})
	if err == nil {
		out.Location = Path + "/webhooks/" + webhook.String() + "/deliveries/" + id.String()
	}
	return out, err
}

func (d *door) testWebhook(ctx context.Context, who desk.Actor, in *OneWebhook) (*DeliveryAnswer, error) {
	id, err := d.app.TestWebhook(ctx, who, in.ID)
	return d.ordered(ctx, who, in.ID, id, err)
}

func (d *door) sendAgain(ctx context.Context, who desk.Actor, in *OneDelivery) (*DeliveryAnswer, error) {
	return d.ordered(ctx, who, in.ID, in.Delivery, d.app.SendAgain(ctx, who, in.ID, in.Delivery))
}
