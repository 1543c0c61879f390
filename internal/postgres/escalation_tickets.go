package postgres

import "guichet/internal/desk"

// TicketByID reads one by its id. Errors: ErrNotFound.
func (t *Tx) TicketByID(id desk.ID) (desk.Ticket, error) {
	return one[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.id = @id`, args{"id": id})
}

// LockTicketByID is the same, to be changed. Errors: ErrNotFound.
func (t *Tx) LockTicketByID(id desk.ID) (desk.Ticket, error) {
	return one[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.id = @id for update of t`, args{"id": id})
}

// Findings lists what was tried on a ticket, oldest first.
func (t *Tx) Findings(ticket desk.ID) ([]desk.Finding, error) {
	return many[desk.Finding](t, findings, args{"ticket": ticket})
}

// IncidentTicketIDs lists the tickets of an incident that have not ended.
func (t *Tx) IncidentTicketIDs(incident desk.ID) ([]desk.ID, error) {
	return scalars[desk.ID](t, `select b.ticket_id from incident_tickets b join tickets t on t.desk_id = @desk and t.id = b.ticket_id
		where b.desk_id = @desk and b.incident_id = @incident and b.state = 'joined' and t.state not in ('resolved', 'closed') order by b.ticket_id limit @most`,
		args{"incident": incident, "most": mostEscalatedTickets})
}

// IncidentOfRequest is the number of the incident whose request a number is, 0 for
// none.
func (t *Tx) IncidentOfRequest(request string, but desk.ID) (int64, error) {
	list, err := scalars[int64](t, `select i.number from incident_files f join incidents i on i.desk_id = @desk and i.id = f.incident_id
		where f.desk_id = @desk and f.request = @request and f.request <> '' and f.incident_id <> @but`, args{"request": request, "but": but})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// UnfiledEscalations locks a customer's escalations that were not filed yet.
func (t *Tx) UnfiledEscalations(customer desk.ID) ([]desk.Escalation, error) {
	return many[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.customer_id = @customer
		and e.state in ('preparing', 'approval', 'ready') order by e.id limit @most for update of e`, args{"customer": customer, "most": mostEscalations})
}

// EscalatedLanguages lists the languages of the open tickets that wait on an
// escalation, "" for the desk's.
func (t *Tx) EscalatedLanguages(escalation desk.ID) ([]string, error) {
	return scalars[string](t, `select distinct k.language from escalation_tickets x join tickets k on k.desk_id = @desk and k.id = x.ticket_id
		where x.desk_id = @desk and x.escalation_id = @id and x.live and k.state not in ('resolved', 'closed') order by k.language limit 20`, args{"id": escalation})
}
