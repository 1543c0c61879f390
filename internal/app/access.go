package app

import (
	"context"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// AccessPage lists customers by when access to them ends. Errors: ErrForbidden.
func (a *App) AccessPage(ctx context.Context, who desk.Actor, f desk.AccessFilter) (p desk.AccessPage, err error) {
	if err := who.May(desk.ManageAccess); err != nil {
		return p, err
	}
	p.Graph, p.Tenant, p.Filter = a.graph.Configured(), who.Desk.Tenant, f
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if p.Reader, err = readerOrNone(tx); err != nil {
			return err
		}
		p.Rows, err = tx.AccessRows(f)
		return err
	})
	if len(p.Rows) > desk.PageSize {
		p.Rows = p.Rows[:desk.PageSize]
		p.Next = p.Rows[desk.PageSize-1].Key()
	}
	return p, err
}

func readerOrNone(tx *postgres.Tx) (desk.AccessReader, error) {
	r, err := tx.AccessReader()
	if errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	return r, err
}

// CustomersAccess reads all that is known of one customer. Errors: ErrNotFound.
func (a *App) CustomersAccess(ctx context.Context, who desk.Actor, customer desk.ID) (c desk.CustomersAccess, err error) {
	if err := who.May(desk.ReadAccess); err != nil {
		return c, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if c.Customer, err = tx.Customer(customer); err != nil {
			return err
		}
		if c.List, err = tx.AccessRelationships(customer); err != nil {
			return err
		}
		if c.Facts, err = tx.AccessFacts(customer); err != nil {
			return err
		}
		c.Reader, err = readerOrNone(tx)
		c.Now = tx.Now
		return err
	})
	c.Holding = desk.Holding(c.List, c.Facts, c.Reader)
	return c, err
}

// SaveAccessFacts stores what no relationship tells of a customer. Errors:
// Invalid, by field; ErrNotFound.
func (a *App) SaveAccessFacts(ctx context.Context, who desk.Actor, customer desk.ID, azure, reseller, premium string) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	f, err := desk.UnknownFacts(customer).With(azure, reseller, premium, who.Person.ID)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.SaveAccessFacts(f) })
}

// SaveRelationship stores one that somebody types in: a new one, or in the place
// of one that the customer has, whoever told it. Errors: Invalid, by field;
// ErrNotFound.
func (a *App) SaveRelationship(ctx context.Context, who desk.Actor, customer, row desk.ID, f desk.RelationshipForm) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	defer a.troubled.Delete(who.Desk.ID)
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := relationshipOf(tx, customer, row)
		if err != nil {
			return err
		}
		if r, err = r.With(f); err != nil {
			return err
		}
		if row != desk.Nobody {
			return tx.ChangeAccess(r)
		}
		if err := tx.AddAccess(r); errors.Is(err, desk.ErrConflict) {
			return desk.NewInvalid("code", "access.error.taken")
		} else if err != nil {
			return err
		}
		return nil
	})
}

// relationshipOf is a customer's, or a new one of his.
func relationshipOf(tx *postgres.Tx, customer, row desk.ID) (desk.AccessRelationship, error) {
	if _, err := tx.Customer(customer); err != nil || row == desk.Nobody {
		return desk.AccessRelationship{CustomerID: customer}, err
	}
	list, err := tx.AccessRelationships(customer)
	for _, r := range list {
		if r.RowID == row {
			return r, err
		}
	}
	if err == nil {
		err = desk.ErrNotFound
	}
	return desk.AccessRelationship{}, err
}

// RemoveRelationship drops one that was typed in. Errors: ErrNotFound, also for
// one that Microsoft told of.
func (a *App) RemoveRelationship(ctx context.Context, who desk.Actor, customer, row desk.ID) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	defer a.troubled.Delete(who.Desk.ID)
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.RemoveAccess(customer, row) })
}

// accessMemory is how long the customers without access are remembered: an end is
// seen that late at most.
const accessMemory = time.Minute

const mostTroubled = 5_000

type knownTrouble struct {
	by    map[desk.ID]desk.AccessTrouble
	until time.Time
}

// TroubledAccess are the customers whose access is gone or ends within days, for a
// badge beside their tickets; none for who may not read of it.
func (a *App) TroubledAccess(ctx context.Context, who desk.Actor) (map[desk.ID]desk.AccessTrouble, error) {
	if who.May(desk.ReadAccess) != nil {
		return nil, nil
	}
	if k, ok := a.troubled.Load(who.Desk.ID); ok && a.now().Before(k.(knownTrouble).until) {
		return k.(knownTrouble).by, nil
	}
	var list []desk.AccessTrouble
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.TroubledAccess(tx.Now.AddDate(0, 0, desk.TroubleDays), mostTroubled)
		return err
	})
	if err != nil {
		return nil, err
	}
	by := make(map[desk.ID]desk.AccessTrouble, len(list))
	for _, t := range list {
		by[t.CustomerID] = t
	}
	a.troubled.Store(who.Desk.ID, knownTrouble{by, a.now().Add(accessMemory)})
	return by, nil
}

// ImportAccess reads a file of relationships and facts. A dry run stores nothing
// and tells what each line would do; otherwise the good lines are stored, and what
// was wrong is told with them. Errors: ErrForbidden.
func (a *App) ImportAccess(ctx context.Context, who desk.Actor, text string, dry bool) (i desk.AccessImport, err error) {
	if err := who.May(desk.ManageAccess); err != nil {
		return i, err
	}
	defer a.troubled.Delete(who.Desk.ID)
	read := func(tx *postgres.Tx) error {
		customers, err := tx.AccessNames()
		i = desk.ForAccess(text, customers)
		return err
	}
	if dry {
		return i, a.db.View(ctx, who.Scope(), read)
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if err := read(tx); err != nil || len(i.File.Problems) > 0 {
			return err
		}
		i.Done = true
		return storeImport(tx, who, i)
	})
	return i, err
}

func storeImport(tx *postgres.Tx, who desk.Actor, i desk.AccessImport) error {
	told, err := tx.AllAccessFacts()
	if err != nil {
		return err
	}
	facts := make(map[desk.ID]desk.AccessFacts, len(told))
	for _, f := range told {
		facts[f.CustomerID] = f
	}
	list, changed := i.Store(facts, who.Person.ID)
	if err := tx.SaveAccessFacts(changed...); err != nil {
		return err
	}
	return tx.SaveAccess(list)
}
