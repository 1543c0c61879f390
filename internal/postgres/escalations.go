package postgres

import (
	"guichet/internal/desk"
)

var escalationColumns = `e.id, e.number, e.ticket_id, e.customer_id, ` + orNobody("e.incident_id") + `, e.workload, e.target, e.portal, e.route, e.plan, e.severity, e.state, e.ending,
	e.reason, e.ended_why, e.request, e.remote, e.answers, e.clearance, e.prepared_by, ` + orNobody("e.filed_by") + `, e.filed_at, e.reply_due_at, e.replied_at, e.mitigated_at, e.ended_at,
	e.due_at, e.reminded_at, e.credit, e.revision, e.created_at, e.changed_at`

// escalationRow is what a list shows; its figures are of one escalation each, for
// lists of few.
const escalationRow = `select e.id, e.number, t.number as ticket, t.subject, e.customer_id, c.name as customer_name, t.service, e.workload, e.target, e.severity, e.state, e.ending, e.request,
		coalesce(p.name, '') as preparer,
		(select count(*)::int from escalation_tickets x where x.desk_id = @desk and x.escalation_id = e.id and x.live) as tickets,
		(select count(*)::int from escalation_entries n where n.desk_id = @desk and n.escalation_id = e.id and n.side = 'them' and n.relay = '') as unrelayed,
		e.filed_at, e.reply_due_at, e.replied_at, e.due_at, e.ended_at, e.created_at
	from escalations e join tickets t on t.desk_id = @desk and t.id = e.ticket_id join customers c on c.desk_id = @desk and c.id = e.customer_id
	left join people p on p.desk_id = @desk and p.id = e.prepared_by
	where e.desk_id = @desk`

// mostEscalations bounds what is shown of escalations that are not over: a large
// desk has a hundred.
const mostEscalations = 300

// LiveEscalations lists those that are not over: what is owed soonest first.
func (t *Tx) LiveEscalations() ([]desk.EscalationRow, error) {
	return many[desk.EscalationRow](t, escalationRow+` and e.ended_at is null order by e.queue_at, e.id limit @most`, args{"most": mostEscalations})
}

// PastEscalations reads one page of those that have ended, the newest first, at most
// desk.PageSize, and where the next one starts.
func (t *Tx) PastEscalations(after desk.Cursor) ([]desk.EscalationRow, desk.Cursor, error) {
	from := args{"limit": desk.PageSize + 1, "at": pgInfinity, "after": desk.Nobody}
	if !after.Zero() {
		from["at"], from["after"] = after.At, after.ID
	}
	rows, err := many[desk.EscalationRow](t, escalationRow+` and e.ended_at is not null
		and (e.ended_at, e.id) < (@at::timestamptz, @after::uuid) order by e.ended_at desc, e.id desc limit @limit`, from)
	if err != nil || len(rows) <= desk.PageSize {
		return rows, desk.Cursor{}, err
	}
	rows = rows[:desk.PageSize]
	last := rows[len(rows)-1]
	return rows, desk.Cursor{At: *last.EndedAt, ID: last.ID}, nil
}

// EscalationsBelow lists escalations by number, the newest first, from below a number on;
// 0 for the first page. live leaves out those that are over.
func (t *Tx) EscalationsBelow(number int64, live bool, most int) ([]desk.EscalationRow, error) {
	return many[desk.EscalationRow](t, escalationRow+` and (@below = 0::bigint or e.number < @below) and (not @live::boolean or e.ended_at is null)
		order by e.number desc limit @most`, args{"below": number, "live": live, "most": most})
}

// CustomersEscalations lists a customer's newest, at most ten.
func (t *Tx) CustomersEscalations(customer desk.ID) ([]desk.EscalationRow, error) {
	return many[desk.EscalationRow](t, escalationRow+` and e.customer_id = @customer order by e.created_at desc, e.id desc limit 10`, args{"customer": customer})
}

// Escalation reads one. Errors: ErrNotFound.
func (t *Tx) Escalation(number int64) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.number = @number`, args{"number": number})
}

// EscalationByID is the same by its id. Errors: ErrNotFound.
func (t *Tx) EscalationByID(id desk.ID) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.id = @id`, args{"id": id})
}

// LockEscalation reads one to be changed. Errors: ErrNotFound.
func (t *Tx) LockEscalation(number int64) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.number = @number for update of e`, args{"number": number})
}

// LockEscalationByID is the same by its id. Errors: ErrNotFound.
func (t *Tx) LockEscalationByID(id desk.ID) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.id = @id for update of e`, args{"id": id})
}

// EscalationByRequest finds one by their number. Errors: ErrNotFound.
func (t *Tx) EscalationByRequest(request string) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.request = @request and e.request <> ''`, args{"request": request})
}

// TicketEscalations lists a ticket's escalations, the live one first, then the
// newest.
func (t *Tx) TicketEscalations(ticket desk.ID) ([]desk.TicketEscalation, error) {
	return many[desk.TicketEscalation](t, ticketEscalations, args{"ticket": ticket})
}

var ticketEscalations = `select ` + escalationColumns + `, x.live, coalesce(p.name, '') as preparer,
		(select count(*)::int from escalation_tickets o where o.desk_id = @desk and o.escalation_id = e.id and o.live) as tickets
	from escalation_tickets x join escalations e on e.desk_id = @desk and e.id = x.escalation_id left join people p on p.desk_id = @desk and p.id = e.prepared_by
	where x.desk_id = @desk and x.ticket_id = @ticket order by x.live desc, x.joined_at desc, e.id desc limit 10`

// AddEscalation stores one under the desk's next number, with the ticket that it
// was begun on, and returns the number. Until the transaction ends no other can be
// added. Errors: ErrConflict when the ticket, or the incident, waits on another.
func (t *Tx) AddEscalation(e desk.Escalation) (int64, error) {
	number, err := scalar[int64](t, `insert into watches (desk_id, escalations) values (@desk, 1)
		on conflict (desk_id) do update set escalations = watches.escalations + 1 returning escalations`, nil)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec(`insert into escalations (desk_id, id, number, ticket_id, customer_id, incident_id, workload, target, portal, route, plan, severity, state, reason, answers, prepared_by, revision, created_at, changed_at)
		values (@desk, @id, @number, @ticket, @customer, @incident, @workload, @target, @portal, @route, @plan, @severity, @state, @reason, @answers, @by, @revision, @created, @changed)`,
		args{"id": e.ID, "number": number, "ticket": e.TicketID, "customer": e.CustomerID, "incident": orNull(e.IncidentID), "workload": e.Workload, "target": e.Target, "portal": e.Portal,
			"route": e.Route, "plan": e.Plan, "severity": e.Severity, "state": e.State, "reason": e.Reason, "answers": e.Answers, "by": e.PreparedBy, "revision": e.Revision,
			"created": e.CreatedAt, "changed": e.ChangedAt}); err != nil {
		return 0, err
	}
	n, err := t.JoinEscalation(e.ID, []desk.ID{e.TicketID}, e.PreparedBy)
	if err == nil && n == 0 {
		err = desk.ErrConflict
	}
	return number, err
}

// SaveEscalation writes one that was locked, and counts its revision up. Errors:
// Invalid on "request" for the number of another.
func (t *Tx) SaveEscalation(e desk.Escalation) error {
	n, err := t.exec(`update escalations set incident_id = @incident, target = @target, portal = @portal, route = @route, plan = @plan, severity = @severity, state = @state, ending = @ending,
		ended_why = @why, request = @request, remote = @remote, answers = @answers, clearance = @clearance, filed_by = @filer, filed_at = @filed, reply_due_at = @reply_due,
		replied_at = @replied, mitigated_at = @mitigated, ended_at = @ended, due_at = @due, reminded_at = @reminded, remind_at = @remind, credit = @credit, revision = revision + 1, changed_at = @changed
		where desk_id = @desk and id = @id`,
		args{"id": e.ID, "incident": orNull(e.IncidentID), "target": e.Target, "portal": e.Portal, "route": e.Route, "plan": e.Plan, "severity": e.Severity, "state": e.State, "ending": e.Ending,
			"why": e.EndedWhy, "request": e.Request, "remote": e.Remote, "answers": e.Answers, "clearance": e.Clearance, "filer": orNull(e.FiledBy), "filed": e.FiledAt,
			"reply_due": e.ReplyDueAt, "replied": e.RepliedAt, "mitigated": e.MitigatedAt, "ended": e.EndedAt, "due": e.DueAt, "reminded": e.RemindedAt, "remind": e.RemindAt(), "credit": e.Credit,
			"changed": e.ChangedAt})
	return found(n, err)
}

// JoinEscalation lets tickets wait on an escalation, and tells how many are new:
// not those that wait on one already.
func (t *Tx) JoinEscalation(escalation desk.ID, tickets []desk.ID, who desk.ID) (int64, error) {
	return t.exec(`insert into escalation_tickets (desk_id, escalation_id, ticket_id, customer_id, live, person_id, joined_at)
		select @desk, @escalation, k.id, k.customer_id, true, @person, @now from tickets k where k.desk_id = @desk and k.id = any (@tickets::uuid[])
			and not exists (select from escalation_tickets o where o.desk_id = @desk and o.ticket_id = k.id and o.live)
		on conflict (desk_id, escalation_id, ticket_id) do update set live = true, left_at = null where not escalation_tickets.live`,
		args{"escalation": escalation, "tickets": append([]desk.ID{}, tickets...), "person": orNull(who), "now": t.Now})
}

// LeaveEscalation takes a ticket off an escalation, and tells whether it was on it.
func (t *Tx) LeaveEscalation(escalation, ticket desk.ID) (bool, error) {
	n, err := t.exec(`update escalation_tickets set live = false, left_at = @now where desk_id = @desk and escalation_id = @escalation and ticket_id = @ticket and live`,
		args{"escalation": escalation, "ticket": ticket, "now": t.Now})
	return n == 1, err
}

// LeaveEscalationAll takes all tickets off an escalation that has ended.
func (t *Tx) LeaveEscalationAll(escalation desk.ID) {
	t.write(`update escalation_tickets set live = false, left_at = @now where desk_id = @desk and escalation_id = @escalation and live`, args{"escalation": escalation, "now": t.Now})
}

// EscalatedTickets locks the tickets that wait on an escalation, in the order of
// their ids.
func (t *Tx) EscalatedTickets(escalation desk.ID) ([]desk.Ticket, error) {
	return many[desk.Ticket](t, `select `+ticketColumns+` from escalation_tickets x join tickets t on t.desk_id = @desk and t.id = x.ticket_id
		where x.desk_id = @desk and x.escalation_id = @escalation and x.live order by x.ticket_id limit @most for update of t`,
		args{"escalation": escalation, "most": mostEscalatedTickets})
}

// EscalationWaitsFor is the live escalation of a ticket that waits for its
// customer, ErrNotFound when there is none.
func (t *Tx) EscalationWaitsFor(ticket desk.ID) (desk.Escalation, error) {
	return one[desk.Escalation](t, `select `+escalationColumns+` from escalation_tickets x join escalations e on e.desk_id = @desk and e.id = x.escalation_id
		where x.desk_id = @desk and x.ticket_id = @ticket and x.live and e.state = 'waits_customer' for update of e`, args{"ticket": ticket})
}

// AddEscalationEvent stores a line of an escalation's time line.
func (t *Tx) AddEscalationEvent(e desk.EscalationEvent) {
	t.write(`insert into escalation_events (desk_id, id, escalation_id, person_id, kind, data, created_at)
		values (@desk, @id, @escalation, @person, @kind, @data, @created)`,
		args{"id": e.ID, "escalation": e.EscalationID, "person": orNull(e.PersonID), "kind": e.Kind, "data": e.Data, "created": e.CreatedAt})
}

// AddEntry stores what was said, and tells whether it is new: what a connector
// brings a second time is not.
func (t *Tx) AddEntry(e desk.EscalationEntry) (bool, error) {
	n, err := t.exec(`insert into escalation_entries (desk_id, id, escalation_id, side, source, remote, person_id, author, body, at, relay, created_at)
		values (@desk, @id, @escalation, @side, @source, @remote, @person, @author, @body, @at, @relay, @created)
		on conflict (desk_id, escalation_id, source, remote) where remote <> '' do nothing`,
		args{"id": e.ID, "escalation": e.EscalationID, "side": e.Side, "source": e.Source, "remote": e.Remote, "person": orNull(e.PersonID), "author": e.Author, "body": e.Body,
			"at": e.At, "relay": e.Relay, "created": e.CreatedAt})
	return n == 1, err
}

var saidColumns = `n.id, n.escalation_id, n.side, n.source, n.remote, ` + orNobody("n.person_id") + `, n.author, n.body, n.at, n.relay, ` + orNobody("n.relayed_by") + `, n.relayed_at, n.created_at`

// LockEntry reads one of an escalation to be relayed. Errors: ErrNotFound.
func (t *Tx) LockEntry(escalation, id desk.ID) (desk.EscalationEntry, error) {
	return one[desk.EscalationEntry](t, `select `+saidColumns+` from escalation_entries n where n.desk_id = @desk and n.escalation_id = @escalation and n.id = @id for update of n`,
		args{"escalation": escalation, "id": id})
}

// SaveRelay writes what became of an entry.
func (t *Tx) SaveRelay(e desk.EscalationEntry) {
	t.write(`update escalation_entries set relay = @relay, relayed_by = @by, relayed_at = @at where desk_id = @desk and id = @id`,
		args{"id": e.ID, "relay": e.Relay, "by": orNull(e.RelayedBy), "at": e.RelayedAt})
}
