package page

import (
	"bytes"
	"context"
	"encoding/csv"
	"regexp"
	"slices"
	"strconv"
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

// StatementCSV is a statement's lines as a table (RFC 4180: commas, CRLF), with
// the byte order mark by which spreadsheets know UTF-8. Figures are written with
// a point in every language, so that programs read them; whatever people typed
// is kept from being taken for a formula.
func StatementCSV(ctx context.Context, p desk.StatementPage) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	var head []string
	for _, key := range []string{"statement", "customer", "date", "ticket", "subject", "what", "worker", "minutes", "sum", "amount", "currency"} {
		head = append(head, i18n.T(ctx, "statements.csv."+key))
	}
	rows := [][]string{head}
	for _, g := range p.Groups() {
		for _, r := range g.Lines {
			row := []string{p.Number(), p.Content.Customer, r.DoneAt.In(i18n.From(ctx).Zone()).Format(time.DateOnly), "", r.TicketSubject, what(ctx, r.Charge), r.Worker, "",
				sum(ctx, r), r.Bill.Total.Number(), r.Bill.Total.CurrencyCode()}
			if r.TicketNumber != 0 {
				row[3] = number(r.TicketNumber)
			}
			if r.Kind == desk.ForTime {
				row[7] = strconv.Itoa(r.Bill.Worked())
			}
			for i := range row {
				row[i] = harmless(row[i])
			}
			rows = append(rows, row)
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

var plainFigure = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// harmless keeps a cell from being read as a formula (OWASP, "CSV injection"):
// an apostrophe stands before what begins like one. A figure is none.
func harmless(cell string) string {
	if cell == "" || plainFigure.MatchString(cell) {
		return cell
	}
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
