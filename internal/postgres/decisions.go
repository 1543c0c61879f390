package postgres

import "guichet/internal/desk"

type decisionRow struct {
	desk.Decision
	DeciderName   string
	ConfirmerName string
}

var newestDecision = `select d.id, d.ticket_id, d.customer_id, d.outcome, d.category, d.by, d.verdict, ` + orNobody("d.person_id") + `, d.reason, ` +
	orNobody("d.confirmed_by") + `, d.confirmed_at, d.created_at, coalesce(p.name, '') as decider_name, coalesce(q.name, '') as confirmer_name
	from decisions d
	left join people p on p.desk_id = @desk and p.id = d.person_id
	left join people q on q.desk_id = @desk and q.id = d.confirmed_by
	where d.desk_id = @desk and d.ticket_id = @ticket order by d.created_at desc, d.id desc limit 1`

// Decision reads a ticket's newest. Errors: ErrNotFound.
func (t *Tx) Decision(ticket desk.ID) (desk.Decision, error) {
	d, err := one[decisionRow](t, newestDecision, args{"ticket": ticket})
	return d.Decision, err
}

// AddDecision stores a decision; older ones are kept as history.
func (t *Tx) AddDecision(d desk.Decision) {
	t.write(`insert into decisions (desk_id, id, ticket_id, customer_id, outcome, category, by, ruleset, rule, verdict, person_id, reason, confirmed_by, confirmed_at, created_at)
		values (@desk, @id, @ticket, @customer, @outcome, @category, @by, @ruleset, @rule, @verdict, @person, @reason, @confirmed_by, @confirmed_at, @created)`,
		args{"id": d.ID, "ticket": d.TicketID, "customer": d.CustomerID, "outcome": d.Outcome, "category": d.Category, "by": d.By,
			"ruleset": d.Verdict.Ruleset, "rule": d.Verdict.Rule, "verdict": d.Verdict, "person": orNull(d.PersonID), "reason": d.Reason,
			"confirmed_by": orNull(d.ConfirmedBy), "confirmed_at": d.ConfirmedAt, "created": d.CreatedAt})
}

// SaveVerdict keeps by which facts a decision that stays would be taken today.
func (t *Tx) SaveVerdict(d desk.Decision) {
	t.write(`update decisions set ruleset = @ruleset, verdict = @verdict where desk_id = @desk and id = @id`,
		args{"id": d.ID, "ruleset": d.Verdict.Ruleset, "verdict": d.Verdict})
}

// ConfirmDecision records who stood by it.
func (t *Tx) ConfirmDecision(d desk.Decision) {
	t.write(`update decisions set confirmed_by = @by, confirmed_at = @at where desk_id = @desk and id = @id`,
		args{"id": d.ID, "by": orNull(d.ConfirmedBy), "at": d.ConfirmedAt})
}
