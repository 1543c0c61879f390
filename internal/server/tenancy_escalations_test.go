package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

// What an escalation takes hangs on where it stands: what was asked of it before
// makes a form late, or wrong.
func init() {
	const at = "/{desk}/escalations/{escalation}"
	late := http.StatusConflict
	maps.Copy(ways, map[string]way{
		"POST /{desk}/tickets/{number}/escalation": {who: agents, done: http.StatusUnprocessableEntity, or: late, form: url.Values{"reason": {"Vu."}}}, // nobody has tried anything
		"GET /{desk}/escalations":                  {who: agents, done: http.StatusOK},
		"GET " + at:                                {who: agents, done: http.StatusOK},
		"POST " + at + "/dossier":                  {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"was_title": {""}, "title": {"Un titre"}}},
		"POST " + at + "/questions":                {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"text": {"Une question."}}},
		"POST " + at + "/way":                      {who: agents, done: http.StatusSeeOther, or: late},
		"POST " + at + "/approval":                 {who: agents, done: http.StatusUnprocessableEntity, or: late},
		"POST " + at + "/decision":                 {who: leads, done: late, form: url.Values{"do": {"approve"}}},
		"POST " + at + "/filing":                   {who: agents, done: late, or: http.StatusUnprocessableEntity},
		"POST " + at + "/number":                   {who: agents, done: http.StatusUnprocessableEntity, or: late},
		"POST " + at + "/state":                    {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"state": {"waits_us"}}},
		"POST " + at + "/entries":                  {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"side": {"them"}, "text": {"Leur mot."}}},
		"POST " + at + "/entries/{said}/relay":     {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"do": {"needless"}}},
		"POST " + at + "/chase":                    {who: agents, done: http.StatusSeeOther, or: late},
		"POST " + at + "/tickets":                  {who: agents, done: http.StatusUnprocessableEntity, or: late, ids: map[string]string{"ticket": "number"}}, // it waits already
		"POST " + at + "/tickets/removal":          {who: agents, done: late, ids: map[string]string{"ticket": "number"}},                                     // the one that it was begun on
		"POST " + at + "/credit":                   {who: agents, done: http.StatusSeeOther, form: url.Values{"credit_worth": {"on"}}},
		"POST " + at + "/ending":                   {who: agents, done: http.StatusSeeOther, or: late, form: url.Values{"ending": {"withdrawn"}, "why": {"Essai."}}},
	})
}

// escalations stages a filed one, with a word of theirs, on a ticket of every
// customer that has none.
func (d *door) escalations(t *testing.T) {
	t.Helper()
	d.stage(t, `delete from escalation_tickets`)
	d.stage(t, `delete from escalations`)
	d.stage(t, `insert into escalations (desk_id, id, number, ticket_id, customer_id, workload, target, portal, route, severity, state, request, prepared_by, filed_by, filed_at, created_at, changed_at)
		select t.desk_id, gen_random_uuid(), row_number() over (partition by t.desk_id order by t.number) + 900 + 100 * dense_rank() over (order by t.desk_id), t.id, t.customer_id, 'exchange', 'microsoft', 'm365_admin',
			'{"version": 0, "way": {"Target": "microsoft", "Portal": "m365_admin"}}', 'B', 'filed', '', p.id, p.id, now(), now(), now()
		from tickets t join lateral (select id from people p where p.desk_id = t.desk_id and p.role = 'admin' order by name limit 1) p on true`)
	d.stage(t, `insert into escalation_tickets (desk_id, escalation_id, ticket_id, customer_id, live, joined_at)
		select desk_id, id, ticket_id, customer_id, true, now() from escalations`)
	d.stage(t, `insert into escalation_entries (desk_id, id, escalation_id, side, source, body, at, created_at)
		select desk_id, gen_random_uuid(), id, 'them', 'person', 'Leur réponse.', now(), now() from escalations`)
}

// escalates looks up the escalations of a walker's tickets, and others'.
func (w *walker) escalates(t *testing.T, d *door, home string) {
	t.Helper()
	w.own["escalation"] = look[string](t, d, `select e.number::text from escalations e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id where e.desk_id = $1 and t.number = $2::bigint`, home, w.own["number"])
	const said = `select n.id::text from escalation_entries n join escalations e on e.desk_id = n.desk_id and e.id = n.escalation_id where e.desk_id = $1 and e.number `
	w.own["said"] = look[string](t, d, said+`= $2::bigint`, home, w.own["escalation"])
	w.foreign["said"] = list[string](t, d, said+`<> $2::bigint order by n.id limit 2`, home, w.own["escalation"])
	w.foreign["said"] = append(w.foreign["said"], list[string](t, d, `select min(id::text) from escalation_entries where desk_id <> $1 group by desk_id`, home)...)
	w.foreign["escalation"] = list[string](t, d, `select min(number)::text from escalations where desk_id <> $1 and number not in (select number from escalations where desk_id = $1) group by desk_id`, home)
	if w.lent {
		w.foreign["escalation"] = append(w.foreign["escalation"], list[string](t, d, `select e.number::text from escalations e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id
			where e.desk_id = $1 and not (`+given("$2")+`) order by e.number limit 10`, home, w.id)...)
	}
}
