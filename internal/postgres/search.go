package postgres

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"guichet/internal/desk"
)

// How many hits are ranked at once: the newest so many. Conditions are asked of
// these, so that there are more where there are some.
const (
	rankedHits   = 300
	filteredHits = 2000
	mostRounds   = 5 // of filteredHits, until a page is full
)

// SearchPage is how many hits a page shows.
const SearchPage = 20

// searchYear is the time in which a hit loses as much as a subject is worth more
// than a message.
const searchYear = 200 * 24 * time.Hour

type rawHit struct {
	TicketID desk.ID
	Number   int64
	At       time.Time
	Rank     float64
	score    float64
}

// Search reads a page of what somebody looks for, and where the next begins. A
// contact finds his own tickets and those he follows; the scope keeps everybody to
// his company, or to what was given to his.
func (t *Tx) Search(s desk.Search, who desk.Person, after desk.SearchCursor) ([]desk.Hit, desk.SearchCursor, error) {
	if s.Words.Empty() {
		return t.searchFields(s, who, after)
	}
	most := rankedHits
	if len(s.Clauses) > 0 {
		most = filteredHits
	}
	if after.Zero() {
		after.Below = math.MaxInt64
	}
	var list []desk.Hit
	for round := 0; ; round++ {
		hits, next, err := t.rankedHits(s, who, after.Below, most)
		if err != nil {
			return nil, after, err
		}
		hits = hitsAfter(hits, after)
		rows, err := t.hitRows(s, who, hits, SearchPage-len(list)+1)
		if err != nil {
			return nil, after, err
		}
		for _, r := range rows {
			if len(list) == SearchPage {
				return list, after, t.snippets(s, who, list)
			}
			list = append(list, desk.Hit{Row: r})
			after.Number = r.Number
			after.Score = hits[slices.IndexFunc(hits, func(h rawHit) bool { return h.Number == r.Number })].score
		}
		if after = (desk.SearchCursor{Below: next}); next == 0 || len(list) == SearchPage || round == mostRounds {
			return list, after, t.snippets(s, who, list)
		}
	}
}

// rankedHits reads the newest hits below a number, the best first, and below which
// number the next are; 0 when there are none.
func (t *Tx) rankedHits(s desk.Search, who desk.Person, below int64, most int) ([]rawHit, int64, error) {
	own := desk.Nobody
	if who.Role == desk.Contact {
		own = who.ID
	}
	list, err := many[rawHit](t, `select h.ticket_id, h.number, h.at, h.rank from search_hits(@asked, @own, @below, @most) h where @desk::uuid is not null`,
		args{"asked": s.Words.String(who.Role.DeskSide()), "own": orNull(own), "below": below, "most": most})
	if err != nil {
		return nil, 0, err
	}
	next := int64(0)
	if len(list) >= most {
		next = list[len(list)-1].Number // its other parts, if any, are here or lost to the ranking alone
	}
	best := map[desk.ID]rawHit{}
	for _, h := range list {
		// The order does not depend on when one asks, so that pages follow one another.
		h.score = math.Log(h.Rank+1e-6) + float64(h.At.Unix())/searchYear.Seconds()
		if b, ok := best[h.TicketID]; !ok || h.score > b.score {
			best[h.TicketID] = h
		}
	}
	list = list[:0]
	for _, h := range best {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b rawHit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.Number, a.Number)) })
	return list, next, nil
}

func hitsAfter(hits []rawHit, c desk.SearchCursor) []rawHit {
	if c.Number == 0 {
		return hits
	}
	return slices.DeleteFunc(hits, func(h rawHit) bool { return h.score > c.Score || h.score == c.Score && h.Number >= c.Number })
}

// hitRows reads the tickets of hits that meet the conditions, in the same order.
func (t *Tx) hitRows(s desk.Search, who desk.Person, hits []rawHit, most int) ([]desk.Row, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	if len(s.Clauses) == 0 { // there is none that one of them could fail
		hits = hits[:min(len(hits), most)]
	}
	w := t.searchWhere(s, who)
	w.args["ids"], w.args["limit"] = column(hits, func(h rawHit) desk.ID { return h.TicketID }), most
	return many[desk.Row](t, `with hit as materialized (select t.*, n.place from unnest(@ids::uuid[]) with ordinality n (id, place)
			join tickets t on t.desk_id = @desk and t.id = n.id where `+w.String()+` order by n.place limit @limit)
		select `+rowColumns+rowJoins+` order by t.place`, w.args)
}

// searchFields reads what conditions alone ask for, newest activity first.
func (t *Tx) searchFields(s desk.Search, who desk.Person, after desk.SearchCursor) ([]desk.Hit, desk.SearchCursor, error) {
	w := t.searchWhere(s, who)
	w.args["limit"] = SearchPage + 1
	if !after.Zero() {
		w.and(`(t.last_at, t.number) < (@at, @number)`)
		w.args["at"], w.args["number"] = time.UnixMicro(after.Below), after.Number
	}
	rows, err := many[desk.Row](t, `with hit as materialized (select t.* from tickets t where `+w.String()+` order by t.last_at desc, t.number desc limit @limit)
		select `+rowColumns+rowJoins+` order by t.last_at desc, t.number desc`, w.args)
	if err != nil {
		return nil, after, err
	}
	next := desk.SearchCursor{}
	if len(rows) > SearchPage {
		rows = rows[:SearchPage]
		last := rows[SearchPage-1]
		next = desk.SearchCursor{Below: last.LastAt.UnixMicro(), Number: last.Number}
	}
	list := make([]desk.Hit, len(rows))
	for n, r := range rows {
		list[n].Row = r
	}
	return list, next, t.snippets(s, who, list)
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
			select m.ticket_id, m.internal, left(m.body, 4000) as body, m.created_at, m.id from messages m
			where m.desk_id = @desk and m.ticket_id = n.id and (not m.internal or @inside::boolean) order by m.created_at desc, m.id desc limit @most) m
		order by m.created_at desc, m.id desc`,
		args{"ids": column(list, func(h desk.Hit) desk.ID { return h.ID }), "inside": who.Role.DeskSide(), "most": snippetMessages})
	if err != nil {
		return err
	}
	for n := range list {
		h := &list[n]
		h.Title = s.Words.Mark(h.Subject)
		best := -1
		for _, m := range all {
			if m.TicketID != h.ID {
				continue
			}
			if parts, found := s.Words.Snippet(m.Body, snippetBytes); found > best {
				best, h.Snippet, h.Inside, h.Said = found, parts, m.Internal, m.CreatedAt
			}
		}
	}
	return nil
}
