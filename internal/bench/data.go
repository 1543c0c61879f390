package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/demo"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

const (
	deskSlug  = "bench"
	customers = 500
	poolSize  = 10 // the portal's own default, and the ceiling's
)

// data is the database of a run: the desk, and the sessions of those who use it.
type data struct {
	owner, serving string
	stop           func() error
	files          string    // folder of people's files
	conn           *pgx.Conn // as the owner
	postmaster     int       // process of the server
	desk           desk.Desk
	agents         []session
	contacts       []session
	long           []int64   // numbers of open tickets with twenty messages
	longIDs        []desk.ID // of the same
	names          []string  // of people, who each have one ticket in some hundreds
	rare           []string  // words that few tickets hold: names, where no copies are told apart by better ones
	feeding        string    // the function that has new tickets found by their words
}

// session is somebody's cookie.
type session string

// openData starts the database, durable as in real life, and fills it the first
// time.
func openData(ctx context.Context, dir string, tickets int) (*data, error) {
	d := &data{files: filepath.Join(dir, "people")}
	var err error
	if d.owner, d.serving, d.stop, err = demo.StartPostgres(ctx, dir); err != nil {
		return nil, err
	}
	if err := d.prepare(ctx, tickets); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *data) prepare(ctx context.Context, tickets int) error {
	if _, err := postgres.Migrate(ctx, d.owner); err != nil {
		return err
	}
	var err error
	if d.conn, err = pgx.Connect(ctx, d.owner); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, d.serving, int32(demo.SeedConns+1))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := d.fill(ctx, db, tickets); err != nil {
		return fmt.Errorf("fill the desk: %w", err)
	}
	if err := d.forgetLastRun(ctx); err != nil {
		return fmt.Errorf("forget the last run: %w", err)
	}
	err = db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		d.desk, err = tx.Desk(deskSlug)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.signIn(ctx, db); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if d.postmaster, err = postmaster(ctx, d.conn); err != nil {
		return err
	}
	rows, err := d.conn.Query(ctx, `select name from people where desk_id = $1 and customer_id is not null order by id limit 500`, d.desk.ID)
	if err != nil {
		return err
	}
	if d.names, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return err
	}
	d.rare = d.names
	if originals(tickets) < tickets {
		d.rare = nil
		for i := range 500 {
			d.rare = append(d.rare, "copy"+strconv.Itoa(tickets/2+i*997)) // each in one ticket, or in none
		}
	}
	if err := d.conn.QueryRow(ctx, `select pg_get_functiondef('add_search_texts'::regproc)`).Scan(&d.feeding); err != nil {
		return err
	}
	return d.findLong(ctx)
}

// commonWords stand in many tickets, in both languages.
var commonWords = []string{"teams", "outlook", "bonjour", "licence", "facture", "teams -outlook", "mot de passe", "sharepoint status:open", "\"boîte partagée\"", "password"}

// fieldSearches ask by fields: of one customer, of what is late, of what nothing meets.
var fieldSearches = []string{"customer:martin status:open due:<2h outcome:microsoft", "status:open service:teams", "outcome:microsoft", "due:late", "is:unassigned status:open",
	"tag:nowhere", "customer:boulangerie facture", "teams assignee:none status:closed priority:1"}

// fill seeds the desk, and copies what the bare handler reads into narrow
// tables of its own, without policies.
func (d *data) fill(ctx context.Context, db *postgres.DB, tickets int) error {
	var done bool
	if err := d.conn.QueryRow(ctx, `select to_regclass('bench.seeded') is not null`).Scan(&done); err != nil || done {
		return err
	}
	s := demo.Seeding{Desk: deskSlug, Customers: customers, Tickets: originals(tickets), Seed: 1, Now: time.Now()}
	err := demo.Seed(ctx, db, s, func(done int) {
		if done%10_000 == 0 {
			fmt.Fprintf(os.Stderr, "\rseeding, once: %d of %d ", done, s.Tickets)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr)
	if err := d.multiply(ctx, tickets); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if err := postgres.Vacuum(ctx, d.owner); err != nil {
		return err
	}
	_, err = d.conn.Exec(ctx, `create schema if not exists bench;
		create table bench.tickets as select desk_id, id, number, subject, state, queue_at, last_at from tickets where state not in ('resolved', 'closed');
		create index on bench.tickets (desk_id, queue_at, id);
		create table bench.messages as select desk_id, ticket_id, id, author_id, body, created_at from messages;
		create index on bench.messages (desk_id, ticket_id, created_at);
		create table bench.submitted (id uuid primary key, desk_id uuid not null, customer_id uuid not null, requester_id uuid not null,
			kind text not null, subject text not null, body text not null, service text not null, created_at timestamptz not null);
		analyze bench.tickets, bench.messages;
		create table bench.seeded as select now() as at`)
	return err
}

// forgetLastRun removes what a run before this one submitted.
func (d *data) forgetLastRun(ctx context.Context) error {
	_, err := d.conn.Exec(ctx, `truncate bench.submitted; delete from river.river_job; delete from sessions;
		delete from ticket_issues; delete from incident_tickets; delete from issues; delete from service_states;
		delete from tickets using bench.seeded where created_at > at`)
	if err != nil {
		return err
	}
	return postgres.Vacuum(ctx, d.owner)
}

// signIn gives sessions to the desk's people and to customers', as the portal
// keeps them once somebody came back from the identity provider.
func (d *data) signIn(ctx context.Context, db *postgres.DB) error {
	for _, who := range []struct {
		sql  string
		into *[]session
	}{
		{`select id from people where desk_id = $1 and customer_id is null order by id`, &d.agents},
		{`select distinct on (customer_id) id from people where desk_id = $1 and customer_id is not null and role = 'contact' limit 64`, &d.contacts},
	} {
		rows, err := d.conn.Query(ctx, who.sql, d.desk.ID)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[desk.ID])
		if err != nil {
			return err
		}
		for _, id := range ids {
			s, err := d.session(ctx, db, id)
			if err != nil {
				return err
			}
			*who.into = append(*who.into, s)
		}
	}
	return nil
}

func (d *data) session(ctx context.Context, db *postgres.DB, person desk.ID) (session, error) {
	token := rand.Text()
	now, end := time.Now().Format(time.RFC3339), time.Now().Add(2*time.Hour)
	content, err := postgres.SessionCodec{}.Encode(end, map[string]any{"desk": d.desk.ID.String(), "person": person.String(), "since": now, "seen": now,
		"device": "bench", "address": "127.0.0.1"})
	if err != nil {
		return "", err
	}
	name := sha256.Sum256([]byte(token)) // the store keeps no token, only its hash
	return session(token), db.Sessions().CommitCtx(ctx, base64.RawURLEncoding.EncodeToString(name[:]), content, end)
}

func (d *data) findLong(ctx context.Context) error {
	rows, err := d.conn.Query(ctx, `select t.number, t.id from tickets t join messages m on m.desk_id = t.desk_id and m.ticket_id = t.id and not m.internal
		where t.desk_id = $1 and t.state not in ('resolved', 'closed') group by t.number, t.id having count(*) = 20 order by t.number desc limit 500`, d.desk.ID)
	if err != nil {
		return err
	}
	var number int64
	var id desk.ID
	_, err = pgx.ForEachRow(rows, []any{&number, &id}, func() error {
		d.long, d.longIDs = append(d.long, number), append(d.longIDs, id)
		return nil
	})
	if err == nil && len(d.long) == 0 {
		return fmt.Errorf("no ticket has twenty messages: give more than %d tickets", customers)
	}
	return err
}

func (d *data) close() {
	if d.conn != nil {
		_, _ = d.conn.Exec(context.Background(), d.feeding) // of a run that was broken off
		_ = d.conn.Close(context.Background())
	}
	if err := d.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: stop Postgres:", err)
	}
}
