package page

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// queueWords are the words and signs that rows repeat, made once a page: a
// queue is drawn far more often than anything else.
type queueWords struct {
	printer    *i18n.Printer
	path, from string // around a ticket's number in its address
	free       string
	paused     string
	tags       string
	order      templ.Component
	team       templ.Component
	priority   [5]templ.Component // by level
	outcome    map[desk.Outcome]templ.Component
	last       map[desk.Side]templ.Component // who wrote last
	starred    templ.Component
	confirmed  templ.Component
	access     map[desk.ID]desk.AccessTrouble // by customer
}

func (q Queue) words(ctx context.Context, f Frame) queueWords {
	p := i18n.From(ctx)
	w := queueWords{printer: p, order: fixed(ctx, signAndWord("euro", p.T("order.panel"))), path: f.Href("/tickets/"), from: FromQueue(q.Filter), free: p.T("queue.free"), paused: p.T("queue.paused"), tags: p.T("trace.tags"), access: q.Access,
		outcome: map[desk.Outcome]templ.Component{"": templ.Raw("–")}, // imported, and judged by nobody since
		last: map[desk.Side]templ.Component{
			desk.CustomerSide: fixed(ctx, signAndWord("left", p.T("queue.by_customer"))),
			desk.DeskSide:     fixed(ctx, signAndWord("right", p.T("queue.by_desk"))),
		},
		team: fixed(ctx, signAndWord("user", p.T("trace.team"))), starred: fixed(ctx, signAndWord("star", p.T("queue.starred"))), confirmed: fixed(ctx, signAndWord("check", p.T("queue.confirmed")))}
	for n := 1; n < len(w.priority); n++ {
		w.priority[n] = fixed(ctx, ui.Priority(n, p.T("priority."+strconv.Itoa(n))))
	}
	for o := range outcomeWords {
		w.outcome[o] = fixed(ctx, ui.Outcome(outcomeKind(o), outcomeName(p, o)))
	}
	return w
}

// fixed makes a part's HTML now, to be written as often as it is needed.
func fixed(ctx context.Context, c templ.Component) templ.Component {
	return templ.Raw(templ.ToGoHTML(ctx, c))
}

func (w queueWords) href(number int64) string {
	return w.path + strconv.FormatInt(number, 10) + w.from
}

// unread tells a row whose customer waits for a word.
func unread(r desk.Row) bool { return r.LastSide == desk.CustomerSide && !r.State.Ended() }

// outcomeKind is the outcome's shape in the style sheet.
func outcomeKind(o desk.Outcome) string {
	switch o {
	case "MICROSOFT":
		return "microsoft"
	case "PARTNER":
		return "partner"
	}
	return "ask"
}

// Services whose name is no product's, and short names that hold a common
// word. All others are called the same in every language.
var (
	translatedServices = map[string]bool{"Licensing and billing": true, "Other": true, "Unknown": true}
	translatedShort    = map[string]bool{"Licensing and billing": true, "Other": true, "Unknown": true, "Azure Virtual Network": true}
)

// serviceName is a service as people call it.
func serviceName(p *i18n.Printer, name string) string {
	if translatedServices[name] {
		return p.T("service." + name)
	}
	return name
}

// serviceShort is a service's name where there is little room.
func serviceShort(p *i18n.Printer, name string) string {
	if translatedShort[name] {
		return p.T("service.short." + name)
	}
	s, _ := desk.ServiceNamed(name)
	return s.Short
}

// deadline is a ticket's clock in words, with how much of it has run.
type deadline struct {
	Text    string
	Tone    string // "" while there is time, warn, bad
	Percent int    // of the time given
	Paused  bool   // nothing is due from the desk
}

// What makes a deadline near.
const (
	tight     = 10 * time.Minute
	near      = time.Hour
	mostlyRun = 66 // per cent
	countDown = 4 * time.Hour
)

// deadlineOf reads a clock that began at from and ends at due; both are nil
// while nothing is due.
func deadlineOf(p *i18n.Printer, s desk.State, from, due *time.Time) deadline {
	if due == nil {
		return deadline{Text: atRest(p, s), Paused: true}
	}
	left := due.Sub(p.Now())
	d := deadline{Percent: percentRun(p.Now(), from, *due)}
	switch {
	case left < 0:
		d.Text, d.Tone = p.T("queue.late", "Late", p.Duration(left)), "bad"
	case left < countDown || sameDate(*due, p.Now()):
		d.Text = p.T("queue.left", "Left", p.Duration(left))
	case sameDate(*due, p.Now().AddDate(0, 0, 1)):
		return deadline{Text: p.T("queue.due_on", "Day", p.T("time.tomorrow"), "Clock", p.Clock(*due)), Percent: d.Percent}
	default:
		return deadline{Text: p.T("queue.due_on", "Day", p.ShortDate(*due), "Clock", p.Clock(*due)), Percent: d.Percent}
	}
	if d.Tone == "" && left < tight {
		d.Tone = "bad"
	} else if d.Tone == "" && (left < near || d.Percent >= mostlyRun) {
		d.Tone = "warn"
	}
	return d
}

func atRest(p *i18n.Printer, s desk.State) string {
	switch s {
	case desk.WaitingCustomer:
		return p.T("queue.with_customer")
	case desk.WaitingMicrosoft:
		return p.T("queue.with_microsoft")
	case desk.WaitingThirdParty:
		return p.T("queue.with_third_party")
	case desk.Resolved, desk.Closed:
		return p.T("queue.ended")
	}
	return p.T("queue.answered")
}

// percentRun is how much of a promise's time has gone, 0 to 100.
func percentRun(now time.Time, from *time.Time, due time.Time) int {
	if !now.Before(due) {
		return 100
	}
	if from == nil || !due.After(*from) || now.Before(*from) {
		return 0
	}
	return int(100 * now.Sub(*from) / due.Sub(*from))
}

func sameDate(a, b time.Time) bool {
	y1, m1, d1 := a.In(b.Location()).Date()
	y2, m2, d2 := b.Date()
	return y1 == y2 && m1 == m2 && d1 == d2
}

// icon is the sign of a clock that rests.
func (d deadline) icon(s desk.State) string {
	if s == desk.WaitingCustomer || s.Elsewhere() {
		return "pause"
	}
	return "check"
}
