package postgres

import (
	"time"

	"guichet/internal/desk"
)

const deliveryColumns = `d.id, d.kind, d.person_id, coalesce(d.ticket_id, ` + nobody + `) as ticket_id, coalesce(d.customer_id, ` + nobody + `) as customer_id,
	d.state, d.address, d.began_at, d.due_at, d.tries, d.tried_at, d.sent_at, d.answer, d.delivered_at, d.bounced_at, d.reason, d.permanent`

// GatherDelivery is the letter that gathers what happens on a ticket for a person: the
// one that does already, due a little later for it but never longer after its first
// news than most, or else this one.
func (t *Tx) GatherDelivery(d desk.Delivery, most time.Duration) (desk.ID, error) {
	return scalar[desk.ID](t, `insert into deliveries (desk_id, id, kind, person_id, ticket_id, customer_id, state, began_at, due_at)
		values (@desk, @id, @kind, @person, @ticket, @customer, 'gathering', @began, @due)
		on conflict (desk_id, person_id, ticket_id) where state = 'gathering' do update
		set due_at = greatest(deliveries.due_at, least(deliveries.began_at + make_interval(secs => @most), excluded.due_at)) returning id`,
		args{"id": d.ID, "kind": d.Kind, "person": d.PersonID, "ticket": d.TicketID, "customer": d.CustomerID, "began": d.BeganAt, "due": d.DueAt, "most": most.Seconds()})
}

// AddNotice has a letter tell something.
func (t *Tx) AddNotice(n desk.Notice) {
	t.write(`insert into notices (desk_id, id, person_id, ticket_id, customer_id, about, message, delivery_id, created_at)
		values (@desk, @id, @person, @ticket, @customer, @about, @message, @delivery, @created)`,
		args{"id": n.ID, "person": n.PersonID, "ticket": n.TicketID, "customer": n.CustomerID, "about": n.About, "message": orNull(n.Message),
			"delivery": orNull(n.DeliveryID), "created": n.CreatedAt})
}

// LockDelivery reads a letter that the transaction will change: who would add to it
// waits. Errors: ErrNotFound.
func (t *Tx) LockDelivery(id desk.ID) (desk.Delivery, error) {
	return one[desk.Delivery](t, `select `+deliveryColumns+` from deliveries d where d.desk_id = @desk and d.id = @id for update of d`, args{"id": id})
}

// CloseDelivery lets a letter gather no more: what happens from now on is another's.
func (t *Tx) CloseDelivery(id desk.ID) {
	t.write(`update deliveries set state = 'waiting' where desk_id = @desk and id = @id and state = 'gathering'`, args{"id": id})
}

// NoticesOf is what a letter is to tell, in the order in which it happened.
func (t *Tx) NoticesOf(delivery desk.ID) ([]desk.Notice, error) {
	return many[desk.Notice](t, `select n.id, n.person_id, n.ticket_id, n.customer_id, n.about, coalesce(n.message, `+nobody+`) as message,
		coalesce(n.delivery_id, `+nobody+`) as delivery_id, n.created_at from notices n where n.desk_id = @desk and n.delivery_id = @delivery
		order by n.created_at, n.id limit 500`, args{"delivery": delivery})
}

// BeginDelivery says that the mail server is about to be spoken to. Errors: ErrConflict
// when the letter needs that no more.
func (t *Tx) BeginDelivery(d desk.Delivery) error {
	n, err := t.exec(`insert into deliveries (desk_id, id, kind, person_id, ticket_id, customer_id, state, address, began_at, due_at, tries, tried_at)
		values (@desk, @id, @kind, @person, @ticket, @customer, 'sending', @address, @now, @now, 1, @now)
		on conflict (desk_id, id) do update set state = 'sending', kind = @kind, address = @address, tries = deliveries.tries + 1, tried_at = @now
		where deliveries.state in ('waiting', 'sending')`,
		args{"id": d.ID, "kind": d.Kind, "person": d.PersonID, "ticket": orNull(d.TicketID), "customer": orNull(d.CustomerID), "address": d.Address, "now": t.Now})
	if err == nil && n == 0 {
		err = desk.ErrConflict
	}
	return err
}

// EndDelivery says what came of speaking to the mail server: sent, with its answer;
// sending still, with its refusal; or dropped.
func (t *Tx) EndDelivery(id desk.ID, s desk.DeliveryState, answer string) {
	t.write(`update deliveries set state = @state::text, answer = @answer, sent_at = case when @state::text = 'sent' then @now::timestamptz end
		where desk_id = @desk and id = @id and state in ('waiting', 'sending')`, args{"id": id, "state": string(s), "answer": answer, "now": t.Now})
}

// TakeDaily has a letter tell all that waits for somebody's daily one.
func (t *Tx) TakeDaily(letter, person desk.ID) {
	a := args{"id": letter, "person": person}
	t.write(`insert into deliveries (desk_id, id, kind, person_id, state, began_at, due_at) select @desk, @id, 'daily', @person, 'waiting', n.began, n.began
		from (select min(n.created_at) as began from notices n where n.desk_id = @desk and n.person_id = @person and n.delivery_id is null) n where n.began is not null`, a)
	t.write(`update notices set delivery_id = @id where desk_id = @desk and person_id = @person and delivery_id is null`, a)
}

// ThreadOf is what a person had about a ticket before a letter, and what he mailed
// himself: the last of both, oldest first.
func (t *Tx) ThreadOf(ticket, person, letter desk.ID, most int) ([]desk.InThread, error) {
	return many[desk.InThread](t, `select x.letter, x.message_id from (
			(select d.id as letter, '' as message_id, d.sent_at as at from deliveries d
				where d.desk_id = @desk and d.ticket_id = @ticket and d.person_id = @person and d.id <> @letter and d.sent_at is not null order by d.sent_at desc limit @most)
			union all
			(select `+nobody+`, m.message_id, m.created_at from mails m join messages s on s.desk_id = @desk and s.id = m.message
				where m.desk_id = @desk and m.ticket_id = @ticket and s.author_id = @person and m.state = 'taken' and m.message_id like '%@%' order by m.created_at desc limit @most)
			order by 3 desc limit @most) x order by x.at`, args{"ticket": ticket, "person": person, "letter": letter, "most": most})
}
