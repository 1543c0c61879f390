package postgres

import (
	"time"

	"guichet/internal/desk"
)

// PastReach is where the tickets of a trial lie: how many there are, and between
// which numbers.
type PastReach struct {
	Total          int
	Newest, Oldest int64
}

// PastReach counts the newest tickets, at most so many, of a time or of all
// time. It is asked once a trial. Orders are judged by no rules: none is
// tried on them.
func (t *Tx) PastReach(most int, since, until *time.Time) (PastReach, error) {
	a := args{"most": most, "since": time.Time{}, "until": any(pgInfinity)}
	if since != nil && until != nil {
		a["since"], a["until"] = *since, *until
	}
	return one[PastReach](t, `select count(*)::int as total, coalesce(max(number), 0) as newest, coalesce(min(number), 0) as oldest from (
		select t.number from tickets t where t.desk_id = @desk and t.kind <> 'subscription' and t.created_at >= @since and t.created_at < @until
		order by t.number desc limit @most) few`, a)
}

// PastTickets reads tickets with the facts that they were judged by last, from
// a number downwards to another, newest first.
func (t *Tx) PastTickets(below, from int64, most int) ([]desk.PastTicket, error) {
	return many[desk.PastTicket](t, `select t.id, t.number, t.subject, t.created_at, d.names, d.values, d.outcome, d.category, d.by, d.confirmed_by is not null as is_confirmed
		from tickets t cross join lateral (select jsonb_path_query_array(d.verdict, '$.facts[*].name') as names,
				jsonb_path_query_array(d.verdict, '$.facts[*].value') as values, d.outcome, d.category, d.by, d.confirmed_by from decisions d where d.desk_id = @desk and d.ticket_id = t.id order by d.created_at desc, d.id desc limit 1) d
		where t.desk_id = @desk and t.kind <> 'subscription' and t.number < @below and t.number >= @from order by t.number desc limit @most`,
		args{"below": below, "from": from, "most": most})
}

// PastWords reads what customers wrote on some tickets.
func (t *Tx) PastWords(tickets []desk.ID) (map[desk.ID]string, error) {
	type row struct {
		TicketID desk.ID
		Words    string
	}
	list, err := many[row](t, `select ticket_id, string_agg(body, E'\n\n' order by created_at, id) as words from messages
		where desk_id = @desk and ticket_id = any(@tickets) and side = 'customer' and not internal group by ticket_id`, args{"tickets": tickets})
	words := make(map[desk.ID]string, len(list))
	for _, r := range list {
		words[r.TicketID] = r.Words
	}
	return words, err
}
