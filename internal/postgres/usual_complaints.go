package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// mostComplaints bounds what is usual at one desk: services times places times
// hours that ever had a ticket.
const mostComplaints = 50_000

// CountUsual counts anew what is usual, from the tickets between two instants,
// without those of incidents: an outage is not usual. Over no weeks nothing is.
func (t *Tx) CountUsual(from, to time.Time, weeks int, zone *time.Location) error {
	t.write(`delete from usual_complaints where desk_id = @desk`, nil)
	t.write(`insert into usual_complaints (desk_id, service, region, hour, customers, weeks)
		select @desk, service, region, hour, count(*)::int, @weeks::smallint from (
			select distinct t.service, coalesce(nullif(t.region, ''), c.region) as region, t.customer_id, date_trunc('week', t.created_at at time zone @zone) as week,
				((extract(isodow from t.created_at at time zone @zone)::int - 1) * 24 + extract(hour from t.created_at at time zone @zone)::int)::smallint as hour
			from tickets t join customers c on c.desk_id = @desk and c.id = t.customer_id
			where t.desk_id = @desk and @weeks::int > 0 and t.created_at >= @from and t.created_at < @to and t.kind <> 'subscription'
				and not exists (select from incident_tickets b join incidents i on i.desk_id = @desk and i.id = b.incident_id
					where b.desk_id = @desk and b.ticket_id = t.id and b.state = 'joined' and i.state in ('open', 'mitigated', 'closed'))) once
		group by service, region, hour limit @most`,
		args{"from": from, "to": to, "weeks": weeks, "zone": zone.String(), "most": mostComplaints})
	t.write(`update watches set counted_at = @now, customers = (select count(*)::int from customers c where c.desk_id = @desk and c.active) where desk_id = @desk`,
		args{"now": t.Now})
	return t.flush()
}

// UsualComplaints reads what is usual at the desk; nothing before it was counted.
func (t *Tx) UsualComplaints() ([]desk.Complaints, error) {
	return many[desk.Complaints](t, `select service, region, hour, customers, weeks from usual_complaints where desk_id = @desk`, nil)
}

// FirstTicketAt is when the desk's first ticket came since an instant. Errors:
// ErrNotFound.
func (t *Tx) FirstTicketAt(since time.Time) (time.Time, error) {
	return scalar[time.Time](t, `select created_at from tickets where desk_id = @desk and created_at >= @since order by created_at, id limit 1`, args{"since": since})
}

// DesksToWatch lists desks at which a ticket came since an instant: their ids and
// nothing else.
func (g *GlobalTx) DesksToWatch(since time.Time, most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_to_watch($1, $2)`, since, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}
