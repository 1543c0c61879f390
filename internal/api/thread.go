package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Message is what was said on a ticket: a message, which the customer reads, or a
// note, which he does not.
type Message struct {
	ID        desk.ID   `json:"id" format:"uuid"`
	Author    Ref       `json:"author"`
	Side      string    `json:"side" enum:"customer,desk"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
}

// Finding is a diagnostic step.
type Finding struct {
	ID        desk.ID   `json:"id" format:"uuid"`
	Author    Ref       `json:"author"`
	Kind      string    `json:"kind"`
	Result    string    `json:"result"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
}

type ticketList struct {
	OneTicket
	Paged
}

// MessageAnswer is one message or note.
type MessageAnswer struct {
	Body Message
}

// FindingAnswer is one finding.
type FindingAnswer struct {
	Body Finding
}

type newMessage struct {
	OneTicket
	Body struct {
		Body  string  `json:"body" minLength:"1" maxLength:"20000"`
		State string  `json:"state,omitempty" enum:"open,waiting_customer,waiting_microsoft,waiting_third_party,resolved,closed" doc:"The state that the ticket takes with the reply."`
		Seen  desk.ID `json:"seen,omitempty" format:"uuid" doc:"The newest message that you have read: the reply is refused with 409 when a newer one came."`
	}
}

type newNote struct {
	OneTicket
	Body struct {
		Body string `json:"body" minLength:"1" maxLength:"20000"`
	}
}

type newFinding struct {
	OneTicket
	Body struct {
		Kind   string `json:"kind" enum:"health,reproduced,other_account,other_device,configuration,local_cause,other"`
		Result string `json:"result" enum:"confirmed,ruled_out,info"`
		Text   string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

func (d *door) threadRoutes(h huma.API) {
	const tag = "Messages, notes and findings"
	add(d, h, op(http.MethodGet, "/tickets/{number}/messages", desk.ScopeTicketsRead, tag, "listMessages", "What customer and desk wrote, the oldest first"),
		func(ctx context.Context, who desk.Actor, in *ticketList) (*Listed[Message], error) {
			return d.said(ctx, who, in, false, "/messages")
		})
	add(d, h, op(http.MethodPost, "/tickets/{number}/messages", desk.ScopeTicketsWrite, tag, "createMessage", "Reply to the customer"),
		func(ctx context.Context, who desk.Actor, in *newMessage) (*MessageAnswer, error) {
			return d.write(ctx, who, in.Number, app.Reply{Body: in.Body.Body, Then: desk.State(in.Body.State), Seen: in.Body.Seen, Key: keyOf(ctx)})
		})
	add(d, h, op(http.MethodGet, "/tickets/{number}/notes", desk.ScopeTicketsRead, tag, "listNotes", "What only the desk reads, the oldest first"),
		func(ctx context.Context, who desk.Actor, in *ticketList) (*Listed[Message], error) {
			return d.said(ctx, who, in, true, "/notes")
		})
	add(d, h, op(http.MethodPost, "/tickets/{number}/notes", desk.ScopeTicketsWrite, tag, "createNote", "Write a note, which no customer reads"),
		func(ctx context.Context, who desk.Actor, in *newNote) (*MessageAnswer, error) {
			return d.write(ctx, who, in.Number, app.Reply{Body: in.Body.Body, Internal: true, Key: keyOf(ctx)})
		})
	add(d, h, op(http.MethodGet, "/tickets/{number}/findings", desk.ScopeTicketsRead, tag, "listFindings", "Diagnostic steps, the oldest first"), d.listFindings)
	add(d, h, op(http.MethodPost, "/tickets/{number}/findings", desk.ScopeTicketsWrite, tag, "createFinding", "Record a diagnostic step; the ticket is triaged anew"), d.createFinding)
}

func (d *door) said(ctx context.Context, who desk.Actor, in *ticketList, internal bool, path string) (*Listed[Message], error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(slices.Clone(th.Said), func(m desk.Said) bool { return m.Internal != internal })
	some, next, err := window(all, in.Paged, func(m desk.Said) desk.ID { return m.ID })
	if err != nil {
		return nil, err
	}
	items := make([]Message, len(some))
	for i, m := range some {
		items[i] = message(m)
	}
	return listed(items, next, "/tickets/"+number(in.Number)+path, in.limitQuery()), nil
}

func message(m desk.Said) Message {
	return Message{m.ID, Ref{m.AuthorID, m.AuthorName}, string(m.Side), m.Body, m.CreatedAt.UTC()}
}

func (d *door) write(ctx context.Context, who desk.Actor, n int64, r app.Reply) (*MessageAnswer, error) {
	if err := d.app.WriteMessage(ctx, who, n, r); err != nil {
		return nil, err
	}
	th, err := d.thread(ctx, who, n)
	if err != nil {
		return nil, err
	}
	body := cleaned(r.Body)
	for _, m := range slices.Backward(th.Said) {
		if m.AuthorID == who.Person.ID && m.Internal == r.Internal && m.Body == body {
			return &MessageAnswer{message(m)}, nil
		}
	}
	return nil, desk.ErrNotFound
}

// cleaned is a text as it is kept.
func cleaned(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func (d *door) listFindings(ctx context.Context, who desk.Actor, in *ticketList) (*Listed[Finding], error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	some, next, err := window(th.Found, in.Paged, func(f desk.Found) desk.ID { return f.ID })
	if err != nil {
		return nil, err
	}
	items := make([]Finding, len(some))
	for i, f := range some {
		items[i] = finding(f)
	}
	return listed(items, next, "/tickets/"+number(in.Number)+"/findings", in.limitQuery()), nil
}

func finding(f desk.Found) Finding {
	return Finding{f.ID, Ref{f.AuthorID, f.AuthorName}, f.Kind, f.Result, f.Text, f.CreatedAt.UTC()}
}

func (d *door) createFinding(ctx context.Context, who desk.Actor, in *newFinding) (*FindingAnswer, error) {
	if err := d.app.RecordFinding(ctx, who, in.Number, in.Body.Kind, in.Body.Result, in.Body.Text); err != nil {
		return nil, err
	}
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	text := cleaned(in.Body.Text)
	for _, f := range slices.Backward(th.Found) {
		if f.AuthorID == who.Person.ID && f.Text == text {
			return &FindingAnswer{finding(f)}, nil
		}
	}
	return nil, desk.ErrNotFound
}
