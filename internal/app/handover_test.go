package app_test

import (
	"errors"
	"maps"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Handover": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Handover(bg, who); return err }, admins},
		"HandoverAt": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.HandoverAt(bg, who, 1)
			return err
		}, admins},
		"ChangeHandover": {func(w *world, who desk.Actor, _ int64) error {
			return w.ChangeHandover(bg, who, 0, desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveAlways})
		}, admins},
		"RestoreHandover": {func(w *world, who desk.Actor, _ int64) error { return w.RestoreHandover(bg, who, 1, 0) }, admins},
		"PartnerPlans":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.PartnerPlans(bg, who); return err }, admins},
		"PartnerPlan": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.PartnerPlan(bg, who, desk.NewID())
			return err
		}, admins},
		"AddPartnerPlan": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.AddPartnerPlan(bg, who, desk.PlanSettings{Name: "x", Kind: "asfp"}, "")
			return err
		}, admins},
		"SavePartnerPlan": {func(w *world, who desk.Actor, _ int64) error {
			return w.SavePartnerPlan(bg, who, desk.NewID(), 1, desk.PlanSettings{Name: "x", Kind: "asfp"}, "", false)
		}, admins},
		"WhereTo": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.WhereTo(bg, who, desk.WhereQuestion{})
			return err
		}, agents},
		"UsualRoutes": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.UsualRoutes(bg, who, desk.Customer{})
			return err
		}, agents},
	})
}

// A customer who is bought for elsewhere from now on goes another way at once, by
// a setting alone.
func TestAnotherRelationIsAnotherWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func() desk.WhereAnswer {
		return made(w.WhereTo(bg, w.one.agent, desk.WhereQuestion{Customer: w.one.first.id, Case: route.Case{Relation: "direct", Workload: "azure", Kind: "problem"}}))
	}
	if a := ask(); a.Route.Target != route.Microsoft || a.Portal.Key != "azure_portal" || a.Plan.Kind != "csp" {
		t.Errorf("direct: %+v", a.Route)
	}
	change := desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "Two", Desk: "two"}}
	if err := w.ChangeHandover(bg, w.one.admin, 0, change); err != nil {
		t.Fatal(err)
	}
	if err := w.SaveCustomer(bg, w.one.admin, w.one.first.id, desk.CustomerSettings{Name: "First", Tenant: w.one.first.tenant, Relationship: desk.Reseller, Active: true}); err != nil {
		t.Fatal(err)
	}
	if a := ask(); a.Route.Target != route.Provider || len(a.Providers) != 1 || a.Providers[0].Desk != "two" || a.From != 1 {
		t.Errorf("by a provider: %+v through %+v", a.Route, a.Providers)
	}
	if _, err := w.WhereTo(bg, w.two.agent, desk.WhereQuestion{Customer: w.one.first.id}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk asks about a customer: %v", err)
	}
	a := made(w.WhereTo(bg, w.two.agent, desk.WhereQuestion{Name: "First"}))
	if a.Customer.ID != w.two.first.id || a.From != 0 {
		t.Errorf("by name another desk finds %s, of version %d", a.Customer.ID, a.From)
	}
}

func TestTheSecondAdminIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	always := desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveAlways}
	if err := w.ChangeHandover(bg, w.one.admin, 0, always); err != nil {
		t.Fatal(err)
	}
	if err := w.ChangeHandover(bg, w.one.admin, 0, desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveSevere}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("from an older version: %v", err)
	}
	if err := w.ChangeHandover(bg, w.one.admin, 1, always); err != nil { // it changes nothing
		t.Error(err)
	}
	if err := w.RestoreHandover(bg, w.one.admin, 1, 0); err != nil {
		t.Error(err)
	}
	book := made(w.Handover(bg, w.one.admin))
	if book.Now.Version != 2 || len(book.Versions) != 2 || book.Now.Approval != desk.ApproveNever || book.Now.Act != desk.HandoverRestored {
		t.Errorf("after it: version %d, %d in the list, %s", book.Now.Version, len(book.Versions), book.Now.Act)
	}
	for _, slug := range []string{"one", "nowhere"} {
		err := w.ChangeHandover(bg, w.one.admin, 2, desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "x", Desk: slug}})
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "desk" {
			t.Errorf("a provider's desk %q: %v", slug, err)
		}
	}
	if book := made(w.Handover(bg, w.two.admin)); book.Now.Version != 0 {
		t.Errorf("the other desk goes by version %d", book.Now.Version)
	}
}

// What is sealed can be unsealed, by nobody's page.
func TestContractsAreSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := made(w.AddPartnerPlan(bg, w.one.admin, desk.PlanSettings{Name: "ASfP", Kind: "asfp", AccessID: "A-1"}, " C-42 "))
	if l := made(w.PartnerPlan(bg, w.one.admin, id)); len(l.Contract) > 0 || !l.HasID {
		t.Errorf("a page is given %q", l.Contract)
	}
	var stored desk.PartnerPlan
	if err := w.db.View(bg, desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) (err error) {
		stored, err = tx.PartnerPlan(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if text, err := w.sealer.Unseal(stored.Contract); text != "C-42" || err != nil {
		t.Errorf("unsealed %q (%v)", text, err)
	}
	if _, err := w.PartnerPlan(bg, w.two.admin, id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk reads it: %v", err)
	}
	if err := w.SavePartnerPlan(bg, w.one.admin, id, 7, desk.PlanSettings{Name: "x", Kind: "asfp"}, "", false); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("from another revision: %v", err)
	}
}
