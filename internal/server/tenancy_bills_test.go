package server_test

import "testing"

// bill gives every company a block, a proposed amount and a statement, and every
// person of a desk an entry of work.
func (d *door) bill(t *testing.T) {
	t.Helper()
	admin := `(select min(p.id::text)::uuid from people p where p.desk_id = c.desk_id and p.role = 'admin')`
	d.stage(t, `insert into blocks (desk_id, id, customer_id, name, minutes, currency, starts, created_at)
		select c.desk_id, gen_random_uuid(), c.id, 'staged', 600, 'EUR', '2026-01-01', now() from customers c`)
	d.stage(t, `insert into statements (desk_id, id, customer_id, month, seq, content, person_id, issued_at)
		select c.desk_id, gen_random_uuid(), c.id, '2025-01', row_number() over (partition by c.desk_id), '{"customer": "staged", "totals": []}', `+admin+`, now() from customers c`)
	d.stage(t, `insert into charges (desk_id, id, customer_id, source, kind, state, offer, support_type, bill, amount, currency, month, text, done_at, created_at)
		select c.desk_id, gen_random_uuid(), c.id, 'staged/' || c.id, 'manual', 'proposed', 0, '', '{"currency": "EUR", "total": "5.00", "lines": [{"what": "manual", "amount": "5.00"}]}',
			5, 'EUR', '2025-01', 'staged', now(), now() from customers c`)
	d.stage(t, `insert into time_entries (desk_id, id, ticket_id, customer_id, person_id, text, billable, began_at, ended_at, created_at)
		select p.desk_id, gen_random_uuid(), t.id, t.customer_id, p.id, 'staged', true, now() - interval '1 hour', now(), now()
		from people p cross join lateral (select * from tickets t where t.desk_id = p.desk_id order by number limit 1) t where p.customer_id is null`)
	d.stage(t, `insert into charges (desk_id, id, customer_id, ticket_id, entry_id, source, kind, state, offer, support_type, bill, amount, currency, month, text, done_at, created_at)
		select e.desk_id, gen_random_uuid(), e.customer_id, e.ticket_id, e.id, 'time/' || e.id, 'time', 'proposed', 0, '', '{"currency": "EUR", "total": "0.00", "lines": []}',
			0, 'EUR', '2026-10', 'worked', now(), now() from time_entries e where e.text = 'staged'`)
}
