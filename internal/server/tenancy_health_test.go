package server_test

import (
	"testing"

	"guichet/internal/desk"
)

// troubles gives each company a known issue of its own and an incident that one
// of its tickets has joined.
func (d *door) troubles(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into issues (desk_id, id, source, kind, code, title, service, classification, status, started_at, changed_at, first_seen_at, seen_at)
		select desk_id, id, 'graph', 'issue', 'EX9' || right(id::text, 12), 'Mail is late', 'Exchange Online', 'incident', 'serviceDegradation', now(), now(), now(), now() from customers`)
	d.stage(t, `insert into issue_customers (desk_id, issue_id, customer_id, first_seen_at, seen_at) select desk_id, id, id, now(), now() from customers`)
	d.stage(t, `insert into incidents (desk_id, id, number, kind, service, state, started_at, created_at)
		select desk_id, id, 90000 + row_number() over (order by desk_id, id), 'regional_multitenant', 'Microsoft Teams', 'open', now(), now() from customers`)
	d.stage(t, `insert into incident_files (desk_id, incident_id, title, changed_at) select desk_id, id, 'Calls drop', now() from customers`)
	d.stage(t, `insert into incident_tickets (desk_id, incident_id, ticket_id, customer_id, state, by, joined_at, changed_at, settled_at)
		select desk_id, customer_id, min(id::text)::uuid, customer_id, 'joined', 'person', now(), now(), now() from tickets k
		where not exists (select from incident_tickets o where o.ticket_id = k.id) group by desk_id, customer_id`)
}

// trouble looks up which of them are a walker's, and which are not.
func (w *walker) trouble(t *testing.T, d *door, home, company string) {
	t.Helper()
	w.own["issue"], w.own["announcement"] = company, company
	w.own["incident"] = look[string](t, d, `select number::text from incidents where id::text = $1`, company)
	foreign := func(sql, of string) []string {
		if w.role.DeskSide() {
			return list[string](t, d, sql+` where desk_id::text <> $1 limit 2`, home)
		}
		return list[string](t, d, sql+` where id::text <> $1 and desk_id::text `+of+` limit 3`, company)
	}
	for _, of := range []string{`= '` + home + `'`, `<> '` + home + `'`} {
		w.foreign["issue"] = append(w.foreign["issue"], foreign(`select id::text from customers`, of)...)
		w.foreign["announcement"] = w.foreign["issue"]
		w.foreign["incident"] = append(w.foreign["incident"], foreign(`select number::text from incidents`, of+` and number > 90000`)...)
	}
	if w.role == desk.Contact && len(w.foreign["issue"]) < 3 {
		t.Errorf("%s has only %d foreign issues", w.email, len(w.foreign["issue"]))
	}
}
