package app

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ProposeMonthly is the clock's job of proposing, at each desk, what agreements
// cost by the month.
type ProposeMonthly struct{}

// Kind names the job.
func (ProposeMonthly) Kind() string { return "propose_monthly" }

// ChargeMonth is the job of proposing one desk's last month.
type ChargeMonth struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (ChargeMonth) Kind() string { return "charge_month" }

const oneDay = 24 * time.Hour

// FanOutMonths works ProposeMonthly: a job a desk.
func (a *App) FanOutMonths(ctx context.Context, _ ProposeMonthly) error {
	for after := desk.Nobody; ; {
		var desks []desk.Desk
		err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
			desks, err = tx.DesksAfter(after, deskBatch)
			return err
		})
		for _, d := range desks {
			if err == nil {
				err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
					return tx.Enqueue(ChargeMonth{d.ID}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: oneDay}})
				})
			}
			after = d.ID
		}
		if err != nil || len(desks) < deskBatch {
			return err
		}
	}
}

// ChargeMonths works a ChargeMonth: each agreement that held in the month that is
// over, by the days that it did, at the price of the first of them. What was
// proposed already stays as it is, so that working it daily changes nothing.
func (a *App) ChargeMonths(ctx context.Context, job ChargeMonth) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		month := desk.MonthOf(tx.Now, d.Location()).Add(-1)
		list, err := tx.RunningAgreements(month.First(), month.Last())
		if err != nil {
			return err
		}
		for _, g := range list {
			if err := a.chargeMonth(tx, d, g, month); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) chargeMonth(tx *postgres.Tx, d desk.Desk, g desk.Agreement, month desk.Month) error {
	version, err := tx.OfferBefore(max(g.Starts, month.First()).End(d.Location()))
	if err != nil {
		return err
	}
	o, err := a.offerAt(tx, d, version)
	if err != nil {
		return err
	}
	c, owed, err := desk.ChargeMonth(g, o.Level(g.SupportType), month, d.Location(), tx.Now)
	if err != nil || !owed {
		return err
	}
	_, err = tx.AddCharge(c)
	return err
}
