package postgres

import (
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// What is shown of troubles: their newest posts, and no longer than a screen
// each. Settled ones are told without.
const (
	troubleColumns = `i.id, 0::bigint as number, i.kind, i.source, i.code, i.title, i.service, i.classification, i.status, i.severity, i.places, i.public, i.over,
	i.started_at, i.ended_at, i.changed_at, coalesce(i.word_at, i.next_at) as next_at, i.words, i.said_at`
	troublePosts = `coalesce((select jsonb_agg(jsonb_build_object('at', p.posted_at, 'kind', p.kind, 'text', left(p.body, 4000), 'parts', p.parts) order by p.posted_at)
	from (select * from issue_posts p where p.desk_id = @desk and p.issue_id = i.id order by p.posted_at desc limit 30) p), '[]') as posts`
	noPosts         = `'[]'::jsonb as posts`
	nobodyCounted   = `0 as customers`
	incidentColumns = `n.id, n.number, 'incident' as kind, '' as source, '' as code, '' as title, n.service, '' as classification, n.state as status, '' as severity,
	array_remove(array[n.region], '') as places, n.public, n.state = 'closed' as over, n.started_at, n.ended_at, coalesce(n.said_at, n.created_at) as changed_at,
	n.next_at, n.words, n.said_at, ` + noPosts
)

// touches and joined are what concerns the customer @customer.
const (
	joinedHim = `(n.public or exists (select from incident_tickets j where j.desk_id = @desk and j.incident_id = n.id and j.customer_id = @customer and j.state = 'joined'))`
)

// HeardOf is what is known of a customer's services, in one round trip. Errors:
// ErrNotFound.
func (t *Tx) HeardOf(customer desk.ID) (desk.Customer, desk.Heard, error) {
	var customers []desk.Customer
	var h desk.Heard
	a := args{"customer": customer}
	ask(t, &customers, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.id = @customer`, a)
	ask(t, &h.States, `select s.service, s.status, s.heard_at from service_states s where s.desk_id = @desk and s.customer_id = @customer order by s.service limit 200`, a)
	collect(t, &h.Used, `select distinct service from (select service from tickets where desk_id = @desk and customer_id = @customer order by last_at desc, id desc limit 300) recent
		order by service`, a, pgx.RowTo[string])
	reading := t.troubles(touching, joinedHim, nobodyCounted, a)
	if err := t.flush(); err != nil {
		return desk.Customer{}, h, err
	}
	h.Troubles = reading.all()
	found, err := only(customers, nil)
	return found, h, err
}

// HeardOfAll is what is wrong over all customers of the scope, with how many it
// touches.
func (t *Tx) HeardOfAll() (desk.Heard, error) {
	reading := t.troubles(`true`, `true`, `(select count(*)::int from (select from issue_customers c where c.desk_id = @desk and c.issue_id = i.id limit 1000) few) as customers`, args{})
	err := t.flush()
	return desk.Heard{Troubles: reading.all()}, err
}

// HeardByAll is what the desk tells anybody.
func (t *Tx) HeardByAll() (desk.Heard, error) {
	reading := t.troubles(`i.public`, `n.public`, nobodyCounted, args{})
	err := t.flush()
	return desk.Heard{Troubles: reading.all()}, err
}

// heard is what a batch will have read.
type heard struct{ open, messages, settled, incidents, closed []desk.Trouble }

func (h *heard) all() []desk.Trouble {
	var out []desk.Trouble
	for _, list := range [][]desk.Trouble{h.open, h.incidents, h.settled, h.closed, h.messages} {
		out = append(out, list...)
	}
	return out
}

// troubles asks for what is open, what was settled lately and what is to come,
// narrowed by a clause on issues i and one on incidents n. Each list is cut:
// nothing here grows with the past.
func (t *Tx) troubles(issues, incidents, customers string, a args) *heard {
	h := &heard{}
	past := maps.Clone(a)
	past["since"] = t.Now.Add(-desk.StripDays * 24 * time.Hour)
	ask(t, &h.open, `select `+troubleColumns+`, `+customers+`, `+troublePosts+` from issues i
		where i.desk_id = @desk and not i.over and i.kind = 'issue' and `+issues+` order by i.started_at desc, i.id desc limit 50`, a)
	ask(t, &h.settled, `select `+troubleColumns+`, `+nobodyCounted+`, `+noPosts+` from issues i
		where i.desk_id = @desk and i.over and i.kind = 'issue' and i.ended_at > @since and `+issues+` order by i.ended_at desc, i.id desc limit 100`, past)
	ask(t, &h.messages, `select `+troubleColumns+`, `+nobodyCounted+`, `+noPosts+` from issues i
		where i.desk_id = @desk and i.kind = 'message' and not i.over and i.changed_at > @since and `+issues+` order by i.changed_at desc, i.id desc limit 5`, past)
	touched := `(select count(distinct j.customer_id)::int from incident_tickets j where j.desk_id = @desk and j.incident_id = n.id and j.state = 'joined') as customers`
	if customers == nobodyCounted {
		touched = nobodyCounted
	}
	ask(t, &h.incidents, `select `+incidentColumns+`, `+touched+` from incidents n
		where n.desk_id = @desk and n.state in ('open', 'mitigated') and `+incidents+` order by n.started_at desc, n.id desc limit 50`, a)
	ask(t, &h.closed, `select `+incidentColumns+`, `+nobodyCounted+` from incidents n
		where n.desk_id = @desk and n.state = 'closed' and n.ended_at > @since and `+incidents+` order by n.ended_at desc, n.id desc limit 50`, past)
	return h
}

// TroublesOf lists the open tickets of a company that a person sees and that are
// about a trouble, the newest first.
func (t *Tx) TroublesOf(who desk.Person) ([]desk.InTrouble, error) {
	return many[desk.InTrouble](t, `select b.issue_id as id, t.number from ticket_issues b join tickets t on t.desk_id = @desk and t.id = b.ticket_id
			where b.desk_id = @desk and b.customer_id = @customer and b.state = 'attached' and t.state not in ('resolved', 'closed') and `+visible+`
		union all select j.incident_id as id, t.number from incident_tickets j join tickets t on t.desk_id = @desk and t.id = j.ticket_id
			where j.desk_id = @desk and j.customer_id = @customer and j.state = 'joined' and t.state not in ('resolved', 'closed') and `+visible+`
		order by number desc limit 200`, t.seenBy(who, args{"customer": who.CustomerID}))
}

// Trouble reads one that concerns a customer, without its posts. Errors:
// ErrNotFound.
func (t *Tx) Trouble(at desk.TroubleRef, customer desk.ID) (desk.Trouble, error) {
	if at.Incident != 0 {
		return one[desk.Trouble](t, `select `+incidentColumns+`, `+nobodyCounted+` from incidents n
			where n.desk_id = @desk and n.number = @number and n.state in ('open', 'mitigated', 'closed') and `+joinedHim, args{"number": at.Incident, "customer": customer})
	}
	return one[desk.Trouble](t, `select `+troubleColumns+`, `+nobodyCounted+`, `+noPosts+` from issues i
		where i.desk_id = @desk and i.id = @issue and i.kind = 'issue' and `+touching, args{"issue": at.Issue, "customer": customer})
}

// TicketsAbout finds the tickets about a trouble that a customer's person sees.
func (t *Tx) TicketsAbout(about desk.Trouble, who desk.Person) (desk.TicketsAbout, error) {
	const found = `select coalesce((array_agg(number order by own desc, number desc) filter (where in_it and not over))[1], 0) as open,
		coalesce(max(number) filter (where own), 0) as last from (select t.number, t.requester_id = @me as own, t.state in ('resolved', 'closed') as over, `
	a := t.seenBy(who, args{"about": about.ID, "customer": who.CustomerID})
	if about.Kind == desk.IncidentKind {
		return one[desk.TicketsAbout](t, found+`b.state = 'joined' as in_it from incident_tickets b join tickets t on t.desk_id = @desk and t.id = b.ticket_id
			where b.desk_id = @desk and b.incident_id = @about and b.customer_id = @customer and `+visible+`) his`, a)
	}
	return one[desk.TicketsAbout](t, found+`b.state = 'attached' as in_it from ticket_issues b join tickets t on t.desk_id = @desk and t.id = b.ticket_id
		where b.desk_id = @desk and b.issue_id = @about and b.customer_id = @customer and `+visible+`) his`, a)
}
