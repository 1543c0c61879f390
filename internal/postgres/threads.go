package postgres

import (
	"time"

	"guichet/internal/desk"
)

const hour = time.Hour

// Thread reads a ticket with all that its reader may see, in two round trips.
// Errors: ErrNotFound.
func (t *Tx) Thread(number int64, who desk.Person) (desk.Thread, error) {
	k, err := t.Ticket(number, who)
	if err != nil {
		return desk.Thread{}, err
	}
	th := desk.Thread{Ticket: k}
	var customers []desk.Customer
	var people []desk.Person
	a := args{"ticket": k.ID}
	ask(t, &customers, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.id = @id`, args{"id": k.CustomerID})
	ask(t, &people, `select `+personColumns+` from people p where p.desk_id = @desk and p.id in (@requester, @assignee)`,
		args{"requester": k.RequesterID, "assignee": k.AssigneeID})
	ask(t, &th.Followers, `select `+personColumns+` from followers f join people p on p.desk_id = @desk and p.id = f.person_id
		where f.desk_id = @desk and f.ticket_id = @ticket order by p.name`, a)
	ask(t, &th.Said, `select m.id, m.ticket_id, m.customer_id, m.author_id, m.side, m.internal, m.body, `+noKey+`, m.created_at, p.name as author_name
		from messages m join people p on p.desk_id = @desk and p.id = m.author_id
		where m.desk_id = @desk and m.ticket_id = @ticket and (not m.internal or @inside::boolean) order by m.created_at, m.id`,
		args{"ticket": k.ID, "inside": who.Role.DeskSide()})
	ask(t, &th.Happened, `select e.id, e.ticket_id, e.customer_id, `+orNobody("e.actor_id")+`, e.kind, e.internal, e.data, e.created_at, coalesce(p.name, '') as actor_name
		from events e left join people p on p.desk_id = @desk and p.id = e.actor_id
		where e.desk_id = @desk and e.ticket_id = @ticket and (not e.internal or @inside::boolean) order by e.created_at, e.id`,
		args{"ticket": k.ID, "inside": who.Role.DeskSide()})
	t.askSent(&th, who.Role.DeskSide())
	var drafts []desk.Draft
	ask(t, &drafts, draftOf, args{"about": desk.DraftOfReply(k.ID), "person": who.ID})
	var incidents []desk.TicketIncident
	ask(t, &incidents, incidentOf, a)
	var accepted []desk.Acceptance
	ask(t, &accepted, acceptance, a)
	var orders []desk.PlacedOrder
	if k.Kind == desk.KindSubscription {
		ask(t, &orders, orderOf, a)
		ask(t, &th.Managers, managersOf, args{"customer": k.CustomerID})
	}
	var links issueLinks
	t.askLinks(&links, k.ID)
	var decisions []decisionRow
	if who.Role.DeskSide() {
		ask(t, &th.Found, `select `+findingColumns+`, p.name as author_name from findings f join people p on p.desk_id = @desk and p.id = f.author_id
			where f.desk_id = @desk and f.ticket_id = @ticket order by f.created_at, f.id`, a)
		ask(t, &decisions, newestDecision, a)
		ask(t, &th.Corrected, held, a)
	}
	if err := t.flush(); err != nil {
		return desk.Thread{}, err
	}
	th.Issues = links.join()
	th.Draft, th.Incident, th.Acceptance, th.Order = first(drafts), first(incidents), first(accepted), first(orders)
	return assemble(th, customers, people, decisions)
}

// first is the one that there may be; nil for none.
func first[T any](rows []T) *T {
	if len(rows) == 0 {
		return nil
	}
	return &rows[0]
}

func assemble(th desk.Thread, customers []desk.Customer, people []desk.Person, decisions []decisionRow) (desk.Thread, error) {
	if len(customers) != 1 {
		return desk.Thread{}, desk.ErrNotFound
	}
	th.Customer = customers[0]
	for _, p := range people {
		if p.ID == th.Ticket.RequesterID {
			th.Requester = p
		}
		if p.ID == th.Ticket.AssigneeID {
			th.Assignee = p
		}
	}
	if len(decisions) > 0 {
		th.Decision, th.Confirmer, th.Decider = decisions[0].Decision, decisions[0].ConfirmerName, decisions[0].DeciderName
	}
	return th, nil
}

const (
	nobody         = `'00000000-0000-0000-0000-000000000000'::uuid`
	noKey          = nobody + ` as key`
	findingColumns = `f.id, f.ticket_id, f.customer_id, f.author_id, f.kind, f.result, f.text, f.created_at`
	findings       = `select ` + findingColumns + ` from findings f where f.desk_id = @desk and f.ticket_id = @ticket order by f.created_at, f.id`
	customerWords  = `select body from messages where desk_id = @desk and ticket_id = @ticket and side = 'customer' and not internal order by created_at, id`
)

// orNobody reads an absent reference as the zero ID, under its own name.
func orNobody(column string) string {
	return `coalesce(` + column + `, ` + nobody + `) as ` + column[2:]
}

// LastPublic is the newest message that both sides see. Errors: ErrNotFound.
func (t *Tx) LastPublic(ticket desk.ID) (desk.ID, error) {
	return scalar[desk.ID](t, `select id from messages where desk_id = @desk and ticket_id = @ticket and not internal order by created_at desc, id desc limit 1`, args{"ticket": ticket})
}

// PublicMessage reads a message that both sides see. Errors: ErrNotFound.
func (t *Tx) PublicMessage(id desk.ID) (desk.Said, error) {
	return one[desk.Said](t, `select m.id, m.ticket_id, m.customer_id, m.author_id, m.side, m.internal, m.body, `+noKey+`, m.created_at, p.name as author_name
		from messages m join people p on p.desk_id = @desk and p.id = m.author_id where m.desk_id = @desk and m.id = @id and not m.internal`, args{"id": id})
}

// Audience is everybody who hears of a ticket: requester, followers, assignee.
func (t *Tx) Audience(k desk.Ticket) ([]desk.Person, error) {
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.active
		and (p.id in (@requester, @assignee) or p.id in (select person_id from followers where desk_id = @desk and ticket_id = @ticket)) order by p.id`,
		args{"requester": k.RequesterID, "assignee": k.AssigneeID, "ticket": k.ID})
}
