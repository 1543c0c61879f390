package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Support is what a desk publishes about itself: its offer, and when it is open
// as of now. Without hours it is a version of the past.
type Support struct {
	Offer    desk.OpenOffer
	Level    desk.Level // what the reader is promised
	Mine     bool       // the level is his company's, not that of everybody
	Hours    []desk.Opening
	Promised map[desk.Impact]time.Time // when a ticket sent now would be answered
	Zone     *time.Location            // the reader's own, which need not be the one shown
	Health   desk.HealthView           // what is told to anybody of the state of services
	From, To time.Time                 // of a version of the past; zero where not known, or not over
}

// now is the opening of the hours that the reader's support goes by.
func (s Support) now() desk.Opening {
	if len(s.Hours) == 0 {
		return desk.Opening{}
	}
	return s.Hours[0]
}

// neverCloses tells a desk that never closes.
func neverCloses(o desk.Opening) bool { return o.Open && o.Until.IsZero() }

// mood names the words of the page's title: they must be true at this hour.
func (s Support) mood(ctx context.Context) string {
	if s.now().Open {
		return i18n.T(ctx, "support.title_open")
	}
	return i18n.T(ctx, "support.title_closed")
}

// changeDay is the day of the next change: "aujourd’hui" or the whole date.
func changeDay(ctx context.Context, o desk.Opening) string {
	if sameDay(ctx, o.Until) {
		return i18n.T(ctx, "time.today")
	}
	return i18n.From(ctx).Date(o.Until)
}

// left is how long the desk stays as it is.
func left(ctx context.Context, o desk.Opening) string {
	p := i18n.From(ctx)
	return p.Duration(o.Until.Sub(p.Now()))
}

// weekOf is the caption of a table of hours.
func weekOf(ctx context.Context, o desk.Opening) string {
	p := i18n.From(ctx)
	return i18n.T(ctx, "support.week_of", "From", p.ShortDate(o.Week[0].Date), "To", p.ShortDate(o.Week[6].Date), "Zone", zoneName(p.Zone()))
}

// zoneName is a zone as people read it.
func zoneName(zone *time.Location) string { return strings.ReplaceAll(zone.String(), "_", " ") }

func sameDay(ctx context.Context, t time.Time) bool {
	p := i18n.From(ctx)
	return t.In(p.Zone()).Format(time.DateOnly) == p.Now().Format(time.DateOnly)
}

// openHours says when a day is open: "8 h 30 – 12 h 30, 13 h 30 – 18 h 00".
func openHours(p *i18n.Printer, d desk.OpenDay) string {
	var parts []string
	for _, b := range d.Blocks {
		if !b.To.Before(d.Date.AddDate(0, 0, 1)) && b.From.Equal(d.Date) {
			return p.T("support.all_day")
		}
		parts = append(parts, p.T("support.block", "From", p.Clock(b.From), "To", p.Clock(b.To)))
	}
	if len(parts) == 0 {
		return p.T("support.closed_day")
	}
	return strings.Join(parts, ", ")
}

// strip is the picture of a day between two hours that all days of the week
// share; one unit is a minute.
type strip struct {
	width int
	bars  []bar
	now   int // -1 on another day
}

type bar struct{ x, width int }

func stripOf(ctx context.Context, o desk.Opening, d desk.OpenDay) strip {
	first, last := extent(o)
	out := strip{width: last - first, now: -1}
	for _, b := range d.Blocks {
		from, to := minuteOf(d, b.From), minuteOf(d, b.To)
		out.bars = append(out.bars, bar{from - first, to - from})
	}
	if now := minuteOf(d, i18n.From(ctx).Now()); sameDay(ctx, d.Date) && now >= first && now <= last {
		out.now = now - first
	}
	return out
}

// extent is the least stretch of a day that shows the whole week, and no less
// than from 7 to 20 o'clock.
func extent(o desk.Opening) (first, last int) {
	first, last = 7*60, 20*60
	for _, d := range o.Week {
		for _, b := range d.Blocks {
			first, last = min(first, minuteOf(d, b.From)), max(last, minuteOf(d, b.To))
		}
	}
	return first, last
}

// minuteOf is the minute of a day that the wall shows at t; the next midnight
// is 1440.
func minuteOf(d desk.OpenDay, t time.Time) int {
	if !t.Before(d.Date.AddDate(0, 0, 1)) {
		return 24 * 60
	}
	t = t.In(d.Date.Location())
	return t.Hour()*60 + t.Minute()
}

func (s strip) viewBox() string { return "0 0 " + strconv.Itoa(s.width) + " 10" }

func (s strip) hand() string { return "M" + strconv.Itoa(s.now) + "-2v14" }

// promise is one line of what the desk gives itself to answer.
type promise struct {
	Impact desk.Impact
	Label  string
	Target string
	Before string
}

// promises lists, for each impact, the target and what it means now.
func (s Support) promises(ctx context.Context) []promise {
	p := i18n.From(ctx)
	var out []promise
	for _, i := range desk.Impacts {
		if at, ok := s.Promised[i]; ok {
			out = append(out, promise{i, i18n.T(ctx, impactLabels[i]), i18n.T(ctx, "support.working", "Duration", p.Duration(s.Level.Type.Targets[i].Of(desk.FirstReply))), p.Before(at)})
		}
	}
	return out
}

var impactLabels = map[desk.Impact]string{desk.Stopped: "new.stopped", desk.Slowed: "new.slowed", desk.Minor: "new.minor"}

func helpLinks(ctx context.Context) []ui.NavItem { return inTongue(ctx, firstHelp) }
