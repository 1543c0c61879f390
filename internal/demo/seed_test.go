package demo_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/demo"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

func seeded(t *testing.T, s demo.Seeding) *pgx.Conn {
	t.Helper()
	owner, serving := testbed.Empty(t)
	db, err := postgres.Open(t.Context(), serving, int32(demo.SeedConns+1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	var told atomic.Int64
	if err := demo.Seed(t.Context(), db, s, func(done int) { told.Store(max(told.Load(), int64(done))) }); err != nil {
		t.Fatal(err)
	}
	if told.Load() != int64(s.Tickets) {
		t.Errorf("told of %d tickets, not of %d", told.Load(), s.Tickets)
	}
	conn, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func count(t *testing.T, conn *pgx.Conn, sql string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), `select count(*)::int from `+sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func TestSeededDeskHoldsTogether(t *testing.T) {
	t.Parallel()
	conn := seeded(t, demo.Seeding{Desk: "bastion", Customers: 60, Tickets: 2000, Seed: 7, Now: time.Now()})
	const newest = `(select distinct on (ticket_id) * from decisions order by ticket_id, created_at desc, id desc)`
	for what, sql := range map[string]string{
		"tickets that no figure counts": `(select 1 where (select count(*) from tickets) <> (select sum(tickets) from hourly_tickets) or (select count(*) from tickets) <> (select sum(tickets) from monthly_tickets)) f`,
		"promises that no figure counts": `(select 1 where (select count(*) from kept_promises) <> (select sum(met + missed + dropped + counted) from daily_figures)
			or (select count(*) from kept_promises) <> (select sum(met + missed + dropped + counted) from monthly_figures)) f`,
		"tickets whose requester is another customer's": `tickets t join people p on p.id = t.requester_id where p.customer_id <> t.customer_id`,
		"tickets whose outcome is not its decision's":   `tickets t join ` + newest + ` d on d.ticket_id = t.id where (t.outcome, t.category, t.confirmed) <> (d.outcome, d.category, d.by = 'person' or d.confirmed_by is not null)`,
		"tickets that nobody judged":                    `tickets t where not exists (select from decisions d where d.ticket_id = t.id)`,
		"tickets that have ended and are due":           `tickets where ended_at is not null and due_at is not null`,
		"tickets whose end and state disagree":          `tickets where (ended_at is not null) <> (state in ('resolved', 'closed'))`,
		"tickets without a clock that are due":          `tickets where (clock = '') <> (due_at is null)`,
		"tickets due before they were asked":            `tickets where due_at <= due_from`,
		"tickets of the future":                         `tickets where greatest(created_at, last_at, ended_at) > now()`,
		"tickets whose last word is not the last":       `tickets t where (last_at, last_side) <> (select created_at, side from messages m where m.ticket_id = t.id and not internal order by created_at desc, id desc limit 1)`,
		"messages said before the ticket":               `messages m join tickets t on t.id = m.ticket_id where m.created_at < t.created_at`,
		"messages of somebody from the wrong side":      `messages m join people p on p.id = m.author_id where (m.side = 'desk') <> (p.customer_id is null)`,
		"rows that name another customer than the ticket": `(select ticket_id, customer_id from messages union select ticket_id, customer_id from findings
			union select ticket_id, customer_id from decisions union select ticket_id, customer_id from events) r join tickets t on t.id = r.ticket_id where t.customer_id <> r.customer_id`,
	} {
		if n := count(t, conn, sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func TestSeededDeskLooksLikeOne(t *testing.T) {
	t.Parallel()
	conn := seeded(t, demo.Seeding{Desk: "bastion", Customers: 60, Tickets: 2000, Seed: 8, Now: time.Now()})
	for what, c := range map[string]struct {
		sql         string
		least, most int
	}{
		"tickets":                         {`tickets`, 2000, 2000},
		"numbers":                         {`(select distinct number from tickets) n`, 2000, 2000},
		"open tickets":                    {`tickets where state not in ('resolved', 'closed')`, 300, 500},
		"new tickets":                     {`tickets where state = 'new'`, 30, 150},
		"tickets that wait for Microsoft": {`tickets where state = 'waiting_microsoft'`, 10, 150},
		"late tickets":                    {`tickets where due_at < now()`, 10, 150},
		"tickets due within four hours":   {`tickets where due_at between now() and now() + interval '4 hours'`, 10, 200},
		"open tickets without assignee":   {`tickets where assignee_id is null and state not in ('resolved', 'closed')`, 40, 250},
		"long tickets":                    {`(select ticket_id from messages where not internal group by 1 having count(*) = 20) l`, 120, 280},
		"messages":                        {`messages where not internal`, 7000, 12000},
		"notes":                           {`messages where internal`, 100, 2000},
		"findings":                        {`findings`, 200, 1500},
		"overridden decisions":            {`decisions where by = 'person'`, 30, 200},
		"subjects":                        {`(select distinct subject from tickets) s`, 250, 2000},
		"languages":                       {`(select distinct language from tickets) l`, 4, 6},
		"outcomes":                        {`(select distinct outcome from tickets) o`, 3, 3},
		"customers":                       {`customers`, 60, 60},
		"admins":                          {`people where role = 'admin'`, 1, 1},
	} {
		if n := count(t, conn, c.sql); n < c.least || n > c.most {
			t.Errorf("%d %s, not %d to %d", n, what, c.least, c.most)
		}
	}
}

func TestSeedingTwiceAddsToTheDesk(t *testing.T) {
	t.Parallel()
	owner, serving := testbed.Empty(t)
	db, err := postgres.Open(t.Context(), serving, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := demo.Seeding{Desk: "bastion", Customers: 5, Tickets: 30, Seed: 1, Now: time.Now()}
	for range 2 {
		if err := demo.Seed(t.Context(), db, s, func(int) {}); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if n := count(t, conn, `tickets`); n != 60 {
		t.Errorf("%d tickets", n)
	}
	if n := count(t, conn, `(select distinct lower(name) from customers) n`); n != 10 {
		t.Errorf("%d customers", n)
	}
	if n := count(t, conn, `people where customer_id is null`); n != 8 {
		t.Errorf("%d people of the desk", n)
	}
}

func TestStoppedSeedingLeavesWholeTickets(t *testing.T) {
	t.Parallel()
	owner, serving := testbed.Empty(t)
	db, err := postgres.Open(t.Context(), serving, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var told atomic.Int64
	err = demo.Seed(ctx, db, demo.Seeding{Desk: "bastion", Customers: 5, Tickets: 50_000, Seed: 1, Now: time.Now()}, func(done int) {
		told.Store(int64(done))
		stop()
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if n := count(t, conn, `tickets`); n < int(told.Load()) || n >= 50_000 || n%1000 != 0 {
		t.Errorf("%d tickets, told of %d", n, told.Load())
	}
	if n := count(t, conn, `tickets t where not exists (select from messages m where m.ticket_id = t.id)`); n != 0 {
		t.Errorf("%d tickets without a word", n)
	}
}
