package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// mostListed bounds the two lists of a report of escalations.
const mostListed = 200

const (
	cameSums = `sum(t.tickets)::int as tickets, sum(t.escalated)::int as escalated, sum(t.against)::int as against`
	fateSums = `sum(t.filed)::int as filed, sum(t.solved)::int as solved, sum(t.unsolved)::int as unsolved, sum(t.returned)::int as returned, sum(t.withdrawn)::int as withdrawn,
	sum(t.replies)::int as replies, sum(t.met)::int as met, sum(t.missed)::int as missed, sum(t.dropped)::int as dropped, sum(t.reply_seconds)::bigint as reply_seconds,
	sum(t.promised_seconds)::bigint as promised_seconds, sum(t.solved_seconds)::bigint as solved_seconds`
)

// EscalationReport reads the figures of some months in one round trip, from roll-ups,
// and the newest of what was sent back and of what may be claimed, each through an
// index that holds nothing else.
func (t *Tx) EscalationReport(f desk.ReportFilter, zone *time.Location) (r desk.EscalationReport, err error) {
	r.Filter = f
	if f.Customer == desk.Nobody {
		w := byMonth(f)
		ask(t, &r.Came, `select t.month::text as month, t.category, '' as customer, t.tickets, t.escalated, t.against from monthly_escalated t where `+w.String(), w.args)
		ask(t, &r.Handed, `select t.month::text as month, t.target, t.workload, t.severity, '' as customer, t.filed, t.solved, t.unsolved, t.returned, t.withdrawn,
			t.replies, t.met, t.missed, t.dropped, t.reply_seconds, t.promised_seconds, t.solved_seconds from monthly_escalations t where `+w.String(), w.args)
	} else {
		w := byDay(f)
		ask(t, &r.Came, `select date_trunc('month', t.day)::date::text as month, t.category, '' as customer, `+cameSums+` from daily_escalated t where `+w.String()+` group by 1, 2`, w.args)
		ask(t, &r.Handed, `select date_trunc('month', t.day)::date::text as month, t.target, t.workload, t.severity, '' as customer, `+fateSums+` from daily_escalations t
			where `+w.String()+` group by 1, 2, 3, 4`, w.args)
	}
	t.askLists(&r, zone)
	var rolled []time.Time
	collect(t, &rolled, `select rolled_at from rolled_up where desk_id = @desk order by day desc limit 1`, nil, pgx.RowTo[time.Time])
	err = t.flush()
	if len(rolled) > 0 {
		r.RolledAt = &rolled[0]
	}
	return r, err
}

func (t *Tx) askLists(r *desk.EscalationReport, zone *time.Location) {
	within := func(column string) *where {
		w := &where{args: args{"since": r.Filter.From.At(zone), "until": desk.MonthStart(r.Filter.To.AddDays(31)).At(zone), "most": mostListed}}
		w.and(`t.desk_id = @desk`)
		w.and(column + ` >= @since and ` + column + ` < @until`)
		if r.Filter.Customer != desk.Nobody {
			w.eq(`t.customer_id`, "customer", r.Filter.Customer)
		}
		return w
	}
	w := within(`t.ended_at`)
	ask(t, &r.Returned, `select t.number, c.name as customer, t.target, t.workload, t.ended_why as why, t.ended_at as at from escalations t
		join customers c on c.desk_id = @desk and c.id = t.customer_id
		where t.ending = 'returned' and `+w.String()+` order by t.ended_at desc, t.id desc limit @most`, w.args)
	w = within(`t.created_at`)
	ask(t, &r.Credits, `select t.number, c.name as customer, t.workload, t.request, t.credit, t.created_at as at from escalations t
		join customers c on c.desk_id = @desk and c.id = t.customer_id
		where t.credit @> '{"worth": true}' and `+w.String()+` order by t.created_at desc, t.id desc limit @most`, w.args)
}

// CameLines reads what a report's shares are summed from: by month, customer and
// category.
func (t *Tx) CameLines(f desk.ReportFilter) ([]desk.CameFigure, error) {
	w := byDay(f)
	return many[desk.CameFigure](t, `with t as materialized (select date_trunc('month', t.day)::date::text as month, t.customer_id, t.category, `+cameSums+`
			from daily_escalated t where `+w.String()+` group by 1, 2, 3)
		select t.month, t.category, c.name as customer, t.tickets, t.escalated, t.against from t join customers c on c.desk_id = @desk and c.id = t.customer_id
		order by t.month, c.name, t.category`, w.args)
}

// HandedLines reads the same of what happened to escalations: by month, customer,
// target, workload and severity.
func (t *Tx) HandedLines(f desk.ReportFilter) ([]desk.HandedFigure, error) {
	w := byDay(f)
	return many[desk.HandedFigure](t, `with t as materialized (select date_trunc('month', t.day)::date::text as month, t.customer_id, t.target, t.workload, t.severity, `+fateSums+`
			from daily_escalations t where `+w.String()+` group by 1, 2, 3, 4, 5)
		select t.month, t.target, t.workload, t.severity, c.name as customer, t.filed, t.solved, t.unsolved, t.returned, t.withdrawn, t.replies, t.met, t.missed, t.dropped,
			t.reply_seconds, t.promised_seconds, t.solved_seconds from t join customers c on c.desk_id = @desk and c.id = t.customer_id
		order by t.month, c.name, t.target, t.workload, t.severity`, w.args)
}
