package page

import (
	"context"
	"net/url"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Reports is a report as its page shows it.
type Reports struct {
	desk.Report
	Work  []desk.WorkShare // the customers with the most time, then the rest
	Today desk.Day         // the desk's
}

// ReportWorkMost is how many customers the chart of work names.
const ReportWorkMost = 20

// reportCustomersMost is the same of attainment.
const reportCustomersMost = 20

// month is a report's month as a time, for the printer.
func month(d desk.Day) time.Time { return d.At(time.UTC) }

// short is a month as an address says it: 2026-11.
func short(d desk.Day) string { return string(d[:len("2006-01")]) }

func reportHref(f Frame, file string, r desk.ReportFilter) string {
	v := url.Values{"from": {short(r.From)}, "to": {short(r.To)}}
	if r.Type != "" {
		v.Set("type", r.Type)
	}
	if r.Customer != desk.Nobody {
		v.Set("customer", r.Customer.String())
	}
	return f.Href("/reports" + file + "?" + v.Encode())
}

// of is the same report of one customer.
func (r Reports) of(f Frame, customer string) string {
	only := r.Filter
	only.Customer, _ = desk.ParseID(customer)
	return reportHref(f, "", only)
}

// everybody is the same report without its customer.
func (r Reports) everybody(f Frame) string {
	all := r.Filter
	all.Customer = desk.Nobody
	return reportHref(f, "", all)
}

// selects are the questions of the filter form.
func (r Reports) selects(ctx context.Context) []queueSelect {
	p := i18n.From(ctx)
	from := queueSelect{Field: ui.Field{Name: "from", Label: p.T("report.from"), Value: short(r.Filter.From)}}
	to := queueSelect{Field: ui.Field{Name: "to", Label: p.T("report.to"), Value: short(r.Filter.To)}}
	months := desk.ReportMonths(r.Today)
	slices.Reverse(months)
	for _, m := range months {
		o := ui.Option{Value: short(m), Text: p.Month(month(m))}
		from.Options, to.Options = append(from.Options, o), append(to.Options, o)
	}
	kind := queueSelect{ui.Field{Name: "type", Label: p.T("report.type"), Value: r.Filter.Type}, anyOf(p)}
	known := r.Filter.Type == ""
	for _, t := range r.Offer.Types {
		known = known || t.Key == r.Filter.Type
		kind.Options = append(kind.Options, ui.Option{Value: t.Key, Text: t.Name.In(string(p.Lang()))})
	}
	if !known { // of an offer of the past
		kind.Options = append(kind.Options, ui.Option{Value: r.Filter.Type, Text: r.Filter.Type})
	}
	return []queueSelect{from, to, kind}
}

// span says which months a report is of.
func (r Reports) span(p *i18n.Printer) string {
	if r.Filter.From == r.Filter.To {
		return p.Month(month(r.Filter.From))
	}
	return p.T("report.span", "From", p.Month(month(r.Filter.From)), "To", p.Month(month(r.Filter.To)))
}

// empty is a report with nothing to draw.
func (r Reports) empty() bool {
	tickets, _ := r.Week().Total()
	return !r.Promises() && !r.Waits() && tickets == 0 && len(r.Work) == 0
}

// narrowed tells a report that leaves something out.
func (r Reports) narrowed() bool {
	return r.Filter.Type != "" || r.Filter.Customer != desk.Nobody || r.Filter != desk.NewReportFilter("", "", r.Today)
}

// headline says in one sentence how the newest month went.
func (r Reports) headline(p *i18n.Printer) string {
	h := r.Latest
	percent, ok := h.Percent()
	if !ok {
		return ""
	}
	in := p.T("report.on_time", "Percent", p.Percent(percent), "Month", p.Month(month(h.Month)))
	switch {
	case h.Missed == 0:
		return p.T("report.none_late", "OnTime", in)
	case h.Worst == "":
		return p.N("report.late", h.Missed, "OnTime", in)
	}
	return p.N("report.late_worst", h.Missed, "OnTime", in, "Customer", h.Worst)
}

// rolled says when the figures were counted.
func (r Reports) rolled(p *i18n.Printer) string {
	if r.RolledAt == nil {
		return p.T("report.uncounted")
	}
	return p.T("report.counted", "When", p.When(*r.RolledAt))
}

func clockName(p *i18n.Printer, c desk.Clock) string { return p.T("clock." + string(c)) }

func percentOf(p *i18n.Printer, f desk.Figure) string {
	n, ok := f.Percent()
	if !ok {
		return "–"
	}
	return p.Percent(n)
}

// compact writes a count in four signs at most.
func compact(p *i18n.Printer, n int) string {
	if n < 1000 {
		return p.Number(n)
	}
	return p.T("report.thousands", "N", p.Number((n+500)/1000))
}
