package postgres

import (
	"maps"
	"math"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
)

// rankedHits is how many hits are ranked at once: the newest so many below a number.
// Conditions, and the order of a phrase's words, are asked of these; until a page is full,
// at most mostRounds times.
const (
	rankedHits = 200
	mostRounds = 4
)

// SearchPage is how many hits a page shows.
const SearchPage = 20

// searchYear is the time in which a hit loses as much as a subject is worth more
// than a message.
const searchYear = 200 * 24 * time.Hour

// Search reads a page of what somebody looks for, and where the next begins. A
// contact finds his own tickets and those he follows; the scope keeps everybody to
// his company, or to what was given to his.
func (t *Tx) Search(s desk.Search, who desk.Person, after desk.SearchCursor) ([]desk.Hit, desk.SearchCursor, error) {
	if s.Words.Empty() {
		return t.searchFields(s, who, after)
	}
	if after.Zero() {
		after.Below = math.MaxInt64
	}
	customers, err := t.namedCustomers(s, who)
	if err != nil || customers != nil && len(customers) == 0 {
		return nil, desk.SearchCursor{}, err
	}
	var list []desk.Hit
	for round := 1; ; round++ {
		rows, next, err := t.hitRows(s, who, customers, after, SearchPage-len(list)+1)
		if err != nil {
			return nil, after, err
		}
		for _, r := range rows {
			if len(list) == SearchPage {
				return list, after, t.snippets(s, who, list)
			}
			list = append(list, r.hit())
			after.Number, after.Score, after.Older = r.Number, r.Score, next > 0
		}
		if after = (desk.SearchCursor{Below: next, Older: next > 0}); next == 0 || len(list) == SearchPage || round == mostRounds {
			return list, after, t.snippets(s, who, list)
		}
	}
}

// hitRow is what is shown of a ticket. One of nobody's id is none: it tells where the
// next are.
type hitRow struct {
	ID            desk.ID
	Number        int64
	Subject       string
	State         desk.State
	LastAt        time.Time
	CustomerName  string
	RequesterName string
	Score         float64
}

func (r hitRow) hit() desk.Hit {
	return desk.Hit{ID: r.ID, Number: r.Number, Subject: r.Subject, State: r.State, LastAt: r.LastAt, CustomerName: r.CustomerName, RequesterName: r.RequesterName}
}

// withoutLast takes the row that tells where the next are off a list, and returns it.
func withoutLast(rows []hitRow) (list []hitRow, last hitRow) {
	if n := len(rows) - 1; n >= 0 && rows[n].ID == desk.Nobody {
		return rows[:n], rows[n]
	}
	return rows, last
}

// hitNames shows tickets with whose they are, in an order, and after them where the next
// are.
func hitNames(order string) string {
	return ` (select t.id, t.number, t.subject, t.state, t.last_at, c.name as customer_name, r.name as requester_name, t.score from hit t
		join customers c on c.desk_id = @desk and c.id = t.customer_id
		join people r on r.desk_id = @desk and r.id = t.requester_id order by ` + order + `)
		union all select ` + nobody + `, n.number, '', '', n.last_at, '', '', 0 from next n`
}

// hitRows reads the newest hits below the cursor's number that meet the conditions, those
// behind its place, the best first, and below which number the next are; 0 when there
// are none.
func (t *Tx) hitRows(s desk.Search, who desk.Person, customers []desk.ID, after desk.SearchCursor, limit int) ([]hitRow, int64, error) {
	inside, own := who.Role.DeskSide(), desk.Nobody
	if who.Role == desk.Contact {
		own = who.ID
	}
	w := t.searchWhere(s, who)
	asked := s.Words.String(inside)
	terms, without := s.Words.Terms(inside)
	if inside && len(customers) > 0 {
		terms = append(terms, `'=`+strings.Join(column(customers, func(id desk.ID) string { return id.String()[24:] }), `'|'=`)+`'`)
	}
	tried := limit
	if len(s.Clauses) > 0 {
		tried = rankedHits // any of them may fail
	}
	place := ``
	if after.Number != 0 {
		place = ` where (b.score, b.number) < (@score, @number)`
		w.args["score"], w.args["number"] = after.Score, after.Number
	}
	maps.Copy(w.args, args{"asked": asked, "terms": terms, "without": without, "own": orNull(own), "below": after.Below, "most": rankedHits, "tried": tried, "limit": limit,
		"year": searchYear.Seconds()})
	// Of a ticket's parts the best counts. The order does not depend on when one asks, so
	// that pages follow one another.
	rows, err := many[hitRow](t, `with found as materialized (select * from search_hits(@asked, @terms, @without, @own, @below, @most)),
		best as (select h.ticket_id, h.number, max(ln(h.rank::float8 + 1e-6) + extract(epoch from h.at)::float8 / @year::float8) as score
			from found h where h.rank is not null group by h.ticket_id, h.number),
		tried as materialized (select * from best b`+place+` order by b.score desc, b.number desc limit @tried),
		hit as materialized (select t.id, t.number, t.subject, t.state, t.last_at, t.customer_id, t.requester_id, n.score
			from tried n join tickets t on t.desk_id = @desk and t.id = n.ticket_id where `+w.String()+` order by n.score desc, n.number desc limit @limit),
		next as (select min(h.number) as number, now() as last_at from found h having count(*) >= @most)`+hitNames(`t.score desc, t.number desc`), w.args)
	rows, last := withoutLast(rows)
	return rows, last.Number, err
}

// searchWhere is what the tickets must be. Each condition has arguments of its own.
func (t *Tx) searchWhere(s desk.Search, who desk.Person) *where {
	w := &where{args: args{}}
	w.and(`t.desk_id = @desk`)
	if who.Role == desk.Contact {
		w.and(`(t.requester_id = @me or exists (select from followers f where f.desk_id = @desk and f.ticket_id = t.id and f.person_id = @me))`)
		w.args["me"] = who.ID
	}
	for n, c := range s.Clauses {
		condition, value := searchCondition(c, `@v`+strconv.Itoa(n))
		if c.Not {
			condition = `not (` + condition + `)`
		}
		w.and(condition)
		if value != nil {
			w.args[`v`+strconv.Itoa(n)] = value
		}
	}
	return w
}

func searchCondition(c desk.Clause, v string) (condition string, value any) {
	like := `%` + literally(c.Text) + `%`
	switch c.Field {
	case desk.SearchCustomer:
		return `t.customer_id in (select n.id from customers n where n.desk_id = @desk and plain_name(n.name) like ` + v + `::text)`, like
	case desk.SearchStatus:
		return `t.state = any(` + v + `::text[])`, column(c.States, func(s desk.State) string { return string(s) })
	case desk.SearchDue:
		switch {
		case c.Upon:
			return `t.due_at is null`, nil
		case c.From:
			return `coalesce(t.due_at > ` + v + `, false)`, c.At
		}
		return `coalesce(t.due_at <= ` + v + ` and t.state not in ('resolved', 'closed'), false)`, c.At
	case desk.SearchOutcome:
		return `t.outcome = ` + v, c.Outcome
	case desk.SearchService:
		return `t.service = any(` + v + `::text[])`, c.Services
	case desk.SearchAssignee:
		return `coalesce(t.assignee_id in (select n.id from people n where n.desk_id = @desk and n.customer_id is null
			and (plain_name(n.name) like ` + v + `::text or lower(n.email) like ` + v + `::text)), false)`, like
	case desk.SearchMine:
		return `t.assignee_id is not distinct from ` + v + `::uuid`, orNull(c.Person)
	case desk.SearchPriority:
		return `t.priority = ` + v + `::int`, c.Priority
	case desk.SearchTag:
		return `exists (select from unnest(t.tags) n (tag) where lower(n.tag) = lower(` + v + `::text))`, c.Text
	case desk.SearchBefore:
		return `t.created_at < ` + v, c.At
	case desk.SearchAfter:
		return `t.created_at >= ` + v, c.At
	case desk.SearchUnconfirmed:
		return `not t.confirmed`, nil
	}
	return `false`, nil
}

// snippetBytes is how much of what was written is shown of each hit, and
// snippetMessages among how many of its messages it is looked for.
const (
	snippetBytes    = 220
	snippetMessages = 30
)

// snippets shows of each hit where it holds what is looked for, in what its reader
// may see.
func (t *Tx) snippets(s desk.Search, who desk.Person, list []desk.Hit) error {
	if len(list) == 0 {
		return nil
	}
	type said struct {
		TicketID  desk.ID
		Internal  bool
		Body      string
		CreatedAt time.Time
	}
	all, err := many[said](t, `select m.ticket_id, m.internal, m.body, m.created_at from unnest(@ids::uuid[]) n (id) cross join lateral (
			select m.ticket_id, m.internal, left(m.body, 4000) as body, m.created_at from messages m
			where m.desk_id = @desk and m.ticket_id = n.id and (not m.internal or @inside::boolean) order by m.created_at desc, m.id desc limit @most) m`,
		args{"ids": column(list, func(h desk.Hit) desk.ID { return h.ID }), "inside": who.Role.DeskSide(), "most": snippetMessages})
	if err != nil {
		return err
	}
	of := map[desk.ID][]said{}
	for _, m := range all {
		of[m.TicketID] = append(of[m.TicketID], m)
	}
	for n := range list {
		h := &list[n]
		h.Title = s.Words.Mark(h.Subject)
		best, text := -1, ""
		for _, m := range of[h.ID] {
			if near := s.Words.Near(m.Body, snippetBytes); near > best {
				best, text, h.Inside, h.Said = near, m.Body, m.Internal, m.CreatedAt
			}
		}
		if best >= 0 {
			h.Snippet = s.Words.Snippet(text, snippetBytes)
		}
	}
	return nil
}
