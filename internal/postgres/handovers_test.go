package postgres_test

import (
	"errors"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

func TestHandoversAreVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.one
	h := shippedHandover(p)
	next, err := h.Changed(desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "Meridian", Desk: "two", Portal: "https://two.example"}}, p.admin.ID)
	if err == nil {
		next, err = next.Changed(desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Kind: "billing", Topic: "seats", Target: route.Nobody, Note: map[string]string{"fr": "« ça »"}}}, p.admin.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	next.RestoredFrom = h.Version
	w.update(t, p.scope(), func(tx *postgres.Tx) error { return tx.SaveHandover(next) })
	w.view(t, p.scope(), func(tx *postgres.Tx) error {
		now, err := tx.Handover()
		if err != nil || !now.Says(next) || now.Version != next.Version || now.Author != p.admin.Name || now.By != p.admin.ID || now.At.IsZero() || now.RestoredFrom != h.Version {
			t.Errorf("read back %+v (%v)", now, err)
		}
		list, err := tx.Handovers(next.Version+1, 10)
		if err != nil || len(list) != 2 || list[0].Version != next.Version || list[1].Version != h.Version {
			t.Errorf("%d versions (%v)", len(list), err)
		}
		if list, err := tx.Handovers(next.Version, 10); err != nil || len(list) != 1 {
			t.Errorf("%d versions before (%v)", len(list), err)
		}
		old, err := tx.HandoverAt(h.Version)
		if err != nil || !old.Says(h) {
			t.Errorf("the first: %+v (%v)", old, err)
		}
		if shipped, err := tx.HandoverAt(0); err != nil || !shipped.Says(desk.ShippedHandover(p.desk)) {
			t.Errorf("what was shipped: %+v (%v)", shipped.Contact, err)
		}
		_, err = tx.HandoverAt(77)
		if !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a version that there is not: %v", err)
		}
		return nil
	})
	if err := w.db.Update(t.Context(), p.scope(), func(tx *postgres.Tx) error { return tx.SaveHandover(next) }); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("the same version twice: %v", err)
	}
	if err := w.db.Update(t.Context(), p.scope(), func(tx *postgres.Tx) error { return exec(tx, `update handovers set note = 'x'`) }); err == nil {
		t.Error("a version was changed")
	}
}

// A desk that has saved nothing goes by what is shipped, with its own contact.
func TestHandoversBeginAsShipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.superuser(t).Exec(t.Context(), `delete from handovers`); err != nil {
		t.Fatal(err)
	}
	w.view(t, w.two.scope(), func(tx *postgres.Tx) error {
		h, err := tx.Handover()
		if err != nil || h.Version != 0 || h.Contact.Name != "two" || !h.Says(desk.ShippedHandover(w.two.desk)) {
			t.Errorf("shipped: %+v (%v)", h, err)
		}
		return nil
	})
}

func TestPlansKeepTheirSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.one
	read := func() (l desk.PartnerPlan) {
		w.view(t, p.scope(), func(tx *postgres.Tx) (err error) {
			l, err = tx.PartnerPlan(p.plan.ID)
			return err
		})
		return l
	}
	save := func(l desk.PartnerPlan) error {
		return w.db.Update(t.Context(), p.scope(), func(tx *postgres.Tx) error { return tx.SavePartnerPlan(l) })
	}
	l := read()
	if string(l.Contract) != "sealed one" || !l.HasID || l.Revision != 1 || *l.Remaining != 7 || *l.Expires != "2027-06-30" || l.CreatedAt.IsZero() {
		t.Fatalf("read back %+v", l)
	}
	w.view(t, p.scope(), func(tx *postgres.Tx) error {
		list, err := tx.PartnerPlans()
		if err != nil || len(list) != 1 || len(list[0].Contract) > 0 || !list[0].HasID {
			t.Errorf("the list: %+v (%v)", list, err)
		}
		return nil
	})
	l.Contract, l.Families, l.Languages, l.Active = nil, []string{"azure"}, []string{"fr"}, false
	if err := save(l); err != nil {
		t.Fatal(err)
	}
	if again := read(); string(again.Contract) != "sealed one" || again.Revision != 2 || again.Active || again.Families[0] != "azure" {
		t.Errorf("kept: %+v", again)
	}
	if err := save(l); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("from an older revision: %v", err)
	}
	l.Revision, l.Contract = 2, []byte{}
	if err := save(l); err != nil || read().HasID {
		t.Errorf("forgotten: %v", err)
	}
	var invalid desk.Invalid
	double := p.plan
	double.ID, double.Name = desk.NewID(), "asfp OF ONE"
	if err := w.db.Update(t.Context(), p.scope(), func(tx *postgres.Tx) error { return tx.AddPartnerPlan(double) }); !errors.As(err, &invalid) || invalid.Problems[0].Field != "name" {
		t.Errorf("the same name twice: %v", err)
	}
}

// A subcontractor's person escalates, so he reads where to; he changes nothing.
func TestSubcontractorsReadWhereEscalationsGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.one
	w.view(t, p.scopeOfNight(), func(tx *postgres.Tx) error {
		h, err := tx.Handover()
		plans, plansErr := tx.PartnerPlans()
		if err != nil || plansErr != nil || h.Version != p.revision || len(plans) != 1 {
			t.Errorf("he reads version %d and %d contracts (%v, %v)", h.Version, len(plans), err, plansErr)
		}
		return nil
	})
	for what, act := range map[string]func(*postgres.Tx) error{
		"a version": func(tx *postgres.Tx) error {
			h := shippedHandover(p)
			h.Version = 9_000
			return tx.SaveHandover(h)
		},
		"another contract": func(tx *postgres.Tx) error {
			l := p.plan
			l.ID, l.Name = desk.NewID(), "his own"
			return tx.AddPartnerPlan(l)
		},
		"the contract": func(tx *postgres.Tx) error {
			l := p.plan
			l.Revision = 1
			return gone(tx.SavePartnerPlan(l))
		},
	} {
		if err := w.db.Update(t.Context(), p.scopeOfNight(), act); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("he writes %s: %v", what, err)
		}
	}
}
