package app

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// PartnerPlans lists the partner's own support contracts, without what is secret.
func (a *App) PartnerPlans(ctx context.Context, who desk.Actor) (list []desk.PartnerPlan, err error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.PartnerPlans()
		return err
	})
	return list, err
}

// PartnerPlan is one of them. Errors: ErrNotFound.
func (a *App) PartnerPlan(ctx context.Context, who desk.Actor, id desk.ID) (l desk.PartnerPlan, err error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return l, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		l, err = tx.PartnerPlan(id)
		return err
	})
	l.Contract = nil
	return l, err
}

// AddPartnerPlan records a support contract; its id is sealed and never shown
// again. Errors: Invalid, by field.
func (a *App) AddPartnerPlan(ctx context.Context, who desk.Actor, s desk.PlanSettings, contract string) (desk.ID, error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return desk.Nobody, err
	}
	l, err := desk.NewPartnerPlan(s)
	if err != nil {
		return desk.Nobody, err
	}
	if l.Contract, err = a.sealContract(contract, false); err != nil {
		return desk.Nobody, err
	}
	return l.ID, a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.AddPartnerPlan(l) })
}

// SavePartnerPlan changes one; a contract id of "" stays as it is, unless it is
// to be forgotten. Errors: Invalid, by field; ErrConflict when somebody else
// changed it since that revision; ErrNotFound.
func (a *App) SavePartnerPlan(ctx context.Context, who desk.Actor, id desk.ID, revision int, s desk.PlanSettings, contract string, forget bool) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	sealed, err := a.sealContract(contract, forget)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		l, err := tx.PartnerPlan(id)
		if err != nil {
			return err
		}
		if l, err = l.With(s); err != nil {
			return err
		}
		l.Revision, l.Contract = revision, sealed
		return tx.SavePartnerPlan(l)
	})
}

// maxContract is the longest contract id, in bytes.
const maxContract = 200

func (a *App) sealContract(contract string, forget bool) ([]byte, error) {
	contract = strings.TrimSpace(contract)
	switch {
	case len(contract) > maxContract:
		return nil, desk.NewInvalid("contract", "error.too_long", "Most", maxContract, "Length", len(contract))
	case contract != "":
		return a.secrets.Seal(contract)
	case forget:
		return []byte{}, nil
	}
	return nil, nil
}
