package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// chargeWork proposes what an entry costs by the offer of the day on which the
// work was done, and draws on the customer's blocks.
func (a *App) chargeWork(tx *postgres.Tx, who desk.Actor, k desk.Ticket, e desk.TimeEntry) error {
	o, err := a.offerOn(tx, who.Desk, desk.DayOf(e.BeganAt, who.Desk.Location()))
	if err != nil {
		return err
	}
	l := o.Level(k.SupportType)
	var blocks []desk.Block
	if l.Type.Terms.Model == pricing.Prepaid && e.Billable {
		if blocks, err = tx.LockBlocks(k.CustomerID); err != nil {
			return err
		}
	}
	c, draws, err := desk.ChargeWork(e, l, blocks, who.Desk.Location(), who.Person.Name, tx.Now)
	if err != nil {
		return priceTrouble(err)
	}
	if err := tx.Draw(e.ID, draws); err != nil {
		return err
	}
	_, err = tx.AddCharge(c)
	return err
}

// priceTrouble tells an amount beyond all bounds at the field that made it so.
func priceTrouble(err error) error {
	if errors.Is(err, pricing.ErrTooMuch) {
		return desk.NewInvalid("spent", "error.amount_much")
	}
	return err
}

// chargeIncident proposes the price of a request, once: when the first time is
// logged on it, or when it ends, whichever is first. Until then it may still
// turn out to be none.
func (a *App) chargeIncident(tx *postgres.Tx, d desk.Desk, k desk.Ticket) error {
	o, err := a.offerAt(tx, d, k.Offer)
	if err != nil {
		return err
	}
	c, priced, err := desk.ChargeIncident(k, o.Level(k.SupportType), d.Location(), tx.Now)
	if err != nil || !priced {
		return err
	}
	_, err = tx.AddCharge(c)
	return err
}

// ChargeTicket is the job of proposing the price of a request that has ended. A
// customer, who ends his own, writes no charges.
type ChargeTicket struct {
	Desk   desk.ID `json:"desk"`
	Ticket int64   `json:"ticket"`
}

// Kind names the job.
func (ChargeTicket) Kind() string { return "charge_ticket" }

// ended sees to what a ticket owes now that it has ended.
func (a *App) ended(tx *postgres.Tx, d desk.Desk, k desk.Ticket) error {
	o, err := a.offerAt(tx, d, k.Offer)
	if err != nil || o.Level(k.SupportType).Type.Terms.Model != pricing.Incident {
		return err
	}
	if a.silent && tx.Scope.Customer == desk.Nobody { // no worker follows
		return a.chargeIncident(tx, d, k)
	}
	return tx.Enqueue(ChargeTicket{d.ID, k.Number}, nil)
}

// ProposeCharge works a ChargeTicket. A ticket that came back meanwhile is
// charged when it ends again.
func (a *App) ProposeCharge(ctx context.Context, job ChargeTicket) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		k, err := tx.Ticket(job.Ticket, desk.Person{Role: desk.Agent})
		if err != nil || !k.State.Ended() {
			return err
		}
		return a.chargeIncident(tx, d, k)
	})
}
