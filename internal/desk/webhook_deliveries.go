package desk

import (
	"slices"
	"time"
)

// WebhookDeliveryState says how far a message to a webhook got.
type WebhookDeliveryState string

// The way of a message to a webhook.
const (
	WebhookWaiting   WebhookDeliveryState = "waiting"
	WebhookDelivered WebhookDeliveryState = "delivered"
	WebhookFailed    WebhookDeliveryState = "failed" // given up; a person can send it again
)

// WebhookDelivery is one message to one webhook.
type WebhookDelivery struct {
	ID        ID // the header webhook-id
	WebhookID ID
	Event     WebhookEvent
	Body      string // JSON, as it is signed
	State     WebhookDeliveryState
	Tries     int // since it was last begun
	DueAt     time.Time
	CreatedAt time.Time
	EndedAt   *time.Time
	Status    int // of the last try: HTTP, 0 when no answer came or none was made yet
	Trouble   string
	TookMs    int
	TriedAt   *time.Time
}

// WebhookAttempt is one try of sending a message.
type WebhookAttempt struct {
	ID         ID
	DeliveryID ID
	Status     int    // HTTP; 0: no answer came
	Trouble    string // why none came: a WebhookTrouble
	TookMs     int
	Answer     string // the first kilobyte
	CreatedAt  time.Time
}

// WebhookTrouble is why no answer came.
type WebhookTrouble string

// Why no answer came.
const (
	WebhookTimeout  WebhookTrouble = "timeout"
	WebhookUnnamed  WebhookTrouble = "unnamed"  // the name leads nowhere
	WebhookPrivate  WebhookTrouble = "private"  // it leads to a network that is nobody's to ask
	WebhookInsecure WebhookTrouble = "insecure" // its certificate is not valid
	WebhookUnheard  WebhookTrouble = "unheard"  // nobody answers there, or not as HTTP
	WebhookUnsealed WebhookTrouble = "unsealed" // its secret opens by no key of ours
)

// webhookRetries are the pauses after each try that failed: three days in all
// (Standard Webhooks, "Deliverability and reliability").
var webhookRetries = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// WebhookPause is how long to wait after so many tries that failed; false when it is
// given up.
func WebhookPause(tries int) (time.Duration, bool) {
	if tries < 1 || tries > len(webhookRetries) {
		return 0, false
	}
	return webhookRetries[tries-1], true
}

const (
	// WebhookPatience is how long nothing may go through before a webhook is switched off.
	WebhookPatience = 5 * 24 * time.Hour
	// WebhookLogLife is how long what was sent can be looked at.
	WebhookLogLife = 30 * 24 * time.Hour
	longestRest    = 5 * time.Minute
	longestAsked   = 24 * time.Hour
)

// Heard judges the answers to what was sent, of which one may have failed. asked is
// for how long the receiver wants to be left alone, 0 when it does not say. It tells
// whether the webhook was switched off by it.
func (w *Webhook) Heard(a WebhookAttempt, asked time.Duration, now time.Time) (off bool) {
	if a.OK() {
		w.FailingSince, w.Failures, w.RestUntil = nil, 0, nil
		return false
	}
	w.Failures++
	if w.FailingSince == nil {
		w.FailingSince = &now
	}
	// An answer that refuses one message says nothing of the next; silence does.
	if a.Silent() || asked > 0 {
		rest := min(5*time.Second<<min(w.Failures-1, 10), longestRest)
		until := now.Add(max(rest, min(asked, longestAsked)))
		w.RestUntil = &until
	}
	switch {
	case a.Status == 410:
		w.Active, w.OffReason = false, WebhookGone
	case now.Sub(*w.FailingSince) >= WebhookPatience:
		w.Active, w.OffReason = false, WebhookFailing
	}
	return !w.Active
}

// OK tells a try that went through.
func (a WebhookAttempt) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Silent tells a try that the receiver took nothing of, or no more for now.
func (a WebhookAttempt) Silent() bool {
	return a.Status == 0 || a.Status == 429 || a.Status == 502 || a.Status == 503 || a.Status == 504
}

// Tried writes how a try went into its delivery. asked is how long the receiver wants
// to be left alone, jitter a share of the pause by which it is made longer.
func (d *WebhookDelivery) Tried(a WebhookAttempt, asked time.Duration, jitter float64, now time.Time) {
	d.Tries++
	if a.OK() {
		d.State, d.EndedAt = WebhookDelivered, &now
		return
	}
	pause, again := WebhookPause(d.Tries)
	if !again || a.Status == 410 {
		d.State, d.EndedAt = WebhookFailed, &now
		return
	}
	d.State = WebhookWaiting
	d.DueAt = now.Add(max(pause+time.Duration(jitter*float64(pause)), min(asked, longestAsked)))
}

// Happen adds what happened to what an act did already: of one subject the changes are
// one, and a ticket that was opened just now has not changed.
func Happen(list []Happening, h Happening) []Happening {
	for i, was := range list {
		if h.Event == TicketUpdated && was.Event == TicketCreated && same(was.Ticket, h.Ticket) {
			return list
		}
		if was.Event == h.Event && len(h.Kinds) > 0 && same(was.Ticket, h.Ticket) && same(was.Incident, h.Incident) && same(was.Escalation, h.Escalation) {
			if !slices.Contains(was.Kinds, h.Kinds[0]) {
				list[i].Kinds = append(was.Kinds, h.Kinds...)
			}
			return list
		}
	}
	return append(list, h)
}

func same(a, b *ID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
