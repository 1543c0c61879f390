package desk_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
)

func TestWebhookAddresses(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for url, want := range map[string]string{
		"https://psa.example.com/guichet": "", "https://psa.example.com:8443/x?y=z": "", "https://93.184.216.34/": "",
		"": "error.webhook.url", "psa.example.com": "error.webhook.url", "https://": "error.webhook.url", "https://a b.example/": "error.webhook.url", "mailto:a@b.example": "error.webhook.url",
		"http://psa.example.com/": "error.webhook.https", "ftp://psa.example.com/": "error.webhook.https", "http://127.0.0.1:8080/": "error.webhook.https",
		"https://me:secret@psa.example.com/": "error.webhook.userinfo", "https://psa.example.com/#x": "error.webhook.fragment",
		"https://psa.example.com:22/": "error.webhook.port", "https://psa.example.com:80/": "error.webhook.port",
		"https://127.0.0.1/": "error.webhook.private", "https://[::1]/": "error.webhook.private", "https://169.254.169.254/": "error.webhook.private", "https://localhost/": "error.webhook.private", "https://10.1.2.3:8443/": "error.webhook.private",
	} {
		var w desk.Webhook
		err := w.Apply(desk.WebhookForm{URL: url, Events: []string{"ticket.created"}}, false, now)
		var invalid desk.Invalid
		got := ""
		if errors.As(err, &invalid) {
			got = invalid.Problems[0].Key
		}
		if got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
	var w desk.Webhook
	if err := w.Apply(desk.WebhookForm{URL: "http://127.0.0.1:8080/", Events: []string{"ticket.created"}}, true, now); err != nil {
		t.Error(err)
	}
	for _, events := range [][]string{nil, {"ticket.burnt"}, {"webhook.test"}, {"ticket.created", "x"}} {
		if err := w.Apply(desk.WebhookForm{URL: "https://psa.example", Events: events}, false, now); err == nil {
			t.Errorf("%q is taken", events)
		}
	}
}

// A message is tried for three days, and never sooner than its receiver asks.
func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	began := time.Now()
	now, tries := began, 0
	d := desk.WebhookDelivery{State: desk.WebhookWaiting, DueAt: began}
	for d.State == desk.WebhookWaiting {
		if d.DueAt.After(now) {
			now = d.DueAt
		}
		d.Tried(desk.WebhookAttempt{Status: 500}, 0, 0, now)
		if tries++; tries > 20 {
			t.Fatal("it is tried for ever")
		}
	}
	if lasted := now.Sub(began); d.State != desk.WebhookFailed || lasted < 72*time.Hour || lasted > 80*time.Hour || tries != 10 {
		t.Errorf("%d tries in %v: %s", tries, lasted, d.State)
	}
	d = desk.WebhookDelivery{State: desk.WebhookWaiting}
	d.Tried(desk.WebhookAttempt{Status: 429}, 10*time.Minute, 0, began)
	if d.DueAt.Sub(began) != 10*time.Minute {
		t.Errorf("asked to wait ten minutes: %v", d.DueAt.Sub(began))
	}
	d.Tried(desk.WebhookAttempt{Status: 410}, 0, 0, began)
	if d.State != desk.WebhookFailed {
		t.Errorf("gone: %s", d.State)
	}
}

// A receiver is left alone while it says nothing, and given up after five days, or when
// it says that it is gone.
func TestWebhooksAreSwitchedOff(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := desk.Webhook{Active: true}
	if w.Heard(desk.WebhookAttempt{Status: 500}, 0, now) || w.RestUntil != nil || w.FailingSince == nil {
		t.Errorf("one refusal: %+v", w)
	}
	w.Heard(desk.WebhookAttempt{Trouble: "timeout"}, 0, now)
	if w.RestUntil == nil || w.RestUntil.Sub(now) > time.Minute {
		t.Errorf("silence: %+v", w)
	}
	for range 30 {
		w.Heard(desk.WebhookAttempt{Status: 503}, 0, now)
	}
	if rest := w.RestUntil.Sub(now); rest != 5*time.Minute {
		t.Errorf("long silence: %v", rest)
	}
	if w.Heard(desk.WebhookAttempt{Status: 500}, 0, now.Add(4*24*time.Hour)) {
		t.Error("switched off too soon")
	}
	well := w
	if well.Heard(desk.WebhookAttempt{Status: 204}, 0, now.Add(6*24*time.Hour)); !well.Active || well.FailingSince != nil || well.RestUntil != nil {
		t.Errorf("it is well again: %+v", well)
	}
	if !w.Heard(desk.WebhookAttempt{Status: 500}, 0, now.Add(5*24*time.Hour)) || w.Active || w.OffReason != desk.WebhookFailing {
		t.Errorf("after five days: %+v", w)
	}
	w = desk.Webhook{Active: true}
	if !w.Heard(desk.WebhookAttempt{Status: 410}, 0, now) || w.OffReason != desk.WebhookGone {
		t.Errorf("gone: %+v", w)
	}
	if err := w.Apply(desk.WebhookForm{URL: "https://psa.example", Events: []string{"ticket.created"}, Active: true}, false, now); err != nil || w.OffReason != "" || w.FailingSince != nil {
		t.Errorf("switched on again: %+v (%v)", w, err)
	}
}
