package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Reports reads how promises were kept, when tickets came, and what support
// took and cost. Errors: ErrNotFound for a customer whom the desk does not have.
func (a *App) Reports(ctx context.Context, who desk.Actor, f desk.ReportFilter) (r desk.Report, err error) {
	if err := who.May(desk.ReadReports); err != nil {
		return r, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		name, err := reportedCustomer(tx, f)
		if err != nil {
			return err
		}
		if r, err = tx.Report(f); err != nil {
			return err
		}
		r.Customer, r.Latest = name, r.Headline()
		if r.Latest.Missed > 0 && f.Customer == desk.Nobody {
			f.To = r.Latest.Month
			f.From = f.To
			if r.Latest.Worst, err = tx.WorstCustomer(f); err != nil {
				return err
			}
		}
		o, err := a.offerNow(tx, who.Desk)
		if err != nil {
			return err
		}
		r.Offer = o.Content
		r.Open, err = o.WeekOpen(who.Desk.Location(), tx.Now)
		return err
	})
	return r, err
}

// Attained reads every line that attainment is summed from: by month, type,
// customer and clock. Errors: as Reports.
func (a *App) Attained(ctx context.Context, who desk.Actor, f desk.ReportFilter) (list []desk.Attained, err error) {
	if err := who.May(desk.ReadReports); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if _, err := reportedCustomer(tx, f); err != nil {
			return err
		}
		list, err = tx.Attained(f)
		return err
	})
	return list, err
}

// reportedCustomer is the name of the customer that a filter keeps, "" for all.
// Errors: ErrNotFound.
func reportedCustomer(tx *postgres.Tx, f desk.ReportFilter) (string, error) {
	if f.Customer == desk.Nobody {
		return "", nil
	}
	c, err := tx.Customer(f.Customer)
	return c.Name, err
}
