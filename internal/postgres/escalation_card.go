package postgres

import (
	"guichet/internal/access"
	"guichet/internal/desk"
)

// TicketCard is what says where a ticket would go, and what was handed on of it.
type TicketCard struct {
	Escalations []desk.TicketEscalation // as TicketEscalations has them
	Handover    desk.Handover
	Plans       []desk.PartnerPlan
	Holding     access.Holding // of the ticket's customer
}

// TicketCard reads it in one round trip; d is the transaction's desk.
func (t *Tx) TicketCard(d desk.Desk, ticket, customer desk.ID) (TicketCard, error) {
	var c TicketCard
	var handovers []desk.Handover
	var list []desk.AccessRelationship
	var facts []desk.AccessFacts
	var readers []desk.AccessReader
	ask(t, &c.Escalations, ticketEscalations, args{"ticket": ticket})
	ask(t, &handovers, `select `+handoverColumns+` order by h.version desc limit 1`, nil)
	ask(t, &c.Plans, partnerPlans, nil)
	ask(t, &list, accessRelationships, args{"customer": customer, "most": mostRelationships})
	ask(t, &facts, accessFacts, args{"customer": customer})
	ask(t, &readers, accessReader, nil)
	if err := t.flush(); err != nil {
		return c, err
	}
	c.Handover = desk.ShippedHandover(d)
	if len(handovers) > 0 {
		c.Handover = handovers[0]
	}
	told, reader := desk.UnknownFacts(customer), desk.AccessReader{}
	if len(facts) > 0 {
		told = facts[0]
	}
	if len(readers) > 0 {
		reader = readers[0]
	}
	c.Holding = desk.Holding(list, told, reader)
	return c, nil
}

// EscalationsWaiting counts the live ones on which the desk owes something, or that
// somebody owes since longer than he should.
func (t *Tx) EscalationsWaiting() (int, error) {
	return scalar[int](t, `select count(*)::int from escalations e where e.desk_id = @desk and e.ended_at is null
		and (e.state in ('preparing', 'approval', 'ready', 'waits_us') or e.due_at < @now)`, args{"now": t.Now})
}

// EscalationOfIncident is the number of the live one that is an incident's one
// request, 0 for none.
func (t *Tx) EscalationOfIncident(incident desk.ID) (int64, error) {
	return scalar[int64](t, `select coalesce(max(e.number), 0) from escalations e where e.desk_id = @desk and e.incident_id = @incident and e.ended_at is null`,
		args{"incident": incident})
}
