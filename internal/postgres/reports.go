package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const sums = `sum(t.met)::int as met, sum(t.missed)::int as missed, sum(t.dropped)::int as dropped, sum(t.counted)::int as counted, sum(t.seconds)::bigint as seconds`

// judged are the clocks that promise something.
const judged = `t.clock in ('first_reply', 'next_reply', 'resolution')`

// reported is the months of a report, of one customer where it says so.
func reported(f desk.ReportFilter, from, to string) *where {
	w := &where{args: args{"from": string(f.From), "to": string(f.To)}}
	w.and(`t.desk_id = @desk`)
	w.and(from)
	w.and(to)
	if f.Customer != desk.Nobody {
		w.eq(`t.customer_id`, "customer", f.Customer)
	}
	return w
}

func reportedMonths(f desk.ReportFilter) *where {
	return reported(f, `t.month >= @from::text::date`, `t.month <= @to::text::date`)
}

func reportedFigures(f desk.ReportFilter) *where {
	w := reportedMonths(f)
	if f.Type != "" {
		w.eq(`t.support_type`, "type", f.Type)
	}
	return w
}

// Report reads the figures of some months, in one round trip and from roll-ups
// alone.
func (t *Tx) Report(f desk.ReportFilter) (r desk.Report, err error) {
	r.Filter = f
	w := reportedFigures(f)
	ask(t, &r.Months, `select t.month::text as month, t.clock, `+sums+` from monthly_figures t where `+w.String()+` group by t.month, t.clock`, w.args)
	ask(t, &r.Types, `select t.support_type as type, t.clock, `+sums+` from monthly_figures t where `+w.String()+` group by t.support_type, t.clock`, w.args)
	ask(t, &r.Customers, `with t as materialized (select t.customer_id, t.clock, `+sums+` from monthly_figures t where `+w.String()+` and `+judged+` group by t.customer_id, t.clock)
		select t.customer_id, c.name as customer, t.clock, t.met, t.missed, t.dropped, t.counted, t.seconds
		from t join customers c on c.desk_id = @desk and c.id = t.customer_id`, w.args)
	t.askHours(f, &r.Hours)
	w = reportedMonths(f)
	ask(t, &r.Work, `with t as materialized (select t.customer_id, t.currency, sum(t.minutes)::int as minutes, sum(t.billable)::int as billable, sum(t.amount) as amount
			from monthly_work t where `+w.String()+` group by t.customer_id, t.currency)
		select t.customer_id, c.name as customer, t.minutes, t.billable, t.amount::text as amount, t.currency
		from t join customers c on c.desk_id = @desk and c.id = t.customer_id`, w.args)
	var rolled []*time.Time
	collect(t, &rolled, `select rolled_at from rolled_up where desk_id = @desk order by day desc limit 1`, nil, pgx.RowTo[*time.Time])
	if err := t.flush(); err != nil {
		return r, err
	}
	if len(rolled) > 0 {
		r.RolledAt = rolled[0]
	}
	return r, nil
}

// askHours reads the week of all customers by month, that of one by day.
func (t *Tx) askHours(f desk.ReportFilter, into *[]desk.HourFigure) {
	if f.Customer == desk.Nobody {
		w := reportedMonths(f)
		ask(t, into, `select t.weekday, t.hour, sum(t.tickets)::int as tickets, sum(t.closed)::int as closed
			from monthly_tickets t where `+w.String()+` group by t.weekday, t.hour`, w.args)
		return
	}
	w := reported(f, `t.day >= @from::text::date`, `t.day < @to::text::date + interval '1 month'`)
	ask(t, into, `select extract(isodow from t.day)::int - 1 as weekday, t.hour, sum(t.tickets)::int as tickets, sum(t.closed)::int as closed
		from hourly_tickets t where `+w.String()+` group by 1, t.hour`, w.args)
}

// WorstCustomer is who had the most late promises in the last month of a filter,
// "" where nothing was late.
func (t *Tx) WorstCustomer(f desk.ReportFilter) (string, error) {
	w := reportedFigures(f)
	list, err := scalars[string](t, `with t as materialized (select t.customer_id, sum(t.missed) as missed, sum(t.met) as met from monthly_figures t
			where `+w.String()+` and `+judged+` group by t.customer_id having sum(t.missed) > 0)
		select c.name from t join customers c on c.desk_id = @desk and c.id = t.customer_id order by t.missed desc, t.met, c.name limit 1`, w.args)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// Attained reads a report's promises line by line: by month, type, customer and
// clock.
func (t *Tx) Attained(f desk.ReportFilter) ([]desk.Attained, error) {
	w := reportedFigures(f)
	return many[desk.Attained](t, `select to_char(t.month, 'YYYY-MM') as month, t.support_type as type, c.name as customer, t.clock, t.met, t.missed, t.dropped, t.counted, t.seconds
		from monthly_figures t join customers c on c.desk_id = @desk and c.id = t.customer_id
		where `+w.String()+` and `+judged+` order by t.month, c.name, t.support_type, t.clock`, w.args)
}
