package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

func workName(p *i18n.Printer, w desk.WorkShare) string {
	if w.CustomerID == desk.Nobody {
		return p.N("report.work_rest", w.Others)
	}
	return w.Customer
}

func workAmount(p *i18n.Printer, w desk.WorkShare) string {
	var sums []string
	for _, a := range w.Amounts {
		sums = append(sums, p.Money(a.Number(), a.CurrencyCode()))
	}
	if len(sums) == 0 {
		return "–"
	}
	return strings.Join(sums, " + ")
}

func (r Reports) workChart(ctx context.Context) ui.Chart {
	p := i18n.From(ctx)
	var said []string
	for _, w := range r.Work[:min(len(r.Work), 3)] {
		said = append(said, p.T("report.work_words", "Name", workName(p, w), "Time", p.Hours(minutes(w.Minutes)), "Amount", workAmount(p, w)))
	}
	return ui.Chart{ID: "work", Title: p.T("report.work_chart"), Words: strings.Join(said, " ")}
}

func (r Reports) workBars(ctx context.Context) (list []ui.BarRow) {
	p := i18n.From(ctx)
	longest := 1
	for _, w := range r.Work {
		longest = max(longest, w.Minutes)
	}
	for _, w := range r.Work {
		text := p.Hours(minutes(w.Minutes))
		if len(w.Amounts) > 0 {
			text = p.T("report.work_figures", "Time", text, "Amount", workAmount(p, w))
		}
		list = append(list, ui.BarRow{Name: workName(p, w), Text: text, Wide: 100 * w.Minutes / longest, Thick: 100 * w.Billable / longest})
	}
	return list
}

func (r Reports) workTable(ctx context.Context, f Frame) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("report.work_chart"), Heads: []string{p.T("report.customer"), p.T("report.time"), p.T("report.billable"), p.T("report.amount")}}
	for _, w := range r.Work {
		name := ui.Cell{Text: workName(p, w)}
		if w.CustomerID != desk.Nobody {
			name.Href = r.of(f, w.CustomerID.String())
		}
		t.Rows = append(t.Rows, append([]ui.Cell{name}, ui.Cells(p.Hours(minutes(w.Minutes)), p.Hours(minutes(w.Billable)), workAmount(p, w))...))
	}
	return t
}
