package postgres_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func relation(c company, name string, ends *time.Time) desk.AccessRelationship {
	return desk.AccessRelationship{RowID: desk.NewID(), CustomerID: c.ID, Relationship: access.Relationship{ID: desk.NewID().String() + "-" + desk.NewID().String(), Name: name, Status: "active",
		Roles: []string{"f023fd81-a637-4b56-95fd-791ac0226033"}, EndsAt: ends, Source: access.FromGraph}}
}

func TestAccessOfACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		h, err := tx.Access(w.one.first.ID)
		if err != nil || !h.Known || len(h.Relationships) != 1 || h.AzureRole != access.AzureOwner || h.CheckedAt == nil {
			t.Errorf("%+v, %v", h, err)
		}
		if r := h.Relationships[0]; r.Groups != nil || len(r.Roles) != 1 || r.EndsAt == nil {
			t.Errorf("%+v", r)
		}
		one := relation(w.one.first, "Grouped", nil)
		one.Groups = []access.Group{}
		nobody := relation(w.one.first, "By hand", nil)
		nobody.ID, nobody.Roles, nobody.Source = "", nil, access.FromHand
		if err := tx.SaveAccess([]desk.AccessRelationship{one, nobody}); err != nil {
			return err
		}
		list, err := tx.AccessRelationships(w.one.first.ID)
		for _, r := range list {
			if r.Name == "Grouped" && (r.Groups == nil || len(r.Groups) != 0) || r.Name == "By hand" && r.Roles != nil {
				t.Errorf("%+v", r)
			}
		}
		if len(list) != 3 {
			t.Errorf("%d relationships", len(list))
		}
		return err
	})
}

// What Microsoft told gives way to nobody; what was typed in gives way to it.
func TestMicrosoftsWordWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		r := relation(w.one.first, "Typed", nil)
		r.Source = access.FromHand
		if err := tx.AddAccess(r); err != nil {
			return err
		}
		told := r
		told.RowID, told.Name, told.Source, told.CustomerID = desk.NewID(), "Told", access.FromGraph, w.one.second.ID
		if err := tx.SaveAccess([]desk.AccessRelationship{told}); err != nil {
			return err
		}
		again := r
		again.RowID, again.Name, again.Source = desk.NewID(), "From a file", access.FromCSV
		if err := tx.SaveAccess([]desk.AccessRelationship{again}); err != nil {
			return err
		}
		list, err := tx.AccessRelationships(w.one.second.ID)
		if len(list) != 2 || list[0].Name != "Told" || list[0].RowID != r.RowID {
			t.Errorf("%+v", list)
		}
		if err := tx.RemoveAccess(w.one.second.ID, r.RowID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("what Microsoft told is removed: %v", err)
		}
		return err
	})
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		r := relation(w.one.first, "Again", nil)
		r.ID = w.one.first.ID.String() + "-" + w.one.first.ID.String()
		return tx.AddAccess(r)
	})
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second of one id: %v", err)
	}
}

func TestAccessByEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		past, far := tx.Now.AddDate(0, 0, -3), tx.Now.AddDate(0, 0, 200)
		third := made(desk.NewCustomer(desk.CustomerSettings{Name: "Third", Relationship: desk.Direct}))
		fourth := made(desk.NewCustomer(desk.CustomerSettings{Name: "Fourth", Relationship: desk.Direct}))
		for _, c := range []desk.Customer{third, fourth} {
			if err := tx.AddCustomer(c); err != nil {
				return err
			}
		}
		long := relation(w.one.second, "Long", &far)
		over := relation(company{Customer: third}, "Over", &past)
		mlt := relation(company{Customer: third}, "MLT_third", &far)
		if err := tx.SaveAccess([]desk.AccessRelationship{long, over, mlt}); err != nil {
			return err
		}
		want := map[string]desk.AccessState{"First": desk.AccessSoon, "Second": desk.AccessFine, "Third": desk.AccessGone, "Fourth": desk.AccessUnknown}
		rows, err := tx.AccessRows(desk.AccessFilter{})
		for _, r := range rows {
			if r.State != want[r.Name] {
				t.Errorf("%s: %s", r.Name, r.State)
			}
		}
		if len(rows) != 4 || rows[0].Name != "Third" || rows[1].Name != "First" {
			t.Errorf("%+v", rows)
		}
		after := desk.AccessFilter{}.After(rows[1].Key())
		if rest, err := tx.AccessRows(after); err != nil || len(rest) != 2 || rest[0].CustomerID != rows[2].CustomerID {
			t.Errorf("behind the second: %+v, %v", rest, err)
		}
		for state := range map[desk.AccessState]bool{desk.AccessSoon: true, desk.AccessGone: true, desk.AccessUnknown: true} {
			if some, err := tx.AccessRows(desk.AccessFilter{State: state}); err != nil || len(some) != 1 || some[0].State != state {
				t.Errorf("%s: %+v, %v", state, some, err)
			}
		}
		trouble, err2 := tx.TroubledAccess(tx.Now.AddDate(0, 0, desk.TroubleDays), 100)
		if err2 != nil || len(trouble) != 2 {
			t.Errorf("%+v, %v", trouble, err2)
		}
		return err
	})
}

func TestWarningsAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		ending, err := tx.EndingAccess(tx.Now.Add(desk.FirstWarning), 100)
		if err != nil || len(ending) != 2 || ending[0].Warned != 30 {
			t.Fatalf("%+v, %v", ending, err)
		}
		list := desk.Warnings(ending, tx.Now)
		if len(list) != 2 || list[0].Days != 7 {
			t.Fatalf("%+v", list)
		}
		round := desk.NewID()
		for want := int64(2); want >= 0; want -= 2 { // the second time nothing is new
			if n, err := tx.AddAccessWarnings(round, list); err != nil || n != want {
				t.Errorf("%d are new, want %d (%v)", n, want, err)
			}
		}
		ending, err = tx.EndingAccess(tx.Now.Add(desk.FirstWarning), 100)
		if left := desk.Warnings(ending, tx.Now); err != nil || len(left) != 0 {
			t.Errorf("%+v, %v", left, err)
		}
		told, err := tx.AccessWarnings(round)
		if len(told) != 2 || told[0].Customer == "" || told[0].Days != 7 {
			t.Errorf("%+v", told)
		}
		return err
	})
}
