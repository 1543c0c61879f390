package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"UseRequest": touches0(func(tx *postgres.Tx, i intruder) { tx.UseRequest(i.desk.plan.ID) }),
		"SavePlanTaken": touches0(func(tx *postgres.Tx, i intruder) {
			e := i.theirs.escalation
			e.Plan = desk.PlanTaken{Kind: "unified", Name: "taken over"}
			tx.SavePlanTaken(e)
		}),
		"EndingPlans": reads(func(tx *postgres.Tx, i intruder) ([]desk.EndingPlan, error) {
			list, err := tx.EndingPlans("2000-01-01", "2099-12-31")
			return ofPlan(list, i, func(l desk.EndingPlan) desk.ID { return l.ID }), err
		}),
		"AddPlanWarnings": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.AddPlanWarnings(desk.NewID(), []desk.PlanWarning{{ID: i.desk.plan.ID, Expires: "2027-06-30", Days: 7}})
			return err
		}),
		"PlanWarnings": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.PlanWarnings(i.desk.plan.ID)
			return len(list), err
		}),
	})
}

// ofPlan leaves what is of the plan that an intruder is after.
func ofPlan[T any](list []T, i intruder, id func(T) desk.ID) (found []T) {
	for _, l := range list {
		if id(l) == i.desk.plan.ID {
			found = append(found, l)
		}
	}
	return found
}

func TestRequestsAreTakenFromAPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left := func(p partner) (l desk.PartnerPlan) {
		w.view(t, p.scope(), func(tx *postgres.Tx) (err error) {
			l, err = tx.PartnerPlan(p.plan.ID)
			return err
		})
		return l
	}
	for range 9 {
		w.update(t, w.one.scope(), func(tx *postgres.Tx) error { tx.UseRequest(w.one.plan.ID); return nil })
	}
	if l := left(w.one); *l.Remaining != 0 || l.Revision != 8 {
		t.Errorf("of seven, nine times one leaves %d in revision %d", *l.Remaining, l.Revision)
	}
	if l := left(w.two); *l.Remaining != 7 {
		t.Errorf("another desk's has %d", *l.Remaining)
	}
}

func TestPlansAreWarnedOfOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Date(2027, 6, 25, 8, 0, 0, 0, time.UTC)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		ending, err := tx.EndingPlans("2027-06-25", "2027-07-25")
		list := desk.PlanWarnings(ending, time.UTC, now)
		if err != nil || len(list) != 1 || list[0].Days != 7 || list[0].Expires != "2027-06-30" {
			t.Fatalf("%+v, %v", list, err)
		}
		round := w.one.plan.ID
		for want := int64(1); want >= 0; want-- { // the second time nothing is new
			if n, err := tx.AddPlanWarnings(round, list); err != nil || n != want {
				t.Errorf("%d are new, want %d (%v)", n, want, err)
			}
		}
		if ending, err = tx.EndingPlans("2027-06-25", "2027-07-25"); err != nil || len(desk.PlanWarnings(ending, time.UTC, now)) != 0 {
			t.Errorf("warned again: %+v, %v", ending, err)
		}
		if told, err := tx.PlanWarnings(round); err != nil || len(told) != 1 || told[0].Name != w.one.plan.Name || told[0].Days != 7 {
			t.Errorf("told %+v, %v", told, err)
		}
		if none, err := tx.EndingPlans("2027-07-01", "2027-07-25"); err != nil || len(none) != 0 {
			t.Errorf("what is over ends again: %+v, %v", none, err)
		}
		return nil
	})
}
