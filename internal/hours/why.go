package hours

import "time"

// Why is the reason for which a date is not like the ordinary week's, or closed.
type Why string

const (
	WhyHoliday Why = "holiday" // a public holiday
	WhyClosed  Why = "closed"  // a date that the desk closes
	WhyRest    Why = "rest"    // a day on which the week has no hours
	WhyOpened  Why = "opened"  // a date with hours of its own
)

// why is empty for an ordinary open day. Where the week rests anyway, a holiday or a closed date that takes nothing
// away is no reason.
func (p *plan) why(date int) Why {
	d, exception := p.exceptions[date]
	switch {
	case exception && len(d.blocks) > 0:
		return WhyOpened
	case !p.works(date) && (exception && !d.barred || !p.runsInto(date)):
		return WhyRest
	case exception:
		return WhyClosed
	}
	if _, ok := p.holiday(date); ok {
		return WhyHoliday
	}
	if !p.works(date) {
		return WhyRest
	}
	return ""
}

// works tells whether the week has hours on a date's day.
func (p *plan) works(date int) bool { return len(p.week[weekday(date)]) > 0 }

// runsInto tells whether a block of the day before would run past midnight.
func (p *plan) runsInto(date int) bool { return tail(p.on(date-1).blocks) > 0 }

// PreviewDay is one date as a settings page shows it.
type PreviewDay struct {
	Date    string // 2026-11-11
	Blocks  Sum    // those that begin on it, whole
	Why     Why    // empty for an ordinary open day
	Holiday string // the public holiday's name, whether it closes the desk or not
}

// previewDays bounds a preview.
const previewDays = 400

// Preview lists so many dates, 400 at most, from the local date of an instant on.
func (c Calendar) Preview(from time.Time, days int) []PreviewDay {
	p := c.the()
	days = max(0, min(days, previewDays))
	first := civil(from.In(p.zone))
	list := make([]PreviewDay, 0, days)
	wall := clock{zone: p.zone}
	for date := first; date < first+days; date++ {
		d := PreviewDay{Date: dateString(date), Why: p.why(date)}
		d.Holiday, _ = p.holiday(date)
		for _, s := range p.day(&wall, date, nil) {
			d.Blocks = append(d.Blocks, Block{d.Date, time.Unix(s.from, 0).In(p.zone), time.Unix(s.to, 0).In(p.zone)})
		}
		list = append(list, d)
	}
	return list
}
