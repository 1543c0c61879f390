package postgres

import "guichet/internal/desk"

// mostEscalatedTickets and the others bound an escalation's page.
const (
	mostEscalatedTickets = 300
	mostSaidEntries      = 300
	mostEscalationEvents = 300
)

type escalationNames struct {
	Preparer, Filer string
	Incident        int64
}

// EscalationStory reads what hangs on an escalation, in one round trip.
func (t *Tx) EscalationStory(e desk.Escalation) (desk.EscalationStory, error) {
	s := desk.EscalationStory{Escalation: e}
	var names []escalationNames
	a := args{"id": e.ID}
	ask(t, &names, `select coalesce(p.name, '') as preparer, coalesce(f.name, '') as filer, coalesce(i.number, 0) as incident from escalations e
		left join people p on p.desk_id = @desk and p.id = e.prepared_by left join people f on f.desk_id = @desk and f.id = e.filed_by
		left join incidents i on i.desk_id = @desk and i.id = e.incident_id where e.desk_id = @desk and e.id = @id`, a)
	ask(t, &s.Tickets, `select x.ticket_id, k.number, k.subject, x.customer_id, c.name as customer_name, k.state, x.live, x.joined_at
		from escalation_tickets x join tickets k on k.desk_id = @desk and k.id = x.ticket_id join customers c on c.desk_id = @desk and c.id = x.customer_id
		where x.desk_id = @desk and x.escalation_id = @id order by x.live desc, x.joined_at, x.ticket_id limit @most`, args{"id": e.ID, "most": mostEscalatedTickets})
	ask(t, &s.Entries, `select `+saidColumns+`, coalesce(p.name, '') as person_name, coalesce(r.name, '') as relayer_name from escalation_entries n
		left join people p on p.desk_id = @desk and p.id = n.person_id left join people r on r.desk_id = @desk and r.id = n.relayed_by
		where n.desk_id = @desk and n.escalation_id = @id order by n.at desc, n.id desc limit @most`, args{"id": e.ID, "most": mostSaidEntries})
	ask(t, &s.Events, `select v.id, v.escalation_id, `+orNobody("v.person_id")+`, v.kind, v.data, v.created_at, coalesce(p.name, '') as person_name
		from escalation_events v left join people p on p.desk_id = @desk and p.id = v.person_id
		where v.desk_id = @desk and v.escalation_id = @id order by v.created_at desc, v.id desc limit @most`, args{"id": e.ID, "most": mostEscalationEvents})
	if err := t.flush(); err != nil {
		return s, err
	}
	if len(names) != 1 {
		return s, desk.ErrNotFound
	}
	s.Preparer, s.Filer, s.Incident = names[0].Preparer, names[0].Filer, names[0].Incident
	return s, nil
}

// EscalatedCustomers lists the customers whose tickets wait on an escalation.
func (t *Tx) EscalatedCustomers(escalation desk.ID) ([]desk.Customer, error) {
	return many[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.id in
		(select x.customer_id from escalation_tickets x where x.desk_id = @desk and x.escalation_id = @id and x.live) order by c.name, c.id limit @most`,
		args{"id": escalation, "most": mostEscalatedTickets})
}
