package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// A call is how a route of the programs' door is asked: {number} and all else in
// braces are ids of what the test has at hand.
type call struct {
	scope desk.TokenScope
	body  string
	done  int // to one who may; a list and what takes no id is answered to everybody who has the scope
	own   bool
	desk  bool // not for a subcontractor's person
}

var calls = map[string]call{
	"GET /tickets":                                         {scope: desk.ScopeTicketsRead, own: true},
	"POST /tickets":                                        {scope: desk.ScopeTicketsWrite, body: `{"requester_id":"{requester}","subject":"Essai","body":"Une question.","service":"Exchange Online"}`, done: http.StatusCreated},
	"GET /tickets/{number}":                                {scope: desk.ScopeTicketsRead},
	"PATCH /tickets/{number}":                              {scope: desk.ScopeTicketsWrite, body: `{"priority":2}`},
	"GET /tickets/{number}/messages":                       {scope: desk.ScopeTicketsRead},
	"POST /tickets/{number}/messages":                      {scope: desk.ScopeTicketsWrite, body: `{"body":"Un mot."}`, done: http.StatusCreated},
	"GET /tickets/{number}/notes":                          {scope: desk.ScopeTicketsRead},
	"POST /tickets/{number}/notes":                         {scope: desk.ScopeTicketsWrite, body: `{"body":"Entre nous."}`, done: http.StatusCreated},
	"GET /tickets/{number}/findings":                       {scope: desk.ScopeTicketsRead},
	"POST /tickets/{number}/findings":                      {scope: desk.ScopeTicketsWrite, body: `{"kind":"other","result":"info","text":"Vu."}`, done: http.StatusCreated},
	"GET /tickets/{number}/decision":                       {scope: desk.ScopeTicketsRead},
	"POST /tickets/{number}/decision":                      {scope: desk.ScopeTicketsWrite, body: `{"outcome":"PARTNER","category":"how_to","reason":"Vu."}`, done: http.StatusCreated},
	"POST /tickets/{number}/decision/confirmation":         {scope: desk.ScopeTicketsWrite, done: http.StatusCreated},
	"GET /customers":                                       {scope: desk.ScopeCustomersRead, own: true},
	"POST /customers":                                      {scope: desk.ScopeCustomersWrite, body: `{"name":"Nouvelle SARL"}`, done: http.StatusCreated, own: true, desk: true},
	"GET /customers/{customer}":                            {scope: desk.ScopeCustomersRead},
	"PATCH /customers/{customer}":                          {scope: desk.ScopeCustomersWrite, body: `{"region":"France"}`, desk: true},
	"GET /customers/{customer}/people":                     {scope: desk.ScopePeopleRead},
	"GET /people":                                          {scope: desk.ScopePeopleRead, own: true},
	"GET /incidents":                                       {scope: desk.ScopeIncidentsRead, own: true, desk: true},
	"GET /incidents/{incident}":                            {scope: desk.ScopeIncidentsRead, desk: true},
	"GET /incidents/{incident}/tickets":                    {scope: desk.ScopeIncidentsRead, desk: true},
	"GET /escalations":                                     {scope: desk.ScopeEscalationsRead, own: true},
	"GET /escalations/{escalation}":                        {scope: desk.ScopeEscalationsRead},
	"GET /tickets/{number}/messages/{message}":             {scope: desk.ScopeTicketsRead},
	"GET /tickets/{number}/notes/{note}":                   {scope: desk.ScopeTicketsRead},
	"GET /tickets/{number}/findings/{finding}":             {scope: desk.ScopeTicketsRead},
	"GET /issues":                                          {scope: desk.ScopeIssuesRead, own: true},
	"GET /issues/{issue}":                                  {scope: desk.ScopeIssuesRead},
	"GET /webhooks":                                        {scope: desk.ScopeWebhooksRead, own: true, desk: true},
	"POST /webhooks":                                       {scope: desk.ScopeWebhooksWrite, own: true, desk: true, done: http.StatusCreated, body: `{"url":"https://psa.example/guichet","events":["escalation.created"]}`},
	"GET /webhooks/{webhook}":                              {scope: desk.ScopeWebhooksRead, desk: true},
	"PATCH /webhooks/{webhook}":                            {scope: desk.ScopeWebhooksWrite, desk: true, body: `{"texts":true}`},
	"DELETE /webhooks/{spare}":                             {scope: desk.ScopeWebhooksWrite, desk: true, done: http.StatusNoContent},
	"POST /webhooks/{webhook}/secret":                      {scope: desk.ScopeWebhooksWrite, desk: true, done: http.StatusCreated},
	"POST /webhooks/{webhook}/test":                        {scope: desk.ScopeWebhooksWrite, desk: true, done: http.StatusCreated},
	"GET /webhooks/{webhook}/deliveries":                   {scope: desk.ScopeWebhooksRead, desk: true},
	"GET /webhooks/{webhook}/deliveries/{delivery}":        {scope: desk.ScopeWebhooksRead, desk: true},
	"POST /webhooks/{webhook}/deliveries/{delivery}/tries": {scope: desk.ScopeWebhooksWrite, desk: true, done: http.StatusCreated},
	"GET /offer":                                           {scope: desk.ScopeOffersRead, own: true},
	"GET /offer/versions":                                  {scope: desk.ScopeOffersRead, own: true, desk: true},
	"GET /offer/versions/{version}":                        {scope: desk.ScopeOffersRead, own: true},
}

// routes are the calls as the router names them.
func init() {
	for route, c := range calls {
		named := strings.NewReplacer("{message}", "{id}", "{note}", "{id}", "{finding}", "{id}", "{issue}", "{id}", "{webhook}", "{id}", "{spare}", "{id}", "{customer}", "{id}", "{incident}", "{number}", "{escalation}", "{number}").Replace(route)
		if c.done == 0 {
			c.done = http.StatusOK
			calls[route] = c
		}
		programRoutes[named] = true
	}
}

var programRoutes = map[string]bool{}

// call asks a route with ids filled in.
func (p program) call(t *testing.T, route string, ids map[string]string) answer {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	fill := []string{"{version}", "0"}
	for kind, id := range ids {
		fill = append(fill, "{"+kind+"}", id)
	}
	r := strings.NewReplacer(fill...)
	return p.ask(t, method, r.Replace(path), r.Replace(calls[route].body))
}

// walkOfPrograms tries every route with tokens that do not reach it, then with one
// that does.
func walkOfPrograms(t *testing.T, d *door) {
	t.Helper()
	d.stagedWebhooks(t)
	d.said(t)
	for slug, admin := range map[string]string{"alpine": "paul@alpine.example", "brume": "nora@brume.example"} {
		d.post(t, d.as(t, slug, admin), "/"+slug+"/issues", url.Values{"title": {"Rien ne va"}, "service": {"Microsoft Bookings"}, "classification": {"incident"},
			"stage": {"investigating"}, "everyone": {"on"}, "sees_fr": {"Rien ne va."}, "key": {desk.NewID().String()}})
	}
	own := d.idsOf(t, "alpine", "true")
	others := d.idsOf(t, "brume", "true")
	before := d.fingerprint(t)
	nobody, wrong := program{door: d}, program{d, nobodys}
	narrow := map[desk.TokenScope]program{}
	for _, s := range desk.TokenScopes() {
		var rest []string
		for _, o := range everyScope() {
			if o != string(s) {
				rest = append(rest, o)
			}
		}
		narrow[s] = d.program(t, "alpine", "paul@alpine.example", "paul@alpine.example", rest...)
	}
	paul := d.program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	noe := d.program(t, "alpine", "paul@alpine.example", "noe@vigienuit.example")
	hidden := d.idsHiddenFrom(t, "noe@vigienuit.example")
	before["api_tokens"] = d.fingerprint(t)["api_tokens"]
	for route, c := range calls {
		refusals := map[string]struct {
			a    answer
			want int
		}{
			"without a token":      {nobody.call(t, route, own), http.StatusUnauthorized},
			"with a token of none": {wrong.call(t, route, own), http.StatusUnauthorized},
			"without the scope":    {narrow[c.scope].call(t, route, own), http.StatusForbidden},
		}
		if !c.own {
			want := http.StatusNotFound
			if strings.Contains(c.body, "{requester}") {
				want = http.StatusUnprocessableEntity
			}
			refusals["with ids of another desk"] = struct {
				a    answer
				want int
			}{paul.call(t, route, others), want}
			if c.desk {
				want = http.StatusForbidden
			}
			refusals["as a subcontractor's, of what is not given"] = struct {
				a    answer
				want int
			}{noe.call(t, route, hidden), want}
		} else if c.desk {
			refusals["as a subcontractor's"] = struct {
				a    answer
				want int
			}{noe.call(t, route, own), http.StatusForbidden}
		}
		for who, r := range refusals {
			if r.a.status != r.want {
				t.Errorf("%s %s: %d, want %d\n%s", route, who, r.a.status, r.want, r.a.body)
			}
			if r.want == http.StatusForbidden && who == "without the scope" && r.a.json(t)["scope"] != string(c.scope) {
				t.Errorf("%s does not name %s: %s", route, c.scope, r.a.body)
			}
			if r.want == http.StatusUnauthorized && !strings.HasPrefix(r.a.header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s %s: %q", route, who, r.a.header.Get("WWW-Authenticate"))
			}
		}
	}
	after := d.fingerprint(t)
	before["api_tokens"] = after["api_tokens"] // when each was used
	for table, print := range after {
		if before[table] != print {
			t.Errorf("what was refused changed %s", table)
		}
	}
	for route, c := range calls {
		if a := paul.call(t, route, own); a.status != c.done && a.status != http.StatusConflict {
			t.Errorf("%s: %d, want %d\n%s", route, a.status, c.done, a.body)
		}
	}
}

// said gives every ticket a note and a finding.
func (d *door) said(t *testing.T) {
	t.Helper()
	const of = ` from tickets t join lateral (select id from people p where p.desk_id = t.desk_id and p.customer_id is null order by id limit 1) p on true`
	d.stage(t, `insert into messages (desk_id, id, ticket_id, customer_id, author_id, side, internal, body, created_at) select t.desk_id, gen_random_uuid(), t.id, t.customer_id, p.id, 'desk', true, 'Staged', now()`+of)
	d.stage(t, `insert into findings (desk_id, id, ticket_id, customer_id, author_id, kind, result, text, created_at) select t.desk_id, gen_random_uuid(), t.id, t.customer_id, p.id, 'other', 'info', 'Staged', now()`+of)
}

// idsOf are ids of a desk's, of tickets that fit a condition.
func (d *door) idsOf(t *testing.T, slug, condition string) map[string]string {
	t.Helper()
	home := look[desk.ID](t, d, `select id from desks where slug = $1`, slug)
	one := func(sql string) string {
		for _, id := range list[string](t, d, sql, home) {
			return id
		}
		return "999999"
	}
	elsewhere := ` and number not in (select number from tickets where desk_id <> $1)`
	if slug == "alpine" {
		elsewhere = ""
	}
	ofTicket := func(table, and string) string {
		return one(`select m.id::text from ` + table + ` m join tickets t on t.desk_id = m.desk_id and t.id = m.ticket_id where t.desk_id = $1 and t.number = (
			select max(number) from tickets t where desk_id = $1 and ` + condition + elsewhere + `)` + and + ` order by m.id limit 1`)
	}
	return map[string]string{
		"message":    ofTicket("messages", " and not m.internal"),
		"note":       ofTicket("messages", " and m.internal"),
		"finding":    ofTicket("findings", ""),
		"issue":      one(`select id::text from issues where desk_id = $1 order by id limit 1`),
		"webhook":    one(`select id::text from webhooks where desk_id = $1 and url like '%/staged'`),
		"spare":      one(`select id::text from webhooks where desk_id = $1 and url like '%/spare'`),
		"delivery":   one(`select id::text from webhook_deliveries where desk_id = $1 and event = 'ticket.created' order by id limit 1`),
		"number":     one(`select max(number)::text from tickets t where desk_id = $1 and ` + condition + elsewhere),
		"customer":   one(`select customer_id::text from tickets t where desk_id = $1 and ` + condition + ` order by number limit 1`),
		"requester":  one(`select p.id::text from people p join tickets t on t.desk_id = p.desk_id and t.customer_id = p.customer_id where p.desk_id = $1 and ` + condition + ` order by t.number limit 1`),
		"incident":   one(`select number::text from incidents where desk_id = $1 and number not in (select number from incidents where desk_id <> $1) order by number desc limit 1`),
		"escalation": one(`select e.number::text from escalations e join tickets t on t.desk_id = e.desk_id and t.id = e.ticket_id where e.desk_id = $1 and ` + condition + ` and e.number not in (select number from escalations where desk_id <> $1) order by e.number desc limit 1`),
	}
}

// idsHiddenFrom are ids of the desk that a subcontractor's person must not reach.
func (d *door) idsHiddenFrom(t *testing.T, email string) map[string]string {
	t.Helper()
	who := d.actor(t, "alpine", email)
	customers := list[string](t, d, `select customer_id::text from tickets where desk_id = $1`, who.Desk.ID)
	for _, id := range customers {
		c, err := desk.ParseID(id)
		if err == nil && !who.Subcontractor.Sees(c, "") && !who.Subcontractor.Sees(c, "Microsoft Teams") && !who.Subcontractor.Sees(c, "Exchange Online") {
			ids := d.idsOf(t, "alpine", `t.customer_id = '`+id+`'`)
			ids["issue"] = desk.NewID().String() // known issues are read by all who work for the desk
			return ids
		}
	}
	t.Fatal("everything is given to " + email)
	return nil
}
