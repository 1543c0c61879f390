package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// MonthBook is a month of statements as the desk sees it.
type MonthBook struct {
	desk.MonthBook
	Problems desk.Problems
}

// issuedTo tells whether a customer has his statement of the month already.
func (b MonthBook) issuedTo(customer desk.ID) bool {
	return slices.ContainsFunc(b.Issued, func(s desk.Statement) bool { return s.CustomerID == customer })
}

func monthHref(f Frame, m desk.Month) string { return f.Href("/statements?month=" + string(m)) }

// MyStatements is a manager's page: his company's prepaid time and statements.
type MyStatements struct {
	Blocks []desk.Block
	List   []desk.Statement
}

// issuedOn is the day on which a statement was issued.
func issuedOn(ctx context.Context, s desk.Statement) string {
	return i18n.From(ctx).ShortDate(s.IssuedAt)
}

// worked is the minutes of a line, "" for what is no work.
func worked(ctx context.Context, r desk.ChargeRow) string {
	if r.Kind != desk.ForTime {
		return ""
	}
	return spent(ctx, r.Bill.Worked())
}

// groupTitle is the headline of a statement's part.
func groupTitle(ctx context.Context, g desk.StatementGroup) string {
	if g.Number == 0 {
		return i18n.T(ctx, "statements.no_ticket")
	}
	return i18n.T(ctx, "statements.ticket", "Number", g.Number, "Subject", g.Subject)
}

// sum is a bill in one cell.
func sum(ctx context.Context, r desk.ChargeRow) string {
	var parts []string
	for _, l := range billLines(ctx, r.Kind, r.Bill, r.BlockNames) {
		text := l.Text
		if l.Amount != "" {
			text += " = " + l.Amount
		}
		parts = append(parts, text)
	}
	if r.Reason != "" {
		parts = append(parts, i18n.T(ctx, "charges.because", "Reason", r.Reason))
	}
	return strings.Join(parts, " ; ")
}

// StatementSheet is a statement's lines as a table, written alike in every
// language, so that programs read it.
func StatementSheet(ctx context.Context, p desk.StatementPage) Sheet {
	var head []any
	for _, key := range []string{"statement", "customer", "date", "ticket", "subject", "what", "worker", "minutes", "sum", "amount", "currency"} {
		head = append(head, i18n.T(ctx, "statements.csv."+key))
	}
	rows := [][]any{head}
	for _, g := range p.Groups() {
		for _, r := range g.Lines {
			row := []any{p.Number(), p.Content.Customer, r.DoneAt.In(i18n.From(ctx).Zone()).Format(time.DateOnly), "", r.TicketSubject, what(ctx, r.Charge), r.Worker, "",
				sum(ctx, r), Decimal(r.Bill.Total.Number()), r.Bill.Total.CurrencyCode()}
			if r.TicketNumber != 0 {
				row[3] = int(r.TicketNumber)
			}
			if r.Kind == desk.ForTime {
				row[7] = r.Bill.Worked()
			}
			rows = append(rows, row)
		}
	}
	return Sheet{Name: "statement-" + p.Number(), Rows: rows, Programs: true}
}
