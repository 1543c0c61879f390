package app

import (
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// routeOf works out where a ticket goes when it is handed on, with what the desk
// says of that and the best plan that the partner has for it. m is what a person
// says that it is about, beyond what the ticket tells.
func (a *App) routeOf(tx *postgres.Tx, k desk.Ticket, c desk.Customer, m desk.Matter) (route.Route, desk.Handover, desk.PartnerPlan, error) {
	h, err := tx.Handover()
	if err != nil {
		return route.Route{}, h, desk.PartnerPlan{}, err
	}
	plans, err := tx.PartnerPlans()
	if err != nil {
		return route.Route{}, h, desk.PartnerPlan{}, err
	}
	workload := dossier.WorkloadOf(k.Service)
	plan := desk.BestPlan(plans, workload, h.Today(tx.Now))
	if plan.HasID {
		if plan, err = tx.PartnerPlan(plan.ID); err != nil {
			return route.Route{}, h, plan, err
		}
	}
	return h.Policy.Route(m.In(desk.CaseOf(k, c, workload, plan))), h, plan, nil
}
