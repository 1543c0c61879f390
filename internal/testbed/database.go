// Package testbed gives tests the real thing: a database cloned from a migrated
// template, served by the role that serves in production. Only tests use it.
package testbed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/postgres"
	"guichet/migrations"
)

// password of the two roles of the test server, which listens on this machine
// only and holds nothing.
const password = "testbed"

// Empty is a migrated database without a desk, for this test alone. It returns
// the addresses of the owning and of the serving role.
func Empty(t testing.TB) (owner, serving string) {
	return clone(t, "guichet_template_"+schemaHash(t), func(ctx context.Context, owner, _ string) error {
		_, err := postgres.Migrate(ctx, owner)
		return err
	})
}

// Loaded is a database with the demo desks, for this test alone.
func Loaded(t testing.TB) (owner, serving string) {
	return clone(t, "guichet_demo_"+schemaHash(t), func(ctx context.Context, owner, serving string) error {
		if _, err := postgres.Migrate(ctx, owner); err != nil {
			return err
		}
		db, err := postgres.Open(ctx, serving, 2)
		if err != nil {
			return err
		}
		defer db.Close()
		return demo.Load(ctx, db, sealer(), func(int, int) {})
	})
}

func sealer() app.Sealer {
	s, err := app.NewSealer([]byte(SecretKey))
	if err != nil {
		panic(err)
	}
	return s
}

// SecretKey seals what the demo desks keep secret.
const SecretKey = "thirty-two bytes only for tests!"

// schemaHash names a template by what makes it: the migrations, and for the
// demo's the day, as its tickets are some minutes to some weeks old.
func schemaHash(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, err := migrations.Files.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	h.Write([]byte(processStart))
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// processStart makes each test binary build its own template: code that fills
// one may have changed since the last run.
var processStart = uuid.NewString()

func clone(t testing.TB, template string, fill func(ctx context.Context, owner, serving string) error) (owner, serving string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	super, err := demo.TestServer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, super)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	prepared.Lock()
	if !prepared.templates[template] {
		err = prepare(ctx, conn, super, template, fill)
		prepared.templates[template] = err == nil
	}
	prepared.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	name := "guichet_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := conn.Exec(ctx, fmt.Sprintf("create database %s template %s owner guichet_owner strategy file_copy", name, template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, super, name) })
	return as(super, "guichet_owner", name), as(super, "guichet_app", name)
}

// prepared are the templates that this process knows to be there.
var prepared = struct {
	sync.Mutex
	templates map[string]bool
}{templates: map[string]bool{}}

// prepare makes the roles and the template once, however many processes ask.
func prepare(ctx context.Context, conn *pgx.Conn, super, template string, fill func(ctx context.Context, owner, serving string) error) error {
	const lock = 7_331_420
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, lock); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, lock) //nolint:errcheck // closing the connection unlocks too
	for _, role := range []string{"guichet_owner", "guichet_app"} {
		_, err := conn.Exec(ctx, fmt.Sprintf(`do $$ begin
			if not exists (select from pg_roles where rolname = '%[1]s') then create role %[1]s login nosuperuser nobypassrls password '%[2]s'; end if; end $$;
			alter role %[1]s password '%[2]s'`, role, password))
		if err != nil {
			return err
		}
	}
	var done bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, template).Scan(&done); err != nil || done {
		return err
	}
	if err := sweep(ctx, conn); err != nil {
		return err
	}
	making := template + "_making"
	if _, err := conn.Exec(ctx, "drop database if exists "+making+" with (force)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "create database "+making+" owner guichet_owner"); err != nil {
		return err
	}
	if err := fill(ctx, as(super, "guichet_owner", making), as(super, "guichet_app", making)); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, fmt.Sprintf("alter database %s rename to %s", making, template))
	return err
}

// sweep drops what earlier runs left: their templates, which outlive each of
// their tests, and databases of tests that were killed.
func sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `select datname from pg_database where datname ~ '^guichet_(template|demo|test)_'
		and (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 hour'`)
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, err := conn.Exec(ctx, "drop database if exists "+name+" with (force)"); err != nil {
			return err
		}
	}
	return nil
}

func as(super, role, database string) string {
	u, err := url.Parse(super)
	if err != nil {
		panic(err)
	}
	u.User, u.Path = url.UserPassword(role, password), "/"+database
	return u.String()
}

func drop(t testing.TB, super, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, super)
	if err != nil {
		t.Log(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "drop database if exists "+name+" with (force)"); err != nil {
		t.Log(err)
	}
}
