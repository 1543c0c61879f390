package page

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// Escalation is an escalation as the desk works on it, with the one form that came
// back.
type Escalation struct {
	Story     desk.EscalationStory
	Languages []string // of the tickets that wait on it, in which their customers are told
	Form      EscalationForm
	Conflict  bool // somebody was faster: what was typed stands beside what holds now
}

// EscalationForm is the form of the page that came back, as typed.
type EscalationForm struct {
	Name     string // the last part of its address; a relay's is RelayForm
	Typed    url.Values
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// RelayForm names the form that relays one entry.
func RelayForm(entry string) string { return "relay-" + entry }

// act is where a form of the page posts to.
func (e Escalation) act(f Frame, what string) string {
	return escalationHref(f, e.Story.Number) + "/" + what
}

func (e Escalation) revision() string { return number(int64(e.Story.Revision)) }

// mine tells the form that came back; its part of the page stands open.
func (e Escalation) mine(form string) bool { return e.Form.Name == form }

// field is a control of one of the forms, whose name its id begins with: several
// forms ask for a text, or a date. Value is what it shows unless it came back.
func (e Escalation) field(ctx context.Context, form, name, label, hint, value string) ui.Field {
	x := ui.Field{Name: name, Label: i18n.T(ctx, label), Value: value, More: templ.Attributes{"id": form + "-" + name}}
	if hint != "" {
		x.Hint = i18n.T(ctx, hint)
	}
	if e.mine(form) {
		x.Value, x.Error = shown(e.Form.Typed.Get(name)), problemOf(ctx, e.Form.Problems, name)
	}
	return x
}

// when is a control for a date and a time.
func (e Escalation) when(ctx context.Context, form, name, label, hint string) ui.Field {
	return optional(typed("datetime-local", e.field(ctx, form, name, label, hint, "")))
}

// rows makes a text's control taller.
func rows(n string, x ui.Field) ui.Field { x.More["rows"] = n; return x }

// summary lists what is wrong with the form that came back, each leading to its
// control. What has none of its own leads to where it can be put right.
func (e Escalation) summary(ctx context.Context) []ui.Problem {
	out := make([]ui.Problem, len(e.Form.Problems))
	for i, q := range e.Form.Problems {
		out[i] = ui.Problem{For: e.Form.Name + "-" + q.Field, Text: i18n.T(ctx, q.Key, q.Args...)}
		if q.Field == "dossier" {
			out[i].For = "dossier"
		}
	}
	return out
}

// filed tells one that they have.
func (e Escalation) filed() bool { return e.Story.State.Filed() }

func (e Escalation) over() bool { return e.Story.State == desk.EscalationEnded }

// approvable tells that the reader may let it go, or send it back.
func (e Escalation) approvable(f Frame) bool {
	return e.Story.State == desk.EscalationApproval && f.Who.May(desk.ApproveEscalation) == nil
}

// needsApproval tells that a lead must let it go before it is filed.
func (e Escalation) needsApproval() bool {
	return e.Story.NeedsApproval(e.Story.Handover, e.Story.Dossier.Severity.Letter)
}

// files tells that the form for their number is shown.
func (e Escalation) files() bool {
	return e.Story.State == desk.EscalationReady || e.Story.State == desk.EscalationPreparing && !e.needsApproval()
}

// elsewhere tells that the way would now be another than the one taken.
func (e Escalation) elsewhere() bool {
	s := e.Story
	return s.State.Before() && (s.RouteNow.Target != s.Route.Way.Target || s.RouteNow.Portal != s.Route.Way.Portal)
}

// missingFrom are the needed fields that somebody can tell: "customer", or the
// desk's people.
func (e Escalation) missingFrom(customer bool) []dossier.Field {
	return slices.DeleteFunc(e.Story.Dossier.Missing(), func(f dossier.Field) bool { return (f.Who == "customer") != customer })
}

// askedAt is when the customer was asked for what is missing, nil unless his answer is
// awaited.
func (e Escalation) askedAt() *time.Time {
	if e.Story.Thread.Ticket.State != desk.WaitingCustomer {
		return nil
	}
	for _, v := range e.Story.Events {
		if v.Kind == desk.EscalationAsked {
			return &v.CreatedAt
		}
	}
	return nil
}

// unrelayed are their words that nobody has passed on to the customers, the newest
// first.
func (e Escalation) unrelayed() (list []desk.SaidEntry) {
	for _, n := range e.Story.Entries {
		if n.Side == desk.Them && n.Relay == "" {
			list = append(list, n)
		}
	}
	return list
}

// ticketsKey names its tickets: they wait until it is over.
func (e Escalation) ticketsKey() string {
	if e.over() {
		return "escalation.tickets_over"
	}
	return "escalation.tickets"
}

// waiting counts the tickets that wait on it.
func (e Escalation) waiting() (n int) {
	for _, k := range e.Story.Tickets {
		if k.Live {
			n++
		}
	}
	return n
}

// language is that of the ticket that it was begun on.
func (e Escalation) language(f Frame) string {
	if l := e.Story.Thread.Ticket.Language; l != "" {
		return l
	}
	return f.Who.Desk.Language
}

// role is what whoever files it needs in the customer's tenant, the least that does;
// "" for none.
func (e Escalation) role() string {
	v := e.Story.Access
	for _, r := range append(slices.Clone(v.Held), append([]access.Role{v.Least}, v.Needs...)...) {
		if r.Name != "" {
			return r.Name
		}
	}
	return ""
}

// portal is where it is written down; zero for none.
func (e Escalation) portal() route.Portal {
	p, _ := route.PortalOf(e.Story.Portal)
	return p
}

// asksAccess tells that what the desk may do in the customer's tenant counts: only
// Microsoft's portals look.
func (e Escalation) asksAccess() bool { return e.Story.Target == route.Microsoft }

// late tells that whoever owes something owes it too long.
func (e Escalation) late(now time.Time) bool {
	return e.Story.DueAt != nil && e.Story.DueAt.Before(now)
}

// numeric is an input that takes a number's digits.
func numeric(x ui.Field) ui.Field { x.More["inputmode"] = "numeric"; return x }

// ticked is a box of one of the forms, as it came back or else as it stands.
func (e Escalation) ticked(form, name string, now bool) bool {
	if e.mine(form) {
		return e.Form.Typed.Has(name)
	}
	return now
}
