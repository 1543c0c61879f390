package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Charges reads one page of charges for review, and where the next starts.
func (a *App) Charges(ctx context.Context, who desk.Actor, f desk.ChargeFilter) (rows []desk.ChargeRow, next desk.ChargeCursor, err error) {
	if err := who.May(desk.ManageCharges); err != nil {
		return nil, next, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		rows, next, err = tx.Charges(f)
		return err
	})
	return rows, next, err
}

// Charge reads one. Errors: ErrNotFound.
func (a *App) Charge(ctx context.Context, who desk.Actor, id desk.ID) (c desk.ChargeRow, err error) {
	if err := who.May(desk.ManageCharges); err != nil {
		return c, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		c, err = tx.Charge(id)
		return err
	})
	return c, err
}

// AddCharge enters an amount by hand, proposed like any other. The same form
// sent twice writes once. Errors: Invalid, by field; ErrNotFound for a customer
// of another desk.
func (a *App) AddCharge(ctx context.Context, who desk.Actor, x desk.Extra) error {
	if err := who.May(desk.ManageCharges); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		o, err := a.offerNow(tx, who.Desk)
		if err != nil {
			return err
		}
		c, err := desk.ManualCharge(x, o.Content.Currency, who.Desk.Location(), tx.Now)
		if err != nil {
			return err
		}
		if c.TicketID, err = extraTicket(tx, who, x); err != nil {
			return err
		}
		c.Worker = who.Person.Name
		_, err = tx.AddCharge(c)
		return err
	})
}

// extraTicket finds the customer's ticket that a charge is for. Errors: Invalid
// on "ticket".
func extraTicket(tx *postgres.Tx, who desk.Actor, x desk.Extra) (desk.ID, error) {
	text := strings.TrimPrefix(strings.TrimSpace(x.Ticket), "#")
	if text == "" {
		return desk.Nobody, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return desk.Nobody, desk.NewInvalid("ticket", "error.ticket_number")
	}
	k, err := tx.Ticket(n, who.Person)
	if errors.Is(err, desk.ErrNotFound) || err == nil && k.CustomerID != x.Customer {
		return desk.Nobody, desk.NewInvalid("ticket", "error.ticket_number")
	}
	return k.ID, err
}

// What can be done to a charge in review.
const (
	Approve = "approve"
	Waive   = "waive"
	Review  = "review" // an approved one is proposed again
)

// DecideCharges approves or waives charges, or puts approved ones back. Waiving
// gives drawn time back to its blocks. It tells how many were decided: those
// that somebody else has decided meanwhile are left as they are. Errors: Invalid
// on "reason", and on "charge" for none chosen or one that does not exist.
func (a *App) DecideCharges(ctx context.Context, who desk.Actor, ids []desk.ID, what, reason string) (decided int, err error) {
	if err := who.May(desk.ManageCharges); err != nil {
		return 0, err
	}
	if len(ids) == 0 || len(ids) > desk.PageSize {
		return 0, desk.NewInvalid("charge", "error.choose_charges")
	}
	from, to := desk.Proposed, desk.Approved
	switch what {
	case Approve:
		reason = ""
	case Review:
		from, to, reason = desk.Approved, desk.Proposed, ""
	case Waive:
		to = desk.Waived
		if reason, err = desk.Waiver(reason); err != nil {
			return 0, err
		}
	default:
		return 0, desk.NewInvalid("do", "error.choose")
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		decided = 0
		for _, id := range inOrder(ids) {
			done, err := a.decideCharge(tx, who, id, from, to, reason)
			if err != nil {
				return err
			}
			if done {
				decided++
			}
		}
		return nil
	})
	return decided, err
}

func (a *App) decideCharge(tx *postgres.Tx, who desk.Actor, id desk.ID, from, to desk.ChargeState, reason string) (bool, error) {
	c, err := tx.LockCharge(id)
	if err != nil {
		return false, err
	}
	by := who.Person.ID
	if to == desk.Proposed {
		by = desk.Nobody
	}
	done, err := tx.DecideCharge(id, from, to, by, reason)
	if err == nil && done && to == desk.Waived && c.EntryID != desk.Nobody {
		err = tx.GiveBack(c.EntryID)
	}
	return done, err
}

// inOrder is ids in one order for everybody, so that two who lock the same rows
// do not wait for each other.
func inOrder(ids []desk.ID) []desk.ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// AdjustCharge adds a line to a charge, a credit when below zero, and says why.
// Errors: Invalid, by field; ErrConflict once it was waived or issued.
func (a *App) AdjustCharge(ctx context.Context, who desk.Actor, id desk.ID, amount, reason string) error {
	if err := who.May(desk.ManageCharges); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		c, err := tx.LockCharge(id)
		if err != nil {
			return err
		}
		if c, err = c.Adjusted(amount, reason); err != nil {
			return err
		}
		return tx.SaveBill(c)
	})
}
