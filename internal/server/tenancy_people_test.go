package server_test

import (
	"net/http"
	"testing"

	"guichet/internal/desk"
)

// A walker is somebody who tries every door: with ids that are his to use, by
// what they are ids of, and with others that he may have seen somewhere.
type walker struct {
	desk, email string
	role        desk.Role
	lent        bool // by a subcontractor
	id          desk.ID
	browser     *http.Client
	own         map[string]string
	foreign     map[string][]string
	unseen      []string // subjects of the tickets that he may not see
}

// may tells whether a way is open to him at his own desk.
func (k *walker) may(w way) bool {
	switch w.who {
	case agents:
		return k.role.DeskSide()
	case staff:
		return k.role.DeskSide() && !k.lent
	case leads:
		return k.role == desk.Lead || k.role == desk.Admin
	case managers:
		return k.role == desk.Manager
	case accounts:
		return k.role == desk.Lead || k.role == desk.Admin || k.role == desk.Manager
	case admins:
		return k.role == desk.Admin
	case buyers:
		return !k.role.DeskSide()
	}
	return true
}

// everybody signs in the people of the demo, a second contact of Fabrique
// Lumen among them, and looks up the ids that each may use and may not.
func everybody(t *testing.T, d *door) []*walker {
	t.Helper()
	share(t, d, "lea@lumen.example", map[string]string{"brume": "remi@ateliernord.example", "meridian": "yves@brume.example"})
	d.stage(t, `insert into trials (desk_id, id, person_id, based_on, revision, rules, most, state, created_at)
		select desk_id, gen_random_uuid(), min(id::text)::uuid, 1, 1, '[]', 100, 'done', now() from people where role = 'admin' group by desk_id`)
	d.stage(t, `insert into subcontractors (desk_id, id, name, all_customers, customers, all_services, services, always, hours, created_at)
		select id, gen_random_uuid(), 'Renfort', true, '{}', true, '{}', true, '{"zone": "UTC", "weekly": {}}', now() from desks`)
	d.stage(t, `insert into articles (desk_id, id, title_fr, body_fr, created_at, updated_at) select id, gen_random_uuid(), 'Un brouillon', 'Texte.', now(), now() from desks`)
	d.stage(t, `insert into agreements (desk_id, id, customer_id, support_type, starts, ends, created_at)
		select desk_id, gen_random_uuid(), id, 'standard', '2020-01-01', '2020-12-31', now() from customers`)
	d.bill(t)
	d.troubles(t)
	d.relations(t)
	d.handovers(t)
	d.askForLinks(t)
	d.announcements(t)
	d.stage(t, `insert into circle (desk_id, let_at) select id, now() from desks on conflict do nothing`)
	mia := d.invite(t, "mia@lumen.example", "lea@lumen.example")
	d.escalations(t)
	d.evidence(t)
	d.mails(t)
	d.apiTokens(t)
	d.moves(t)
	d.stagedWebhooks(t)
	d.attached(t)
	walkers := []*walker{
		{desk: "alpine", email: "lea@lumen.example"}, {desk: "alpine", email: "max@lumen.example"}, {desk: "alpine", email: "sam@hoteldulac.example"},
		{desk: "alpine", email: "ines@alpine.example"}, {desk: "alpine", email: "karim@alpine.example"}, {desk: "alpine", email: "paul@alpine.example"},
		{desk: "alpine", email: "noe@vigienuit.example"},
		{desk: "brume", email: "remi@ateliernord.example"}, {desk: "brume", email: "nora@brume.example"},
		{desk: "meridian", email: "otto@meridian.example"},
	}
	for _, w := range walkers {
		w.browser = d.as(t, w.desk, w.email)
		d.as(t, w.desk, w.email) // a second device
	}
	walkers = append(walkers, &walker{desk: "alpine", email: mia, browser: d.byLink(t, "alpine", mia)})
	d.byLink(t, "alpine", mia)
	for _, w := range walkers {
		d.equip(t, w)
	}
	return walkers
}

// share gives one of a person's tickets a namesake at other desks: the same
// number, asked by somebody else.
func share(t *testing.T, d *door, email string, others map[string]string) {
	t.Helper()
	number := look[int64](t, d, `select min(t.number) from tickets t join people p on p.desk_id = t.desk_id and p.id = t.requester_id where p.email = $1`, email)
	for slug, other := range others {
		who := d.actor(t, slug, other)
		d.stage(t, `select setval('numbers."`+who.Desk.ID.String()+`"', $1, false)`, number)
		got, err := d.Parts.App.SubmitTicket(t.Context(), who, desk.Submission{Subject: "Le même numéro chez " + slug, Body: "Un autre desk."}, desk.Nobody)
		if err != nil || got != number {
			t.Fatalf("ticket %d where %d was to be shared: %v", got, number, err)
		}
	}
}

// actor is a person as the verbs know him.
func (d *door) actor(t *testing.T, slug, email string) desk.Actor {
	t.Helper()
	home, err := d.Parts.App.Desk(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	id := look[desk.ID](t, d, `select id from people where desk_id = $1 and email = $2`, home.ID, email)
	who, err := d.Parts.App.Actor(t.Context(), home, id, "")
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// invite adds a contact to a colleague's company, with a ticket of his own.
func (d *door) invite(t *testing.T, email, colleague string) string {
	t.Helper()
	admin, of := d.actor(t, "alpine", "paul@alpine.example"), d.actor(t, "alpine", colleague)
	_, err := d.Parts.App.Invite(t.Context(), admin, desk.PersonSettings{Name: "Mia Keller", Email: email, Role: desk.Contact, CustomerID: of.Person.CustomerID})
	if err != nil {
		t.Fatal(err)
	}
	who := d.actor(t, "alpine", email)
	if _, err := d.Parts.App.SubmitTicket(t.Context(), who, desk.Submission{Subject: "Ma propre demande", Body: "Rien que pour moi."}, desk.Nobody); err != nil {
		t.Fatal(err)
	}
	return email
}

// anArticle is published under its walker's own id, again where he erased it.
const anArticle = `insert into articles (desk_id, id, title_fr, body_fr, published, created_at, updated_at)
	values ($1, $2, 'Article', 'Texte.', true, now(), now()) on conflict do nothing`

// equip looks up ids as the owner of the database, by rules of this test's own.
func (d *door) equip(t *testing.T, w *walker) {
	t.Helper()
	who := d.actor(t, w.desk, w.email)
	w.id, w.role, w.lent = who.Person.ID, who.Person.Role, who.Person.SubcontractorID != desk.Nobody
	company := `(select coalesce(customer_id, (select t.customer_id from tickets t where t.desk_id = $1 and ` + given("$2") + ` order by number limit 1)) from people where desk_id = $1 and id = $2)`
	d.stage(t, anArticle, who.Desk.ID, who.Person.ID)
	text := func(sql string) string { return look[string](t, d, sql, who.Desk.ID, w.id) }
	texts := func(sql string) []string { return list[string](t, d, sql, who.Desk.ID, w.id) }
	w.own = map[string]string{
		"number": text(`select number::text from tickets t where desk_id = $1 and customer_id = ` + company + ` and ` + given("$2") + ` and (requester_id = $2
			or not exists (select from people where desk_id = $1 and id = $2 and role = 'contact'))
			order by (select count(*) from tickets o where o.number = t.number) desc, number limit 1`),
		"customer":      text(`select ` + company + `::text where $1::uuid is not null and $2::uuid is not null`),
		"person":        text(`select id::text from people where desk_id = $1 and role = 'manager' and $2::uuid is not null order by name limit 1`),
		"requester":     text(`select id::text from people where desk_id = $1 and customer_id = ` + company + ` order by name limit 1`),
		"colleague":     text(`select id::text from people where desk_id = $1 and customer_id = ` + company + ` and role = 'manager' limit 1`),
		"agent":         text(`select id::text from people where desk_id = $1 and role in ('agent', 'lead', 'admin') and $2::uuid is not null order by name limit 1`),
		"subcontractor": text(`select id::text from subcontractors where desk_id = $1 and $2::uuid is not null and name = 'Renfort'`),
		"trial":         text(`select id::text from trials where desk_id = $1 and $2::uuid is not null limit 1`),
		"session":       text(`select token from sessions where person_id = $2 and $1::uuid is not null order by seen_at desc limit 1`),
		"article":       who.Person.ID.String(),
		"agreement":     text(`select id::text from agreements where desk_id = $1 and customer_id = ` + company + ` and starts = '2020-01-01' and $2::uuid is not null`),
		"entry":         text(`select coalesce(min(id::text), gen_random_uuid()::text) from time_entries where desk_id = $1 and person_id = $2 and text = 'staged'`),
		"charge":        text(`select min(id::text) from charges where desk_id = $1 and text = 'staged' and state = 'proposed' and $2::uuid is not null`),
		"statement":     text(`select min(id::text) from statements where desk_id = $1 and customer_id = ` + company),
		"block":         text(`select min(id::text) from blocks where desk_id = $1 and customer_id = ` + company),
	}
	w.foreign = map[string][]string{
		"number":   texts(`select min(number)::text from tickets where desk_id <> $1 and number not in (select number from tickets where desk_id = $1) and $2::uuid is not null group by desk_id`),
		"customer": texts(`select min(id::text) from customers where desk_id <> $1 and $2::uuid is not null group by desk_id`),
		"person":   texts(`select min(id::text) from people where desk_id <> $1 and $2::uuid is not null group by desk_id, role`),
		"agent": texts(`select min(id::text) from people where desk_id <> $1 and customer_id is null group by desk_id
			union all select min(id::text) from people where desk_id = $1 and customer_id is not null and id <> $2`),
		"subcontractor": texts(`select id::text from subcontractors where desk_id <> $1 and $2::uuid is not null`),
		"trial":         texts(`select id::text from trials where desk_id <> $1 and $2::uuid is not null`),
		"session":       texts(`select min(token) from sessions where person_id is not null and person_id <> $2 and $1::uuid is not null group by person_id`),
		"article":       texts(`select min(id::text) from articles where desk_id <> $1 and $2::uuid is not null group by desk_id`),
		"agreement": texts(`select min(id::text) from agreements where desk_id <> $1 and $2::uuid is not null group by desk_id
			union all select min(id::text) from agreements where desk_id = $1 and customer_id <> ` + company),
		"entry":     texts(`select min(id::text) from time_entries where desk_id <> $1 and $2::uuid is not null group by desk_id`),
		"charge":    texts(`select min(id::text) from charges where desk_id <> $1 and $2::uuid is not null group by desk_id`),
		"statement": texts(`select min(id::text) from statements where desk_id <> $1 and $2::uuid is not null group by desk_id`),
		"block": texts(`select min(id::text) from blocks where desk_id <> $1 and $2::uuid is not null group by desk_id
			union all select min(id::text) from blocks where desk_id = $1 and customer_id <> ` + company + ` group by customer_id`),
		"requester": texts(`select min(id::text) from people where desk_id <> $1 group by desk_id, role
			union all select min(id::text) from people where desk_id = $1 and customer_id is null and $2::uuid is not null`),
		"colleague": texts(`select min(id::text) from people where desk_id <> $1 group by desk_id, role
			union all select min(id::text) from people where desk_id = $1 and customer_id is distinct from ` + company + ` group by role`),
	}
	w.unseen = d.subjectsHiddenFrom(t, w.id)
	w.trouble(t, d, who.Desk.ID.String(), w.own["customer"])
	w.relation()
	w.hands(t, d, who.Desk.ID.String())
	w.escalates(t, d, who.Desk.ID.String())
	w.proves(t, d, who.Desk.ID.String())
	w.mailed(t, d, who.Desk.ID.String())
	d.equipTokens(t, w, who.Desk.ID)
	w.moves(t, d, who.Desk.ID.String())
	d.equipWebhooks(t, w, who.Desk.ID)
	w.sends(t, d, who.Desk.ID.String())
	w.links(t, d, who.Desk.ID.String())
	if w.lent {
		out := ` from tickets t where desk_id = $1 and not (` + given("$2") + `)`
		w.foreign["number"] = append(w.foreign["number"], texts(`select min(number)::text`+out+` group by customer_id, service`)...)
		others := ` in (select id from customers where desk_id = $1 and id not in (select t.customer_id from tickets t where desk_id = $1 and ` + given("$2") + `)
			and id <> all (select unnest(customers) from subcontractors where desk_id = $1))`
		w.foreign["customer"] = append(w.foreign["customer"], texts(`select id::text from customers where desk_id = $1 and $2::uuid is not null and id`+others)...)
		w.foreign["requester"] = append(w.foreign["requester"], texts(`select min(id::text) from people where desk_id = $1 and $2::uuid is not null and customer_id`+others+` group by customer_id`)...)
		if len(w.foreign["number"]) < 20 || len(w.foreign["customer"]) < 10 {
			t.Errorf("%s has only %d foreign tickets and %d foreign customers", w.email, len(w.foreign["number"]), len(w.foreign["customer"]))
		}
	}
	if w.role.DeskSide() {
		return
	}
	w.foreign["statement"] = append(w.foreign["statement"], texts(`select id::text from statements where desk_id = $1 and customer_id <> `+company)...)
	w.foreign["number"] = append(w.foreign["number"], texts(`select min(number)::text from tickets where desk_id = $1 and customer_id <> `+company)...)
	w.foreign["article"] = append(w.foreign["article"], texts(`select id::text from articles where desk_id = $1 and not published and $2::uuid is not null`)...)
	if w.role == desk.Contact {
		w.foreign["number"] = append(w.foreign["number"], texts(`select min(number)::text from tickets t where desk_id = $1 and customer_id = `+company+` and requester_id <> $2
			and not exists (select from followers f where f.desk_id = $1 and f.ticket_id = t.id and f.person_id = $2) having count(*) > 0`)...)
	}
	// Who asks and for which company is not read from a customer's form.
	delete(w.foreign, "requester")
	delete(w.foreign, "customer")
}

// given tells in SQL whether a ticket t is given to the company that lends a
// person, or he is lent by none.
func given(person string) string {
	return `not exists (select from people lent join subcontractors s on s.desk_id = lent.desk_id and s.id = lent.subcontractor_id where lent.id = ` + person + `
		and not ((s.all_customers or t.customer_id = any (s.customers)) and (s.all_services or t.service = any (s.services))))`
}

// subjectsHiddenFrom are those of all tickets that somebody may not see.
func (d *door) subjectsHiddenFrom(t *testing.T, person desk.ID) []string {
	t.Helper()
	return list[string](t, d, `with me as (select * from people where id = $1),
		seen as (select t.subject from tickets t, me where t.desk_id = me.desk_id and (me.role in ('agent', 'lead', 'admin') and `+given("me.id")+`
			or t.customer_id = me.customer_id and (me.role = 'manager' or t.requester_id = me.id or exists (
				select from followers f where f.desk_id = me.desk_id and f.ticket_id = t.id and f.person_id = me.id))))
		select distinct subject from tickets where subject not in (select subject from seen)`, person)
}
