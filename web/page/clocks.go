package page

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
)

// clockFace is one promise of a ticket in words.
type clockFace struct {
	desk.Explained
	Name  string
	State string // "encore 42 min", "en pause", "tenue en 18 min"
	Tone  string
	Icon  string
}

// faces are a ticket's promises as the desk reads them, those that run first.
func faces(ctx context.Context, th desk.Thread) []clockFace {
	p := i18n.From(ctx)
	var running, rest []clockFace
	for _, c := range th.Explained {
		if c.Clock.Counts() {
			continue
		}
		f := face(p, c, th.Ticket.State)
		if c.Ended == nil {
			running = append(running, f)
		} else {
			rest = append(rest, f)
		}
	}
	return append(running, rest...)
}

func face(p *i18n.Printer, c desk.Explained, s desk.State) clockFace {
	f := clockFace{Explained: c, Name: p.T("clock." + string(c.Clock)), Icon: "clock"}
	switch {
	case c.Ending == desk.Met:
		f.State, f.Tone, f.Icon = p.T("promise.met", "Took", p.Duration(c.Spent)), "ok", "ok"
	case c.Ending == desk.Missed:
		f.State, f.Tone, f.Icon = p.T("promise.missed", "Took", p.Duration(c.Spent)), "bad", "alert"
	case c.Ended != nil:
		f.State, f.Icon = p.T("promise.dropped"), "minus"
	case c.Paused():
		f.State, f.Icon = p.T("promise.paused", "Where", atRest(p, s)), "pause"
	case c.Due == nil:
		f.State = p.T("promise.never")
	default:
		d := deadlineOf(p, s, &c.Began, c.Due)
		f.State, f.Tone = d.Text, d.Tone
		if d.Tone == "bad" {
			f.Icon = "alert"
		}
	}
	return f
}

// title is what a clock's button says in the title bar.
func (f clockFace) title(ctx context.Context) string {
	return i18n.T(ctx, "ticket.clock", "Clock", f.Name, "Left", f.State)
}

// target is what was promised: "4 h d’ouverture, type Étendu".
func (f clockFace) target(ctx context.Context) string {
	p := i18n.From(ctx)
	d := p.Duration(minutes(f.Target))
	if name := f.Type.In(string(p.Lang())); name != "" {
		return p.T("promise.target_of", "Duration", d, "Type", name)
	}
	return p.T("promise.target", "Duration", d)
}

// sumLine is one step of the sum in words; its tone is "" where time counts.
type sumLine struct {
	Text   string
	Closed bool
}

// lines are the sum in the calendar's own zone, where the desk's hours are
// written.
func (f clockFace) lines(ctx context.Context) []sumLine {
	p := calendarPrinter(ctx, f.Zone)
	out := make([]sumLine, len(f.Lines))
	for i, l := range f.Lines {
		out[i] = sumLine{sumText(p, l), l.Kind == hours.LineClosed}
	}
	return out
}

// calendarPrinter writes in a calendar's zone.
func calendarPrinter(ctx context.Context, zone *time.Location) *i18n.Printer {
	p := i18n.From(ctx)
	return i18n.New(p.Lang(), zone, p.Now())
}

// abroad tells a reader whose clock is not the calendar's, at the time of the sum.
func (f clockFace) abroad(ctx context.Context) bool {
	_, here := f.Began.In(i18n.From(ctx).Zone()).Zone()
	_, there := f.Began.In(f.Zone).Zone()
	return here != there
}

func sumText(p *i18n.Printer, l hours.Line) string {
	switch l.Kind {
	case hours.LineBlock:
		return p.T("promise.block", "Duration", p.Hours(l.Block.Duration()), "Day", p.Day(l.Block.From), "From", p.Clock(l.Block.From), "To", p.Clock(l.Block.To))
	case hours.LineMore:
		return p.N("promise.more", l.Blocks, "Duration", p.Hours(l.Total), "From", dateText(p, l.First), "To", dateText(p, l.Last))
	}
	when := dateText(p, l.First)
	if l.First != l.Last {
		when = p.T("promise.days", "From", when, "To", dateText(p, l.Last))
	}
	return p.T("promise.closed_"+string(l.Why), "When", when, "Name", l.Holiday)
}

func dateText(p *i18n.Printer, date string) string {
	return p.Day(desk.Day(date).At(p.Zone()))
}

// was are the deadlines that no longer hold, in words.
func (f clockFace) was(ctx context.Context) []string {
	p := i18n.From(ctx)
	var out []string
	for _, w := range f.Was {
		out = append(out, p.T("promise.was", "Due", p.Before(w.Due), "Until", p.When(w.Until), "Why", p.T("promise.because_"+w.Because)))
	}
	return out
}

// sideTime is how long one side has had the ticket.
type sideTime struct{ Term, Text string }

func sides(ctx context.Context, t desk.Ticket) []sideTime {
	p := i18n.From(ctx)
	s := t.Sides(p.Now())
	out := []sideTime{{p.T("promise.with_desk"), p.Duration(s.Desk)}}
	if s.Customer > 0 {
		out = append(out, sideTime{p.T("promise.with_customer"), p.Duration(s.Customer)})
	}
	if s.Microsoft > 0 {
		out = append(out, sideTime{p.T("promise.with_microsoft"), p.Duration(s.Microsoft)})
	}
	if s.ThirdParty > 0 {
		out = append(out, sideTime{p.T("promise.with_third_party"), p.Duration(s.ThirdParty)})
	}
	return out
}

// promiseText says which deadline moved, and why.
func promiseText(p *i18n.Printer, e desk.Happened) string {
	clock, why := p.T("clock."+e.Data["clock"]), p.T("promise.because_"+e.Data["because"])
	was, err1 := time.Parse(time.RFC3339, e.Data["was"])
	due, err2 := time.Parse(time.RFC3339, e.Data["due"])
	if err1 != nil || err2 != nil {
		return p.T("promise.moved", "Clock", clock, "Why", why)
	}
	return p.T("promise.moved_to", "Clock", clock, "Due", p.Before(due), "Was", p.Before(was), "Why", why)
}

// warnedText says who was told of a deadline.
func warnedText(p *i18n.Printer, e desk.Happened) string {
	due, _ := time.Parse(time.RFC3339, e.Data["due"])
	clock, when := p.T("clock."+e.Data["clock"]), p.Before(due)
	if e.Data["to"] == "" {
		return p.T("promise.warned_nobody", "Clock", clock, "Due", when)
	}
	return p.T("promise.warned", "To", e.Data["to"], "Clock", clock, "Due", when)
}

// answer is the face of the answer that the customer waits for.
func (t CustomerTicket) answer(ctx context.Context) (clockFace, bool) {
	clock, due := answerDue(t.Thread.Ticket)
	return t.face(ctx, clock, due != nil)
}

// settle is the face of the time by which the desk means to have settled it.
func (t CustomerTicket) settle(ctx context.Context) (clockFace, bool) {
	return t.face(ctx, desk.Resolution, true)
}

func (t CustomerTicket) face(ctx context.Context, clock desk.Clock, wanted bool) (clockFace, bool) {
	for _, f := range faces(ctx, t.Thread) {
		if wanted && f.Clock == clock && f.Ended == nil {
			return f, true
		}
	}
	return clockFace{}, false
}

// settleText is when it is meant to be settled, or that its time stands still.
func settleText(ctx context.Context, f clockFace) string {
	if f.Due == nil {
		return f.State
	}
	return i18n.From(ctx).Before(*f.Due)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
