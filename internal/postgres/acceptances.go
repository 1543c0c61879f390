package postgres

import "guichet/internal/desk"

// AddAcceptance keeps the price that a customer accepted with his request.
func (t *Tx) AddAcceptance(a desk.Acceptance) {
	t.write(`insert into acceptances (desk_id, ticket_id, customer_id, person_id, offer, support_type, quote, created_at)
		values (@desk, @ticket, @customer, @person, @offer, @type, @quote, @now)`,
		args{"ticket": a.TicketID, "customer": a.CustomerID, "person": a.PersonID, "offer": a.Offer, "type": a.SupportType, "quote": a.Quote, "now": t.Now})
}

const acceptance = `select a.ticket_id, a.customer_id, a.person_id, p.name as person_name, a.offer, a.support_type, a.quote, a.created_at
	from acceptances a join people p on p.desk_id = @desk and p.id = a.person_id where a.desk_id = @desk and a.ticket_id = @ticket`
