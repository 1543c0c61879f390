package page

import (
	"context"
	"net/url"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// TicketList is one page of a customer's own list.
type TicketList struct {
	Filter desk.TicketFilter // Which is one of open, ended, all
	Rows   []desk.Row
	Next   desk.Cursor // where the next page starts, zero when there is none
	Blocks []desk.Block
}

// href is the list with another state of its filters, from the top unless
// after says where it goes on.
func (l TicketList) href(which string, mine bool, after desk.Cursor) string {
	q := url.Values{}
	if which != "open" {
		q.Set("which", which)
	}
	if mine {
		q.Set("mine", "1")
	}
	if !after.Zero() {
		q.Set("after", after.String())
	}
	if len(q) == 0 {
		return "/tickets"
	}
	return "/tickets?" + q.Encode()
}

func (l TicketList) more() string {
	return l.href(l.Filter.Which, l.Filter.Mine, l.Next)
}

func (l TicketList) top() string {
	return l.href(l.Filter.Which, l.Filter.Mine, desk.Cursor{})
}

var whichLabels = []struct{ which, label string }{{"open", "tickets.open"}, {"ended", "tickets.ended"}, {"all", "tickets.all"}}

// tabs choose between tickets under way, ended ones and all.
func (l TicketList) tabs(ctx context.Context, f Frame) []ui.NavItem {
	var out []ui.NavItem
	for _, w := range whichLabels {
		out = append(out, ui.NavItem{Text: i18n.T(ctx, w.label), Current: l.Filter.Which == w.which,
			Href: f.Href(l.href(w.which, l.Filter.Mine, desk.Cursor{}))})
	}
	return out
}

// whose lets a manager choose between the company's tickets and his own.
func (l TicketList) whose(ctx context.Context, f Frame) []ui.NavItem {
	item := func(mine bool, label string) ui.NavItem {
		return ui.NavItem{Text: i18n.T(ctx, label), Current: l.Filter.Mine == mine,
			Href: f.Href(l.href(l.Filter.Which, mine, desk.Cursor{}))}
	}
	return []ui.NavItem{item(false, "tickets.company"), item(true, "tickets.mine")}
}

// seesCompany tells a manager, who reads what colleagues asked.
func seesCompany(f Frame) bool { return f.Who.May(desk.ReadCompany) == nil }

// emptiness is what an empty list says: the icon, a title and a sentence.
func (l TicketList) emptiness() (icon, title, text string) {
	switch {
	case !l.Filter.After.Zero():
		return "ok", "tickets.no_more", "tickets.no_more_text"
	case l.Filter.Which == "ended":
		return "ok", "tickets.none_ended", "tickets.none_ended_text"
	case l.Filter.Which == "all":
		return "window", "tickets.none", "tickets.none_text"
	default:
		return "window", "tickets.none_open", "tickets.none_open_text"
	}
}

// plainState is a state in the customer's words, with its shape and tone.
type plainState struct{ tone, icon, label string }

var plainStates = map[desk.State]plainState{
	desk.New:               {"", "mail", "plain.new"},
	desk.Open:              {"info", "play", "plain.open"},
	desk.WaitingCustomer:   {"warn", "ask", "plain.waiting_customer"},
	desk.WaitingMicrosoft:  {"info", "out", "plain.waiting_microsoft"},
	desk.WaitingThirdParty: {"info", "out", "plain.waiting_third_party"},
	desk.Resolved:          {"ok", "ok", "plain.resolved"},
	desk.Closed:            {"", "check", "plain.closed"},
}
