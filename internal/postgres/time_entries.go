package postgres

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/pricing"
)

const entryColumns = `e.id, e.ticket_id, e.customer_id, e.person_id, e.text, e.billable, e.began_at, e.ended_at, ` + noKey + `, e.created_at`

const timerRow = `select r.person_id, r.ticket_id, t.number, t.subject, r.started_at from timers r join tickets t on t.desk_id = @desk and t.id = r.ticket_id
	where r.desk_id = @desk and r.person_id = @person`

// mostEntries is how many entries a ticket's page shows.
const mostEntries = 200

// TicketTime reads the time of a ticket, the reader's timer and the customer's
// blocks, in one round trip.
func (t *Tx) TicketTime(k desk.Ticket, person desk.ID) (desk.TicketTime, error) {
	var out desk.TicketTime
	var timers []desk.Timer
	ask(t, &out.Logged, `select `+entryColumns+`, p.name as person_name, x.id as charge_id, x.state, x.bill, `+blockNames+`
		from time_entries e join people p on p.desk_id = @desk and p.id = e.person_id join charges x on x.desk_id = @desk and x.entry_id = e.id
		where e.desk_id = @desk and e.ticket_id = @ticket order by e.began_at desc, e.id limit @most`, args{"ticket": k.ID, "most": mostEntries})
	ask(t, &timers, timerRow, args{"person": person})
	ask(t, &out.Blocks, blocksOf, args{"customer": k.CustomerID})
	if err := t.flush(); err != nil {
		return out, err
	}
	if len(timers) > 0 {
		out.Timer = &timers[0]
	}
	return out, nil
}

// Timer reads the work that a person has under way. Errors: ErrNotFound.
func (t *Tx) Timer(person desk.ID) (desk.Timer, error) {
	return one[desk.Timer](t, timerRow, args{"person": person})
}

// StartTimer begins one and tells whether it did: a person has one at a time.
func (t *Tx) StartTimer(person, ticket desk.ID) (bool, error) {
	n, err := t.exec(`insert into timers (desk_id, person_id, ticket_id, started_at) values (@desk, @person, @ticket, @now) on conflict do nothing`,
		args{"person": person, "ticket": ticket, "now": t.Now})
	return n == 1, err
}

// DropTimer ends the one that began at an instant. It tells whether it was there.
func (t *Tx) DropTimer(person desk.ID, started time.Time) (bool, error) {
	n, err := t.exec(`delete from timers where desk_id = @desk and person_id = @person and started_at = @started`, args{"person": person, "started": started})
	return n == 1, err
}

// OfferBefore is the number of the newest version that was published before an
// instant, 0 before the first.
func (t *Tx) OfferBefore(at time.Time) (int, error) {
	return scalar[int](t, `select coalesce(max(version), 0) from offers where desk_id = @desk and created_at < @at`, args{"at": at})
}

// AddTimeEntry stores work. Errors: ErrConflict for a form that was sent already.
func (t *Tx) AddTimeEntry(e desk.TimeEntry) error {
	_, err := t.exec(`insert into time_entries (desk_id, id, ticket_id, customer_id, person_id, text, billable, began_at, ended_at, key, created_at)
		values (@desk, @id, @ticket, @customer, @person, @text, @billable, @began, @ended, @key, @created)`,
		args{"id": e.ID, "ticket": e.TicketID, "customer": e.CustomerID, "person": e.PersonID, "text": e.Text, "billable": e.Billable,
			"began": e.BeganAt, "ended": e.EndedAt, "key": orNull(e.Key), "created": e.CreatedAt})
	return err
}

// TimeLogged tells whether a person's form of this key has logged its time.
func (t *Tx) TimeLogged(person, key desk.ID) (bool, error) {
	return scalar[bool](t, `select exists (select from time_entries where desk_id = @desk and person_id = @person and key = @key)`, args{"person": person, "key": key})
}

// TimeEntry reads one of a ticket, to change it. Errors: ErrNotFound.
func (t *Tx) TimeEntry(ticket, id desk.ID) (desk.TimeEntry, error) {
	return one[desk.TimeEntry](t, `select `+entryColumns+` from time_entries e where e.desk_id = @desk and e.ticket_id = @ticket and e.id = @id for update of e`,
		args{"ticket": ticket, "id": id})
}

// SaveTimeEntry writes what its author corrected. Errors: ErrNotFound.
func (t *Tx) SaveTimeEntry(e desk.TimeEntry) error {
	n, err := t.exec(`update time_entries set text = @text, billable = @billable, began_at = @began, ended_at = @ended where desk_id = @desk and id = @id`,
		args{"id": e.ID, "text": e.Text, "billable": e.Billable, "began": e.BeganAt, "ended": e.EndedAt})
	return found(n, err)
}

// RemoveTimeEntry forgets work whose charge and draws are gone. Errors: ErrNotFound.
func (t *Tx) RemoveTimeEntry(id desk.ID) error {
	n, err := t.exec(`delete from time_entries where desk_id = @desk and id = @id`, args{"id": id})
	return found(n, err)
}

// TakeBackCharge removes the charge of an entry. Errors: ErrConflict once it was
// decided.
func (t *Tx) TakeBackCharge(entry desk.ID) error {
	n, err := t.exec(`delete from charges where desk_id = @desk and entry_id = @entry and state = 'proposed'`, args{"entry": entry})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// LockBlocks reads a customer's blocks and keeps others from drawing on them
// until the transaction ends.
func (t *Tx) LockBlocks(customer desk.ID) ([]desk.Block, error) {
	return many[desk.Block](t, `select `+blockColumns+` from blocks b where b.desk_id = @desk and b.customer_id = @customer order by b.id for update of b`,
		args{"customer": customer})
}

// Draw takes minutes for an entry from blocks, never more than they hold.
// Errors: ErrConflict when one has too little.
func (t *Tx) Draw(entry desk.ID, draws []pricing.Drawn) error {
	for _, d := range draws {
		a := args{"entry": entry, "block": d.ID, "minutes": d.Minutes}
		n, err := t.exec(`update blocks set used = used + @minutes where desk_id = @desk and id = @block::text::uuid and closed_at is null
			and used + @minutes <= minutes`, args{"block": d.ID, "minutes": d.Minutes})
		if err == nil && n == 0 {
			return desk.ErrConflict
		}
		if err == nil {
			_, err = t.exec(`insert into draws (desk_id, entry_id, block_id, minutes) values (@desk, @entry, @block::text::uuid, @minutes)`, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// GiveBack returns what an entry drew to its blocks.
func (t *Tx) GiveBack(entry desk.ID) error {
	a := args{"entry": entry}
	_, err := t.exec(`update blocks b set used = b.used - d.minutes from draws d
		where d.desk_id = @desk and d.entry_id = @entry and b.desk_id = @desk and b.id = d.block_id`, a)
	if err == nil {
		_, err = t.exec(`delete from draws where desk_id = @desk and entry_id = @entry`, a)
	}
	return err
}
