package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Traced is the same database behind connections of its own, at most conns of
// them, that a tracer listens to.
func (db *DB) Traced(ctx context.Context, conns int32, tracer pgx.QueryTracer) (*DB, error) {
	cfg := db.pool.Config()
	cfg.MaxConns, cfg.ConnConfig.Tracer = conns, tracer
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &DB{pool, db.jobs, db.now, db.feed, db.wake}, nil
}

// Raw runs SQL in the transaction's scope as it is: what a query that forgot
// its desk would do.
func (t *Tx) Raw(sql string, args ...any) (pgx.Rows, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	if t.tx != nil {
		return t.tx.Query(t.ctx, sql, args...)
	}
	b := t.batch()
	t.later = nil
	b.Queue(sql, args...)
	sent := t.send.SendBatch(t.ctx, b)
	if _, err := sent.Exec(); err != nil {
		return nil, errors.Join(err, sent.Close())
	}
	rows, err := sent.Query()
	return answer{rows, sent}, err
}

// answer gives the connection back with its rows.
type answer struct {
	pgx.Rows
	sent pgx.BatchResults
}

func (a answer) Close() {
	a.Rows.Close()
	_ = a.sent.Close()
}

// Felt tells which argument of a statement says what ticket it touches, "" for one
// that touches none.
func Felt(sql string) (argument string) {
	table, _, _ := written(sql)
	return felt[table]
}
