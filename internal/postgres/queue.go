package postgres

import (
	"strconv"
	"strings"

	"guichet/internal/desk"
)

const rowColumns = `t.id, t.number, t.subject, t.service, t.state, t.priority, t.outcome, t.category, t.confirmed, t.tags, t.team, t.clock, t.due_from, t.due_at,
	t.last_at, t.last_side, t.created_at, t.changed_at, t.kind, t.impact, t.requester_id, coalesce(t.assignee_id, ` + nobody + `) as assignee_id, t.customer_id, c.name as customer_name, c.priority as customer_priority, r.name as requester_name, coalesce(a.name, '') as assignee_name,
	coalesce(o.action, '') as action, coalesce(o.approval, '') as approval`

const rowJoins = ` from hit t join customers c on c.desk_id = @desk and c.id = t.customer_id
	join people r on r.desk_id = @desk and r.id = t.requester_id
	left join people a on a.desk_id = @desk and a.id = t.assignee_id
	left join subscription_orders o on t.kind = 'subscription' and o.desk_id = @desk and o.ticket_id = t.id`

// where gathers the clauses of a list.
type where struct {
	clauses []string
	args    args
}

func (w *where) and(clause string) { w.clauses = append(w.clauses, clause) }

func (w *where) eq(column, name string, value any) {
	w.and(column + ` = @` + name)
	w.args[name] = value
}

func (w *where) String() string { return strings.Join(w.clauses, " and ") }

type order struct{ by, after string }

var orders = map[string]order{
	"due":      {`t.queue_at, t.id`, `(t.queue_at, t.id) > (@at, @after)`},
	"priority": {`t.priority, t.queue_at, t.id`, `(t.priority, t.queue_at, t.id) > (@priority_after, @at, @after)`},
	"activity": {`t.last_at desc, t.id desc`, `(t.last_at, t.id) < (@at, @after)`},
	"changed":  {`t.changed_at, t.id`, `(t.changed_at, t.id) > (@at, @after)`},
}

// Queue reads one page of the queue, at most f.Most or desk.PageSize rows, and tells
// where the next one starts (zero when there is none).
func (t *Tx) Queue(f desk.QueueFilter, who desk.Person) ([]desk.Row, desk.Cursor, error) {
	sort := f.Sort
	if f.View == desk.ViewEnded {
		sort = "activity"
	}
	o, ok := orders[sort]
	if !ok {
		sort, o = "due", orders["due"]
	}
	w := t.queueWhere(f, who)
	if !f.After.Zero() {
		w.and(o.after)
		w.args["after"], w.args["at"] = f.After.ID, cursorTime(f.After)
		if sort == "priority" {
			w.args["priority_after"] = f.After.Priority
		}
	}
	most := f.Most
	if most == 0 {
		most = desk.PageSize
	}
	w.args["limit"] = most + 1
	rows, err := many[desk.Row](t, `with hit as materialized (select t.* from tickets t where `+w.String()+` order by `+o.by+` limit @limit)
		select `+rowColumns+rowJoins+` order by `+o.by, w.args)
	return page(rows, most, err, func(r desk.Row) desk.Cursor {
		switch sort {
		case "activity":
			return desk.Cursor{At: r.LastAt, ID: r.ID}
		case "changed":
			return desk.Cursor{At: r.ChangedAt, ID: r.ID}
		}
		c := desk.Cursor{Priority: r.Priority, Never: r.DueAt == nil, ID: r.ID}
		if r.DueAt != nil {
			c.At = *r.DueAt
		}
		return c
	})
}

func page(rows []desk.Row, most int, err error, at func(desk.Row) desk.Cursor) ([]desk.Row, desk.Cursor, error) {
	if err != nil || len(rows) <= most {
		return rows, desk.Cursor{}, err
	}
	rows = rows[:most]
	return rows, at(rows[len(rows)-1]), nil
}

func cursorTime(c desk.Cursor) any {
	if c.Never {
		return pgInfinity
	}
	return c.At
}

func (t *Tx) queueWhere(f desk.QueueFilter, who desk.Person) *where {
	w := &where{args: args{}}
	w.and(`t.desk_id = @desk`)
	t.inView(w, f.View, who)
	if f.Customer != desk.Nobody {
		w.eq(`t.customer_id`, "customer", f.Customer)
	}
	if f.Service != "" {
		w.eq(`t.service`, "service", f.Service)
	}
	if f.Outcome != "" {
		w.eq(`t.outcome`, "outcome", f.Outcome)
	}
	if f.State != "" {
		w.eq(`t.state`, "state", f.State)
	}
	if f.Priority != 0 {
		w.eq(`t.priority`, "priority", f.Priority)
	}
	if f.Tag != "" {
		w.and(`t.tags @> array[@tag::text]`)
		w.args["tag"] = f.Tag
	}
	if f.Team != "" {
		w.eq(`t.team`, "team", f.Team)
	}
	if f.Assignee != desk.Nobody {
		w.eq(`t.assignee_id`, "assignee", f.Assignee)
	}
	if f.Since != nil {
		w.and(`t.changed_at >= @changed_since`)
		w.args["changed_since"] = *f.Since
	}
	w.matching(f.Text)
	return w
}

// inView narrows to a view. Open views repeat the partial indexes' condition,
// so that what has ended is never read.
func (t *Tx) inView(w *where, v desk.View, who desk.Person) {
	if v == desk.ViewEvery {
		return
	}
	if v == desk.ViewEnded {
		w.and(`t.state in ('resolved', 'closed')`)
		return
	}
	w.and(`t.state not in ('resolved', 'closed')`)
	switch v {
	case desk.ViewMine:
		w.eq(`t.assignee_id`, "mine", who.ID)
	case desk.ViewUnassigned:
		w.and(`t.assignee_id is null`)
	case desk.ViewDue:
		w.and(`t.queue_at < @soon`)
		w.args["soon"] = t.Now.Add(4 * hour)
	case desk.ViewMicrosoft:
		w.and(`t.outcome = 'MICROSOFT'`)
	case desk.ViewNeedsInfo:
		w.and(`t.outcome = 'NEEDS_INFO'`)
	case desk.ViewCommercial:
		w.and(`t.kind in ('subscription', 'billing')`)
	case desk.ViewWaitingCustomer:
		w.and(`t.state = 'waiting_customer'`)
	case desk.ViewWaitingMicrosoft:
		w.and(`t.state = 'waiting_microsoft'`)
	case desk.ViewWaitingThirdParty:
		w.and(`t.state = 'waiting_third_party'`)
	case desk.ViewAll:
	default:
		w.and(`t.state in ('new', 'open')`)
	}
}

// matching looks for a number, or for words of the subject or of the
// customer's name.
func (w *where) matching(text string) {
	text = strings.TrimSpace(storable(text))
	if text == "" {
		return
	}
	if n, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); err == nil {
		w.eq(`t.number`, "number", n)
		return
	}
	w.args["like"] = `%` + literally(text) + `%`
	w.and(`(t.subject ilike @like or exists (select from customers n where n.desk_id = @desk and n.id = t.customer_id and n.name ilike @like))`)
}

// literally takes the wildcards of a pattern for what they are.
func literally(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// storable leaves out what no text in the database holds.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// Count is how many tickets a view holds, at most desk.CountLimit + 1.
func (t *Tx) Count(v desk.View, who desk.Person) (int, error) {
	w := &where{args: args{"most": desk.CountLimit + 1}}
	w.and(`t.desk_id = @desk`)
	t.inView(w, v, who)
	return scalar[int](t, `select count(*)::int from (select from tickets t where `+w.String()+` limit @most) few`, w.args)
}

// CustomerTickets reads one page of a customer's own list, newest activity
// first. A contact's own and followed tickets are two index ranges, each cut
// to a page before they are merged.
func (t *Tx) CustomerTickets(f desk.TicketFilter, who desk.Person) ([]desk.Row, desk.Cursor, error) {
	w := &where{args: args{"limit": desk.PageSize + 1}}
	w.and(`t.desk_id = @desk`)
	w.eq(`t.customer_id`, "customer", who.CustomerID)
	switch f.Which {
	case "ended":
		w.and(`t.state in ('resolved', 'closed')`)
	case "all":
	default:
		w.and(`t.state not in ('resolved', 'closed')`)
	}
	if !f.After.Zero() {
		w.and(orders["activity"].after)
		w.args["after"], w.args["at"] = f.After.ID, f.After.At
	}
	hit := `select t.* from tickets t where ` + w.String() + ` order by t.last_at desc, t.id desc limit @limit`
	if who.Role == desk.Contact || f.Mine {
		w.args["me"] = who.ID
		hit = `(select t.* from tickets t where ` + w.String() + ` and t.requester_id = @me order by t.last_at desc, t.id desc limit @limit)
			union (select t.* from tickets t join followers f on f.desk_id = @desk and f.ticket_id = t.id and f.person_id = @me
				where ` + w.String() + ` order by t.last_at desc, t.id desc limit @limit)`
	}
	rows, err := many[desk.Row](t, `with hit as materialized (`+hit+`) select `+rowColumns+rowJoins+` order by t.last_at desc, t.id desc limit @limit`, w.args)
	return page(rows, desk.PageSize, err, func(r desk.Row) desk.Cursor { return desk.Cursor{At: r.LastAt, ID: r.ID} })
}
