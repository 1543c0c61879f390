package postgres

import (
	"time"

	"guichet/internal/desk"
)

// JoinIncident lets tickets of any customers join an incident and tells which
// did: one that belongs to another incident stays there. What a person took out of
// this one before comes back by a person alone.
func (t *Tx) JoinIncident(incident desk.ID, tickets []desk.ID, by string, person desk.ID) ([]desk.ID, error) {
	return scalars[desk.ID](t, `insert into incident_tickets (desk_id, incident_id, ticket_id, customer_id, state, by, person_id, joined_at, changed_at)
		select @desk, @incident::uuid, t.id, t.customer_id, 'joined', @by::text, @person::uuid, @now::timestamptz, @now::timestamptz
		from tickets t where t.desk_id = @desk and t.id = any (@tickets::uuid[])
			and not exists (select from incident_tickets o where o.desk_id = @desk and o.ticket_id = t.id and o.state = 'joined')
		order by t.id
		on conflict (desk_id, incident_id, ticket_id) do update set state = 'joined', by = excluded.by, person_id = excluded.person_id,
			joined_at = excluded.joined_at, changed_at = excluded.changed_at, settled_at = null
			where incident_tickets.state = 'left' and excluded.by <> 'rules'
		returning ticket_id`,
		args{"incident": incident, "tickets": append([]desk.ID{}, tickets...), "by": by, "person": orNull(person), "now": t.Now})
}

// LeaveIncident takes a ticket out of an incident, and tells whether it was in.
func (t *Tx) LeaveIncident(incident, ticket, person desk.ID) (bool, error) {
	n, err := t.exec(`update incident_tickets set state = 'left', by = 'person', person_id = @person, changed_at = @now, settled_at = @now
		where desk_id = @desk and incident_id = @incident and ticket_id = @ticket and state = 'joined'`,
		args{"incident": incident, "ticket": ticket, "person": orNull(person), "now": t.Now})
	return n == 1, err
}

// LeaveAll takes all tickets out of an incident; they are still to be settled.
func (t *Tx) LeaveAll(incident, person desk.ID) {
	t.write(`update incident_tickets set state = 'left', by = 'person', person_id = @person, changed_at = @now, settled_at = null
		where desk_id = @desk and incident_id = @incident and state = 'joined'`,
		args{"incident": incident, "person": orNull(person), "now": t.Now})
}

// MoveTickets gives all tickets of an incident to another, where they are still
// to be settled, and tells how many.
func (t *Tx) MoveTickets(from, to desk.ID) (int64, error) {
	t.write(`update incident_tickets set state = 'left', changed_at = @now, settled_at = @now
		where desk_id = @desk and incident_id = @from and state = 'joined'`, args{"from": from, "now": t.Now})
	return t.exec(`insert into incident_tickets (desk_id, incident_id, ticket_id, customer_id, state, by, person_id, joined_at, changed_at)
		select @desk, @to, b.ticket_id, b.customer_id, 'joined', b.by, b.person_id, b.joined_at, @now
		from incident_tickets b where b.desk_id = @desk and b.incident_id = @from and b.state = 'left' and b.changed_at = @now
		on conflict (desk_id, incident_id, ticket_id) do update set state = 'joined', changed_at = excluded.changed_at, settled_at = null`,
		args{"from": from, "to": to, "now": t.Now})
}

// Unsettle has all tickets of an incident brought into line again.
func (t *Tx) Unsettle(incident desk.ID) {
	t.write(`update incident_tickets set settled_at = null where desk_id = @desk and incident_id = @incident and state = 'joined'`, args{"incident": incident})
}

// Unsettled is a ticket that is to be brought into line with its incident.
type Unsettled struct {
	desk.Ticket
	Bond desk.BondState
}

// UnsettledTickets locks tickets of an incident that are to be brought into line,
// in the order of their ids.
func (t *Tx) UnsettledTickets(incident desk.ID, most int) ([]Unsettled, error) {
	return many[Unsettled](t, `select `+ticketColumns+`, b.state as bond from incident_tickets b join tickets t on t.desk_id = @desk and t.id = b.ticket_id
		where b.desk_id = @desk and b.incident_id = @incident and b.settled_at is null order by b.ticket_id limit @most for update of t, b`,
		args{"incident": incident, "most": most})
}

// Settled notes that tickets are in line with their incident.
func (t *Tx) Settled(incident desk.ID, tickets []desk.ID) {
	t.write(`update incident_tickets set settled_at = @now where desk_id = @desk and incident_id = @incident and ticket_id = any (@tickets::uuid[])`,
		args{"incident": incident, "tickets": append([]desk.ID{}, tickets...), "now": t.Now})
}

const incidentOf = `select ` + incidentFields + `, coalesce(f.title, '') as title, coalesce(f.request, '') as request, b.by
	from incident_tickets b join incidents i on i.desk_id = @desk and i.id = b.incident_id
	left join incident_files f on f.desk_id = @desk and f.incident_id = i.id
	where b.desk_id = @desk and b.ticket_id = @ticket and b.state = 'joined'`

// IncidentOf reads the incident that a ticket belongs to. Errors: ErrNotFound,
// also for one that its reader may not see.
func (t *Tx) IncidentOf(ticket desk.ID) (desk.TicketIncident, error) {
	return one[desk.TicketIncident](t, incidentOf, args{"ticket": ticket})
}

// TicketIDs finds tickets by their numbers; those that are not there are left out.
func (t *Tx) TicketIDs(numbers []int64) ([]desk.ID, error) {
	return scalars[desk.ID](t, `select id from tickets where desk_id = @desk and number = any (@numbers::bigint[])`, args{"numbers": append([]int64{}, numbers...)})
}

// RecentTickets reads what came since an instant, oldest first, without what
// belongs to an incident that is over or was taken out of one. Of more than most
// the newest are read.
func (t *Tx) RecentTickets(since time.Time, most int) ([]desk.RecentTicket, error) {
	return many[desk.RecentTicket](t, `with recent as materialized (
			select t.* from tickets t where t.desk_id = @desk and t.created_at >= @since and t.kind <> 'subscription' order by t.created_at desc, t.id desc limit @most)
		select t.id, t.customer_id, t.subject, left(coalesce(m.body, ''), 4000) as body, t.service, t.region, c.region as home, t.created_at, `+orNobody("b.incident_id")+`
		from recent t join customers c on c.desk_id = @desk and c.id = t.customer_id
		left join incident_tickets b on b.desk_id = @desk and b.ticket_id = t.id and b.state = 'joined'
		left join lateral (select m.body from messages m where m.desk_id = @desk and m.ticket_id = t.id and m.side = 'customer' and not m.internal
			order by m.created_at, m.id limit 1) m on true
		where not exists (select from incident_tickets o join incidents i on i.desk_id = @desk and i.id = o.incident_id
			where o.desk_id = @desk and o.ticket_id = t.id and (i.state in ('closed', 'dismissed') or o.state = 'left' and i.state <> 'merged'))
		order by t.created_at, t.id`, args{"since": since, "most": most})
}

// IncidentsSince lists those that are not over, and those that were dismissed
// since an instant: what detection must neither propose again nor wake.
func (t *Tx) IncidentsSince(since time.Time) ([]desk.Incident, error) {
	return many[desk.Incident](t, `select `+incidentFields+` from incidents i where i.desk_id = @desk
		and (i.state in ('proposed', 'open', 'mitigated') or i.state = 'dismissed' and i.ended_at >= @since) order by i.started_at, i.id limit @most`,
		args{"since": since, "most": mostIncidents})
}

// mostSimilar is how many tickets are offered to a new incident.
const mostSimilar = 50

// SimilarTickets lists open tickets on a service ("" for any) since an instant that
// belong to no incident, the newest first.
func (t *Tx) SimilarTickets(service string, since time.Time) ([]desk.IncidentTicket, error) {
	w := &where{args: args{"since": since, "most": mostSimilar}}
	w.and(`t.desk_id = @desk`)
	w.and(`t.state not in ('resolved', 'closed') and t.kind <> 'subscription' and t.created_at >= @since`)
	if service != "" {
		w.eq(`t.service`, "service", service)
	}
	return many[desk.IncidentTicket](t, `select t.number, t.subject, t.customer_id, c.name as customer_name, t.service, coalesce(nullif(t.region, ''), c.region) as region, t.state,
		'' as by, t.created_at, t.created_at as joined_at
		from tickets t join customers c on c.desk_id = @desk and c.id = t.customer_id
		where `+w.String()+` and not exists (select from incident_tickets b where b.desk_id = @desk and b.ticket_id = t.id and b.state = 'joined')
		order by t.created_at desc, t.id desc limit @most`, w.args)
}
