package demo

import (
	"context"
	"errors"
	"time"

	"guichet/internal/app"
	"guichet/internal/demo/corpus"
	"guichet/internal/desk"
)

// ticket lives one ticket through: asked, taken, talked about, ended.
func (l *loader) ticket(ctx context.Context, t corpus.Ticket) error {
	opened := l.now.Add(-t.Age.Duration)
	from := l.people[t.From]
	l.set(from, opened)
	since := l.clock.Add(-35 * time.Minute)
	number, err := l.app.SubmitTicket(ctx, from, desk.Submission{Kind: t.Kind, Subject: t.Subject, Body: t.Body, Service: t.Service,
		Region: t.Region, Affected: t.Affected, Impact: t.Impact, Since: &since, Language: from.Person.Language}, desk.Nobody)
	if err != nil {
		return err
	}
	if err := l.take(ctx, t, number); err != nil {
		return err
	}
	for _, s := range t.Steps {
		at := opened.Add(s.After.Duration)
		if at.After(l.now) { // a step that has not happened yet
			break
		}
		l.set(from, at)
		if err := l.step(ctx, t, number, s); err != nil {
			return err
		}
	}
	return l.settle(ctx, t, number)
}

// take assigns the ticket to whoever worked on it, a little after it came.
func (l *loader) take(ctx context.Context, t corpus.Ticket, number int64) error {
	if t.Assignee == "" {
		return nil
	}
	wait := 4 * time.Minute
	if len(t.Steps) > 0 && t.Steps[0].After.Duration < wait {
		wait = t.Steps[0].After.Duration / 2
	}
	agent := l.people[t.Assignee]
	l.set(agent, l.now.Add(min(wait, t.Age.Duration)-t.Age.Duration))
	if err := l.app.AssignTicket(ctx, agent, number, agent.Person.ID); err != nil {
		return err
	}
	if t.Priority == 0 {
		return nil
	}
	return l.app.SetPriority(ctx, agent, number, t.Priority)
}

// set moves the clock, in the hours in which people of this desk write.
func (l *loader) set(who desk.Actor, at time.Time) {
	l.clock = daytime(at, who.Desk.Location())
}

func (l *loader) step(ctx context.Context, t corpus.Ticket, number int64, s corpus.Step) error {
	who := l.people[s.By]
	if !who.DeskSide() && s.By != t.From { // a colleague joins in: the requester let him follow
		if err := l.app.FollowTicket(ctx, l.people[t.From], number, who.Person.ID); err != nil {
			return err
		}
	}
	switch {
	case s.Message != "":
		return l.app.WriteMessage(ctx, who, number, app.Reply{Body: s.Message})
	case s.Note != "":
		return l.app.WriteMessage(ctx, who, number, app.Reply{Body: s.Note, Internal: true})
	case s.Finding != "":
		return l.app.RecordFinding(ctx, who, number, s.Finding, s.Result, s.Text)
	case who.DeskSide():
		return l.app.SetState(ctx, who, number, desk.State(s.State))
	case s.State == string(desk.Closed):
		return l.app.CloseTicket(ctx, who, number)
	default:
		err := l.app.ReopenTicket(ctx, who, number)
		if errors.Is(err, desk.ErrConflict) { // his message had already brought it back
			return nil
		}
		return err
	}
}

// settle leaves the ticket in the state the corpus says, its decision confirmed
// once it has ended.
func (l *loader) settle(ctx context.Context, t corpus.Ticket, number int64) error {
	agent, ok := l.people[t.Assignee]
	if !ok || desk.State(t.State) == desk.New {
		return nil
	}
	if err := l.app.SetState(ctx, agent, number, desk.State(t.State)); err != nil {
		return err
	}
	if !desk.State(t.State).Ended() {
		return nil
	}
	return l.app.ConfirmDecision(ctx, agent, number)
}

// settleClock does what the clock would have asked for by now, so that the first
// minutes of the demo are not those of three months.
func (l *loader) settleClock(ctx context.Context) error {
	l.clock = l.now
	for _, d := range l.desks {
		if err := l.app.WarnOfDeadlines(ctx, app.Warn{Desk: d.ID}); err != nil {
			return err
		}
		if err := l.app.ChargeMonths(ctx, app.ChargeMonth{Desk: d.ID}); err != nil {
			return err
		}
	}
	return nil
}
