package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// clocks are those that were promised in these months.
func (r Reports) clocks() (list []desk.Clock) {
	for _, c := range desk.PromisedClocks {
		for _, m := range r.Filter.Months() {
			if f := r.Of(m, c); f.Judged()+f.Dropped > 0 {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

func (r Reports) clockChart(ctx context.Context, c desk.Clock) ui.Chart {
	p := i18n.From(ctx)
	var all desk.Figure
	low, high := "", ""
	least, most := 101, -1
	for _, m := range r.Filter.Months() {
		f := r.Of(m, c)
		all = all.Add(f)
		n, ok := f.Percent()
		if ok && n < least {
			least, low = n, p.Month(month(m))
		}
		if ok && n > most {
			most, high = n, p.Month(month(m))
		}
	}
	words := p.T("report.nothing_judged")
	if all.Judged() > 0 {
		words = p.T("report.clock_words", "Percent", percentOf(p, all), "Count", p.Number(all.Judged()), "High", high, "Most", p.Percent(most), "Low", low, "Least", p.Percent(least))
	}
	return ui.Chart{ID: chartID("clock", c), Title: clockName(p, c), Words: words}
}

// chartID names the chart of a clock.
func chartID(kind string, c desk.Clock) string {
	return kind + "-" + strings.ReplaceAll(string(c), "_", "-")
}

func (r Reports) clockColumns(ctx context.Context, c desk.Clock) (list []ui.Column) {
	p := i18n.From(ctx)
	for _, m := range r.Filter.Months() {
		f := r.Of(m, c)
		col := ui.Column{Height: ui.None, Text: "–", Label: p.Initial(month(m).Month())}
		if n, ok := f.Percent(); ok {
			col.Height, col.Text, col.Note = n, p.Number(n), compact(p, f.Judged())
		}
		list = append(list, col)
	}
	return list
}

// promiseHeads are the columns of every table of promises.
func promiseHeads(p *i18n.Printer, first string) []string {
	return []string{first, p.T("report.met_share"), p.T("report.met"), p.T("report.missed"), p.T("report.dropped")}
}

func promiseCells(p *i18n.Printer, f desk.Figure) []ui.Cell {
	return ui.Cells(percentOf(p, f), p.Number(f.Met), p.Number(f.Missed), p.Number(f.Dropped))
}

func (r Reports) clockTable(ctx context.Context, c desk.Clock) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("report.clock_caption", "Clock", clockName(p, c)), Heads: promiseHeads(p, p.T("report.month"))}
	for _, m := range r.Filter.Months() {
		t.Rows = append(t.Rows, append(ui.Cells(p.Month(month(m))), promiseCells(p, r.Of(m, c))...))
	}
	return t
}

// series are the clocks that a chart of groups draws.
func (r Reports) series(p *i18n.Printer) (names []string) {
	for _, c := range r.clocks() {
		names = append(names, clockName(p, c))
	}
	return names
}

func (r Reports) dots(groups []desk.Group) (rows []ui.DotRow) {
	for _, g := range groups {
		row := ui.DotRow{Name: g.Name}
		for _, c := range r.clocks() {
			n, ok := g.Clocks[c].Percent()
			if !ok {
				n = ui.None
			}
			row.Values = append(row.Values, n)
		}
		rows = append(rows, row)
	}
	return rows
}

// groupTable has a row for each group: how each of its promises was kept, with
// their number. to leads a group's name somewhere, "" nowhere.
func (r Reports) groupTable(p *i18n.Printer, caption, first string, groups []desk.Group, to func(desk.Group) string) ui.FigureTable {
	t := ui.FigureTable{Caption: caption, Heads: []string{first}}
	for _, c := range r.clocks() {
		t.Heads = append(t.Heads, clockName(p, c))
	}
	t.Heads = append(t.Heads, p.T("report.missed"), p.T("report.dropped"))
	for _, g := range groups {
		row, all := []ui.Cell{{Text: g.Name, Href: to(g)}}, desk.Figure{}
		for _, c := range r.clocks() {
			f, text := g.Clocks[c], "–"
			if f.Judged() > 0 {
				text = p.T("report.share_of", "Percent", percentOf(p, f), "Count", p.Number(f.Judged()))
			}
			all = all.Add(f)
			row = append(row, ui.Cell{Text: text})
		}
		t.Rows = append(t.Rows, append(row, ui.Cells(p.Number(all.Missed), p.Number(all.Dropped))...))
	}
	return t
}

func (r Reports) typeChart(ctx context.Context) ui.Chart {
	p := i18n.From(ctx)
	return ui.Chart{ID: "types", Title: p.T("report.by_type"), Words: groupWords(p, r.ByType(string(p.Lang())))}
}

func (r Reports) typeTable(ctx context.Context) ui.FigureTable {
	p := i18n.From(ctx)
	return r.groupTable(p, p.T("report.by_type"), p.T("report.type"), r.ByType(string(p.Lang())), func(desk.Group) string { return "" })
}

// worst are the customers with the most late promises.
func (r Reports) worst() []desk.Group {
	all := r.ByCustomer()
	return all[:min(len(all), reportCustomersMost)]
}

func (r Reports) customerChart(ctx context.Context) ui.Chart {
	p := i18n.From(ctx)
	return ui.Chart{ID: "customers", Title: p.T("report.by_customer"), Words: groupWords(p, r.worst())}
}

func (r Reports) customerTable(ctx context.Context, f Frame) ui.FigureTable {
	p := i18n.From(ctx)
	return r.groupTable(p, p.T("report.by_customer"), p.T("report.customer"), r.worst(), func(g desk.Group) string { return r.of(f, g.Key) })
}

// groupWords reads the first few groups out.
func groupWords(p *i18n.Printer, groups []desk.Group) string {
	var said []string
	for _, g := range groups[:min(len(groups), 3)] {
		for _, c := range desk.PromisedClocks {
			if f := g.Clocks[c]; f.Judged() > 0 {
				said = append(said, p.T("report.group_words", "Name", g.Name, "Clock", clockName(p, c), "Percent", percentOf(p, f)))
			}
		}
	}
	return strings.Join(said, " ")
}
