package page

import (
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// EscalationReports is a report of escalations as its page shows it.
type EscalationReports struct {
	desk.EscalationReport
	Today desk.Day // the desk's
}

// escalationShown is how many rows each of the two lists shows.
const escalationShown = 20

// base is the frame of the report: its months and its customer.
func (r EscalationReports) base() Reports {
	return Reports{Report: desk.Report{Filter: r.Filter, Customer: r.Customer, RolledAt: r.RolledAt}, Today: r.Today}
}

// reportTabs are the two reports, of the same months and customer.
func reportTabs(p *i18n.Printer, f Frame, of desk.ReportFilter, current string) []ui.NavItem {
	tab := func(text, file string) ui.NavItem {
		return ui.NavItem{Text: text, Href: reportHref(f, file, of), Current: file == current}
	}
	return []ui.NavItem{tab(p.T("report.tab_support"), ""), tab(p.T("report.tab_escalations"), "/escalations")}
}

func (r EscalationReports) narrowed() bool {
	return r.Filter.Customer != desk.Nobody || r.Filter != desk.NewReportFilter("", "", r.Today)
}

// headline says in one sentence how much was handed on.
func (r EscalationReports) headline(p *i18n.Printer) string {
	tickets, h := r.Share(nil)
	if tickets == 0 {
		return ""
	}
	return p.N("report.handed_on", h.Escalated, "Percent", p.Percent(desk.Share(h.Escalated, tickets)), "Tickets", p.Number(tickets))
}

func (r EscalationReports) shareOf(m desk.Day) (int, desk.Handed) {
	return r.Share(func(f desk.CameFigure) bool { return f.Month == m })
}

func (r EscalationReports) shareChart(p *i18n.Printer) ui.Chart {
	tickets, h := r.Share(nil)
	return ui.Chart{ID: "share", Title: p.T("report.share_chart"), Words: p.T("report.share_words", "Percent", p.Percent(desk.Share(h.Escalated, tickets)),
		"Tickets", p.Number(tickets), "Escalated", p.Number(h.Escalated), "Against", p.Number(h.Against))}
}

func (r EscalationReports) shareColumns(p *i18n.Printer) (list []ui.Column) {
	for _, m := range r.Filter.Months() {
		col := ui.Column{Height: ui.None, Text: "–", Label: p.Initial(month(m).Month())}
		if tickets, h := r.shareOf(m); tickets > 0 {
			n := desk.Share(h.Escalated, tickets)
			col.Height, col.Text, col.Note = n, p.Number(n), compact(p, h.Escalated)
		}
		list = append(list, col)
	}
	return list
}

func shareCells(p *i18n.Printer, tickets int, h desk.Handed) []ui.Cell {
	share := "–"
	if tickets > 0 {
		share = p.Percent(desk.Share(h.Escalated, tickets))
	}
	return ui.Cells(share, p.Number(tickets), p.Number(h.Escalated), p.Number(h.Against))
}

func shareHeads(p *i18n.Printer, first string) []string {
	return []string{first, p.T("report.handed_share"), p.T("report.csv_tickets"), p.T("report.escalated"), p.T("report.against")}
}

func (r EscalationReports) shareTable(p *i18n.Printer) ui.FigureTable {
	t := ui.FigureTable{Caption: p.T("report.share_chart"), Heads: shareHeads(p, p.T("report.month"))}
	for _, m := range r.Filter.Months() {
		tickets, h := r.shareOf(m)
		t.Rows = append(t.Rows, append(ui.Cells(p.Month(month(m))), shareCells(p, tickets, h)...))
	}
	return t
}

func categoryName(p *i18n.Printer, c desk.Category) string {
	if c == "" {
		return p.T("report.no_category")
	}
	return p.T("category." + string(c))
}

func (r EscalationReports) categoryChart(p *i18n.Printer) ui.Chart {
	var said []string
	list := r.ByCategory()
	for _, c := range list[:min(len(list), 3)] {
		said = append(said, p.T("report.category_words", "Name", categoryName(p, c.Category), "Escalated", p.Number(c.Escalated), "Tickets", p.Number(c.Tickets)))
	}
	return ui.Chart{ID: "categories", Title: p.T("report.by_category"), Words: strings.Join(said, " ")}
}

func (r EscalationReports) categoryBars(p *i18n.Printer) (list []ui.BarRow) {
	for _, c := range r.ByCategory() {
		most := max(r.ByCategory()[0].Escalated, 1)
		list = append(list, ui.BarRow{Name: categoryName(p, c.Category), Wide: 100 * c.Escalated / most, Thick: 100 * (c.Escalated - c.Against) / most,
			Text: p.T("report.part_of", "Part", p.Number(c.Escalated), "Whole", p.Number(c.Tickets), "Percent", p.Percent(desk.Share(c.Escalated, c.Tickets)))})
	}
	return list
}

func (r EscalationReports) categoryTable(p *i18n.Printer) ui.FigureTable {
	t := ui.FigureTable{Caption: p.T("report.by_category"), Heads: shareHeads(p, p.T("report.category"))}
	for _, c := range r.ByCategory() {
		t.Rows = append(t.Rows, append(ui.Cells(categoryName(p, c.Category)), shareCells(p, c.Tickets, c.Handed)...))
	}
	return t
}

// returned says how many came back, of those that ended.
func (r EscalationReports) returned(p *i18n.Printer) string {
	all := r.Total()
	if all.Ended() == 0 {
		return ""
	}
	return p.N("report.returned_line", all.Returned, "Ended", p.Number(all.Ended()), "Percent", p.Percent(desk.Share(all.Returned, all.Ended())))
}

func targetTitle(p *i18n.Printer, target string) string { return p.T("report.target." + target) }

func workloadName(p *i18n.Printer, w string) string { return p.T("route.workload." + w) }

func severityName(p *i18n.Printer, s string) string {
	if s == "" {
		return p.T("report.no_severity")
	}
	return p.T("report.severity_of", "Letter", s)
}

// endsTable is how escalations ended, by whom they went to.
func (r EscalationReports) endsTable(p *i18n.Printer) ui.FigureTable {
	t := ui.FigureTable{Caption: p.T("report.by_target"), Heads: []string{p.T("report.target"), p.T("report.filed"), p.T("report.solved"), p.T("report.unsolved"),
		p.T("report.returned"), p.T("report.withdrawn"), p.T("report.settled")}}
	for _, f := range r.By(func(f desk.HandedFigure) string { return string(f.Target) }) {
		t.Rows = append(t.Rows, ui.Cells(targetTitle(p, f.Key), p.Number(f.Filed), p.Number(f.Solved), p.Number(f.Unsolved), p.Number(f.Returned), p.Number(f.Withdrawn), took(p, f.Settled)))
	}
	return t
}

func (r EscalationReports) returnedTable(p *i18n.Printer, f Frame) ui.FigureTable {
	t := ui.FigureTable{Words: true, Caption: p.T("report.returned_list"), Heads: []string{p.T("report.escalation"), p.T("report.customer"), p.T("report.target"), p.T("report.day"), p.T("report.why")}}
	for _, e := range r.Returned[:min(len(r.Returned), escalationShown)] {
		t.Rows = append(t.Rows, append([]ui.Cell{numberCell(f, e.Number)}, ui.Cells(e.Customer, targetTitle(p, string(e.Target)), p.Day(e.At), e.Why)...))
	}
	return t
}

func numberCell(f Frame, number int64) ui.Cell {
	n := strconv.FormatInt(number, 10)
	return ui.Cell{Text: n, Href: f.Href("/escalations/" + n)}
}

func took(p *i18n.Printer, of func() (time.Duration, bool)) string {
	if d, ok := of(); ok {
		return p.Duration(d)
	}
	return "–"
}

func (r EscalationReports) creditTable(p *i18n.Printer, f Frame) ui.FigureTable {
	t := ui.FigureTable{Words: true, Caption: p.T("report.credits"), Heads: []string{p.T("report.escalation"), p.T("report.customer"), p.T("report.workload"), p.T("report.request"),
		p.T("report.claim"), p.T("report.amount"), p.T("report.why")}}
	for _, c := range r.Credits[:min(len(r.Credits), escalationShown)] {
		t.Rows = append(t.Rows, append([]ui.Cell{numberCell(f, c.Number)},
			ui.Cells(c.Customer, workloadName(p, c.Workload), orDash(c.Request), claimName(p, c.Credit), orDash(c.Credit.Amount), c.Credit.Reason)...))
	}
	return t
}

func claimName(p *i18n.Printer, c desk.Credit) string {
	if c.State == "" {
		return p.T("report.claim.open")
	}
	return p.T("report.claim." + c.State)
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
