package desk

import (
	"fmt"
	"slices"
	"time"

	"guichet/internal/pricing"
)

// Statement is a customer's approved charges of a month, frozen when issued. It
// takes along what was approved too late for the months before.
type Statement struct {
	ID         ID
	CustomerID ID
	Month      Month
	Seq        int // within the desk and month
	Content    StatementContent
	IssuerName string
	IssuedAt   time.Time
}

// StatementContent is what a statement says beside its lines, as it was on the
// day it was issued.
type StatementContent struct {
	Customer string       `json:"customer"`
	Tax      Text         `json:"tax,omitempty"`
	Totals   []Total      `json:"totals"`
	Blocks   []BlockState `json:"blocks,omitempty"`
}

// Total is a sum in one currency, as decimal text.
type Total struct {
	Number   string `json:"number"`
	Currency string `json:"currency"`
}

// BlockState is what a statement tells of prepaid time, in minutes.
type BlockState struct {
	ID      ID     `json:"id"`
	Name    string `json:"name"`
	Minutes int    `json:"minutes"`
	Drawn   int    `json:"drawn"` // by this statement's lines
	Left    int    `json:"left"`  // when it was issued
	Expires *Day   `json:"expires,omitempty"`
}

// Number is how the statement is called: 2026-11-003.
func (s Statement) Number() string { return fmt.Sprintf("%s-%03d", s.Month, s.Seq) }

// StatementPage is a statement with its lines.
type StatementPage struct {
	Statement
	Lines []ChargeRow
}

// StatementGroup is the lines of one ticket, or of none.
type StatementGroup struct {
	Number  int64 // 0: of no ticket
	Subject string
	Lines   []ChargeRow
	Totals  []Total
}

// Groups are the lines by ticket, in the order of their numbers; what belongs to
// no ticket comes last.
func (p StatementPage) Groups() []StatementGroup {
	var groups []StatementGroup
	for _, l := range p.Lines {
		i := slices.IndexFunc(groups, func(g StatementGroup) bool { return g.Number == l.TicketNumber })
		if i < 0 {
			i = len(groups)
			groups = append(groups, StatementGroup{Number: l.TicketNumber, Subject: l.TicketSubject})
		}
		groups[i].Lines = append(groups[i].Lines, l)
	}
	for i := range groups {
		groups[i].Totals, _ = Totals(groups[i].Lines) // the statement's own sum was larger and fitted
	}
	slices.SortStableFunc(groups, func(a, b StatementGroup) int {
		switch {
		case a.Number == b.Number:
			return 0
		case a.Number == 0 || b.Number != 0 && a.Number > b.Number:
			return 1
		}
		return -1
	})
	return groups
}

// Totals sums charges, one total a currency. Errors: pricing.ErrTooMuch.
func Totals(lines []ChargeRow) ([]Total, error) {
	bills := make([]pricing.Bill, len(lines))
	for i, l := range lines {
		bills[i] = l.Bill
	}
	sums, err := pricing.Sum(bills...)
	totals := []Total{}
	for _, s := range sums {
		totals = append(totals, Total{s.Number(), s.CurrencyCode()})
	}
	return totals, err
}

// NewStatementContent freezes what stands beside the lines.
func NewStatementContent(c Customer, tax Text, lines []ChargeRow, blocks []Block, now time.Time, zone *time.Location) (StatementContent, error) {
	content := StatementContent{Customer: c.Name, Tax: tax}
	var err error
	if content.Totals, err = Totals(lines); err != nil {
		return content, err
	}
	drawn := map[string]int{}
	for _, l := range lines {
		for _, part := range l.Bill.Lines {
			if part.What == pricing.ForBlock {
				drawn[part.Block] += part.Minutes
			}
		}
	}
	for _, b := range blocks {
		if n := drawn[b.ID.String()]; n > 0 || !b.Over(now, zone) {
			content.Blocks = append(content.Blocks, BlockState{b.ID, b.Name, b.Minutes, n, b.Left(now, zone), b.Expires})
		}
	}
	return content, nil
}

// OpenAccount is a customer who has charges that stand on no statement yet.
type OpenAccount struct {
	CustomerID ID
	Name       string
	Approved   []Total // what a statement would hold now
	Ready      bool    // something is approved, be it free of charge
	Proposed   bool    // something waits for review
}

// MonthBook is a month of statements: those issued and the accounts still open.
type MonthBook struct {
	Month  Month
	Issued []Statement
	Open   []OpenAccount
}

// MayIssue tells whether a month's statement can be issued: it has begun.
func (m Month) MayIssue(now time.Time, zone *time.Location) bool { return m <= MonthOf(now, zone) }
