package postgres

import (
	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// AddKept stores promises that have ended.
func (t *Tx) AddKept(list []desk.KeptPromise) {
	if len(list) == 0 {
		return
	}
	type k = desk.KeptPromise
	t.write(`insert into kept_promises (desk_id, id, ticket_id, customer_id, clock, support_type, offer, impact, target, spent, ending, began_at, ended_at)
		select @desk, * from unnest(@id::uuid[], @ticket::uuid[], @customer::uuid[], @clock::text[], @type::text[], @offer::int[], @impact::text[],
		@target::int[], @spent::int[], @ending::text[], @began::timestamptz[], @ended::timestamptz[])`, args{
		"id": column(list, func(k) desk.ID { return desk.NewID() }), "ticket": column(list, func(p k) desk.ID { return p.TicketID }),
		"customer": column(list, func(p k) desk.ID { return p.CustomerID }), "clock": column(list, func(p k) string { return string(p.Clock) }),
		"type": column(list, func(p k) string { return p.Type }), "offer": column(list, func(p k) int { return p.Offer }),
		"impact": column(list, func(p k) string { return string(p.Impact) }), "target": column(list, func(p k) int { return p.Target }),
		"spent": column(list, func(p k) int { return p.Seconds() }), "ending": column(list, func(p k) string { return string(p.Ending) }),
		"began": column(list, func(p k) any { return p.Began }), "ended": column(list, func(p k) any { return p.Ended }),
	})
}

// DesksToWarn lists desks that have clocks which ring, over all desks: their
// ids and nothing else.
func (g *GlobalTx) DesksToWarn(most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_to_warn($1, $2)`, g.Now, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}

// Ringing locks tickets of which somebody must be told by now, the longest
// waiting first. What another worker holds is left to it.
func (t *Tx) Ringing(most int) ([]desk.Ticket, error) {
	return many[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.warn_at <= @now
		order by t.warn_at, t.id limit @most for update of t skip locked`, args{"now": t.Now, "most": most})
}

// SaveWarned writes what a warning changes.
func (t *Tx) SaveWarned(k desk.Ticket) {
	t.write(`update tickets set promises = @promises, warn_at = @warn where desk_id = @desk and id = @id`,
		args{"id": k.ID, "promises": promiseList(k.Promises), "warn": k.WarnAt})
}

// OpenTickets locks tickets that have not ended, in the order of their ids,
// behind one; of one customer or, for Nobody, of all.
func (t *Tx) OpenTickets(after, customer desk.ID, most int) ([]desk.Ticket, error) {
	of := ``
	a := args{"after": after, "most": most}
	if customer != desk.Nobody {
		of = ` and t.customer_id = @customer`
		a["customer"] = customer
	}
	return many[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.state not in ('resolved', 'closed')
		and t.id > @after`+of+` order by t.id limit @most for update of t`, a)
}

// SaveReckoned writes what reckoning anew changes in many tickets.
func (t *Tx) SaveReckoned(list []desk.Ticket) {
	if len(list) == 0 {
		return
	}
	type k = desk.Ticket
	t.write(`update tickets t set support_type = n.type, promises = n.promises, clock = n.clock, due_from = n.due_from, due_at = n.due_at, warn_at = n.warn
		from unnest(@id::uuid[], @type::text[], @promises::jsonb[], @clock::text[], @due_from::timestamptz[], @due_at::timestamptz[], @warn::timestamptz[])
		as n (id, type, promises, clock, due_from, due_at, warn) where t.desk_id = @desk and t.id = n.id`, args{
		"id": column(list, func(t k) desk.ID { return t.ID }), "type": column(list, func(t k) string { return t.SupportType }),
		"promises": column(list, func(t k) any { return promiseList(t.Promises) }), "clock": column(list, func(t k) string { return string(t.Clock) }),
		"due_from": column(list, func(t k) any { return t.DueFrom }), "due_at": column(list, func(t k) any { return t.DueAt }),
		"warn": column(list, func(t k) any { return t.WarnAt }),
	})
}

// AllAgreements reads the agreements of all customers, or of one.
func (t *Tx) AllAgreements(customer desk.ID) ([]desk.Agreement, error) {
	of := ``
	a := args{}
	if customer != desk.Nobody {
		of = ` and g.customer_id = @customer`
		a["customer"] = customer
	}
	return many[desk.Agreement](t, `select `+agreementColumns+`
		from agreements g where g.desk_id = @desk`+of+` order by g.customer_id, g.starts desc, g.id`, a)
}

var recalculationColumns = `r.id, ` + orNobody("r.person_id") + `, r.reason, ` + orNobody("r.customer_id") + `, r.total, r.done, r.changed, r.state, r.created_at, r.began_at, r.ended_at
	from recalculations r where r.desk_id = @desk`

// AddRecalculation plans one.
func (t *Tx) AddRecalculation(r desk.Recalculation) error {
	_, err := t.exec(`insert into recalculations (desk_id, id, person_id, reason, customer_id, state, created_at)
		values (@desk, @id, @person, @reason, @customer, 'waiting', @now)`,
		args{"id": r.ID, "person": orNull(r.PersonID), "reason": r.Reason, "customer": orNull(r.CustomerID), "now": t.Now})
	return err
}

// Recalculation reads one. Errors: ErrNotFound.
func (t *Tx) Recalculation(id desk.ID) (desk.Recalculation, error) {
	return one[desk.Recalculation](t, `select `+recalculationColumns+` and r.id = @id`, args{"id": id})
}

// Recalculations lists the newest.
func (t *Tx) Recalculations(most int) ([]desk.Recalculation, error) {
	return many[desk.Recalculation](t, `select `+recalculationColumns+` order by r.created_at desc, r.id desc limit @most`, args{"most": most})
}

// SaveRecalculation keeps how far one has come.
func (t *Tx) SaveRecalculation(r desk.Recalculation) {
	t.write(`update recalculations set total = @total, done = @done, changed = @changed, state = @state, began_at = @began, ended_at = @ended
		where desk_id = @desk and id = @id`,
		args{"id": r.ID, "total": r.Total, "done": r.Done, "changed": r.Changed, "state": r.State, "began": r.BeganAt, "ended": r.EndedAt})
}

// CountOpen counts tickets that have not ended, up to a number.
func (t *Tx) CountOpen(customer desk.ID, most int) (int, error) {
	of := ``
	a := args{"most": most}
	if customer != desk.Nobody {
		of = ` and t.customer_id = @customer`
		a["customer"] = customer
	}
	return scalar[int](t, `select count(*)::int from (select from tickets t where t.desk_id = @desk and t.state not in ('resolved', 'closed')`+of+` limit @most) few`, a)
}
