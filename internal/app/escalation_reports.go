package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// EscalationReport reads what was handed on, how it fared, and what may be claimed.
// Errors: ErrNotFound for a customer whom the desk does not have.
func (a *App) EscalationReport(ctx context.Context, who desk.Actor, f desk.ReportFilter) (r desk.EscalationReport, err error) {
	return reported(ctx, a, who, f, func(tx *postgres.Tx, name string) (desk.EscalationReport, error) {
		r, err := tx.EscalationReport(f, who.Desk.Location())
		r.Customer = name
		return r, err
	})
}

// EscalatedLines reads every line that the shares handed on are summed from. Errors:
// as EscalationReport.
func (a *App) EscalatedLines(ctx context.Context, who desk.Actor, f desk.ReportFilter) ([]desk.CameFigure, error) {
	return reported(ctx, a, who, f, func(tx *postgres.Tx, _ string) ([]desk.CameFigure, error) { return tx.CameLines(f) })
}

// EscalationLines reads the same of what happened to escalations. Errors: as
// EscalationReport.
func (a *App) EscalationLines(ctx context.Context, who desk.Actor, f desk.ReportFilter) ([]desk.HandedFigure, error) {
	return reported(ctx, a, who, f, func(tx *postgres.Tx, _ string) ([]desk.HandedFigure, error) { return tx.HandedLines(f) })
}

func reported[T any](ctx context.Context, a *App, who desk.Actor, f desk.ReportFilter, read func(*postgres.Tx, string) (T, error)) (out T, err error) {
	if err := who.May(desk.ReadReports); err != nil {
		return out, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		name, err := reportedCustomer(tx, f)
		if err == nil {
			out, err = read(tx, name)
		}
		return err
	})
	return out, err
}
