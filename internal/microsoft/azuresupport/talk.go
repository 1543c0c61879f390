package azuresupport

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
)

const (
	mostMessages = 500 // of one request, since then
	overlap      = 10 * time.Minute
)

// communication is a message as Azure writes it ("CommunicationDetails").
type communication struct {
	Name       string `json:"name"`
	Properties struct {
		Subject   string `json:"subject"`
		Body      string `json:"body"`
		Direction string `json:"communicationDirection"`
		Sender    string `json:"sender"`
		Created   string `json:"createdDate"`
	} `json:"properties"`
}

// Said reads what was said in a request since then, the oldest first, and a
// little before, since clocks disagree; the reader knows what he has by its ID. One
// that cannot be read is left out. Errors: desk.Refusal.
func (c *Client) Said(ctx context.Context, a Access, name string, since time.Time) ([]desk.RemoteMessage, error) {
	q, err := c.named(http.MethodGet, a, "supportTickets", name, "communications")
	if err != nil {
		return nil, err
	}
	if !since.IsZero() {
		q.Params.Set("$filter", "createdDate ge "+since.Add(-overlap).UTC().Format(time.RFC3339))
	}
	var said []desk.RemoteMessage
	err = c.as(a).Each(ctx, q, mostMessages, func(entry json.RawMessage) {
		var m communication
		if json.Unmarshal(entry, &m) != nil {
			return
		}
		if read, ok := m.message(c.config.Now()); ok {
			said = append(said, read)
		}
	})
	slices.SortStableFunc(said, func(x, y desk.RemoteMessage) int { return x.At.Compare(y.At) })
	return said, refused(err)
}

// message reads one. Seen from the one who asks for support, what Microsoft
// writes comes in: a message that was made through the interface is "outbound" in
// all of its samples.
func (m communication) message(now time.Time) (desk.RemoteMessage, bool) {
	at, ok := prose.Time(m.Properties.Created, now, ahead)
	text := prose.Plain(m.Properties.Body)
	if !ok || m.Name == "" || text == "" {
		return desk.RemoteMessage{}, false
	}
	r := desk.RemoteMessage{ID: prose.Line(m.Name, mostTitle), From: "us", Author: prose.Line(m.Properties.Sender, mostTitle),
		Subject: prose.Line(m.Properties.Subject, mostTitle), Text: text, At: at}
	if prose.Word(m.Properties.Direction) == "inbound" {
		r.From = "them"
	}
	return r, true
}

// Say adds a message under a name of ours, once: one that is there already is
// left as it is. Errors: desk.Refusal.
func (c *Client) Say(ctx context.Context, a Access, name, message, subject, text, sender string) error {
	q, err := c.named(http.MethodGet, a, "supportTickets", name, "communications", message)
	if err != nil {
		return err
	}
	if !ourName.MatchString(message) {
		return desk.Refusal{Kind: desk.RefusedRequest, Detail: "no name that Microsoft takes"}
	}
	_, err = c.as(a).Send(ctx, q)
	var r desk.Refusal
	if err == nil || !asRefusal(err, &r) || r.Kind != desk.RefusedGone {
		return refused(err)
	}
	q.Method = http.MethodPut
	properties := map[string]any{"subject": subject, "body": text}
	if sender != "" {
		properties["sender"] = sender
	}
	q.Body = map[string]any{"properties": properties}
	_, err = c.as(a).Send(ctx, q)
	if asRefusal(err, &r) && r.Kind == desk.RefusedChanged {
		return nil // it is there, or is being put there
	}
	return refused(err)
}
