package postgres

import "guichet/internal/desk"

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
