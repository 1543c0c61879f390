package page

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// WebhooksPage is where other systems hear of what happens, and the form of a new
// webhook.
type WebhooksPage struct {
	List     []desk.Webhook
	Form     desk.WebhookForm
	Problems desk.Problems
}

// WebhookPage is one webhook: how it stands, its form, and what was sent to it.
type WebhookPage struct {
	Webhook  desk.Webhook
	Form     desk.WebhookForm
	Problems desk.Problems
	Secret   string // what was just made, shown this once
	State    desk.WebhookDeliveryState
	List     []desk.WebhookDelivery
	Next     desk.Cursor
	Now      time.Time
}

// WebhookDeliveryPage is one message to a webhook, with its tries.
type WebhookDeliveryPage struct {
	Webhook  desk.Webhook
	Delivery desk.WebhookDelivery
	Tries    []desk.WebhookAttempt
	Now      time.Time
}

func webhookHref(f Frame, id desk.ID, path string) string {
	return f.Href("/settings/webhooks/" + id.String() + path)
}

func webhookEvents(ctx context.Context) []ui.OptionGroup {
	var options []ui.Option
	for _, e := range desk.WebhookEvents() {
		options = append(options, ui.Option{Value: string(e), Text: upperFirst(webhookEvent(ctx, string(e)))})
	}
	return []ui.OptionGroup{{Options: options}}
}

func webhookEvent(ctx context.Context, event string) string {
	return i18n.T(ctx, "webhooks.event."+strings.ReplaceAll(event, ".", "_"))
}

// hears lists what a webhook is told of, as a sentence would.
func hears(ctx context.Context, w desk.Webhook) string {
	if len(w.Events) == len(desk.WebhookEvents()) {
		return i18n.T(ctx, "webhooks.everything")
	}
	words := make([]string, len(w.Events))
	for i, e := range w.Events {
		words[i] = webhookEvent(ctx, e)
	}
	return strings.Join(words, ", ")
}

// webhookLook is how a webhook stands: tone, icon and text.
func webhookLook(ctx context.Context, w desk.Webhook) (tone, icon, text string) {
	state := "on"
	switch {
	case !w.Active && w.OffReason != "":
		tone, icon, state = "bad", "alert", w.OffReason
	case !w.Active:
		tone, icon, state = "", "pause", "off"
	case w.FailingSince != nil:
		return "warn", "alert", i18n.T(ctx, "webhooks.state.since", "When", i18n.From(ctx).When(*w.FailingSince))
	default:
		tone, icon = "ok", "ok"
	}
	return tone, icon, i18n.T(ctx, "webhooks.state."+state)
}

// deliveryLook is how far a message got.
func webhookDeliveryLook(ctx context.Context, d desk.WebhookDelivery, now time.Time) (tone, icon, text string) {
	p := i18n.From(ctx)
	switch {
	case d.State == desk.WebhookDelivered:
		return "ok", "ok", p.T("webhooks.delivery.delivered")
	case d.State == desk.WebhookFailed:
		return "bad", "alert", p.T("webhooks.delivery.failed")
	case d.Tries > 0 && d.DueAt.After(now):
		return "warn", "clock", p.T("webhooks.delivery.again", "When", p.When(d.DueAt))
	}
	return "info", "clock", p.T("webhooks.delivery.waiting")
}

// webhookAnswer says what came of a try.
func webhookAnswer(ctx context.Context, status int, trouble string) string {
	switch {
	case status != 0:
		return "HTTP " + strconv.Itoa(status)
	case trouble != "":
		return i18n.T(ctx, "webhooks.trouble."+trouble)
	}
	return i18n.T(ctx, "webhooks.untried")
}

func webhookTook(ctx context.Context, ms int) string {
	return i18n.From(ctx).Number(ms) + "\u202fms"
}

// tabs lead from one state of what was sent to another.
func (o WebhookPage) tabs(ctx context.Context, f Frame) []ui.NavItem {
	var out []ui.NavItem
	for _, s := range []desk.WebhookDeliveryState{"", desk.WebhookWaiting, desk.WebhookDelivered, desk.WebhookFailed} {
		item := ui.NavItem{Text: i18n.T(ctx, "webhooks.all"), Href: webhookHref(f, o.Webhook.ID, ""), Current: s == o.State}
		if s != "" {
			item.Text = i18n.T(ctx, "webhooks.tab."+string(s))
			item.Href += "?state=" + string(s)
		}
		out = append(out, item)
	}
	return out
}

func (o WebhookPage) more(f Frame) string {
	q := url.Values{"after": {o.Next.String()}}
	if o.State != "" {
		q.Set("state", string(o.State))
	}
	return webhookHref(f, o.Webhook.ID, "?"+q.Encode())
}

// laidOut is a message's body as a person reads it. What is signed is one line.
func laidOut(body string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(body), "", "  ") != nil {
		return body
	}
	return out.String()
}
