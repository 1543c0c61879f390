package page

import (
	"slices"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// BeginForm is the beginning of an escalation as typed on a ticket's page.
type BeginForm struct {
	Reason   string
	Matter   string // one of desk.Matters
	Incident bool
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// opensEscalation tells that the card stands open: where a request is Microsoft's to
// act on, or its form came back.
func (t DeskTicket) opensEscalation() bool {
	return t.Thread.Ticket.Outcome == desk.Microsoft || len(t.Escalating.Problems) > 0 || t.Escalating.Restored
}

// escalationEvents are lines of a ticket's timeline about its escalation.
func escalationText(p *i18n.Printer, e desk.Happened) string {
	switch e.Kind {
	case desk.EventEscalated:
		return p.T("escalation.ticket_begun", "Who", e.ActorName, "Number", e.Data["escalation"], "Target", routeTo(p, route.Target(e.Data["target"]), ""))
	case desk.EventHandedOn:
		if e.Data["request"] == "" {
			return p.T("escalation.ticket_handed", "Who", e.ActorName, "Target", routeTo(p, route.Target(e.Data["target"]), ""))
		}
		return p.T("escalation.ticket_handed_number", "Who", e.ActorName, "Target", routeTo(p, route.Target(e.Data["target"]), ""), "Request", e.Data["request"])
	case desk.EventEscEnded:
		return p.T("escalation.ticket_ended", "Number", e.Data["escalation"], "Ending", p.T("escalation.ending."+e.Data["ending"]))
	}
	return ""
}

// summary leads to the field of the form, or to the card.
func (b BeginForm) summary() desk.Problems {
	list := slices.Clone(b.Problems)
	for i := range list {
		if list[i].Field = "escalation-" + list[i].Field; list[i].Field != "escalation-reason" && list[i].Field != "escalation-matter" {
			list[i].Field = "escalation"
		}
	}
	return list
}

// conditionWord says whether a condition is met, for those who hear the page.
func conditionWord(p *i18n.Printer, yes bool) string {
	if yes {
		return p.T("escalation.met")
	}
	return p.T("escalation.not_met")
}

// planTaken is the contract by which a request is filed.
func planTaken(p *i18n.Printer, l desk.PlanTaken) string {
	if l.Name != "" {
		return l.Name
	}
	return upperFirst(routeWord(p, "plan", l.Kind))
}

// matterOptions are what it may be about where the ticket does not tell.
func matterOptions(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for _, m := range desk.Matters() {
		o := ui.Option{Value: string(m), Text: p.T("escalation.matter_plain")}
		switch m {
		case "":
		case desk.MatterVulnerability:
			o.Text = p.T("handover.vulnerability")
		case desk.MatterOtherPartner, desk.MatterDirect:
			o.Text = upperFirst(routeWord(p, "channel", string(m)))
		default:
			o.Text = upperFirst(routeWord(p, "topic", string(m)))
		}
		options = append(options, o)
	}
	return options
}

// waitsForCustomer tells that a relationship is there, and the customer has but to
// approve it.
func waitsForCustomer(v access.Verdict) bool {
	return slices.ContainsFunc(v.WayOut, func(r access.Reason) bool { return r.Key == "approve" })
}

// escalate is where the key of an escalation leads: to the one that the ticket waits
// on, or to the form that begins one; "" where there is neither.
func (t DeskTicket) escalate(f Frame) string {
	h := t.Handing
	switch {
	case h == nil:
		return ""
	case h.Live() != nil:
		return escalationHref(f, h.Live().Number)
	case t.Thread.Ticket.State.Ended():
		return ""
	case h.Route.Target == route.Nobody || f.Who.May(desk.Escalate) != nil:
		return "#escalation-card"
	}
	if t.Thread.Ticket.Outcome != desk.Microsoft {
		return "#escalation-reason"
	}
	return "#escalation-matter"
}

// escalateWord is what that key does.
func (t DeskTicket) escalateWord(p *i18n.Printer) string {
	if h := t.Handing; h != nil && h.Live() != nil {
		return p.T("escalation.number", "Number", h.Live().Number)
	}
	return p.T("escalation.key")
}
