package server_test

import (
	"net/url"
	"testing"
)

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

// billTour is the pages of time, charges and statements, with their mistakes.
func billTour(t *testing.T, d *door) []stop {
	t.Helper()
	customer := look[string](t, d, `select id::text from customers where name = 'Fabrique Lumen'`)
	charge := "/alpine/charges/" + look[string](t, d, `select min(x.id::text) from charges x join desks d on d.id = x.desk_id where d.slug = 'alpine' and state = 'proposed'`)
	approved := look[string](t, d, `select min(x.id::text) from charges x join desks d on d.id = x.desk_id where d.slug = 'alpine' and state = 'approved'`)
	statement := "/alpine/statements/" + look[string](t, d, `select s.id::text from statements s join desks d on d.id = s.desk_id where d.slug = 'alpine'`)
	lead, manager, admin := "karim@alpine.example", "max@lumen.example", "paul@alpine.example"
	stops := read(lead, 200, "/alpine/charges", "/alpine/charges?state=approved", "/alpine/charges?state=waived", "/alpine/charges?customer="+customer+"&month=2026-10", "/alpine/charges/new", "/alpine/charges/new?q=zzzz",
		"/alpine/charges/new?customer="+customer, charge, "/alpine/charges/"+approved, "/alpine/statements", "/alpine/statements?month=2020-01", statement)
	stops = append(stops, read(manager, 200, "/alpine/statements", statement)...)
	stops = append(stops, read("lea@lumen.example", 403, "/alpine/statements", statement)...)
	stops = append(stops, read("ines@alpine.example", 403, "/alpine/charges", "/alpine/statements")...)
	stops = append(stops, read(lead, 404, "/alpine/charges/x", "/alpine/statements/x", "/alpine/charges?customer=x")...)
	wrong := func(reader, path string, form url.Values, status int) {
		stops = append(stops, stop{reader: reader, path: path, form: form, status: status})
	}
	wrong(lead, "/alpine/charges", url.Values{"customer": {customer}, "amount": {"x"}, "month": {"x"}, "ticket": {"1"}}, 422)
	wrong(lead, "/alpine/charges/decisions", url.Values{"do": {"approve"}}, 422)
	wrong(lead, charge+"/decision", url.Values{"do": {"waive"}}, 422)
	wrong(lead, charge+"/adjustments", url.Values{"amount": {"0"}}, 422)
	wrong(lead, "/alpine/statements", url.Values{"customer": {customer}, "month": {"2019-01"}}, 422)
	wrong(admin, "/alpine/settings/customers/"+customer+"/blocks", url.Values{"block_time": {"-1"}, "block_price": {"1.234"}, "block_starts": {"x"}, "block_expires": {"x"}}, 422)
	ticket := d.ticketsOf(t, "")[0]
	wrong(lead, ticket+"/time", url.Values{"spent": {"x"}, "ended": {"2100-01-01"}}, 422)
	d.stage(t, `insert into timers (desk_id, person_id, ticket_id, started_at) select p.desk_id, p.id, t.id, now() - interval '1 hour'
		from people p join tickets t on t.desk_id = p.desk_id and '/alpine/tickets/' || t.number = $1 where p.email = $2 on conflict do nothing`, ticket, lead)
	wrong(lead, d.ticketsOf(t, "")[1]+"/time/start", url.Values{}, 409)
	return append(stops, read(lead, 200, ticket, d.ticketsOf(t, "")[1])...)
}
