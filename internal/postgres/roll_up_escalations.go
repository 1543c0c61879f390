package postgres

import "guichet/internal/desk"

// RollUpEscalations counts the escalations of some days anew, as RollUpRange counts
// the rest, and with them the earlier days that what was touched belongs to: a ticket
// is handed on days after it came, and a reply noted days after it was given. Until
// the month after is over a ticket counts by its category of the moment.
func (t *Tx) RollUpEscalations(d Days) error {
	t.holdFigures()
	if err := t.rollUpEscalated(d); err != nil {
		return err
	}
	days, err := scalars[string](t, `select distinct to_char(s.day, 'YYYY-MM-DD') from (
			select g::date as day from generate_series(@from::text::timestamp, @to::text::timestamp, interval '1 day') g
			union all
			select (u.at at time zone @zone)::date from escalations e cross join unnest(array[e.filed_at, e.replied_at, e.ended_at]) u (at)
			where e.desk_id = @desk and e.changed_at >= @since and e.changed_at < @until and u.at is not null) s order by 1`,
		d.args().only("from", "to", "zone", "since", "until"))
	if err != nil {
		return err
	}
	a := args{"days": days, "zone": d.Zone.String()}
	t.write(`delete from daily_escalations f where f.desk_id = @desk and f.day = any (@days::text[]::date[])`, a.only("days"))
	t.write(addEscalations, a)
	t.sumEscalations(monthsOf(days))
	return nil
}

// holdFigures lets one counting of a desk run at a time.
func (t *Tx) holdFigures() {
	t.write(`select pg_advisory_xact_lock(hashtextextended('roll-up ' || @desk::uuid::text, 0))`, nil)
}

// addEscalations counts each filing, first reply and end on its own day. A reply
// that was promised and never came is late once the promise was over at the end.
const addEscalations = `insert into daily_escalations (desk_id, day, customer_id, target, workload, severity, filed, solved, unsolved, returned, withdrawn,
		replies, met, missed, dropped, reply_seconds, promised_seconds, solved_seconds)
	select @desk, s.day, s.customer_id, s.target, s.workload, s.severity, count(*) filter (where s.what = 'filed'),
		count(*) filter (where s.what = 'solved'), count(*) filter (where s.what = 'unsolved'),
		count(*) filter (where s.what = 'returned'), count(*) filter (where s.what = 'withdrawn'),
		count(*) filter (where s.what = 'reply'),
		count(*) filter (where s.what = 'reply' and s.at <= s.due), count(*) filter (where s.what in ('reply', 'silent') and s.at > s.due),
		count(*) filter (where s.what = 'silent' and s.at <= s.due),
		coalesce(sum(s.took) filter (where s.what = 'reply'), 0),
		coalesce(sum(s.promised) filter (where s.what = 'reply' or s.what = 'silent' and s.at > s.due), 0),
		coalesce(sum(s.took) filter (where s.what = 'solved'), 0)
	from (
		select d.day, e.customer_id, e.target, e.workload, e.severity, v.what, v.at, e.reply_due_at as due,
			greatest(extract(epoch from v.at - e.filed_at), 0)::bigint as took, greatest(extract(epoch from e.reply_due_at - e.filed_at), 0)::bigint as promised
		from unnest(@days::text[]::date[]) d (day) cross join lateral (
			select f.id, 'filed' as what, f.filed_at as at from escalations f where f.desk_id = @desk
				and f.filed_at >= d.day::timestamp at time zone @zone - interval '3 hours' and f.filed_at < (d.day + 1)::timestamp at time zone @zone + interval '3 hours'
			union all
			select r.id, 'reply', r.replied_at from escalations r where r.desk_id = @desk and r.filed_at is not null
				and r.replied_at >= d.day::timestamp at time zone @zone - interval '3 hours' and r.replied_at < (d.day + 1)::timestamp at time zone @zone + interval '3 hours'
			union all
			select o.id, w.what, o.ended_at from escalations o cross join lateral (select o.ending as what union all select 'silent' where o.replied_at is null and o.reply_due_at is not null) w
				where o.desk_id = @desk and o.filed_at is not null
				and o.ended_at >= d.day::timestamp at time zone @zone - interval '3 hours' and o.ended_at < (d.day + 1)::timestamp at time zone @zone + interval '3 hours'
		) v join escalations e on e.desk_id = @desk and e.id = v.id
		where (v.at at time zone @zone)::date = d.day) s
	group by s.day, s.customer_id, s.target, s.workload, s.severity`

// rollUpEscalated counts the tickets that came, and how many of them were handed on.
func (t *Tx) rollUpEscalated(d Days) error {
	touched := d.args().only("from", "to", "zone", "since", "until")
	touched["from"] = string(min(d.From, desk.MonthStart(desk.MonthStart(d.To).AddDays(-1))))
	days, err := scalars[string](t, `select distinct to_char(s.day, 'YYYY-MM-DD') from (
			select g::date as day from generate_series(@from::text::timestamp, @to::text::timestamp, interval '1 day') g
			union all
			select (t.created_at at time zone @zone)::date from escalations e join escalation_tickets x on x.desk_id = @desk and x.escalation_id = e.id
				join tickets t on t.desk_id = @desk and t.id = x.ticket_id where e.desk_id = @desk and e.changed_at >= @since and e.changed_at < @until
			union all
			select (k.created_at at time zone @zone)::date from escalation_tickets j join tickets k on k.desk_id = @desk and k.id = j.ticket_id
				where j.desk_id = @desk and j.joined_at >= @since and j.joined_at < @until) s order by 1`, touched)
	if err != nil {
		return err
	}
	a := args{"days": days, "zone": d.Zone.String()}
	t.write(`delete from daily_escalated f where f.desk_id = @desk and f.day = any (@days::text[]::date[])`, a.only("days"))
	t.write(`insert into daily_escalated (desk_id, day, customer_id, category, tickets, escalated, against)
		select @desk, d.day, t.customer_id, t.category, count(*), count(*) filter (where h.handed), count(*) filter (where h.handed and h.against)
		from unnest(@days::text[]::date[]) d (day) join tickets t on t.desk_id = @desk and t.external = ''
			and t.created_at >= d.day::timestamp at time zone @zone - interval '3 hours' and t.created_at < (d.day + 1)::timestamp at time zone @zone + interval '3 hours'
			and (t.created_at at time zone @zone)::date = d.day
		cross join lateral (select count(*) > 0 as handed, bool_or(e.reason <> '') as against from escalation_tickets x join escalations e on e.desk_id = @desk and e.id = x.escalation_id
			where x.desk_id = @desk and x.ticket_id = t.id and e.filed_at is not null
				and (x.ticket_id = e.ticket_id or x.left_at is null or x.left_at >= e.filed_at)) h
		group by d.day, t.customer_id, t.category`, a)
	m := monthsOf(days)
	t.write(`delete from monthly_escalated f where f.desk_id = @desk and f.month = any (@months::text[]::date[])`, m)
	t.write(`insert into monthly_escalated (desk_id, month, category, tickets, escalated, against)
		select @desk, m.month, f.category, sum(f.tickets), sum(f.escalated), sum(f.against) from unnest(@months::text[]::date[]) m (month)
			join daily_escalated f on f.desk_id = @desk and f.day >= m.month and f.day < m.month + interval '1 month' group by m.month, f.category`, m)
	return nil
}

func (t *Tx) sumEscalations(m args) {
	t.write(`delete from monthly_escalations f where f.desk_id = @desk and f.month = any (@months::text[]::date[])`, m)
	t.write(`insert into monthly_escalations (desk_id, month, target, workload, severity, filed, solved, unsolved, returned, withdrawn,
			replies, met, missed, dropped, reply_seconds, promised_seconds, solved_seconds)
		select @desk, m.month, f.target, f.workload, f.severity, sum(f.filed), sum(f.solved), sum(f.unsolved), sum(f.returned), sum(f.withdrawn),
			sum(f.replies), sum(f.met), sum(f.missed), sum(f.dropped), sum(f.reply_seconds), sum(f.promised_seconds), sum(f.solved_seconds)
		from unnest(@months::text[]::date[]) m (month) join daily_escalations f on f.desk_id = @desk and f.day >= m.month and f.day < m.month + interval '1 month'
		group by m.month, f.target, f.workload, f.severity`, m)
}

// monthsOf are the months of some days, as an argument.
func monthsOf(days []string) args {
	var months []string
	for _, d := range days {
		if m := string(desk.MonthStart(desk.Day(d))); len(months) == 0 || months[len(months)-1] != m {
			months = append(months, m)
		}
	}
	return args{"months": months}
}
