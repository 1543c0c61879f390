package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"guichet/migrations"
)

// Migrate brings the schema up to date as the owning role, under a session lock
// so that two replicas starting at once do it once. It returns how many of our
// migrations ran.
func Migrate(ctx context.Context, ownerURL string) (int, error) {
	db, err := sql.Open("pgx", ownerURL)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithSessionLocker(locker))
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), migrateJobs(ctx, ownerURL)
}

// migrateJobs keeps the job queue's own tables in their own schema.
func migrateJobs(ctx context.Context, ownerURL string) error {
	pool, err := pgxpool.New(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, "create schema if not exists "+JobSchema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: JobSchema})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	_, err = pool.Exec(ctx, `grant usage on schema river to guichet_app;
		grant select, insert, update, delete on all tables in schema river to guichet_app;
		grant usage, select, update on all sequences in schema river to guichet_app`)
	return err
}

// Vacuum tidies tables that have just grown, and brings the planner's
// statistics up to date. Only their owner may.
func Vacuum(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, `vacuum (analyze) customers, people, tickets, messages, findings, decisions, events`)
	return err
}

// ErrTooStrong is a serving role that could see through row-level security.
var ErrTooStrong = errors.New("the database role is too strong to serve")

// CheckRole refuses to serve as a role that row-level security does not hold:
// a superuser, one that bypasses it, a member of the owner, or the owner of any
// table. It also refuses a protected schema that is not protected.
func (db *DB) CheckRole(ctx context.Context) error {
	var role string
	var super, bypass, owns, member bool
	err := db.pool.QueryRow(ctx, `select current_user, r.rolsuper, r.rolbypassrls,
		exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname in ('public', 'river', 'numbers') and c.relowner = r.oid),
		exists (select from pg_roles o where o.rolname = 'guichet_owner' and pg_has_role(r.oid, o.oid, 'member'))
		from pg_roles r where r.rolname = current_user`).Scan(&role, &super, &bypass, &owns, &member)
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}
	for _, c := range []struct {
		wrong bool
		why   string
	}{
		{super, "is a superuser"}, {bypass, "bypasses row-level security"}, {owns, "owns tables"}, {member, "is a member of guichet_owner"},
	} {
		if c.wrong {
			return fmt.Errorf("%w: %q %s; connect as guichet_app", ErrTooStrong, role, c.why)
		}
	}
	return db.checkProtection(ctx)
}

func (db *DB) checkProtection(ctx context.Context) error {
	var open string
	err := db.pool.QueryRow(ctx, `select coalesce(string_agg(c.relname, ', '), '') from pg_class c
		join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'desk_id' and not a.attisdropped
		where n.nspname = 'public' and c.relkind = 'r' and not c.relrowsecurity`).Scan(&open)
	if err != nil {
		return fmt.Errorf("protection: %w", err)
	}
	if open != "" {
		return fmt.Errorf("%w: tables without row-level security: %s", ErrTooStrong, open)
	}
	return nil
}

// Migrated tells whether the tables are there. The serving role cannot read
// the migration table, so it looks for the last of ours and of the job queue.
func (db *DB) Migrated(ctx context.Context) (bool, error) {
	var ok bool
	err := db.pool.QueryRow(ctx, `select to_regclass('public.tickets') is not null and to_regclass('river.river_job') is not null`).Scan(&ok)
	return ok, err
}
