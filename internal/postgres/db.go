// Package postgres holds every line of SQL. A transaction is opened for a scope
// and can reach nothing else: queries name their desk, and row-level security
// enforces it again.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"guichet/internal/desk"
)

// DB is the door to the database.
type DB struct {
	pool *pgxpool.Pool
	jobs *river.Client[pgx.Tx] // inserts only
	now  func() time.Time
	feed *feed
	wake *wakes
}

// Open connects as the serving role. It does not wait for the database: the
// first use does. maxConns of 0 keeps the driver's default. Errors: a malformed
// URL.
func Open(ctx context.Context, url string, maxConns int32) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	if maxConns > 0 {
		cfg.MaxConns = maxConns
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "guichet"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// Every statement is written for one plan, whatever its arguments: planning
	// anew takes longer than most of them run.
	cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	// A statement that runs so long has gone wrong; it must not hold the others up.
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "30s"
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: JobSchema})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("jobs: %w", err)
	}
	db := &DB{pool: pool, jobs: jobs, now: time.Now}
	db.feed = newFeed(db.notify)
	db.wake = &wakes{waiting: map[SendWebhook]bool{}, idle: map[desk.ID]time.Time{}, insert: db.orderSending}
	return db, nil
}

// JobSchema keeps the job queue's tables apart from ours.
const JobSchema = "river"

// At is the same door by another clock, for writing history.
func (db *DB) At(now func() time.Time) *DB { return &DB{db.pool, db.jobs, now, db.feed, db.wake} }

// Pool is what the job workers listen on.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Close waits for running transactions and closes all connections.
func (db *DB) Close() {
	db.feed.flush() // other processes have readers too
	db.wake.flush()
	db.feed.close()
	db.pool.Close()
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Tx is one transaction in one scope, or a reading in one. Now is fixed when it
// begins.
type Tx struct {
	ctx      context.Context
	send     sender
	tx       pgx.Tx // nil when reading
	jobs     *river.Client[pgx.Tx]
	later    *pgx.Batch
	found    sought        // what its tickets are found by from now on
	news     *desk.Tidings // what it touches, nil when reading
	happened []desk.Happening
	hooked   bool   // whether it wrote webhooks
	wakes    *wakes // nil when reading
	Scope    desk.Scope
	Now      time.Time
}

// sender takes a batch of statements to the database in one round trip.
type sender interface {
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
}

// GlobalTx reaches the few tables that belong to no desk. It is a type of its
// own so that neither kind of transaction can call the other's queries.
type GlobalTx struct {
	ctx  context.Context
	tx   pgx.Tx
	news *desk.Tidings
	Now  time.Time
}

// View runs f, which only reads; a write inside fails (SQLSTATE 25006). Each of
// its round trips is a transaction of its own that brings its scope along: under
// READ COMMITTED two statements of one transaction see no more of the same state
// than two of different ones, so begin and commit would be paid for nothing.
func (db *DB) View(ctx context.Context, s desk.Scope, f func(*Tx) error) error {
	if s.Desk == desk.Nobody {
		return errNoDesk
	}
	t := &Tx{ctx: ctx, send: db.pool, Scope: s, Now: db.now()}
	if err := f(t); err != nil {
		return err
	}
	return t.flush()
}

// Update runs f in a transaction that is committed when f returns nil, together
// with the last of its writes.
func (db *DB) Update(ctx context.Context, s desk.Scope, f func(*Tx) error) error {
	if s.Desk == desk.Nobody {
		return errNoDesk
	}
	news := &desk.Tidings{Desk: s.Desk}
	var told []*desk.ID // webhooks
	var hooked bool
	err := db.run(ctx, pgx.TxOptions{BeginQuery: beginQuery(s)}, func(tx pgx.Tx) (committed bool, err error) {
		t := &Tx{ctx: ctx, send: tx, tx: tx, jobs: db.jobs, news: news, wakes: db.wake, Scope: s, Now: db.now()}
		if err := f(t); err != nil {
			return false, err
		}
		t.hear()
		t.tellWebhooks(&told)
		hooked = t.hooked
		if t.later == nil {
			return false, nil
		}
		t.later.Queue("commit")
		err = t.flush()
		return err == nil, err
	})
	if err == nil {
		db.feed.add(news)
		db.wake.add(s.Desk, told)
		if hooked {
			db.wake.changed(s.Desk)
		}
	}
	return err
}

var errNoDesk = errors.New("a scope needs a desk")

// Global runs f in a transaction without a desk.
func (db *DB) Global(ctx context.Context, f func(*GlobalTx) error) error {
	news := &desk.Tidings{}
	err := db.run(ctx, pgx.TxOptions{}, func(tx pgx.Tx) (committed bool, err error) {
		return false, f(&GlobalTx{ctx, tx, news, db.now()})
	})
	if err == nil {
		db.feed.add(news)
	}
	return err
}

// beginQuery opens the transaction and sets its scope in one round trip. The
// settings are local to it, so a pooled connection keeps nothing of the last
// desk; they are written from typed UUIDs, never from text (services are spelled
// in hexadecimal).
func beginQuery(s desk.Scope) string {
	q := "begin; set local app.desk_id = '" + s.Desk.String() + "'"
	if s.Customer != desk.Nobody {
		q += "; set local app.customer_id = '" + s.Customer.String() + "'"
	}
	if c := s.Subcontractor; c != nil {
		q += "; set local app.subcontractor_id = '" + c.ID.String() + "'; set local app.customers = '" + givenCustomers(*c) +
			"'; set local app.services = '" + givenServices(*c) + "'"
	}
	return q
}

// readScope begins each round trip of a reading: what a batch sends is one
// transaction (PostgreSQL, "Message flow", pipelining), so settings that are
// local hold to its end and no longer.
const readScope = `select set_config('transaction_read_only', 'on', true), set_config('app.desk_id', $1, true), set_config('app.customer_id', $2, true)`

// run gives f a transaction on a connection of its own, and commits what f has
// not committed itself.
func (db *DB) run(ctx context.Context, o pgx.TxOptions, f func(pgx.Tx) (committed bool, err error)) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed, err := f(tx)
	if err == nil && !committed {
		err = tx.Commit(ctx)
	}
	if err != nil {
		// Its own deadline: a reader who hung up must not leave the connection in
		// a transaction.
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = tx.Rollback(end)
	}
	return translate(err)
}

// Enqueue adds a job to the transaction that made the work. Writes put off may
// follow it: nobody sees the job before the commit.
func (t *Tx) Enqueue(job river.JobArgs, opts *river.InsertOpts) error {
	_, err := t.jobs.InsertTx(t.ctx, t.tx, job, opts)
	return err
}

// translate turns what the driver says into the desk's errors. A constraint
// that a form can break names its field.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return desk.ErrNotFound
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch {
	case pg.Code == "23505" && taken[pg.ConstraintName].Key != "":
		return desk.Invalid{Problems: desk.Problems{taken[pg.ConstraintName]}}
	case pg.Code == "23505":
		return fmt.Errorf("%w: %s", desk.ErrConflict, pg.ConstraintName)
	case pg.Code == "22021": // bytes that no text holds name nothing
		return fmt.Errorf("%w: %s", desk.ErrNotFound, pg.Message)
	case pg.Code == "23503", pg.Code == "42501" && strings.Contains(pg.Message, "row-level security"):
		// Another desk's or another customer's id inside a form names nothing here.
		return fmt.Errorf("%w: %s", desk.ErrNotFound, pg.Message)
	}
	return err
}

var taken = map[string]desk.Problem{
	"desks_slug_key":   {Field: "slug", Key: "error.taken"},
	"customers_tenant": {Field: "tenant", Key: "error.tenant_taken"},
	"customers_name":   {Field: "name", Key: "error.taken"},
	"people_email":     {Field: "email", Key: "error.taken"},

	"partner_plans_name": {Field: "name", Key: "error.taken"},

	"provider_links_pair":     {Field: "slug", Key: "error.handoff.linked"},
	"provider_links_customer": {Field: "customer", Key: "error.handoff.customer"},

	"incident_files_request": {Field: "request", Key: "error.request_taken"},

	"escalations_request": {Field: "request", Key: "error.escalation.request_taken"},

	"subcontractors_tenant": {Field: "tenant", Key: "error.subcontractor.tenant_taken"},
	"subcontractors_name":   {Field: "name", Key: "error.taken"},
}

// orNull writes an absent reference as null.
func orNull(id desk.ID) *desk.ID {
	if id == desk.Nobody {
		return nil
	}
	return &id
}

// pgInfinity sorts after every time.
var pgInfinity = pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
