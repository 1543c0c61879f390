package page

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// NextStep is what a customer may expect of a ticket: who acts now, what comes
// next and by when. It knows nothing that only the desk may know.
type NextStep struct {
	State    desk.State
	Clock    desk.Clock
	DueAt    *time.Time
	LastSide desk.Side
	Assignee string // first name, "" while free
	Desk     string
}

func nextStep(th desk.Thread, d desk.Desk) NextStep {
	t := th.Ticket
	clock, due := answerDue(t)
	return NextStep{State: t.State, Clock: clock, DueAt: due, LastSide: t.LastSide, Assignee: desk.FirstName(th.Assignee.Name), Desk: d.Name}
}

// answerDue is the answer that the customer waits for, of all that is promised.
func answerDue(t desk.Ticket) (desk.Clock, *time.Time) {
	for _, p := range t.Promises {
		if p.Running() && (p.Clock == desk.FirstReply || p.Clock == desk.NextReply) {
			return p.Clock, p.Due
		}
	}
	if t.Clock == desk.Resolution {
		return "", nil
	}
	return t.Clock, t.DueAt
}

// who is spoken of as the one who acts: a person, or the desk while nobody has
// taken the ticket.
func (n NextStep) who() string {
	if n.Assignee != "" {
		return n.Assignee
	}
	return n.Desk
}

// Headline says who has the next move.
func (n NextStep) Headline(ctx context.Context) string {
	return i18n.T(ctx, n.headline(), "Who", n.who())
}

func (n NextStep) headline() string {
	switch n.State {
	case desk.WaitingCustomer:
		return "next.yours"
	case desk.WaitingMicrosoft:
		return "next.microsoft"
	case desk.WaitingThirdParty:
		return "next.third_party"
	case desk.Resolved:
		return "next.resolved"
	case desk.Closed:
		return "next.closed"
	}
	switch {
	case n.Clock == desk.NextReply:
		return "next.heard"
	case n.Assignee != "":
		return "next.taken"
	case n.State == desk.New:
		return "next.received"
	default:
		return "next.examined"
	}
}

// Promise says what follows, and by when where that is promised.
func (n NextStep) Promise(ctx context.Context) string {
	p := i18n.From(ctx)
	switch {
	case n.State == desk.WaitingCustomer:
		return p.T("next.yours_then")
	case n.State == desk.Resolved:
		return p.T("next.resolved_then")
	case n.State == desk.Closed:
		return p.T("next.closed_then")
	case n.late(p.Now()):
		return p.T("next.late", "Who", n.who(), "Before", p.Before(*n.DueAt))
	case n.DueAt != nil:
		return p.T("next.by", "Who", n.who(), "Before", p.Before(*n.DueAt))
	case n.State == desk.WaitingMicrosoft:
		return p.T("next.microsoft_then", "Who", n.who())
	case n.State == desk.WaitingThirdParty:
		return p.T("next.third_party_then", "Who", n.who())
	case n.LastSide == desk.DeskSide:
		return p.T("next.answered_then", "Who", n.who())
	default:
		return p.T("next.soon", "Who", n.who())
	}
}

// late tells a promise that was not kept. It is said, not hidden.
func (n NextStep) late(now time.Time) bool { return n.DueAt != nil && n.DueAt.Before(now) }

// promised is what the stub prints large: the time by which the desk answers.
func (n NextStep) promised() bool { return n.DueAt != nil && !n.State.Ended() }

// progress shows how far a ticket has come. Whoever it was handed on to has a place
// in it only where he has, or had, a part in it.
func (t CustomerTicket) progress(ctx context.Context) []ui.Step {
	state, elsewhere := t.Thread.Ticket.State, t.elsewhere()
	step := func(key string, done, current bool) ui.Step {
		return ui.Step{Text: i18n.T(ctx, key), Done: done, Current: current}
	}
	steps := []ui.Step{step("step.received", true, false)}
	switch {
	case state.Elsewhere():
		steps = append(steps, step("step.examined", true, false), step(elsewhere, false, true))
	case state.Ended() && elsewhere != "":
		steps = append(steps, step("step.examined", true, false), step(elsewhere, true, false))
	case state.Ended():
		steps = append(steps, step("step.examined", true, false))
	case elsewhere != "": // it came back, and the desk goes on
		steps = append(steps, step(elsewhere, true, false), step("step.examining", false, true))
	default:
		steps = append(steps, step("step.examining", false, true))
	}
	return append(steps, step("step.settled", state.Ended(), false))
}

// elsewhere is the step at whoever has the ticket, or had it last, as the customer
// was told; "" where it never left the desk.
func (t CustomerTicket) elsewhere() (key string) {
	at := map[desk.State]string{desk.WaitingMicrosoft: "step.microsoft", desk.WaitingThirdParty: "step.third_party"}
	if key, now := at[t.Thread.Ticket.State]; now {
		return key
	}
	for _, e := range t.Thread.Happened {
		if to, went := at[desk.State(e.Data["to"])]; went && !e.Internal && e.Kind == desk.EventState {
			key = to
		}
	}
	return key
}
