package page

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// AttainmentRows are the lines of attainment under their heads: numbers as
// numbers, names as texts.
func AttainmentRows(ctx context.Context, list []desk.Attained, o desk.Offer) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.month"), p.T("report.clock"), p.T("report.type"), p.T("report.customer"),
		p.T("report.met"), p.T("report.missed"), p.T("report.dropped"), p.T("report.csv_percent")}}
	for _, a := range list {
		name := a.Type
		if t, ok := o.Type(a.Type); ok {
			name = t.Name.In(string(p.Lang()))
		}
		row := []any{a.Month, clockName(p, a.Clock), name, a.Customer, a.Met, a.Missed, a.Dropped}
		rows = append(rows, append(row, percentCell(a.Figure)))
	}
	return rows
}

// percentCell is a share as a number, and nothing where there is none.
func percentCell(f desk.Figure) any {
	if n, ok := f.Percent(); ok {
		return n
	}
	return ""
}

// HoursRows are all hours of the week.
func HoursRows(ctx context.Context, r desk.Report) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.csv_weekday"), p.T("report.hour"), p.T("report.csv_tickets"), p.T("report.closed")}}
	for d, day := range r.Week() {
		for hour, f := range day {
			rows = append(rows, []any{p.DayName(fromMonday(d)), hour, f.Tickets, f.Closed})
		}
	}
	return rows
}

// SidesRows are each side's time by month.
func SidesRows(ctx context.Context, r desk.Report) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.month"), p.T("report.csv_side"), p.T("report.csv_average"), p.T("report.csv_count")}}
	for _, m := range r.Filter.Months() {
		for _, c := range sideClocks {
			f := r.Of(m, c)
			if d, ok := f.Average(); ok {
				rows = append(rows, []any{short(m), sideName(p, c), int(d / time.Minute), f.Judged() + f.Counted})
			}
		}
	}
	return rows
}

// WorkRows are the time and money of every customer.
func WorkRows(ctx context.Context, r desk.Report) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.customer"), p.T("report.csv_minutes"), p.T("report.csv_billable"), p.T("report.amount"), p.T("report.csv_currency")}}
	for _, w := range r.Work {
		rows = append(rows, []any{w.Customer, w.Minutes, w.Billable, Decimal(w.Amount), w.Currency})
	}
	return rows
}
