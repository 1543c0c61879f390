package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// RemoveDesk erases a desk with all that belongs to it, in one transaction, as the
// owner of the tables: the portal itself cannot. It tells whose files are to follow,
// and how many rows went. Errors: ErrNotFound.
func RemoveDesk(ctx context.Context, ownerURL, slug string) (id desk.ID, rows int64, err error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return id, 0, fmt.Errorf("remove desk: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select id from desks where slug = $1 for update`, slug).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return desk.ErrNotFound
		}
		if err != nil {
			return err
		}
		rows, err = removeDesk(ctx, tx, id)
		return err
	})
	return id, rows, err
}

// beside is what a desk has in tables that are not one desk's. How its people sign in
// goes unless they do so elsewhere too; what two desks share goes from both.
var beside = []string{
	`delete from sessions s using people p where p.desk_id = @desk and s.person_id = p.id`,
	`delete from handoff_items h where h.reseller_id = @desk or h.provider_id = @desk`,
	`delete from handoffs h where h.reseller_id = @desk or h.provider_id = @desk`,
	`delete from provider_links l where l.reseller_id = @desk or l.provider_id = @desk`,
	`delete from ` + JobSchema + `.river_job j where j.args ->> 'desk' = @desk::uuid::text and j.state <> 'running'`,
}

func removeDesk(ctx context.Context, tx pgx.Tx, id desk.ID) (rows int64, err error) {
	of := pgx.StrictNamedArgs{"desk": id}
	run := func(sql string, args pgx.StrictNamedArgs) error {
		tag, err := tx.Exec(ctx, sql, args)
		rows += tag.RowsAffected()
		return err
	}
	var identities []desk.ID
	err = tx.QueryRow(ctx, `select coalesce(array_agg(identity_id), '{}') from (
		select identity_id from people group by identity_id having bool_and(desk_id = @desk) and identity_id is not null) alone`, of).Scan(&identities)
	if err != nil {
		return 0, err
	}
	for _, sql := range beside {
		if err := run(sql, of); err != nil {
			return 0, err
		}
	}
	tables, err := childrenFirst(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, table := range tables {
		if err := run(`delete from `+pgx.Identifier{"public", table}.Sanitize()+` r where r.desk_id = @desk`, of); err != nil {
			return 0, fmt.Errorf("%s: %w", table, err)
		}
	}
	if err := run(`delete from identities where id = any(@identities)`, pgx.StrictNamedArgs{"identities": identities}); err != nil {
		return 0, err
	}
	if err := run(`delete from desks where id = @desk`, of); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `drop sequence if exists numbers.`+pgx.Identifier{id.String()}.Sanitize())
	return rows, err
}

// childrenFirst lists the tables of desks so that none comes before one whose rows
// name its own. Errors: tables that name each other in a circle.
func childrenFirst(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `select c.relname, coalesce(array_agg(distinct f.relname) filter (where f.relname is not null), '{}')
		from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
			join pg_attribute a on a.attrelid = c.oid and a.attname = 'desk_id' and not a.attisdropped
			left join pg_constraint k on k.confrelid = c.oid and k.contype = 'f' and k.conrelid <> c.oid
			left join pg_class f on f.oid = k.conrelid
		where c.relkind in ('r', 'p') group by c.relname order by c.relname`)
	if err != nil {
		return nil, err
	}
	named := map[string][]string{} // a table → those whose rows name its own
	var table string
	var by, order []string
	if _, err := pgx.ForEachRow(rows, []any{&table, &by}, func() error { named[table] = by; return nil }); err != nil {
		return nil, err
	}
	for len(named) > 0 {
		n := len(order)
		for table, by := range named {
			free := true
			for _, other := range by {
				_, waits := named[other]
				free = free && !waits
			}
			if free {
				order = append(order, table)
			}
		}
		for _, table := range order[n:] {
			delete(named, table)
		}
		if len(order) == n {
			return nil, fmt.Errorf("tables that name each other: %v", named)
		}
	}
	return order, nil
}
