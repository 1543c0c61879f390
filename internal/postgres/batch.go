package postgres

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"guichet/internal/desk"
)

type args map[string]any

// named adds the desk to a query's arguments, so that no verb passes it by hand.
func (t *Tx) named(a args) pgx.StrictNamedArgs {
	n := make(pgx.StrictNamedArgs, len(a)+1)
	for k, v := range a {
		n[k] = v
	}
	n["desk"] = t.Scope.Desk
	return n
}

// batch is what the next flush sends.
func (t *Tx) batch() *pgx.Batch {
	if t.later == nil {
		t.later = &pgx.Batch{}
		if t.tx == nil {
			customer := ""
			if t.Scope.Customer != desk.Nobody {
				customer = t.Scope.Customer.String()
			}
			if c := t.Scope.Subcontractor; c != nil {
				t.later.Queue(readScope+readGiven, t.Scope.Desk.String(), customer, c.ID.String(), givenCustomers(*c), givenServices(*c))
			} else {
				t.later.Queue(readScope, t.Scope.Desk.String(), customer)
			}
		}
	}
	return t.later
}

// write puts a statement off until the next read or the commit: statements
// that answer nothing share one round trip.
func (t *Tx) write(sql string, a args) { t.queue(sql, a) }

// queue puts a statement into the batch that the next flush sends.
func (t *Tx) queue(sql string, a args) *pgx.QueuedQuery {
	if t.news != nil {
		t.feel(sql, a)
	}
	return t.batch().Queue(sql, t.named(a))
}

func (t *Tx) flush() error {
	if t.later == nil {
		return nil
	}
	b := t.later
	t.later = nil
	return translate(t.send.SendBatch(t.ctx, b).Close())
}

// exec runs a statement now and tells how many rows it touched.
func (t *Tx) exec(sql string, a args) (n int64, err error) {
	t.queue(sql, a).Exec(func(tag pgconn.CommandTag) error {
		n = tag.RowsAffected()
		return nil
	})
	return n, t.flush()
}

// ask puts a read into the batch that the next flush sends.
func ask[T any](t *Tx, into *[]T, sql string, a args) {
	collect(t, into, sql, a, pgx.RowToStructByName[T])
}

func collect[T any](t *Tx, into *[]T, sql string, a args, row pgx.RowToFunc[T]) {
	t.queue(sql, a).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, row)
		return err
	})
}

func many[T any](t *Tx, sql string, a args) (list []T, err error) {
	ask(t, &list, sql, a)
	return list, t.flush()
}

func one[T any](t *Tx, sql string, a args) (T, error) {
	list, err := many[T](t, sql, a)
	return only(list, err)
}

func scalars[T any](t *Tx, sql string, a args) (list []T, err error) {
	collect(t, &list, sql, a, pgx.RowTo[T])
	return list, t.flush()
}

func scalar[T any](t *Tx, sql string, a args) (T, error) {
	list, err := scalars[T](t, sql, a)
	return only(list, err)
}

// only is the one row of an answer. Errors: ErrNotFound when there is none.
func only[T any](list []T, err error) (T, error) {
	var zero T
	switch {
	case err != nil:
		return zero, err
	case len(list) == 0:
		return zero, desk.ErrNotFound
	case len(list) > 1:
		return zero, pgx.ErrTooManyRows
	}
	return list[0], nil
}
