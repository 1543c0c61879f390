package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// CircleSeat reads the desk's place in the circle, zero when it was never let in.
func (t *Tx) CircleSeat() (desk.CircleSeat, error) {
	list, err := many[desk.CircleSeat](t, `select c.let_at, c.joined_at, coalesce(p.name, '') as joined_by
		from circle c left join people p on p.desk_id = @desk and p.id = c.joined_by where c.desk_id = @desk`, nil)
	if err != nil || len(list) == 0 {
		return desk.CircleSeat{}, err
	}
	return list[0], nil
}

// JoinCircle lets the desk take part, by the database's clock: no other counts
// there. Errors: ErrNotFound for one that was not let in, or takes part already.
func (t *Tx) JoinCircle(person desk.ID) error {
	return found(t.exec(`update circle set joined_at = clock_timestamp(), joined_by = @person where desk_id = @desk and joined_at is null`,
		args{"person": person}))
}

// LeaveCircle ends that, and erases what the desk has told.
func (t *Tx) LeaveCircle() error {
	t.write(`update circle set joined_at = null, joined_by = null where desk_id = @desk`, nil)
	t.write(`delete from circle_counts where desk_id = @desk`, nil)
	return t.flush()
}

// mostCircleComplaints bounds what one count reads. More customers than the circle is
// told of are among them whatever they are about.
const mostCircleComplaints = 5_000

// CircleComplaints reads the problems told since an instant that are still open, the
// newest first. What was found to be a question or an order is none.
func (t *Tx) CircleComplaints(since time.Time) ([]desk.CircleComplaint, error) {
	return many[desk.CircleComplaint](t, `select k.service, k.region, c.region as home, k.customer_id
		from tickets k join customers c on c.desk_id = @desk and c.id = k.customer_id
		where k.desk_id = @desk and k.created_at >= @since and k.kind = 'problem' and k.state not in ('resolved', 'closed')
			and k.category not in ('how_to', 'licensing_subscription', 'billing')
		order by k.created_at desc limit @most`, args{"since": since, "most": mostCircleComplaints})
}

// SaveCircleCounts writes what the desk tells in this slice of time, and takes
// out what is a day old. What it no longer counts becomes none.
func (t *Tx) SaveCircleCounts(counts []desk.CircleCount) {
	t.write(`update circle_counts set customers = 0 where desk_id = @desk and at = circle_slice()`, nil)
	t.write(`insert into circle_counts (desk_id, service, region, customers)
		select @desk, c.service, c.region, c.customers from unnest(@services::text[], @regions::text[], @customers::smallint[]) c (service, region, customers)
		on conflict (desk_id, at, service, region) do update set customers = excluded.customers`,
		args{"services": column(counts, func(c desk.CircleCount) string { return c.Service }),
			"regions":   column(counts, func(c desk.CircleCount) string { return c.Region }),
			"customers": column(counts, func(c desk.CircleCount) int16 { return int16(c.Customers) })}) //nolint:gosec // 25 at most
	t.write(`delete from circle_counts where desk_id = @desk and at < now() - interval '1 day'`, nil)
}

// CircleCounts reads what the desk told last, within a quarter of an hour.
func (t *Tx) CircleCounts() ([]desk.CircleCount, error) {
	return many[desk.CircleCount](t, `select n.service, n.region, n.customers from circle_counts n
		where n.desk_id = @desk and n.customers > 0 and n.at >= now() - interval '15 minutes'
			and n.at = (select max(l.at) from circle_counts l where l.desk_id = @desk) order by n.customers desc, n.service, n.region`, nil)
}

// SeenElsewhere reads what the circle tells this desk of the others.
func (t *Tx) SeenElsewhere() ([]desk.Elsewhere, error) {
	return many[desk.Elsewhere](t, `select e.service, e.region, e.at_least, e.since from circle c, seen_elsewhere() e where c.desk_id = @desk and c.joined_at is not null`, nil)
}

// CircleDesk is a desk that the operator let into the circle.
type CircleDesk struct {
	Slug, Name string
	LetAt      time.Time
	JoinedAt   *time.Time
}

// CircleDesks lists the circle. Like the two that follow it is the operator's,
// who connects as the owner of the tables: the role that serves cannot let a desk
// in.
func CircleDesks(ctx context.Context, ownerURL string) (list []CircleDesk, err error) {
	err = asOwner(ctx, ownerURL, func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, `select slug, name, let_at, joined_at from circle_desks()`)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByName[CircleDesk])
		return err
	})
	return list, err
}

// LetIntoCircle lets a desk join; one that was let in already stays as it is.
// Errors: ErrNotFound.
func LetIntoCircle(ctx context.Context, ownerURL, slug string) error {
	return asOwner(ctx, ownerURL, func(c *pgx.Conn) error {
		id, err := deskNamed(ctx, c, slug)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, `insert into circle (desk_id, let_at) values (@desk, now()) on conflict do nothing`, pgx.StrictNamedArgs{"desk": id})
		return err
	})
}

// RemoveFromCircle takes a desk out, with all that it told. Errors: ErrNotFound,
// also for one that was not let in.
func RemoveFromCircle(ctx context.Context, ownerURL, slug string) error {
	return asOwner(ctx, ownerURL, func(c *pgx.Conn) error {
		id, err := deskNamed(ctx, c, slug)
		if err != nil {
			return err
		}
		a := pgx.StrictNamedArgs{"desk": id}
		tag, err := c.Exec(ctx, `delete from circle where desk_id = @desk`, a)
		if err := found(tag.RowsAffected(), err); err != nil {
			return err
		}
		_, err = c.Exec(ctx, `delete from circle_counts where desk_id = @desk`, a)
		return err
	})
}

func deskNamed(ctx context.Context, c *pgx.Conn, slug string) (id desk.ID, err error) {
	err = c.QueryRow(ctx, `select id from desks where slug = @slug`, pgx.StrictNamedArgs{"slug": slug}).Scan(&id)
	return id, translate(err)
}

// asOwner runs f as the role that owns the tables.
func asOwner(ctx context.Context, ownerURL string, f func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("as the owner of the tables: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return f(conn)
}
