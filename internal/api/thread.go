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

// oneOfTicket names something of a ticket.
type oneOfTicket struct {
	OneTicket
	ID desk.ID `path:"id" format:"uuid"`
}

// MessageAnswer is one message or note.
type MessageAnswer struct {
	Location string `header:"Location"`
	Body     Message
}

// FindingAnswer is one finding.
type FindingAnswer struct {
	Location string `header:"Location"`
	Body     Finding
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
	for path, internal := range map[string]bool{"messages": false, "notes": true} {
		id := map[bool]string{false: "readMessage", true: "readNote"}[internal]
		add(d, h, op(http.MethodGet, "/tickets/{number}/"+path+"/{id}", desk.ScopeTicketsRead, tag, id, "One of them"),
			func(ctx context.Context, who desk.Actor, in *oneOfTicket) (*MessageAnswer, error) {
				return d.readSaid(ctx, who, in, internal)
			})
	}
	add(d, h, op(http.MethodGet, "/tickets/{number}/findings/{id}", desk.ScopeTicketsRead, tag, "readFinding", "One finding"), d.readFinding)
	add(d, h, op(http.MethodGet, "/tickets/{number}/findings", desk.ScopeTicketsRead, tag, "listFindings", "Diagnostic steps, the oldest first"), d.listFindings)
	add(d, h, op(http.MethodPost, "/tickets/{number}/findings", desk.ScopeTicketsWrite, tag, "createFinding", "Record a diagnostic step; the ticket is triaged anew"), d.createFinding)
}

func (d *door) said(ctx context.Context, who desk.Actor, in *ticketList, internal bool, path string) (*Listed[Message], error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(slices.Clone(th.Said), func(m desk.Said) bool { return m.Internal != internal })
	return windowed(all, in.Paged, "/tickets/"+number(in.Number)+path, func(m desk.Said) string { return m.ID.String() }, message)
}

func (d *door) readSaid(ctx context.Context, who desk.Actor, in *oneOfTicket, internal bool) (*MessageAnswer, error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	for _, m := range th.Said {
		if m.ID == in.ID && m.Internal == internal {
			return &MessageAnswer{Body: message(m)}, nil
		}
	}
	return nil, desk.ErrNotFound
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
			path := map[bool]string{false: "/messages/", true: "/notes/"}[r.Internal]
			return &MessageAnswer{Path + "/tickets/" + number(n) + path + m.ID.String(), message(m)}, nil
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
	return windowed(th.Found, in.Paged, "/tickets/"+number(in.Number)+"/findings", func(f desk.Found) string { return f.ID.String() }, finding)
}

func (d *door) readFinding(ctx context.Context, who desk.Actor, in *oneOfTicket) (*FindingAnswer, error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	for _, f := range th.Found {
		if f.ID == in.ID {
			return &FindingAnswer{Body: finding(f)}, nil
		}
	}
	return nil, desk.ErrNotFound
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
			return &FindingAnswer{Path + "/tickets/" + number(in.Number) + "/findings/" + f.ID.String(), finding(f)}, nil
		}
	}
	return nil, desk.ErrNotFound
}
