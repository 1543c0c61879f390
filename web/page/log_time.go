package page

import (
	"context"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// TimeForm is work on a ticket as typed.
type TimeForm struct {
	Spent, Worked, Ended string
	Billable             bool
	Key                  desk.ID
	Entry                desk.ID // the entry that is corrected, Nobody for a new one
	Elsewhere            bool    // a timer could not start, as one runs on another ticket
	Problems             desk.Problems
	Restored             bool
}

// FirstTime is the form as nobody has filled it in.
func FirstTime() TimeForm { return TimeForm{Billable: true, Key: desk.NewID()} }

// TimeFormOf is the form that corrects an entry.
func TimeFormOf(p *i18n.Printer, e desk.TimeEntry) TimeForm {
	return TimeForm{Spent: p.T("time.minutes", "Minutes", e.Minutes()), Worked: e.Text, Billable: e.Billable, Key: desk.NewID(), Entry: e.ID,
		Ended: e.EndedAt.In(p.Zone()).Format("2006-01-02T15:04")}
}

// open tells that the panel must not stay folded.
func (x TimeForm) open() bool {
	return x.Restored || x.Elsewhere || len(x.Problems) > 0 || x.Entry != desk.Nobody
}

// here is the reader's timer, if it runs on this ticket.
func (t DeskTicket) here() *desk.Timer {
	if r := t.Time.Timer; r != nil && r.TicketID == t.Thread.Ticket.ID {
		return r
	}
	return nil
}

// timeAction is where the form posts to.
func (t DeskTicket) timeAction(f Frame) string {
	switch {
	case t.TimeForm.Entry != desk.Nobody:
		return t.act(f, "time/"+t.TimeForm.Entry.String())
	case t.here() != nil:
		return t.act(f, "time/stop")
	}
	return t.act(f, "time")
}

// may tells whether the reader can still change an entry.
func (t DeskTicket) may(f Frame, l desk.LoggedTime) bool {
	return l.PersonID == f.Who.Person.ID && !l.Settled()
}

func (t DeskTicket) spentField(ctx context.Context) ui.Field {
	hint, x := "log.spent_hint", t.TimeForm
	if t.here() != nil && x.Entry == desk.Nobody {
		hint = "log.spent_timer"
	}
	return ui.Field{Name: "spent", Label: i18n.T(ctx, "log.spent"), Hint: i18n.T(ctx, hint), Value: shown(x.Spent), Error: problemOf(ctx, x.Problems, "spent"),
		Required: t.here() == nil || x.Entry != desk.Nobody}
}

// minutes are all that was logged on the ticket.
func (t DeskTicket) minutes() int {
	sum := 0
	for _, l := range t.Time.Logged {
		sum += l.Minutes()
	}
	return sum
}

// number writes a ticket's number.
func number(n int64) string { return strconv.FormatInt(n, 10) }
