package desk

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WebhookEvent is a kind of thing that a webhook can be told of.
type WebhookEvent string

// What webhooks can be told of. Of a ticket that was opened in the same act nothing
// else is told than that, what was written, and what was decided.
const (
	TicketCreated     WebhookEvent = "ticket.created"
	TicketUpdated     WebhookEvent = "ticket.updated"
	MessageCreated    WebhookEvent = "message.created"
	NoteCreated       WebhookEvent = "note.created"
	FindingCreated    WebhookEvent = "finding.created"
	DecisionMade      WebhookEvent = "decision.made"
	EscalationCreated WebhookEvent = "escalation.created"
	EscalationUpdated WebhookEvent = "escalation.updated"
	IncidentProposes  WebhookEvent = "incident.proposed"
	IncidentOpened    WebhookEvent = "incident.opened"
	IncidentUpdated   WebhookEvent = "incident.updated"

	WebhookTested WebhookEvent = "webhook.test" // asked for by a person, to any webhook
)

// WebhookEvents lists them as a form offers them.
func WebhookEvents() []WebhookEvent {
	return []WebhookEvent{TicketCreated, TicketUpdated, MessageCreated, NoteCreated, FindingCreated, DecisionMade,
		EscalationCreated, EscalationUpdated, IncidentProposes, IncidentOpened, IncidentUpdated}
}

// Happening is one thing that an act did, as it is told to webhooks. Of its ids those
// count that its event is about.
type Happening struct {
	Event      WebhookEvent `json:"event"`
	Kinds      []string     `json:"kinds,omitempty"` // of lines on the time line
	Ticket     *ID          `json:"ticket,omitempty"`
	Message    *ID          `json:"message,omitempty"`
	Finding    *ID          `json:"finding,omitempty"`
	Incident   *ID          `json:"incident,omitempty"`
	Escalation *ID          `json:"escalation,omitempty"`
}

// Webhook is where another system wants to hear of what happens.
type Webhook struct {
	ID           ID
	URL          string
	Events       []string
	Texts        bool // whether subjects and what people wrote go along
	Secret       []byte
	OldSecret    []byte     // the one before
	OldUntil     *time.Time // until when it signs too
	Active       bool
	OffReason    string // why it was switched off by itself: WebhookGone, WebhookFailing or ""
	FailingSince *time.Time
	Failures     int        // in a row
	RestUntil    *time.Time // its receiver is left alone until then
	MakerName    string
	CreatedAt    time.Time
	ChangedAt    time.Time
}

// Why a webhook was switched off by itself.
const (
	WebhookGone    = "gone"    // its receiver answered 410
	WebhookFailing = "failing" // nothing went through for WebhookPatience
)

// Host is where a webhook's address leads to.
func (w Webhook) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return w.URL
	}
	return u.Host
}

// Hears tells whether a webhook is told of something.
func (w Webhook) Hears(e WebhookEvent) bool { return slices.Contains(w.Events, string(e)) }

// WebhookForm is what an admin says of a webhook.
type WebhookForm struct {
	URL    string
	Events []string
	Texts  bool
	Active bool
	Key    ID // one per form shown: it becomes the webhook's id
}

const (
	maxWebhookURL = 500
	// MostWebhooks is how many a desk can have.
	MostWebhooks = 20
)

// Apply checks a form and writes it into a webhook. private allows this machine's
// own addresses and plain http to them, as the demo needs. Errors: Invalid, by field.
func (w *Webhook) Apply(f WebhookForm, private bool, now time.Time) error {
	var p Problems
	w.URL = strings.TrimSpace(f.URL)
	if key := webhookURLTrouble(w.URL, private); key != "" {
		p.Add("url", key)
	}
	w.Events = nil
	for _, e := range WebhookEvents() {
		if slices.Contains(f.Events, string(e)) {
			w.Events = append(w.Events, string(e))
		}
	}
	if len(w.Events) == 0 || len(w.Events) != len(slices.Compact(slices.Sorted(slices.Values(f.Events)))) {
		p.Add("events", "error.webhook.events")
	}
	if f.Active && !w.Active { // switched on again it begins anew
		w.OffReason, w.FailingSince, w.Failures, w.RestUntil = "", nil, 0, nil
	}
	w.Texts, w.Active, w.ChangedAt = f.Texts, f.Active, now
	return p.Err()
}

// webhookURLTrouble is the message key of why nothing can be sent there, "" when it
// can. What the name leads to is judged when it is connected to, each time.
func webhookURLTrouble(text string, private bool) string {
	u, err := url.Parse(text)
	switch {
	case text == "" || err != nil || u.Hostname() == "" || u.Opaque != "" || len(text) > maxWebhookURL || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }):
		return "error.webhook.url"
	case u.User != nil:
		return "error.webhook.userinfo"
	case u.Fragment != "" || strings.Contains(text, "#"):
		return "error.webhook.fragment"
	}
	ip, err := netip.ParseAddr(u.Hostname())
	local := err == nil && ip.IsLoopback()
	if private && local && (u.Scheme == "http" || u.Scheme == "https") {
		return ""
	}
	if u.Scheme != "https" {
		return "error.webhook.https"
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n != 443 && n <= 1024 || n > 65535 {
			return "error.webhook.port"
		}
	}
	if err == nil && !IsPublic(ip) || strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), "localhost") {
		return "error.webhook.private"
	}
	return ""
}

const webhookSecretPrefix = "whsec_"

// WebhookSecret writes 256 random bits as receivers take them (Standard Webhooks,
// "Signature scheme").
func WebhookSecret(random [32]byte) string {
	return webhookSecretPrefix + base64.StdEncoding.EncodeToString(random[:])
}

// WebhookSecretBytes reads one; false for a text that is none.
func WebhookSecretBytes(text string) ([]byte, bool) {
	coded, ok := strings.CutPrefix(text, webhookSecretPrefix)
	raw, err := base64.StdEncoding.DecodeString(coded)
	return raw, ok && err == nil && len(raw) > 0
}

// OldSecretLife is how long the secret before signs too.
const OldSecretLife = 24 * time.Hour
