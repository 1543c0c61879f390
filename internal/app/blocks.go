package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Blocks lists a customer's prepaid blocks, the newest first. Errors: ErrNotFound.
func (a *App) Blocks(ctx context.Context, who desk.Actor, customer desk.ID) (list []desk.Block, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return nil, err
	}
	return a.blocksOf(ctx, who, customer)
}

// MyBlocks lists the blocks of the reader's own company; none for the desk's people.
func (a *App) MyBlocks(ctx context.Context, who desk.Actor) ([]desk.Block, error) {
	if err := who.May(desk.ReadBlocks); err != nil || who.DeskSide() {
		return nil, err
	}
	return a.blocksOf(ctx, who, who.Person.CustomerID)
}

func (a *App) blocksOf(ctx context.Context, who desk.Actor, customer desk.ID) (list []desk.Block, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Blocks(customer)
		return err
	})
	return list, err
}

// AddBlock sells a customer time; a price proposes a charge. Errors: Invalid, by
// field; ErrNotFound for a customer of another desk.
func (a *App) AddBlock(ctx context.Context, who desk.Actor, customer desk.ID, s desk.BlockSettings) error {
	if err := who.May(desk.ManageCustomers); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		o, err := a.offerNow(tx, who.Desk)
		if err != nil {
			return err
		}
		zone := who.Desk.Location()
		b, err := desk.NewBlock(s, customer, o.Content.Currency, desk.DayOf(tx.Now, zone), tx.Now)
		if err != nil {
			return err
		}
		if err := tx.AddBlock(b); err != nil {
			return err
		}
		c, priced, err := desk.ChargeBlock(b, zone, tx.Now)
		if err != nil || !priced {
			return err
		}
		_, err = tx.AddCharge(c)
		return err
	})
}

// ExtendBlock gives a block another last day, "" for none. Errors: Invalid on
// "block_expires"; ErrNotFound.
func (a *App) ExtendBlock(ctx context.Context, who desk.Actor, customer, block desk.ID, expires string) error {
	return a.changeBlock(ctx, who, customer, block, func(b desk.Block, _ *postgres.Tx) (desk.Block, error) { return b.Until(expires) })
}

// CloseBlock ends a block: what is left of it is given to nobody any more.
func (a *App) CloseBlock(ctx context.Context, who desk.Actor, customer, block desk.ID) error {
	return a.changeBlock(ctx, who, customer, block, func(b desk.Block, tx *postgres.Tx) (desk.Block, error) {
		if b.ClosedAt == nil {
			b.ClosedAt = &tx.Now
		}
		return b, nil
	})
}

func (a *App) changeBlock(ctx context.Context, who desk.Actor, customer, block desk.ID, f func(desk.Block, *postgres.Tx) (desk.Block, error)) error {
	if err := who.May(desk.ManageCustomers); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		b, err := tx.Block(customer, block)
		if err != nil {
			return err
		}
		if b, err = f(b, tx); err != nil {
			return err
		}
		return tx.SaveBlock(b)
	})
}
