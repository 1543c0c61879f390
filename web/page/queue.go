package page

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Queue is the agents' list: one view, narrowed by what its address says.
type Queue struct {
	Filter   desk.QueueFilter
	Customer string // the company that the filter keeps, by name
	Rows     []desk.Row
	Next     desk.Cursor
	Counts   map[desk.View]int
	Access   map[desk.ID]desk.AccessTrouble // of customers whose access is gone or ends within days
}

// QueueFrom is a filter as a ticket's address carries it, so that "back" leads
// to the list one came from: the view, then its query string.
func QueueFrom(f desk.QueueFilter) string {
	if q := queueQuery(f); q != "" {
		return string(f.View) + "?" + q
	}
	return string(f.View)
}

// FromQueue is the query string that a ticket's address has when it was opened
// from this list; "" for the list that agents start with.
func FromQueue(f desk.QueueFilter) string {
	from := QueueFrom(f)
	if from == "" || from == string(desk.ViewTodo) {
		return ""
	}
	return "?" + url.Values{"from": {from}}.Encode()
}

func queueQuery(f desk.QueueFilter) string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", f.Text)
	if f.Customer != desk.Nobody {
		set("customer", f.Customer.String())
	}
	set("service", f.Service)
	set("outcome", string(f.Outcome))
	set("state", string(f.State))
	set("tag", f.Tag)
	set("team", f.Team)
	if f.Priority != 0 {
		set("priority", strconv.Itoa(f.Priority))
	}
	if f.Sort != desk.Sorts[0] {
		set("sort", f.Sort)
	}
	set("after", f.After.String())
	return v.Encode()
}

func queueHref(f Frame, q desk.QueueFilter) string {
	href := f.Href("/queue/" + string(q.View))
	if query := queueQuery(q); query != "" {
		href += "?" + query
	}
	return href
}

// unfiltered is the same view in the same order, whole.
func (q Queue) unfiltered() desk.QueueFilter {
	return desk.QueueFilter{View: q.Filter.View, Sort: q.Filter.Sort}
}

func (q Queue) filtered() bool {
	f := q.Filter
	f.Sort, f.After = "", desk.Cursor{}
	return f != desk.QueueFilter{View: f.View}
}

// top is this list from its beginning.
func (q Queue) top() desk.QueueFilter {
	f := q.Filter
	f.After = desk.Cursor{}
	return f
}

func (q Queue) more() desk.QueueFilter {
	f := q.Filter
	f.After = q.Next
	return f
}

func (q Queue) sorted(by string) desk.QueueFilter {
	f := q.top()
	f.Sort = by
	return f
}

// sort is the order in force: what has ended has no deadline to go by.
func (q Queue) sort() string {
	switch {
	case q.Filter.View == desk.ViewEnded:
		return "activity"
	case slices.Contains(desk.Sorts, q.Filter.Sort):
		return q.Filter.Sort
	}
	return desk.Sorts[0]
}

// heading says how much there is. A filtered list is not counted: only what is
// on the page is known.
func (q Queue) heading(ctx context.Context) string {
	p := i18n.From(ctx)
	n, counted := q.Counts[q.Filter.View]
	switch {
	case q.filtered() && !q.Next.Zero(), !q.Filter.After.Zero(), !counted && !q.Next.Zero():
		return p.N("queue.shown", len(q.Rows))
	case q.filtered(), !counted:
		return p.N("queue.count", len(q.Rows))
	case n > desk.CountLimit:
		return p.T("queue.count_over", "Most", p.Number(desk.CountLimit))
	}
	return p.N("queue.count", n)
}

// rail is the views with what waits in each.
func (q Queue) rail(ctx context.Context, f Frame) []ui.RailGroup {
	work := ui.RailGroup{Title: i18n.T(ctx, "queue.rail_work")}
	rest := ui.RailGroup{Title: i18n.T(ctx, "queue.rail_all")}
	for _, v := range desk.Views() {
		item := ui.RailItem{NavItem: ui.NavItem{Text: i18n.T(ctx, "view."+string(v)), Href: f.Href("/queue/" + string(v)), Current: v == q.Filter.View}}
		n, counted := q.Counts[v]
		if counted {
			item.Count = countText(n)
		}
		if v == desk.ViewDue && n > 0 {
			item.Tone = "bad"
		}
		if v == desk.ViewAll || v == desk.ViewEnded {
			rest.Items = append(rest.Items, item)
		} else {
			work.Items = append(work.Items, item)
		}
	}
	if f.Who.May(desk.ManageMail) == nil {
		rest.Items = append(rest.Items, ui.RailItem{NavItem: ui.NavItem{Text: i18n.T(ctx, "mailin.title"), Href: f.Href("/quarantine")}})
	}
	return []ui.RailGroup{work, rest}
}

func countText(n int) string {
	if n > desk.CountLimit {
		return strconv.Itoa(desk.CountLimit) + "+"
	}
	return strconv.Itoa(n)
}

// queueColumn is a head of the list; Sort is the order that it asks for.
type queueColumn struct{ Class, Title, Sort string }

// columns are the heads of the list, in the order of its cells.
func (q Queue) columns(ctx context.Context) []queueColumn {
	columns := []queueColumn{
		{"c-sla", i18n.T(ctx, "queue.col_due"), "due"},
		{"c-prio", i18n.T(ctx, "queue.col_priority"), "priority"},
		{"c-subject", i18n.T(ctx, "queue.col_ticket"), ""},
		{"c-customer", i18n.T(ctx, "queue.col_customer"), ""},
		{"c-service", i18n.T(ctx, "queue.col_service"), ""},
		{"c-outcome", i18n.T(ctx, "queue.col_outcome"), ""},
		{"c-who", i18n.T(ctx, "queue.col_agent"), ""},
		{"c-last", i18n.T(ctx, "queue.col_activity"), "activity"},
	}
	if q.Filter.View == desk.ViewEnded {
		columns[0].Sort, columns[1].Sort = "", ""
	}
	return columns
}

// queueOrders say an order in the list's caption.
var queueOrders = map[string]string{"due": "queue.order_due", "priority": "queue.order_priority", "activity": "queue.order_activity"}

// direction is aria-sort's word for an order: newest activity comes first.
func direction(sort string) string {
	if sort == "activity" {
		return "descending"
	}
	return "ascending"
}

func sortIcon(sort string) string {
	if sort == "activity" {
		return "down"
	}
	return "up"
}
