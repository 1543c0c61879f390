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
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error {
		return tx.Enqueue(ChargeMonth{d.ID}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: oneDay}})
	})
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
		offers := map[desk.Day]desk.OpenOffer{}
		for _, g := range list {
			first := max(g.Starts, month.First())
			o, ok := offers[first]
			if !ok {
				if o, err = a.offerOn(tx, d, first); err != nil {
					return err
				}
				offers[first] = o
			}
			if err := a.chargeMonth(tx, d, g, o, month); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) chargeMonth(tx *postgres.Tx, d desk.Desk, g desk.Agreement, o desk.OpenOffer, month desk.Month) error {
	c, owed, err := desk.ChargeMonth(g, o.Level(g.SupportType), month, d.Location(), tx.Now)
	if err != nil || !owed {
		return err
	}
	_, err = tx.AddCharge(c)
	return err
}
