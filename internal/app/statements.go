package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// MonthBook reads a month of statements: those issued, and the accounts open.
func (a *App) MonthBook(ctx context.Context, who desk.Actor, m desk.Month) (b desk.MonthBook, err error) {
	if err := who.May(desk.ManageCharges); err != nil {
		return b, err
	}
	b.Month = m
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if b.Issued, err = tx.StatementsOfMonth(m); err != nil {
			return err
		}
		b.Open, err = tx.OpenAccounts(m)
		return err
	})
	return b, err
}

// MyStatements lists the statements of the reader's own company, the newest first.
func (a *App) MyStatements(ctx context.Context, who desk.Actor) (list []desk.Statement, err error) {
	if err := who.May(desk.ReadStatements); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.StatementsOfCustomer(who.Person.CustomerID)
		return err
	})
	return list, err
}

// Statement reads one with its lines. Errors: ErrNotFound.
func (a *App) Statement(ctx context.Context, who desk.Actor, id desk.ID) (p desk.StatementPage, err error) {
	if err := who.May(desk.ReadStatements); err != nil {
		return p, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if p.Statement, err = tx.Statement(id); err != nil {
			return err
		}
		p.Lines, err = tx.StatementLines(id)
		return err
	})
	return p, err
}

// IssueStatement freezes a customer's approved charges, up to a month, into the
// statement of that month. Where somebody has issued it already, that one is
// answered. Errors: Invalid on "month" when it has not begun or nothing is
// approved; ErrNotFound.
func (a *App) IssueStatement(ctx context.Context, who desk.Actor, customer desk.ID, m desk.Month) (id desk.ID, err error) {
	if err := who.May(desk.ManageCharges); err != nil {
		return id, err
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if _, ok := desk.ParseMonth(string(m)); !ok || !m.MayIssue(tx.Now, who.Desk.Location()) {
			return desk.NewInvalid("month", "error.month")
		}
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		s := desk.Statement{ID: desk.NewID(), CustomerID: c.ID, Month: m}
		id = s.ID
		if s.Seq, err = tx.TakeStatementNumber(m); err != nil {
			return err
		}
		if err := tx.AddStatement(s, who.Person.ID); err != nil {
			return err
		}
		return a.fillStatement(tx, who.Desk, c, s)
	})
	if errors.Is(err, desk.ErrConflict) {
		err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
			s, err := tx.StatementOf(customer, m)
			id = s.ID
			return err
		})
	}
	return id, err
}

// fillStatement takes the lines, and freezes what stands beside them.
func (a *App) fillStatement(tx *postgres.Tx, d desk.Desk, c desk.Customer, s desk.Statement) error {
	if err := tx.IssueCharges(s); err != nil {
		return err
	}
	lines, err := tx.StatementLines(s.ID)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return desk.NewInvalid("month", "error.nothing_to_issue")
	}
	blocks, err := tx.Blocks(c.ID)
	if err != nil {
		return err
	}
	o, err := a.offerNow(tx, d)
	if err != nil {
		return err
	}
	if s.Content, err = desk.NewStatementContent(c, o.Content.Tax, lines, blocks, tx.Now, d.Location()); err != nil {
		return err
	}
	return tx.SaveStatement(s)
}
