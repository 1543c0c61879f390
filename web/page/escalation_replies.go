package page

import (
	"context"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// replies is one picture of how first replies came: by severity or by service.
type replies struct {
	Chart  ui.Chart
	First  string // what its rows are of
	Groups []desk.FateOf
	name   func(*i18n.Printer, string) string
}

// repliesKnown are the pictures with something in them.
func (r EscalationReports) repliesKnown(p *i18n.Printer) (list []replies) {
	for _, l := range []replies{
		{Chart: ui.Chart{ID: "severities", Title: p.T("report.by_severity")}, First: p.T("report.severity"), name: severityName,
			Groups: r.By(func(f desk.HandedFigure) string { return f.Severity })},
		{Chart: ui.Chart{ID: "workloads", Title: p.T("report.by_workload")}, First: p.T("report.workload"), name: workloadName,
			Groups: r.By(func(f desk.HandedFigure) string { return f.Workload })},
	} {
		var some []desk.FateOf
		for _, g := range l.Groups {
			if g.Judged() > 0 || g.Replies > 0 || g.Solved > 0 {
				some = append(some, g)
			}
		}
		if l.Groups = some; len(some) > 0 {
			l.Chart.Words = l.words(p)
			list = append(list, l)
		}
	}
	return list
}

func (l replies) words(p *i18n.Printer) string {
	var said []string
	for _, g := range l.Groups[:min(len(l.Groups), 3)] {
		said = append(said, p.T("report.reply_words", "Name", l.name(p, g.Key), "Percent", keptOf(p, g.Fate), "Time", took(p, g.Reply)))
	}
	return strings.Join(said, " ")
}

func keptOf(p *i18n.Printer, f desk.Fate) string {
	if f.Judged() == 0 {
		return "–"
	}
	return p.Percent(desk.Share(f.Met, f.Judged()))
}

func (l replies) dots(p *i18n.Printer) (rows []ui.DotRow) {
	for _, g := range l.Groups {
		if g.Judged() > 0 { // the others promised nothing: they stand in the table
			rows = append(rows, ui.DotRow{Name: l.name(p, g.Key), Values: []int{desk.Share(g.Met, g.Judged())}})
		}
	}
	return rows
}

func (l replies) table(p *i18n.Printer) ui.FigureTable {
	t := ui.FigureTable{Caption: l.Chart.Title, Heads: []string{l.First, p.T("report.met_share"), p.T("report.replies"), p.T("report.reply_average"), p.T("report.promise_average"),
		p.T("report.missed"), p.T("report.settled")}}
	for _, g := range l.Groups {
		t.Rows = append(t.Rows, ui.Cells(l.name(p, g.Key), keptOf(p, g.Fate), p.Number(g.Replies), took(p, g.Reply), took(p, g.Promised), p.Number(g.Missed), took(p, g.Settled)))
	}
	return t
}

// EscalatedRows are the lines of what came and was handed on, under their heads.
func EscalatedRows(ctx context.Context, list []desk.CameFigure) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.month"), p.T("report.customer"), p.T("report.category"), p.T("report.csv_tickets"), p.T("report.escalated"), p.T("report.against")}}
	for _, f := range list {
		rows = append(rows, []any{short(f.Month), f.Customer, categoryName(p, f.Category), f.Tickets, f.Escalated, f.Against})
	}
	return rows
}

// EscalationRows are the lines of what happened to escalations, averages in minutes.
func EscalationRows(ctx context.Context, list []desk.HandedFigure) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.month"), p.T("report.customer"), p.T("report.target"), p.T("report.workload"), p.T("report.severity"), p.T("report.filed"),
		p.T("report.solved"), p.T("report.unsolved"), p.T("report.returned"), p.T("report.withdrawn"), p.T("report.replies"), p.T("report.met"), p.T("report.missed"), p.T("report.dropped"),
		p.T("report.csv_reply"), p.T("report.csv_promised"), p.T("report.csv_settled")}}
	average := func(d time.Duration, ok bool) any {
		if !ok {
			return ""
		}
		return int(d / time.Minute)
	}
	for _, f := range list {
		rows = append(rows, []any{short(f.Month), f.Customer, targetTitle(p, string(f.Target)), workloadName(p, f.Workload), f.Severity, f.Filed, f.Solved, f.Unsolved, f.Returned, f.Withdrawn,
			f.Replies, f.Met, f.Missed, f.Dropped, average(f.Reply()), average(f.Promised()), average(f.Settled())})
	}
	return rows
}

// ReturnedRows are what was sent back, with the reasons.
func ReturnedRows(ctx context.Context, r desk.EscalationReport) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.escalation"), p.T("report.customer"), p.T("report.target"), p.T("report.workload"), p.T("report.day"), p.T("report.why")}}
	for _, e := range r.Returned {
		rows = append(rows, []any{int(e.Number), e.Customer, targetTitle(p, string(e.Target)), workloadName(p, e.Workload), e.At.In(p.Zone()).Format(time.DateOnly), e.Why})
	}
	return rows
}

// CreditRows are what is worth claiming, and where each claim stands.
func CreditRows(ctx context.Context, r desk.EscalationReport) [][]any {
	p := i18n.From(ctx)
	rows := [][]any{{p.T("report.escalation"), p.T("report.customer"), p.T("report.workload"), p.T("report.request"), p.T("report.claim"), p.T("report.amount"), p.T("report.why")}}
	for _, c := range r.Credits {
		rows = append(rows, []any{int(c.Number), c.Customer, workloadName(p, c.Workload), c.Request, claimName(p, c.Credit), c.Credit.Amount, c.Credit.Reason})
	}
	return rows
}
