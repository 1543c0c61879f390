package postgres_test

import (
	"errors"
	"maps"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Handover": reads(func(tx *postgres.Tx, i intruder) (desk.Handover, error) {
			h, err := tx.Handover()
			if err == nil && tx.Scope.Customer != desk.Nobody && h.Version != 0 {
				err = errors.New("a customer reads how the desk hands requests on")
			}
			return h, err
		}),
		"HandoverAt": finds(func(tx *postgres.Tx, i intruder) (desk.Handover, error) { return tx.HandoverAt(i.desk.revision) }),
		"Handovers":  reads(func(tx *postgres.Tx, _ intruder) ([]desk.Handover, error) { return tx.Handovers(1<<30, 100) }),
		"SaveHandover": writes(func(tx *postgres.Tx, i intruder) error {
			h := shippedHandover(i.desk)
			h.Version, h.By = 9_000, i.desk.admin.ID
			return tx.SaveHandover(h)
		}),
		"PartnerPlans": reads(func(tx *postgres.Tx, i intruder) ([]desk.PartnerPlan, error) {
			list, err := tx.PartnerPlans()
			for _, l := range list {
				if l.ID == i.desk.plan.ID || tx.Scope.Customer != desk.Nobody {
					err = errors.New("another's contract is read")
				}
			}
			return list, err
		}),
		"PartnerPlan": finds(func(tx *postgres.Tx, i intruder) (desk.PartnerPlan, error) { return tx.PartnerPlan(i.desk.plan.ID) }),
		"AddPartnerPlan": {call: func(tx *postgres.Tx, i intruder) (any, error) { // there is nothing of another's in one
			l := i.desk.plan
			l.ID = desk.NewID()
			l.Name = l.ID.String()
			return nil, tx.AddPartnerPlan(l)
		}},
		"SavePartnerPlan": writes(func(tx *postgres.Tx, i intruder) error {
			l := i.desk.plan
			l.Name, l.Revision = "Taken over", 1
			return gone(tx.SavePartnerPlan(l))
		}),
	})
	maps.Copy(digested, map[string]string{"handovers": "", "partner_plans": ""})
}

func shippedHandover(p partner) desk.Handover {
	h := desk.ShippedHandover(p.desk)
	h.Version, h.By, h.Act = p.revision, p.admin.ID, desk.HandoverApproval
	return h
}

// handover gives a desk a version of how it hands requests on, and a contract.
func (w *world) handover(t *testing.T, p *partner) {
	t.Helper()
	p.plan = made(desk.NewPartnerPlan(desk.PlanSettings{Kind: "asfp", Name: "ASfP of " + p.desk.Slug, AccessID: p.desk.Slug + "-access", Remaining: "7", Expires: "2027-06-30"}))
	p.plan.Contract = []byte("sealed " + p.desk.Slug)
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		return errors.Join(tx.SaveHandover(shippedHandover(*p)), tx.AddPartnerPlan(p.plan))
	})
}
