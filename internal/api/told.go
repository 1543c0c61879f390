package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/desk"
)

// WebhookMessage is what is sent to a webhook, and how it stood when that happened.
type WebhookMessage struct {
	Type      string    `json:"type" doc:"What happened, such as ticket.created."`
	Timestamp time.Time `json:"timestamp" doc:"When it happened, and not when it is sent."`
	Data      struct {
		Ticket     *ToldTicket     `json:"ticket,omitempty"`
		Message    *ToldMessage    `json:"message,omitempty" doc:"A message, or a note."`
		Finding    *ToldFinding    `json:"finding,omitempty"`
		Decision   *ToldDecision   `json:"decision,omitempty"`
		Incident   *ToldIncident   `json:"incident,omitempty"`
		Escalation *ToldEscalation `json:"escalation,omitempty"`
		Changed    []string        `json:"changed,omitempty" doc:"The lines of the time line that the act wrote: state, priority, assigned and so on."`
	} `json:"data"`
}

// ToldTicket is a ticket as a webhook is told of it.
type ToldTicket struct {
	ID         desk.ID  `json:"id" format:"uuid"`
	Number     int64    `json:"number"`
	Path       string   `json:"path" doc:"Where the rest can be read."`
	State      string   `json:"state"`
	Priority   int      `json:"priority"`
	Impact     string   `json:"impact"`
	Outcome    string   `json:"outcome"`
	Category   string   `json:"category"`
	Service    string   `json:"service"`
	CustomerID desk.ID  `json:"customer_id" format:"uuid"`
	AssigneeID *desk.ID `json:"assignee_id,omitempty" format:"uuid"`
	Subject    string   `json:"subject,omitempty" doc:"With texts."`
}

// ToldMessage is a message or a note as a webhook is told of it.
type ToldMessage struct {
	ID       desk.ID `json:"id" format:"uuid"`
	Side     string  `json:"side" enum:"customer,desk"`
	AuthorID desk.ID `json:"author_id" format:"uuid"`
	Body     string  `json:"body,omitempty" doc:"With texts."`
}

// ToldFinding is a finding as a webhook is told of it.
type ToldFinding struct {
	ID       desk.ID `json:"id" format:"uuid"`
	Kind     string  `json:"kind"`
	Result   string  `json:"result"`
	AuthorID desk.ID `json:"author_id" format:"uuid"`
	Text     string  `json:"text,omitempty" doc:"With texts."`
}

// ToldDecision is a decision as a webhook is told of it.
type ToldDecision struct {
	ID        desk.ID `json:"id" format:"uuid"`
	Outcome   string  `json:"outcome"`
	Category  string  `json:"category"`
	By        string  `json:"by"`
	Confirmed bool    `json:"confirmed"`
}

// ToldIncident is an incident as a webhook is told of it.
type ToldIncident struct {
	Number  int64  `json:"number"`
	Path    string `json:"path"`
	State   string `json:"state"`
	Service string `json:"service"`
	Region  string `json:"region"`
}

// ToldEscalation is an escalation as a webhook is told of it.
type ToldEscalation struct {
	Number     int64   `json:"number"`
	Path       string  `json:"path"`
	State      string  `json:"state"`
	Target     string  `json:"target"`
	Severity   string  `json:"severity"`
	Request    string  `json:"request"`
	CustomerID desk.ID `json:"customer_id" format:"uuid"`
}

// tells describes what webhooks are sent (OpenAPI 3.1, "webhooks").
func tells(h huma.API) {
	o := h.OpenAPI()
	o.Webhooks = map[string]*huma.PathItem{}
	body := o.Components.Schemas.Schema(reflect.TypeFor[WebhookMessage](), true, "WebhookMessage")
	text := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	for _, e := range append(desk.WebhookEvents(), desk.WebhookTested) {
		o.Webhooks[string(e)] = &huma.PathItem{Post: &huma.Operation{Summary: "Sent to the webhooks that hear of " + string(e), Tags: []string{"Webhooks"},
			Parameters: []*huma.Param{text("webhook-id", "The same however often a message is sent."), text("webhook-timestamp", "When it is sent, in seconds since 1970."),
				text("webhook-signature", "v1, and the HMAC-SHA256 of id.timestamp.body in base64; several where the secret was changed, with spaces between.")},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: body}}},
			Responses: map[string]*huma.Response{"2XX": {Description: http.StatusText(http.StatusOK) + ": taken; whatever else is answered, it is sent again."},
				"410": {Description: "Nothing shall be sent here any more."}}}}
	}
}
