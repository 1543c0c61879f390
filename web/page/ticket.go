package page

import (
	"context"
	"slices"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// CustomerTicket is a ticket as its customer's people see it. Of the thread
// only what both sides may see is shown, whatever else it holds.
type CustomerTicket struct {
	Thread     desk.Thread
	Composer   Composer
	Colleagues []desk.Person // who could be added
	Approval   ApprovalForm  // a manager's answer to an order, as typed
	Blocks     []desk.Block  // prepaid time
	Again      AgainForm     // whether it works again, as typed
}

func (t CustomerTicket) number() string { return strconv.FormatInt(t.Thread.Ticket.Number, 10) }

// path is the address of the ticket, or of what is below it.
func (t CustomerTicket) path(f Frame, below string) string {
	return f.Href("/tickets/" + t.number() + below)
}

// exchange is a line of the conversation: something said, or something that
// happened.
type exchange struct {
	said     *desk.Said
	happened *desk.Happened
	at       time.Time
}

// exchanges merges what was said and what happened, oldest first, without
// what is internal.
func (t CustomerTicket) exchanges() []exchange {
	var out []exchange
	for i, m := range t.Thread.Said {
		if !m.Internal {
			out = append(out, exchange{said: &t.Thread.Said[i], at: m.CreatedAt})
		}
	}
	for i, e := range t.Thread.Happened {
		if !e.Internal && (eventWords[e.Kind].key != "" || orderEvents[e.Kind].key != "" || toldEvents[e.Kind].key != "") {
			out = append(out, exchange{happened: &t.Thread.Happened[i], at: e.CreatedAt})
		}
	}
	slices.SortStableFunc(out, func(a, b exchange) int { return a.at.Compare(b.at) })
	return out
}

// speaker is who said something, as the reader knows him.
func (t CustomerTicket) speaker(ctx context.Context, f Frame, m desk.Said) ui.Said {
	s := ui.Said{ID: "m-" + m.ID.String(), Kind: "customer", Author: m.AuthorName, Initials: desk.Initials(m.AuthorName), At: m.CreatedAt}
	switch {
	case m.Side == desk.DeskSide:
		s.Kind, s.Meta = "desk", f.Who.Desk.Name
	case m.AuthorID == f.Who.Person.ID:
		s.Author = i18n.T(ctx, "my_ticket.you")
	case m.CreatedAt.Equal(t.Thread.Ticket.CreatedAt) && m.AuthorID != t.Thread.Ticket.RequesterID:
		s.Meta = i18n.T(ctx, "my_ticket.taken_down", "Desk", f.Who.Desk.Name)
	}
	return s
}

// eventWords says what happened in a plain sentence; one about the reader
// himself has its own. An event without words is none of the customer's.
var eventWords = map[desk.EventKind]struct{ icon, key, own string }{
	desk.EventAssigned: {"user", "happened.assigned", "happened.assigned"},
	desk.EventState:    {"right", "happened.state", "happened.state"},
	desk.EventClosed:   {"check", "happened.closed", "happened.closed_own"},
	desk.EventImpact:   {"pen", "happened.impact", "happened.impact"},
	desk.EventPromise:  {"clock", "happened.promise", "happened.promise"},
	desk.EventReopened: {"turn", "happened.reopened", "happened.reopened_own"},
	desk.EventFollowed: {"plus", "happened.followed", "happened.followed_own"},
}

var stateWords = map[desk.State]string{
	desk.New:               "happened.to_open",
	desk.Open:              "happened.to_open",
	desk.WaitingCustomer:   "happened.to_waiting_customer",
	desk.WaitingMicrosoft:  "happened.to_waiting_microsoft",
	desk.WaitingThirdParty: "happened.to_waiting_third_party",
	desk.Resolved:          "happened.to_resolved",
	desk.Closed:            "happened.to_closed",
}

func eventSentence(ctx context.Context, f Frame, e desk.Happened) string {
	if orderEvents[e.Kind].key != "" {
		return orderEventText(i18n.From(ctx), e)
	}
	words := eventWords[e.Kind]
	if told, ok := toldEvents[e.Kind]; ok {
		words = told
	}
	key := words.key
	if e.ActorID == f.Who.Person.ID {
		key = words.own
	}
	if to := stateWords[desk.State(e.Data["to"])]; e.Kind == desk.EventState && to != "" {
		key = to
	}
	actor := e.ActorName
	if actor == "" {
		actor = f.Who.Desk.Name
	}
	return i18n.T(ctx, key, "Who", actor, "Desk", f.Who.Desk.Name, "To", e.Data["to"], "Added", e.Data["who"])
}

// openedBy says when a ticket was opened, and by whom.
func (t CustomerTicket) openedBy(ctx context.Context, f Frame) string {
	when := i18n.From(ctx).When(t.Thread.Ticket.CreatedAt)
	if t.Thread.Ticket.RequesterID == f.Who.Person.ID {
		return i18n.T(ctx, "my_ticket.opened_own", "When", when)
	}
	return i18n.T(ctx, "my_ticket.opened", "When", when, "Who", t.Thread.Requester.Name)
}

// followers are who hears of the ticket at the customer's: who asked first,
// then those he added.
func (t CustomerTicket) followers() []desk.Person {
	return append([]desk.Person{t.Thread.Requester}, t.Thread.Followers...)
}

// readers names the followers, and the reader as "you".
func (t CustomerTicket) readers(ctx context.Context, f Frame) []string {
	var out []string
	for _, p := range t.followers() {
		name := p.Name
		if p.ID == f.Who.Person.ID {
			name = i18n.T(ctx, "my_ticket.you")
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// addable are the colleagues who do not follow the ticket yet; a manager who
// only looks in can add himself.
func (t CustomerTicket) addable(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, p := range t.Colleagues {
		if !slices.ContainsFunc(t.followers(), func(q desk.Person) bool { return q.ID == p.ID }) {
			out = append(out, ui.Option{Value: p.ID.String(), Text: p.Name})
		}
	}
	if len(out) > 0 {
		out = append([]ui.Option{{Text: i18n.T(ctx, "new.choose")}}, out...)
	}
	return out
}

// answeredIn is how long the first answer took, "" before there is one.
func (t CustomerTicket) answeredIn(ctx context.Context) string {
	if t.Thread.Ticket.RepliedAt == nil {
		return ""
	}
	p := i18n.From(ctx)
	return i18n.T(ctx, "my_ticket.answered_in", "Duration", p.Duration(t.Thread.Ticket.RepliedAt.Sub(t.Thread.Ticket.CreatedAt)))
}

// reply is the field that one answers in.
func (t CustomerTicket) reply(ctx context.Context, f Frame) ui.Field {
	return ui.Field{Name: "body", Label: i18n.T(ctx, "my_ticket.your_message", "Who", nextStep(t.Thread, f.Who.Desk).who()), Value: shown(t.Composer.Body),
		Error: problemOf(ctx, t.Composer.Problems, "body"), Required: true, More: map[string]any{"rows": "4"}}
}
