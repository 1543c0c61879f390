package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// DeskTicket is a ticket as its desk works on it.
type DeskTicket struct {
	Thread     desk.Thread
	Back       desk.QueueFilter // the list it was opened from
	Agents     []desk.Person    // who it can be given to
	Composer   Composer
	Finding    FindingForm
	Override   OverrideForm
	Why        bool // what stands behind the decision is shown as well
	Correction CorrectionForm
	Sort       SortForm
	Known      KnownForm
	OpenIssues []desk.Issue // that hit its customer now
	Time       desk.TicketTime
	TimeForm   TimeForm
	Incident   IncidentField       // that it is to join
	Access     *desk.AccessTrouble // of its customer; nil while all is well
	Handed     *desk.HandedOn      // by another desk; nil for the desk's own
	Return     ReturnForm
	Handing    *desk.Handing // where it goes when it is handed on; nil for who may not read that
	Escalating BeginForm
}

// FindingForm is a diagnostic step as typed.
type FindingForm struct {
	Kind, Result, Text string
	Files              FilesField
	Problems           desk.Problems
	Restored           bool // typed before the session ended, and not sent yet
}

// OverrideForm is a person's own decision as typed.
type OverrideForm struct {
	Outcome, Category, Reason string
	Problems                  desk.Problems
	Restored                  bool
}

func (t DeskTicket) number() string { return strconv.FormatInt(t.Thread.Ticket.Number, 10) }

// act is where a form of the page posts to; it comes back to this page with
// the list it was opened from.
func (t DeskTicket) act(f Frame, what string) string {
	return f.Href("/tickets/"+t.number()+"/"+what) + FromQueue(t.Back)
}

// href is this page, with one more thing asked of it.
func (t DeskTicket) href(f Frame, name, value string) string {
	from, joined := FromQueue(t.Back), "?"
	if from != "" {
		joined = "&"
	}
	return f.Href("/tickets/"+t.number()) + from + joined + name + "=" + value
}

// problems are what is wrong with the one form that came back.
func (t DeskTicket) problems() desk.Problems {
	return slices.Concat(t.Composer.Problems, t.Finding.Problems, t.Override.Problems, t.Correction.Problems, t.Sort.Problems, t.TimeForm.Problems, t.Incident.Problems, t.Known.Problems, t.Return.Problems, t.Escalating.summary())
}

// restored tells that one of the forms holds what was typed before the session
// ended.
func (t DeskTicket) restored() bool {
	return t.Composer.Restored || t.Finding.Restored || t.Override.Restored || t.Correction.Restored || t.Sort.Restored || t.TimeForm.Restored || t.Known.Restored || t.Return.Restored || t.Escalating.Restored
}

// audience is who hears of a reply on the customer's side: the requester, then
// those who follow.
func (t DeskTicket) audience() []desk.Person {
	people := []desk.Person{t.Thread.Requester}
	for _, p := range t.Thread.Followers {
		if p.ID != t.Thread.Requester.ID && p.Active {
			people = append(people, p)
		}
	}
	return people
}

// recipients says who a reply goes to.
func (t DeskTicket) recipients(ctx context.Context) string {
	var copies []string
	for _, p := range t.audience()[1:] {
		copies = append(copies, p.Name)
	}
	if len(copies) == 0 {
		return i18n.T(ctx, "ticket.recipient", "Name", t.Thread.Requester.Name)
	}
	return i18n.T(ctx, "ticket.recipients", "Name", t.Thread.Requester.Name, "Copies", strings.Join(copies, ", "))
}

// stateIcons give each state its shape.
var stateIcons = map[desk.State]string{
	desk.New: "mail", desk.Open: "play", desk.WaitingCustomer: "pause", desk.WaitingMicrosoft: "pause", desk.WaitingThirdParty: "pause",
	desk.Resolved: "ok", desk.Closed: "lock",
}

// nextStates are what a reply may leave the ticket in; "" leaves it as it is.
func nextStates(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "ticket.then_stay")}}
	for _, s := range []desk.State{desk.WaitingCustomer, desk.Resolved} {
		options = append(options, ui.Option{Value: string(s), Text: i18n.T(ctx, "ticket.then", "State", i18n.T(ctx, "state."+string(s)))})
	}
	return options
}

// others are the colleagues it can be given to, besides the reader and whoever
// has it.
func (t DeskTicket) others(who desk.Person) []desk.Person {
	return slices.DeleteFunc(slices.Clone(t.Agents), func(p desk.Person) bool {
		return p.ID == who.ID || p.ID == t.Thread.Ticket.AssigneeID
	})
}

// fact is one line of a list of what is known.
type fact struct{ Term, Text string }

// facts are what the customer said in the form.
func (t DeskTicket) facts(ctx context.Context) []fact {
	p, k := i18n.From(ctx), t.Thread.Ticket
	facts := []fact{
		{p.T("ticket.kind"), p.T("kind." + k.Kind)},
		{p.T("queue.col_service"), serviceName(p, k.Service)},
		{p.T("ticket.affected"), p.T("affected." + k.Affected)},
		{p.T("ticket.impact"), p.T("impact." + string(k.Impact))},
	}
	if k.Region != "" {
		facts = append(facts, fact{p.T("ticket.region"), k.Region})
	}
	if k.Since != nil {
		facts = append(facts, fact{p.T("ticket.since"), p.When(*k.Since)})
	}
	return append(facts, fact{p.T("ticket.opened"), p.When(k.CreatedAt)})
}

// people of the customer who take part, the requester first.
func (t DeskTicket) contacts() string {
	var names []string
	for _, p := range append([]desk.Person{t.Thread.Requester}, t.Thread.Followers...) {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, ", ")
}

// customerQueue is the list of everything this customer has open.
func (t DeskTicket) customerQueue(f Frame) string {
	return queueHref(f, desk.QueueFilter{View: desk.ViewAll, Customer: t.Thread.Customer.ID})
}

// Behind is a ticket's address that also shows what stands behind its decision.
func Behind(path string) string {
	if strings.Contains(path, "?") {
		return path + "&why=1"
	}
	return path + "?why=1"
}
