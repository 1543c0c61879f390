package postgres

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
)

// Days are counted from the first to the last, in a zone, by the hours at which
// the desk was open.
type Days struct {
	From, To desk.Day
	Zone     *time.Location
	Open     hours.Sum // at least of these days
}

// slack is more than any change of clocks: rows are looked for by instants, and
// kept by the date that the database itself gives them.
const slack = 3 * hour

func (d Days) args() args {
	opens, closes := make([]time.Time, len(d.Open)), make([]time.Time, len(d.Open))
	for i, b := range d.Open {
		opens[i], closes[i] = b.From, b.To
	}
	return args{"from": string(d.From), "to": string(d.To), "zone": d.Zone.String(), "opens": opens, "closes": closes,
		"since": d.From.At(d.Zone).Add(-slack), "until": d.To.AddDays(1).At(d.Zone).Add(slack)}
}

func (a args) only(names ...string) args {
	some := args{}
	for _, n := range names {
		some[n] = a[n]
	}
	return some
}

// RollUpRange counts some days anew, however often: it takes their figures out
// and puts them in again, and those of their months. One counting of a desk at a
// time, as a month is the sum of days that others may be counting.
func (t *Tx) RollUpRange(d Days) {
	a := d.args()
	t.holdFigures()
	t.rollUpPromises(a)
	t.rollUpTickets(a)
	first := t.rollUpWork(d)
	t.sumMonths(args{"first": string(desk.MonthStart(first)), "last": string(desk.MonthStart(d.To))})
	a = a.only("from", "to", "zone")
	a["now"] = t.Now
	t.write(`insert into rolled_up (desk_id, day, zone, rolled_at)
		select @desk, d::date, @zone, @now from generate_series(@from::text::timestamp, @to::text::timestamp, interval '1 day') d
		on conflict (desk_id, day) do update set zone = excluded.zone, rolled_at = excluded.rolled_at`, a)
}

func (t *Tx) rollUpPromises(a args) {
	t.write(`delete from daily_figures where desk_id = @desk and day between @from::text::date and @to::text::date`, a.only("from", "to"))
	t.write(`insert into daily_figures (desk_id, day, customer_id, support_type, clock, met, missed, dropped, counted, seconds)
		select @desk, (k.ended_at at time zone @zone)::date, k.customer_id, k.support_type, k.clock,
			count(*) filter (where k.ending = 'met'), count(*) filter (where k.ending = 'missed'),
			count(*) filter (where k.ending = 'dropped'), count(*) filter (where k.ending = 'counted'),
			coalesce(sum(k.spent) filter (where k.ending <> 'dropped'), 0)
		from kept_promises k where k.desk_id = @desk and k.ended_at >= @since and k.ended_at < @until
			and (k.ended_at at time zone @zone)::date between @from::text::date and @to::text::date
		group by 2, 3, 4, 5`, a.only("from", "to", "zone", "since", "until"))
}

func (t *Tx) rollUpTickets(a args) {
	t.write(`delete from hourly_tickets where desk_id = @desk and day between @from::text::date and @to::text::date`, a.only("from", "to"))
	t.write(`with week as materialized (select coalesce(range_agg(tstzrange(o.opens, o.closes)), '{}') as open
			from unnest(@opens::timestamptz[], @closes::timestamptz[]) as o (opens, closes))
		insert into hourly_tickets (desk_id, day, hour, customer_id, tickets, closed)
		select @desk, (t.created_at at time zone @zone)::date, extract(hour from t.created_at at time zone @zone)::smallint, t.customer_id,
			count(*), count(*) filter (where not (t.created_at <@ week.open))
		from tickets t cross join week where t.desk_id = @desk and t.external = '' and t.created_at >= @since and t.created_at < @until
			and (t.created_at at time zone @zone)::date between @from::text::date and @to::text::date
		group by 2, 3, 4`, a)
}

// rollUpWork counts the time and the money of some days into daily_work. Work is
// entered late, and what it costs is settled later still, so that the month
// before is counted again each time. It tells from which day on it counted.
func (t *Tx) rollUpWork(d Days) desk.Day {
	d.From = min(d.From, desk.MonthStart(desk.MonthStart(d.To).AddDays(-1)))
	a := d.args().only("from", "to", "zone", "since", "until")
	t.write(`delete from daily_work where desk_id = @desk and day between @from::text::date and @to::text::date`, a.only("from", "to"))
	t.write(`insert into daily_work (desk_id, day, customer_id, currency, minutes, billable, amount)
		select @desk, w.day, w.customer_id, w.currency, sum(w.minutes), sum(w.billable), sum(w.amount) from (
			select (e.ended_at at time zone @zone)::date as day, e.customer_id,
				coalesce(c.currency, (select o.content ->> 'currency' from offers o where o.desk_id = @desk order by o.version desc limit 1), 'EUR') as currency,
				(extract(epoch from e.ended_at - e.began_at) / 60)::int as minutes,
				case when e.billable then (extract(epoch from e.ended_at - e.began_at) / 60)::int else 0 end as billable, 0::numeric as amount
			from time_entries e left join charges c on c.desk_id = @desk and c.entry_id = e.id
			where e.desk_id = @desk and e.ended_at >= @since and e.ended_at < @until
			union all
			select (c.done_at at time zone @zone)::date, c.customer_id, c.currency, 0, 0, c.amount from charges c
			where c.desk_id = @desk and c.state <> 'waived' and c.done_at >= @since and c.done_at < @until) w
		where w.day between @from::text::date and @to::text::date group by 2, 3, 4`, a)
	return d.From
}

// sumMonths adds up the days of some months.
func (t *Tx) sumMonths(a args) {
	t.write(`delete from monthly_figures where desk_id = @desk and month between @first::text::date and @last::text::date`, a)
	t.write(`insert into monthly_figures (desk_id, month, support_type, clock, met, missed, dropped, counted, seconds)
		select @desk, date_trunc('month', f.day)::date, f.support_type, f.clock, sum(f.met), sum(f.missed), sum(f.dropped), sum(f.counted), sum(f.seconds)
		from daily_figures f where f.desk_id = @desk and f.day >= @first::text::date and f.day < @last::text::date + interval '1 month' group by 2, 3, 4`, a)
	t.write(`delete from monthly_customers where desk_id = @desk and month between @first::text::date and @last::text::date`, a)
	t.write(`insert into monthly_customers (desk_id, month, customer_id, support_type, first_met, first_missed, first_dropped, next_met, next_missed, next_dropped,
			resolution_met, resolution_missed, resolution_dropped)
		select @desk, date_trunc('month', f.day)::date, f.customer_id, f.support_type,
			coalesce(sum(f.met) filter (where f.clock = 'first_reply'), 0), coalesce(sum(f.missed) filter (where f.clock = 'first_reply'), 0),
			coalesce(sum(f.dropped) filter (where f.clock = 'first_reply'), 0), coalesce(sum(f.met) filter (where f.clock = 'next_reply'), 0),
			coalesce(sum(f.missed) filter (where f.clock = 'next_reply'), 0), coalesce(sum(f.dropped) filter (where f.clock = 'next_reply'), 0),
			coalesce(sum(f.met) filter (where f.clock = 'resolution'), 0), coalesce(sum(f.missed) filter (where f.clock = 'resolution'), 0),
			coalesce(sum(f.dropped) filter (where f.clock = 'resolution'), 0)
		from daily_figures f where f.desk_id = @desk and f.day >= @first::text::date and f.day < @last::text::date + interval '1 month'
			and f.clock in ('first_reply', 'next_reply', 'resolution') group by 2, 3, 4`, a)
	t.write(`delete from monthly_tickets where desk_id = @desk and month between @first::text::date and @last::text::date`, a)
	t.write(`insert into monthly_tickets (desk_id, month, weekday, hour, tickets, closed)
		select @desk, date_trunc('month', h.day)::date, extract(isodow from h.day)::smallint - 1, h.hour, sum(h.tickets), sum(h.closed)
		from hourly_tickets h where h.desk_id = @desk and h.day >= @first::text::date and h.day < @last::text::date + interval '1 month' group by 2, 3, 4`, a)
	t.write(`delete from monthly_work where desk_id = @desk and month between @first::text::date and @last::text::date`, a)
	t.write(`insert into monthly_work (desk_id, month, customer_id, currency, minutes, billable, amount)
		select @desk, date_trunc('month', w.day)::date, w.customer_id, w.currency, sum(w.minutes), sum(w.billable), sum(w.amount)
		from daily_work w where w.desk_id = @desk and w.day >= @first::text::date and w.day < @last::text::date + interval '1 month' group by 2, 3, 4`, a)
}

// NewestMissing is the newest day up to one that is not counted, since the
// desk's first ticket: never, in another zone, or before it was well over. An
// hour later no transaction of the day is still to be committed. Errors:
// ErrNotFound where none is missing.
func (t *Tx) NewestMissing(last desk.Day, zone *time.Location) (desk.Day, error) {
	return scalar[desk.Day](t, `select d::date::text from generate_series(
			(select (min(t.created_at) at time zone @zone)::date::timestamp from tickets t where t.desk_id = @desk and t.external = ''), @last::text::timestamp, interval '1 day') d
		where not exists (select from rolled_up r where r.desk_id = @desk and r.day = d::date and r.zone = @zone
			and r.rolled_at at time zone @zone >= d + interval '25 hours')
		order by d desc limit 1`, args{"last": string(last), "zone": zone.String()})
}
