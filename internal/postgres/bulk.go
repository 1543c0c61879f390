package postgres

import (
	"encoding/json"
	"strings"

	"guichet/internal/desk"
)

// What a desk's whole history is written with: rows by the thousand, each kind
// in one statement of one array a column. COPY is refused on tables under
// row-level security (PostgreSQL, "COPY", notes).

// column gathers one column of many rows.
func column[R, V any](rows []R, of func(R) V) []V {
	values := make([]V, len(rows))
	for i, r := range rows {
		values[i] = of(r)
	}
	return values
}

// CountCustomers counts the desk's customers.
func (t *Tx) CountCustomers() (int, error) {
	return scalar[int](t, `select count(*)::int from customers where desk_id = @desk`, nil)
}

// TakeNumbers spends the next n ticket numbers, in order.
func (t *Tx) TakeNumbers(n int) ([]int64, error) {
	return scalar[[]int64](t, `select array_agg(number order by number) from (
		select nextval(('numbers."' || @desk::uuid || '"')::regclass) as number from generate_series(1, @n::int)) taken`, args{"n": n})
}

// AddCustomers stores new customers.
func (t *Tx) AddCustomers(list []desk.Customer) {
	for _, c := range list {
		t.write(insertCustomer, t.customerArgs(c))
	}
}

// AddPeople stores new people.
func (t *Tx) AddPeople(list []desk.Person) {
	for _, p := range list {
		t.write(insertPerson, personArgs(p, p.CreatedAt))
	}
}

// bulkTicket is the columns of a ticket that is stored with many others; an array
// of lists would have to be rectangular, so that tags travel joined.
const bulkTicket = `id, number, customer_id, requester_id, assignee_id, kind, subject, service, region,
	affected, impact, since, language, state, priority, outcome, category, confirmed, clock, due_from, due_at, replied_at, last_at, last_side, created_at, ended_at, team,
	offer, support_type, promises, warn_at`

// AddTickets stores tickets under the numbers they carry.
func (t *Tx) AddTickets(list []desk.Ticket) {
	t.write(`insert into tickets (desk_id, `+bulkTicket+`, tags)
		select @desk, `+bulkTicket+`, string_to_array(tags, ',') from unnest(@id::uuid[], @number::bigint[], @customer::uuid[], @requester::uuid[], @assignee::uuid[],
		@kind::text[], @subject::text[], @service::text[], @region::text[], @affected::text[], @impact::text[], @since::timestamptz[], @language::text[],
		@state::text[], @priority::smallint[], @outcome::text[], @category::text[], @confirmed::boolean[], @clock::text[], @due_from::timestamptz[],
		@due_at::timestamptz[], @replied::timestamptz[], @last::timestamptz[], @side::text[], @created::timestamptz[], @ended::timestamptz[], @team::text[],
		@offer::int[], @type::text[], @promises::jsonb[], @warn::timestamptz[], @tags::text[])
		as k (`+bulkTicket+`, tags)`, ticketColumnsOf(list))
	for _, k := range list {
		t.findNew(k)
	}
}

func ticketColumnsOf(list []desk.Ticket) args {
	type k = desk.Ticket
	return args{
		"id": column(list, func(t k) desk.ID { return t.ID }), "number": column(list, func(t k) int64 { return t.Number }),
		"customer": column(list, func(t k) desk.ID { return t.CustomerID }), "requester": column(list, func(t k) desk.ID { return t.RequesterID }),
		"assignee": column(list, func(t k) *desk.ID { return orNull(t.AssigneeID) }),
		"kind":     column(list, func(t k) string { return t.Kind }), "subject": column(list, func(t k) string { return t.Subject }),
		"service": column(list, func(t k) string { return t.Service }), "region": column(list, func(t k) string { return t.Region }),
		"affected": column(list, func(t k) string { return t.Affected }), "impact": column(list, func(t k) string { return string(t.Impact) }),
		"since": column(list, func(t k) any { return t.Since }), "language": column(list, func(t k) string { return t.Language }),
		"state": column(list, func(t k) string { return string(t.State) }), "priority": column(list, func(t k) int16 { return int16(t.Priority) }),
		"outcome": column(list, func(t k) string { return string(t.Outcome) }), "category": column(list, func(t k) string { return string(t.Category) }),
		"confirmed": column(list, func(t k) bool { return t.Confirmed }), "clock": column(list, func(t k) string { return string(t.Clock) }),
		"due_from": column(list, func(t k) any { return t.DueFrom }), "due_at": column(list, func(t k) any { return t.DueAt }),
		"replied": column(list, func(t k) any { return t.RepliedAt }), "last": column(list, func(t k) any { return t.LastAt }),
		"side":    column(list, func(t k) string { return string(t.LastSide) }),
		"created": column(list, func(t k) any { return t.CreatedAt }), "ended": column(list, func(t k) any { return t.EndedAt }),
		"team": column(list, func(t k) string { return t.Team }), "tags": column(list, func(t k) string { return strings.Join(t.Tags, ",") }),
		"offer": column(list, func(t k) int { return t.Offer }), "type": column(list, func(t k) string { return t.SupportType }),
		"promises": column(list, func(t k) any { return promiseList(t.Promises) }), "warn": column(list, func(t k) any { return t.WarnAt }),
	}
}

// AddMessages stores messages and notes by the hundred.
func (t *Tx) AddMessages(list []desk.Message) {
	type k = desk.Message
	t.write(`insert into messages (desk_id, id, ticket_id, customer_id, author_id, side, internal, body, created_at, key)
		select @desk, * from unnest(@id::uuid[], @ticket::uuid[], @customer::uuid[], @author::uuid[], @side::text[], @internal::boolean[],
		@body::text[], @created::timestamptz[], @key::uuid[])`, args{
		"key": column(list, func(m k) *desk.ID { return orNull(m.Key) }),
		"id":  column(list, func(m k) desk.ID { return m.ID }), "ticket": column(list, func(m k) desk.ID { return m.TicketID }),
		"customer": column(list, func(m k) desk.ID { return m.CustomerID }), "author": column(list, func(m k) desk.ID { return m.AuthorID }),
		"side": column(list, func(m k) string { return string(m.Side) }), "internal": column(list, func(m k) bool { return m.Internal }),
		"body": column(list, func(m k) string { return m.Body }), "created": column(list, func(m k) any { return m.CreatedAt }),
	})
	for _, m := range list {
		t.findMessage(m)
	}
}

// AddFindings stores diagnostic steps.
func (t *Tx) AddFindings(list []desk.Finding) {
	type k = desk.Finding
	t.write(`insert into findings (desk_id, id, ticket_id, customer_id, author_id, kind, result, text, created_at)
		select @desk, * from unnest(@id::uuid[], @ticket::uuid[], @customer::uuid[], @author::uuid[], @kind::text[], @result::text[],
		@text::text[], @created::timestamptz[])`, args{
		"id": column(list, func(f k) desk.ID { return f.ID }), "ticket": column(list, func(f k) desk.ID { return f.TicketID }),
		"customer": column(list, func(f k) desk.ID { return f.CustomerID }), "author": column(list, func(f k) desk.ID { return f.AuthorID }),
		"kind": column(list, func(f k) string { return f.Kind }), "result": column(list, func(f k) string { return f.Result }),
		"text": column(list, func(f k) string { return f.Text }), "created": column(list, func(f k) any { return f.CreatedAt }),
	})
	for _, f := range list {
		t.FindBy(f.TicketID, f.Text, true)
	}
}

// AddEvents stores lines of timelines. Errors: data that is no JSON.
func (t *Tx) AddEvents(list []desk.Event) error {
	data := make([]string, len(list))
	for i, e := range list {
		text, err := json.Marshal(e.Data)
		if err != nil {
			return err
		}
		data[i] = string(text)
	}
	type k = desk.Event
	t.write(`insert into events (desk_id, id, ticket_id, customer_id, actor_id, kind, internal, data, created_at)
		select @desk, id, ticket, customer, actor, kind, internal, data::jsonb, created from unnest(@id::uuid[], @ticket::uuid[], @customer::uuid[],
		@actor::uuid[], @kind::text[], @internal::boolean[], @data::text[], @created::timestamptz[])
		as e (id, ticket, customer, actor, kind, internal, data, created)`, args{
		"id": column(list, func(e k) desk.ID { return e.ID }), "ticket": column(list, func(e k) desk.ID { return e.TicketID }),
		"customer": column(list, func(e k) desk.ID { return e.CustomerID }), "actor": column(list, func(e k) *desk.ID { return orNull(e.ActorID) }),
		"kind": column(list, func(e k) string { return string(e.Kind) }), "internal": column(list, func(e k) bool { return e.Internal }),
		"data": data, "created": column(list, func(e k) any { return e.CreatedAt }),
	})
	return nil
}

// AddDecisions stores decisions. Verdicts that several share travel and are
// parsed once. Errors: a verdict that is no JSON.
func (t *Tx) AddDecisions(list []desk.Decision) error {
	verdicts, nth, err := distinctVerdicts(list)
	if err != nil {
		return err
	}
	type k = desk.Decision
	t.write(`insert into decisions (desk_id, id, ticket_id, customer_id, outcome, category, by, ruleset, rule, verdict, person_id, reason, confirmed_by, confirmed_at, created_at)
		select @desk, d.id, ticket, customer, outcome, category, by, ruleset, rule, verdict, person, reason, confirmed_by, confirmed_at, created
		from unnest(@id::uuid[], @ticket::uuid[], @customer::uuid[], @outcome::text[], @category::text[], @by::text[], @ruleset::int[], @rule::text[], @nth::int[],
		@person::uuid[], @reason::text[], @confirmed_by::uuid[], @confirmed_at::timestamptz[], @created::timestamptz[])
		as d (id, ticket, customer, outcome, category, by, ruleset, rule, nth, person, reason, confirmed_by, confirmed_at, created)
		join unnest(@verdicts::jsonb[]) with ordinality as v (verdict, place) on v.place = d.nth`, args{
		"id": column(list, func(d k) desk.ID { return d.ID }), "ticket": column(list, func(d k) desk.ID { return d.TicketID }),
		"customer": column(list, func(d k) desk.ID { return d.CustomerID }), "outcome": column(list, func(d k) string { return string(d.Outcome) }),
		"category": column(list, func(d k) string { return string(d.Category) }), "by": column(list, func(d k) string { return string(d.By) }),
		"ruleset": column(list, func(d k) int { return d.Verdict.Ruleset }), "rule": column(list, func(d k) string { return d.Verdict.Rule }), "nth": nth, "verdicts": verdicts,
		"person": column(list, func(d k) *desk.ID { return orNull(d.PersonID) }), "reason": column(list, func(d k) string { return d.Reason }),
		"confirmed_by": column(list, func(d k) *desk.ID { return orNull(d.ConfirmedBy) }),
		"confirmed_at": column(list, func(d k) any { return d.ConfirmedAt }), "created": column(list, func(d k) any { return d.CreatedAt }),
	})
	return nil
}

// distinctVerdicts writes each verdict once and tells, from 1, which one each
// decision has.
func distinctVerdicts(list []desk.Decision) (verdicts []string, nth []int32, err error) {
	place := map[string]int32{}
	for _, d := range list {
		text, err := json.Marshal(d.Verdict)
		if err != nil {
			return nil, nil, err
		}
		if place[string(text)] == 0 {
			verdicts = append(verdicts, string(text))
			place[string(text)] = int32(len(verdicts))
		}
		nth = append(nth, place[string(text)])
	}
	return verdicts, nth, nil
}
