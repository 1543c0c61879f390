package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// products are what small and middle-sized companies order most, under
// Microsoft's own names; any other can be typed.
var products = []string{
	"Microsoft 365 Business Basic", "Microsoft 365 Business Standard", "Microsoft 365 Business Premium", "Microsoft 365 Apps for business",
	"Microsoft 365 Apps for enterprise", "Office 365 E1", "Office 365 E3", "Microsoft 365 E3", "Microsoft 365 E5", "Microsoft 365 F3",
	"Microsoft 365 Copilot", "Exchange Online (Plan 1)", "Exchange Online (Plan 2)", "Microsoft Teams Essentials", "Microsoft Teams Phone Standard",
	"Microsoft Teams Rooms Pro", "Microsoft Defender for Business", "Microsoft Entra ID P1", "Microsoft Entra ID P2", "Microsoft Intune Plan 1",
	"Power BI Pro", "Power Apps Premium", "Power Automate Premium", "Visio Plan 2", "Windows 365 Business", "Dynamics 365 Business Central Essentials",
}

func orderActions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, a := range desk.OrderActions() {
		out = append(out, ui.Option{Value: string(a), Text: i18n.T(ctx, "order.action."+string(a))})
	}
	return out
}

func commitments(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, c := range desk.Commitments() {
		out = append(out, ui.Option{Value: c, Text: i18n.T(ctx, "order.commitment."+c)})
	}
	return out
}

// orderingHref is the form's own address, for the customer that the desk writes
// for.
func (t TicketForm) orderingHref(f Frame, kind string) string {
	href := f.Href("/tickets/new?kind=" + kind)
	if f.Who.DeskSide() {
		href += "&customer=" + t.Customer.ID.String()
	}
	return href
}

// heading is what the form asks for.
func (t TicketForm) heading(ctx context.Context, f Frame) string {
	switch {
	case f.Who.DeskSide():
		return i18n.T(ctx, "new.title_desk", "Customer", t.Customer.Name)
	case t.Ordering:
		return i18n.T(ctx, "order.title")
	}
	return i18n.T(ctx, "new.title")
}

func (t TicketForm) lead(ctx context.Context) string {
	if t.Ordering {
		return i18n.T(ctx, "order.lead")
	}
	return i18n.T(ctx, "new.lead")
}

// Ordered is an order as both sides read it on its ticket.
type Ordered struct {
	Order    desk.PlacedOrder
	Managers []desk.Person // who may approve it
	Desk     string
	Form     ApprovalForm
}

// ApprovalForm is a manager's answer as typed.
type ApprovalForm struct {
	Reason   string
	Late     bool // somebody else was faster
	Problems desk.Problems
}

// facts are the order in words.
func (o Ordered) facts(ctx context.Context) []fact {
	p := i18n.From(ctx)
	facts := []fact{
		{p.T("order.change"), p.T("order.action." + string(o.Order.Action))},
		{p.T("order.product"), o.Order.Product},
	}
	if o.Order.Seats > 0 {
		facts = append(facts, fact{p.T("order.seats"), p.Number(o.Order.Seats)})
	}
	wished := p.T("order.soon")
	if o.Order.WishedOn != nil {
		wished = p.Date(o.Order.Day(p.Zone()))
	}
	return append(facts, fact{p.T("order.wished_on"), wished}, fact{p.T("order.commitment"), p.T("order.commitment." + o.Order.Commitment)})
}

// orderNext is who has to act on an order that waits, "" where nobody can or
// has to.
func orderNext(ctx context.Context, f Frame, th desk.Thread) string {
	o := ordered(f, th)
	switch {
	case o == nil || !o.Order.Waits() || len(o.Managers) == 0 || th.Ticket.State.Ended():
		return ""
	case f.Who.May(desk.ApproveOrder) == nil:
		return i18n.T(ctx, "order.next_yours")
	}
	return i18n.T(ctx, "order.next", "Names", o.managerNames())
}

// managerNames are who may approve, by name.
func (o Ordered) managerNames() string {
	var names []string
	for _, m := range o.Managers {
		names = append(names, m.Name)
	}
	return strings.Join(names, ", ")
}

// orderState is where the approval stands: a tone, a sign, a word and what it
// means for whoever reads it.
type orderState struct{ Tone, Icon, Word, Text string }

func (o Ordered) state(ctx context.Context) orderState {
	p := i18n.From(ctx)
	when := ""
	if o.Order.DecidedAt != nil {
		when = p.When(*o.Order.DecidedAt)
	}
	switch {
	case o.Order.Approval == desk.ApprovalApproved:
		return orderState{"ok", "ok", p.T("order.approved"), p.T("order.approved_text", "Who", o.Order.ApproverName, "When", when)}
	case o.Order.Approval == desk.ApprovalRefused:
		return orderState{"bad", "stop", p.T("order.refused"), p.T("order.refused_text", "Who", o.Order.ApproverName, "When", when, "Reason", o.Order.Reason)}
	case o.Order.Waits() && len(o.Managers) == 0:
		return orderState{"note", "info", p.T("order.no_manager"), p.T("order.no_manager_text", "Desk", o.Desk)}
	case o.Order.Waits():
		return orderState{"warn", "pause", p.T("order.waiting"), p.T("order.waiting_text", "Names", o.managerNames())}
	}
	return orderState{}
}

// ordered is the order of a thread, nil where it orders nothing.
func ordered(f Frame, th desk.Thread) *Ordered {
	if th.Order == nil {
		return nil
	}
	return &Ordered{Order: *th.Order, Managers: th.Managers, Desk: f.Who.Desk.Name}
}

// orderEvents are the lines of an order's life, for both timelines.
var orderEvents = map[desk.EventKind]struct{ icon, key string }{
	desk.EventAsked:    {"pause", "order.happened_asked"},
	desk.EventApproved: {"ok", "order.happened_approved"},
	desk.EventRefused:  {"stop", "order.happened_refused"},
}

// customerEventIcon is the sign of a line of the customer's timeline.
func customerEventIcon(kind desk.EventKind) string {
	if e, ok := orderEvents[kind]; ok {
		return e.icon
	}
	if e, ok := toldEvents[kind]; ok {
		return e.icon
	}
	return eventWords[kind].icon
}

// orderEventText is such a line as a sentence.
func orderEventText(p *i18n.Printer, e desk.Happened) string {
	return p.T(orderEvents[e.Kind].key, "Who", e.ActorName, "Reason", shown(e.Data["reason"]))
}

// actionOf is what a row of a list orders, and that it waits.
func actionOf(p *i18n.Printer, r desk.Row) string {
	text := p.T("order.action." + string(r.Action))
	if r.Approval == desk.ApprovalWaiting {
		return p.T("order.row_waiting", "Action", text)
	}
	return text
}
