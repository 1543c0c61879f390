package page

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// fromMonday is the day of the week that figures count from Monday, 0.
func fromMonday(n int) time.Weekday { return time.Weekday((n + 1) % 7) }

// weekSentence says what the map shows.
func (r Reports) weekSentence(p *i18n.Printer) string {
	week := r.Week()
	tickets, closed := week.Total()
	top := week.Busiest()
	day, from, to := p.DayName(fromMonday(top.Weekday)), p.Hour(top.Hour), p.Hour(top.Hour+1)
	if closed == 0 {
		return p.T("report.week_open", "Day", day, "From", from, "To", to)
	}
	return p.T("report.week_closed", "Percent", p.Percent(desk.Share(closed, tickets)), "Day", day, "From", from, "To", to)
}

func (r Reports) weekChart(ctx context.Context) ui.Chart {
	p := i18n.From(ctx)
	return ui.Chart{ID: "week", Title: p.T("report.week_chart"), Words: r.weekSentence(p)}
}

func (r Reports) heat(ctx context.Context) ui.Heat {
	p := i18n.From(ctx)
	var h ui.Heat
	for d, day := range r.Week() {
		h.Days[d] = p.ShortDay(fromMonday(d))
		for hour, f := range day {
			h.Counts[d][hour] = f.Tickets
			if hour%3 == 0 {
				h.Hours[hour] = p.Hour(hour)
			}
		}
	}
	for _, o := range r.Open {
		h.Open = append(h.Open, ui.HeatOpen{Day: o.Weekday, From: o.From, To: o.To})
	}
	return h
}

// weekTable has a row for each hour at which something came, and a column for
// each day.
func (r Reports) weekTable(ctx context.Context) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("report.week_chart"), Heads: []string{p.T("report.hour")}}
	for d := range 7 {
		t.Heads = append(t.Heads, p.ShortDay(fromMonday(d)))
	}
	t.Heads = append(t.Heads, p.T("report.closed"))
	week := r.Week()
	for hour := range 24 {
		row, all, closed := ui.Cells(p.Hour(hour)), 0, 0
		for d := range 7 {
			all, closed = all+week[d][hour].Tickets, closed+week[d][hour].Closed
			row = append(row, ui.Cell{Text: p.Number(week[d][hour].Tickets)})
		}
		if all > 0 {
			t.Rows = append(t.Rows, append(row, ui.Cell{Text: p.Number(closed)}))
		}
	}
	return t
}

// sideClocks are the clocks that tell each side's time.
var sideClocks = []desk.Clock{desk.Resolution, desk.WithCustomer, desk.WithMicrosoft, desk.WithThirdParty}

func sideName(p *i18n.Printer, c desk.Clock) string { return p.T("report.side." + string(c)) }

// sideClocksKnown are those with something to say.
func (r Reports) sidesKnown() (list []desk.Clock) {
	for _, c := range sideClocks {
		for _, m := range r.Filter.Months() {
			if _, ok := r.Of(m, c).Average(); ok {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

func (r Reports) sideChart(ctx context.Context, c desk.Clock) ui.Chart {
	p := i18n.From(ctx)
	var all desk.Figure
	for _, m := range r.Filter.Months() {
		all = all.Add(r.Of(m, c))
	}
	average, _ := all.Average()
	return ui.Chart{ID: chartID("side", c), Title: sideName(p, c), Words: p.T("report.side_words", "Time", p.Duration(average), "Count", p.Number(all.Judged()+all.Counted))}
}

func (r Reports) sideColumns(ctx context.Context, c desk.Clock) (list []ui.Column) {
	p := i18n.From(ctx)
	longest := time.Duration(1)
	for _, m := range r.Filter.Months() {
		d, _ := r.Of(m, c).Average()
		longest = max(longest, d)
	}
	for _, m := range r.Filter.Months() {
		f := r.Of(m, c)
		col := ui.Column{Height: ui.None, Text: "–", Label: p.Initial(month(m).Month())}
		if d, ok := f.Average(); ok {
			col.Height, col.Text, col.Note = int(100*d/longest), brief(p, d), compact(p, f.Judged()+f.Counted)
		}
		list = append(list, col)
	}
	return list
}

// brief writes a time in four signs or so: 45m, 12h, 3 days as 3d.
func brief(p *i18n.Printer, d time.Duration) string {
	switch {
	case d < time.Hour:
		return p.T("report.brief_minutes", "N", int(d/time.Minute))
	case d < 72*time.Hour:
		return p.T("report.brief_hours", "N", int((d+time.Hour/2)/time.Hour))
	}
	return p.T("report.brief_days", "N", int((d+12*time.Hour)/(24*time.Hour)))
}

func (r Reports) sideTable(ctx context.Context) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("report.sides"), Heads: []string{p.T("report.month")}}
	for _, c := range r.sidesKnown() {
		t.Heads = append(t.Heads, sideName(p, c), p.T("report.side_count", "Side", sideName(p, c)))
	}
	for _, m := range r.Filter.Months() {
		row := ui.Cells(p.Month(month(m)))
		for _, c := range r.sidesKnown() {
			f, took := r.Of(m, c), "–"
			if d, ok := f.Average(); ok {
				took = p.Duration(d)
			}
			row = append(row, ui.Cells(took, p.Number(f.Judged()+f.Counted))...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
