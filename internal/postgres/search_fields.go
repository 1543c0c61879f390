package postgres

import (
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
)

// firstWalk is how many of the newest tickets are asked for conditions at first, each
// walk after it walksGrow times as many, mostWalks in all until a page is full; of
// walkedCustomers at most each by itself.
const (
	firstWalk       = 250
	walksGrow       = 3
	mostWalks       = 3
	walkedCustomers = 5
)

// walkColumns are what is shown of tickets and what conditions ask of them.
const walkColumns = `t.desk_id, t.id, t.number, t.subject, t.state, t.last_at, t.customer_id, t.requester_id, t.due_at, t.outcome, t.service, t.assignee_id,
	t.priority, t.tags, t.created_at, t.confirmed`

// searchFields reads what conditions alone ask for, newest activity first: it walks
// down the index of what is open, of what has ended, or of both, of the customers that
// are named where these are few, and never further than so many tickets.
func (t *Tx) searchFields(s desk.Search, who desk.Person, after desk.SearchCursor) ([]desk.Hit, desk.SearchCursor, error) {
	customers, err := t.namedCustomers(s, who)
	if err != nil || customers != nil && len(customers) == 0 {
		return nil, desk.SearchCursor{}, err
	}
	var list []desk.Hit
	for walk, long := 1, firstWalk; ; walk, long = walk+1, long*walksGrow {
		rows, err := t.fieldRows(s, who, customers, after, long, SearchPage-len(list)+1)
		if err != nil {
			return nil, after, err
		}
		rows, last := withoutLast(rows)
		for _, r := range rows {
			if len(list) == SearchPage {
				return list, after, t.snippets(s, who, list)
			}
			list = append(list, r.hit())
			after = desk.SearchCursor{Below: r.LastAt.UnixMicro(), Number: r.Number}
		}
		if after = (desk.SearchCursor{}); last.Number > 0 {
			after = desk.SearchCursor{Below: last.LastAt.UnixMicro(), Number: last.Number}
		}
		if after.Zero() || len(list) == SearchPage || walk == mostWalks {
			return list, after, t.snippets(s, who, list)
		}
	}
}

// namedCustomers are those that the tickets must be of, nil where these are not few.
func (t *Tx) namedCustomers(s desk.Search, who desk.Person) ([]desk.ID, error) {
	if !who.Role.DeskSide() {
		return []desk.ID{who.CustomerID}, nil
	}
	at := slices.IndexFunc(s.Clauses, func(c desk.Clause) bool { return c.Field == desk.SearchCustomer && !c.Not })
	if at < 0 {
		return nil, nil
	}
	ids, err := scalars[desk.ID](t, `select n.id from customers n where n.desk_id = @desk and plain_name(n.name) like @name::text limit @most`,
		args{"name": `%` + literally(s.Clauses[at].Text) + `%`, "most": walkedCustomers + 1})
	if len(ids) > walkedCustomers {
		return nil, err
	}
	return ids, err
}

// fieldRows reads the tickets of one walk that meet the conditions, and its last ticket
// where there are more behind it.
func (t *Tx) fieldRows(s desk.Search, who desk.Person, customers []desk.ID, after desk.SearchCursor, long, limit int) ([]hitRow, error) {
	w := t.searchWhere(s, who)
	w.args["limit"], w.args["walked"] = limit, long
	start := ``
	if !after.Zero() {
		// A ticket that is gone by now leaves null, which only what is as old is not below.
		start = ` and (t.last_at, t.id) < (@at, (select p.id from tickets p where p.desk_id = @desk and p.number = @number))`
		w.args["at"], w.args["number"] = time.UnixMicro(after.Below), after.Number
	}
	const order = ` order by t.last_at desc, t.id desc limit @walked`
	from, of := ` from tickets t where t.desk_id = @desk`, ``
	switch {
	case who.Role == desk.Contact:
		from = ` from (select o.id from tickets o where o.desk_id = @desk and o.requester_id = @me
			union select f.ticket_id from followers f where f.desk_id = @desk and f.person_id = @me) o join tickets t on t.desk_id = @desk and t.id = o.id where true`
	case customers != nil:
		from, of = ` from unnest(@customers::uuid[]) n (customer) cross join lateral (`, `) t`
		w.args["customers"] = customers
	}
	var ranges []string
	for _, part := range partsOf(s) {
		one := `select ` + walkColumns + from + ` and ` + part + start + order
		if of != `` {
			one = `select t.*` + from + `select ` + walkColumns + ` from tickets t where t.desk_id = @desk and t.customer_id = n.customer and ` + part + start + order + of + order
		}
		ranges = append(ranges, `(`+one+`)`)
	}
	return many[hitRow](t, `with walk as materialized (select t.* from (`+strings.Join(ranges, ` union all `)+`) t`+order+`),
		hit as materialized (select t.id, t.number, t.subject, t.state, t.last_at, t.customer_id, t.requester_id, 0::float8 as score
			from walk t where `+w.String()+` order by t.last_at desc, t.id desc limit @limit),
		next as (select t.number, t.last_at from walk t order by t.last_at desc, t.id desc offset @walked - 1)`+hitNames(`t.last_at desc, t.id desc`), w.args)
}

// partsOf are the parts of a desk's tickets, each of which has an index of its own,
// among which conditions can find any.
func partsOf(s desk.Search) []string {
	const open, ended = `t.state not in ('resolved', 'closed')`, `t.state in ('resolved', 'closed')`
	mayOpen, mayEnd := true, true
	for _, c := range s.Clauses {
		switch {
		case c.Field == desk.SearchDue && !c.Upon && !c.From && !c.Not:
			mayEnd = false
		case c.Field == desk.SearchStatus && !c.Not:
			isEnded := func(x desk.State) bool { return x == desk.Resolved || x == desk.Closed }
			mayEnd = mayEnd && slices.ContainsFunc(c.States, isEnded)
			mayOpen = mayOpen && slices.ContainsFunc(c.States, func(x desk.State) bool { return !isEnded(x) })
		}
	}
	switch {
	case !mayEnd:
		return []string{open}
	case !mayOpen:
		return []string{ended}
	}
	return []string{open, ended}
}
