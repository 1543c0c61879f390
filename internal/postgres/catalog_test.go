package postgres_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

// standard is what protect() writes: the bare expression, which serves as an
// index condition, in both halves.
const standard = `(desk_id = (NULLIF(current_setting('app.desk_id'::text, true), ''::text))::uuid)`

// global names the tables that belong to no desk. Add to it only what every
// desk may know of every other, or what its own policies hold to two desks.
var global = []string{"desks", "goose_db_version", "handoff_items", "handoffs", "identities", "provider_links", "sessions"}

func TestEveryTableIsADesksOrNamedGlobal(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	got := names(t, c, `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind in ('r', 'p', 'm', 'v') and not exists (
			select from pg_attribute a where a.attrelid = c.oid and a.attname = 'desk_id') order by 1`)
	if !slices.Equal(got, global) {
		t.Errorf("tables without a desk: %q, named global: %q", got, global)
	}
	schemas := names(t, c, `select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`)
	if want := []string{"numbers", "public", "river"}; !slices.Equal(schemas, want) {
		t.Errorf("schemas %q, want %q", schemas, want)
	}
}

func TestEveryDesksTableHasTheStandardPolicy(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for _, table := range desksTables(t, c) {
		var secured, forced, nullable bool
		var using, check, kind string
		err := c.QueryRow(t.Context(), `select c.relrowsecurity, c.relforcerowsecurity, not a.attnotnull
			from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'desk_id' where c.oid = $1::regclass`, table).Scan(&secured, &forced, &nullable)
		if err != nil || !secured || forced || nullable {
			t.Errorf("%s: row security enabled %v and forced %v, desk may be null %v (%v)", table, secured, forced, nullable, err)
		}
		err = c.QueryRow(t.Context(), `select coalesce(qual, ''), coalesce(with_check, ''), permissive || ' ' || cmd || ' ' || roles::text
			from pg_policies where schemaname = 'public' and tablename = $1 and policyname = 'desk'`, table).Scan(&using, &check, &kind)
		if err != nil {
			t.Errorf("%s: policy: %v", table, err)
		}
		if using != standard || check != standard || kind != "PERMISSIVE ALL {public}" {
			t.Errorf("%s: policy %s using %s with check %s", table, kind, using, check)
		}
	}
	// A second permissive policy would widen the first.
	if wide := names(t, c, `select tablename || '.' || policyname from pg_policies where permissive = 'PERMISSIVE' and policyname <> 'desk'`); len(wide) > 0 {
		t.Errorf("permissive policies beside the standard one: %q", wide)
	}
}

// A customer's person is held by a second policy on all that carries his
// company, and on what his company must never know of.
func TestEveryTableIsWalledBetweenCustomers(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	// Read by a customer's own triage; counted by whoever reads help.
	desksOwn := []string{"rulesets", "hint_models", "offers", "article_days"}
	for _, table := range desksTables(t, c) {
		walled := names(t, c, `select cmd from pg_policies where schemaname = 'public' and tablename = $1 and permissive = 'RESTRICTIVE' and qual || coalesce(with_check, '') ~ 'app.customer_id'
			union select cmd from pg_policies where schemaname = 'public' and tablename = $1 and permissive = 'RESTRICTIVE' and cmd = 'INSERT' and with_check ~ 'app.customer_id' order by 1`, table)
		whole := slices.Equal(walled, []string{"ALL"}) || slices.Equal(walled, []string{"DELETE", "INSERT", "SELECT", "UPDATE"})
		if !whole && !slices.Contains(desksOwn, table) {
			t.Errorf("%s: customers are walled off for %q only", table, walled)
		}
	}
}

// A subcontractor's person is held by a third policy on every table: on what
// hangs on a customer by what is given to his company. Add to the list only what
// hangs on a customer and may be read by all who work for the desk.
func TestEveryTableIsWalledFromSubcontractors(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	var open []string // none so far
	for _, table := range desksTables(t, c) {
		walled := names(t, c, `select cmd from pg_policies where schemaname = 'public' and tablename = $1 and permissive = 'RESTRICTIVE' and policyname like 'subcontractor\_%'
			and coalesce(qual, with_check) ~ 'app.subcontractor_id' and coalesce(with_check, qual) ~ 'app.subcontractor_id' group by cmd order by cmd`, table)
		if !slices.Equal(walled, []string{"DELETE", "INSERT", "SELECT", "UPDATE"}) {
			t.Errorf("%s: subcontractors are walled off for %q only: say select protect_subcontractor('%s')", table, walled, table)
		}
		loose := names(t, c, `select policyname from pg_policies where schemaname = 'public' and tablename = $1 and policyname in ('subcontractor_read', 'subcontractor_add', 'subcontractor_change')
			and coalesce(with_check, qual) !~ 'ticket_in_sight|app.customers|ELSE false|subcontractor_id = '
			and exists (select from pg_attribute where attrelid = $1::regclass and attname in ('customer_id', 'ticket_id'))`, table)
		if len(loose) > 0 && !slices.Contains(open, table) {
			t.Errorf("%s hangs on a customer, and %q do not ask whether he is given", table, loose)
		}
	}
}

func TestEveryKeyBeginsWithTheDesk(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	for _, table := range desksTables(t, c) {
		keys := names(t, c, `select i.indexrelid::regclass::text || ': ' || coalesce((select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]), '(expression)')
			from pg_index i where i.indrelid = $1::regclass and i.indisunique`, table)
		if len(keys) == 0 {
			t.Errorf("%s has no key", table)
		}
		for _, key := range keys {
			if !strings.HasSuffix(key, ": desk_id") {
				t.Errorf("%s: unique %s comes before the desk", table, key)
			}
		}
		var primary bool
		if err := c.QueryRow(t.Context(), `select exists (select from pg_index where indrelid = $1::regclass and indisprimary)`, table).Scan(&primary); err != nil || !primary {
			t.Errorf("%s has no primary key (%v)", table, err)
		}
		loose := names(t, c, `select conname::text from pg_constraint k where k.conrelid = $1::regclass and k.contype = 'f'
			and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'desk_id')
			and not ((select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) = 'desk_id'
				and (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) = 'desk_id')`, table)
		if len(loose) > 0 {
			t.Errorf("%s: foreign keys %q could name another desk's row", table, loose)
		}
	}
}

func TestServingRoleOwnsNothing(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	var strong bool
	err := c.QueryRow(t.Context(), `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = 'guichet_app'`).Scan(&strong)
	if err != nil || strong {
		t.Errorf("guichet_app is strong: %v (%v)", strong, err)
	}
	if owned := names(t, c, `select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'guichet_app'
		union all select p.oid::regprocedure::text from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname = 'guichet_app'`); len(owned) > 0 {
		t.Errorf("guichet_app owns %q", owned)
	}
	// What runs with its owner's rights is named here, each with its own test.
	definers := names(t, c, `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('public', 'numbers') and p.prosecdef order by 1`)
	if want := []string{"add_search_texts", "add_search_words", "crosses_desks", "desk_of_sender", "desks_owing_letters", "desks_to_poll", "desks_to_remind", "desks_to_warn", "desks_to_watch", "desks_with_mailbox", "due_webhooks", "handed_files", "open_numbers", "renew_search_texts", "search_hits", "seen_elsewhere", "sender_domain_free", "similar_tickets", "stale_search", "stale_search_texts", "tell_webhooks", "tenant_contested", "token_bearer"}; !slices.Equal(definers, want) {
		t.Errorf("security definer functions %q, want %q", definers, want)
	}
	for _, f := range names(t, c, `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('public', 'numbers') and p.prosecdef and (p.proconfig is null or not p.proconfig::text ~ 'search_path')`) {
		t.Errorf("%s runs with its owner's rights on a search path of its caller's", f)
	}
	for _, granted := range names(t, c, `select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname = 'public' and p.prosecdef and has_function_privilege('public', p.oid, 'execute')`) {
		t.Errorf("%s may be called by everybody", granted)
	}
	if locked := names(t, c, `select c.relname || ' ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(array['truncate', 'references', 'trigger']) p
		where n.nspname = 'public' and c.relkind = 'r' and has_table_privilege('guichet_app', c.oid, p)`); len(locked) > 0 {
		t.Errorf("guichet_app may %q", locked) // truncate passes by row security
	}
}

func TestRulesetsAreImmutable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, sql := range []string{`update rulesets set rules = '[]'`, `delete from rulesets`} {
		err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return exec(tx, sql) })
		if err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v, want permission denied", sql, err)
		}
	}
}

func TestMigrateTwiceDoesNothing(t *testing.T) {
	t.Parallel()
	owner, serving := testbed.Empty(t)
	if n, err := postgres.Migrate(t.Context(), owner); n != 0 || err != nil {
		t.Errorf("a second run applied %d migrations (%v)", n, err)
	}
	db, err := postgres.Open(t.Context(), serving, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if ready, err := db.Migrated(t.Context()); !ready || err != nil {
		t.Errorf("migrated: %v, %v", ready, err)
	}
}

func TestAScopeNeedsADesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ran := false
	err := w.db.View(t.Context(), desk.Scope{Customer: w.one.first.ID}, func(*postgres.Tx) error { ran = true; return nil })
	if err == nil || ran {
		t.Errorf("a transaction without a desk ran: %v, %v", ran, err)
	}
}

func catalog(t *testing.T) *pgx.Conn {
	t.Helper()
	owner, _ := testbed.Empty(t)
	c, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func desksTables(t *testing.T, c *pgx.Conn) []string {
	t.Helper()
	tables := names(t, c, `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'desk_id'
		where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`)
	if len(tables) < 10 {
		t.Fatalf("only %q belong to desks", tables)
	}
	return tables
}

func names(t *testing.T, c *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := c.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func exec(tx *postgres.Tx, sql string, args ...any) error {
	rows, err := tx.Raw(sql, args...)
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}
