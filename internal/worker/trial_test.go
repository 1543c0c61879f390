package worker_test

import (
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// A trial is a job of the transaction that plans it, and has its worker.
func TestTrialHasItsWorker(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.submit(t)
	admin := h.lead
	admin.Person.Role = desk.Admin
	draft := desk.RuleDraft{BasedOn: 1, Revision: 1, Rules: rules.Default().Rules, PersonID: admin.Person.ID}
	if err := h.db.Update(t.Context(), desk.Scope{Desk: h.desk.ID}, func(tx *postgres.Tx) error { return tx.AddRuleDraft(draft) }); err != nil {
		t.Fatal(err)
	}
	id, err := h.StartTrial(t.Context(), admin, desk.TrialChoice{Most: "100"})
	if err != nil {
		t.Fatal(err)
	}
	h.work(t)
	h.done(t)
	one, err := h.Trial(t.Context(), admin, id, desk.TrialFilter{})
	if err != nil || one.Trial.State != desk.TrialDone || one.Trial.Tried != 1 || one.Trial.Changed != 0 {
		t.Errorf("%+v, %v", one.Trial, err)
	}
}
