package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const sums = `sum(t.met)::int as met, sum(t.missed)::int as missed, sum(t.dropped)::int as dropped, sum(t.counted)::int as counted, sum(t.seconds)::bigint as seconds`

// byMonth is what a report reads of the tables that are summed by month. The
// months are listed: of a range whose ends it does not know, the planner expects
// one row in two hundred.
func byMonth(f desk.ReportFilter) *where {
	w := &where{args: args{"months": column(f.Months(), func(d desk.Day) string { return string(d) })}}
	w.and(`t.desk_id = @desk`)
	w.and(`t.month = any(@months::text[]::date[])`)
	return w
}

// byDay is the same of one customer's days.
func byDay(f desk.ReportFilter) *where {
	w := &where{args: args{"from": string(f.From), "to": string(f.To)}}
	w.and(`t.desk_id = @desk`)
	w.and(`t.day >= @from::text::date and t.day < @to::text::date + interval '1 month'`)
	if f.Customer != desk.Nobody {
		w.eq(`t.customer_id`, "customer", f.Customer)
	}
	return w
}

func (w *where) ofType(f desk.ReportFilter) *where {
	if f.Type != "" {
		w.eq(`t.support_type`, "type", f.Type)
	}
	return w
}

// Report reads the figures of some months, in one round trip and from roll-ups
// alone. Customers are compared where none is named.
func (t *Tx) Report(f desk.ReportFilter) (r desk.Report, err error) {
	r.Filter = f
	var customers []customerRow
	if f.Customer == desk.Nobody {
		t.askAll(&r)
		w := byMonth(f).ofType(f)
		ask(t, &customers, `with t as materialized (select t.customer_id, `+customerSums+` from monthly_customers t where `+w.String()+` group by t.customer_id)
			select c.name as customer, t.* from t join customers c on c.desk_id = @desk and c.id = t.customer_id`, w.args)
	} else {
		t.askOne(&r)
	}
	w := byMonth(f)
	if f.Customer != desk.Nobody {
		w.eq(`t.customer_id`, "customer", f.Customer)
	}
	ask(t, &r.Work, `with t as materialized (select t.customer_id, t.currency, sum(t.minutes)::int as minutes, sum(t.billable)::int as billable, sum(t.amount) as amount
			from monthly_work t where `+w.String()+` group by t.customer_id, t.currency)
		select t.customer_id, c.name as customer, t.minutes, t.billable, t.amount::text as amount, t.currency
		from t join customers c on c.desk_id = @desk and c.id = t.customer_id`, w.args)
	var rolled []time.Time
	collect(t, &rolled, `select rolled_at from rolled_up where desk_id = @desk order by day desc limit 1`, nil, pgx.RowTo[time.Time])
	if err := t.flush(); err != nil {
		return r, err
	}
	if len(rolled) > 0 {
		r.RolledAt = &rolled[0]
	}
	for _, c := range customers {
		r.Customers = append(r.Customers, c.figures()...)
	}
	return r, nil
}

func (t *Tx) askAll(r *desk.Report) {
	w := byMonth(r.Filter).ofType(r.Filter)
	ask(t, &r.Months, `select t.month::text as month, t.clock, `+sums+` from monthly_figures t where `+w.String()+` group by t.month, t.clock`, w.args)
	ask(t, &r.Types, `select t.support_type as type, t.clock, `+sums+` from monthly_figures t where `+w.String()+` group by t.support_type, t.clock`, w.args)
	w = byMonth(r.Filter)
	ask(t, &r.Hours, `select t.weekday, t.hour, sum(t.tickets)::int as tickets, sum(t.closed)::int as closed
		from monthly_tickets t where `+w.String()+` group by t.weekday, t.hour`, w.args)
}

func (t *Tx) askOne(r *desk.Report) {
	w := byDay(r.Filter).ofType(r.Filter)
	ask(t, &r.Months, `select date_trunc('month', t.day)::date::text as month, t.clock, `+sums+` from daily_figures t where `+w.String()+` group by 1, t.clock`, w.args)
	ask(t, &r.Types, `select t.support_type as type, t.clock, `+sums+` from daily_figures t where `+w.String()+` group by t.support_type, t.clock`, w.args)
	w = byDay(r.Filter)
	ask(t, &r.Hours, `select extract(isodow from t.day)::int - 1 as weekday, t.hour, sum(t.tickets)::int as tickets, sum(t.closed)::int as closed
		from hourly_tickets t where `+w.String()+` group by 1, t.hour`, w.args)
}

const customerSums = `sum(t.first_met)::int as first_met, sum(t.first_missed)::int as first_missed, sum(t.first_dropped)::int as first_dropped,
	sum(t.next_met)::int as next_met, sum(t.next_missed)::int as next_missed, sum(t.next_dropped)::int as next_dropped,
	sum(t.resolution_met)::int as resolution_met, sum(t.resolution_missed)::int as resolution_missed, sum(t.resolution_dropped)::int as resolution_dropped`

type customerRow struct {
	CustomerID                                         desk.ID
	Customer                                           string
	FirstMet, FirstMissed, FirstDropped                int
	NextMet, NextMissed, NextDropped                   int
	ResolutionMet, ResolutionMissed, ResolutionDropped int
}

func (c customerRow) figures() []desk.CustomerFigure {
	of := func(clock desk.Clock, met, missed, dropped int) desk.CustomerFigure {
		return desk.CustomerFigure{CustomerID: c.CustomerID, Customer: c.Customer, Figure: desk.Figure{Clock: clock, Met: met, Missed: missed, Dropped: dropped}}
	}
	return []desk.CustomerFigure{of(desk.FirstReply, c.FirstMet, c.FirstMissed, c.FirstDropped), of(desk.NextReply, c.NextMet, c.NextMissed, c.NextDropped),
		of(desk.Resolution, c.ResolutionMet, c.ResolutionMissed, c.ResolutionDropped)}
}

// WorstCustomer is who had the most late promises in the months of a filter, ""
// where nothing was late.
func (t *Tx) WorstCustomer(f desk.ReportFilter) (string, error) {
	w := byMonth(f).ofType(f)
	list, err := scalars[string](t, `with t as materialized (select t.customer_id, sum(t.first_missed + t.next_missed + t.resolution_missed) as missed,
			sum(t.first_met + t.next_met + t.resolution_met) as met from monthly_customers t where `+w.String()+` group by t.customer_id)
		select c.name from t join customers c on c.desk_id = @desk and c.id = t.customer_id where t.missed > 0 order by t.missed desc, t.met, c.name limit 1`, w.args)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// Attained reads a report's promises line by line: by month, type, customer and
// clock.
func (t *Tx) Attained(f desk.ReportFilter) ([]desk.Attained, error) {
	w := byDay(f).ofType(f)
	return many[desk.Attained](t, `with t as materialized (select date_trunc('month', t.day)::date as month, t.support_type, t.customer_id, t.clock, `+sums+`
			from daily_figures t where `+w.String()+` and t.clock in ('first_reply', 'next_reply', 'resolution') group by 1, 2, 3, 4)
		select to_char(t.month, 'YYYY-MM') as month, t.support_type as type, c.name as customer, t.clock, t.met, t.missed, t.dropped, t.counted, t.seconds
		from t join customers c on c.desk_id = @desk and c.id = t.customer_id order by t.month, c.name, t.support_type, t.clock`, w.args)
}
