package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

var desksTablesOfTests = []string{"customers", "people", "sign_in_links", "rulesets", "ruleset_drafts", "tickets", "followers", "messages", "findings", "decisions", "corrections", "events",
	"subcontractors", "blocks", "timers", "time_entries", "draws", "charges", "statements", "statement_numbers",
	"daily_figures", "hourly_tickets", "daily_work", "monthly_figures", "monthly_customers", "monthly_tickets", "monthly_work", "rolled_up"}

// The second wall, with the first one gone: SQL that names no desk at all.
func TestForgottenClausesReachTheScopeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	for _, table := range desksTablesOfTests {
		w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
			if all, mine := counted(t, tx, table, "true"), counted(t, tx, table, "desk_id = '"+w.one.desk.ID.String()+"'"); all == 0 || all != mine {
				t.Errorf("%s: a desk sees %d rows, %d of them its own", table, all, mine)
			}
			return nil
		})
	}
	want := map[string]int{"customers": 1, "people": 5, "sign_in_links": 0, "rulesets": 1, "ruleset_drafts": 0, "tickets": 1, "followers": 1,
		"messages": 1, "findings": 0, "decisions": 0, "corrections": 0, "events": 1, "subcontractors": 0,
		"blocks": 1, "timers": 0, "time_entries": 0, "draws": 0, "charges": 1, "statements": 1, "statement_numbers": 0} // people: three of the company, two of the desk
	for table, n := range want {
		w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
			if got := counted(t, tx, table, "true"); got != n {
				t.Errorf("%s: a customer sees %d rows, want %d", table, got, n)
			}
			return nil
		})
	}
}

func TestForgottenClausesWriteNothingOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	super := w.superuser(t)
	i := intruder{who: w.one.first.contact, at: w.one, theirs: w.one.second, desk: w.two}
	before := everything(t, super, i)
	for _, sql := range []string{
		`update tickets set subject = 'x'`, `delete from tickets where customer_id <> '` + i.at.first.ID.String() + `'`,
		`update messages set body = 'x'`, `update people set role = 'admin', customer_id = null`, `update customers set name = 'x'`,
		`update blocks set minutes = 100000`, `update charges set state = 'waived', statement_id = null`, `update statements set seq = 99`, `delete from charges`, `delete from time_entries`,
		`delete from followers`, `delete from events`, `update tickets set customer_id = '` + i.theirs.ID.String() + `'`,
		`insert into messages (id, ticket_id, customer_id, author_id, side, body, created_at) select gen_random_uuid(), '` + i.theirs.ticket.ID.String() + `', '` +
			i.theirs.ID.String() + `', '` + i.at.first.contact.ID.String() + `', 'customer', 'x', now()`,
	} {
		_ = w.db.Update(t.Context(), w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error { return exec(tx, sql) }) // refused or harmless
		if after := everything(t, super, i); after != before {
			t.Fatalf("%s changed another's rows:\n%s\n%s", sql, before, after)
		}
	}
	var role string
	if err := super.QueryRow(t.Context(), `select role from people where id = $1`, w.one.first.contact.ID).Scan(&role); err != nil || role != "contact" {
		t.Errorf("a contact made himself %s (%v)", role, err)
	}
}

// Integrity checks ignore row-level security, so that the keys themselves must
// carry the desk.
func TestForeignKeysCarryTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		return exec(tx, `update tickets set assignee_id = $1`, w.two.agent.ID)
	})
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's agent on a ticket: %v", err)
	}
	err = w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		k, m := ticket(t, w.one.first.contact, "x", desk.Nobody, tx.Now)
		k.Number, k.AssigneeID = 999, w.two.agent.ID
		tx.AddTicket(k)
		tx.AddMessage(m)
		return nil
	})
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a new ticket with another desk's agent: %v", err)
	}
}

// A pooler hands the last one's connection on.
func TestConnectionsKeepNoScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db, err := w.db.Traced(t.Context(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	scopes := []desk.Scope{w.one.scope(), w.one.scopeOf(w.one.first), w.two.scope()}
	for i, s := range scopes {
		end := errors.New("rolled back")
		for _, outcome := range []error{nil, end} {
			err := db.Update(t.Context(), s, func(tx *postgres.Tx) error {
				if n := counted(t, tx, "customers", "true"); n == 0 {
					t.Errorf("scope %d sees nothing", i)
				}
				return outcome
			})
			if !errors.Is(err, outcome) {
				t.Fatal(err)
			}
			var n int
			if err := db.Pool().QueryRow(t.Context(), `select (select count(*) from tickets) + (select count(*) from customers)`).Scan(&n); err != nil || n != 0 {
				t.Errorf("after scope %d the connection still sees %d rows (%v)", i, n, err)
			}
		}
	}
	if p, _, err := db.PersonNow(t.Context(), w.one.desk.ID, w.one.agent.ID); err != nil || p.ID != w.one.agent.ID {
		t.Errorf("the session's person: %v, %v", p, err)
	}
	var n int
	if err := db.Pool().QueryRow(t.Context(), `select count(*) from people`).Scan(&n); err != nil || n != 0 {
		t.Errorf("reading a session's person leaves %d people in sight (%v)", n, err)
	}
}

// A customer's scope left by one transaction must not narrow the next desk's.
func TestTheCustomerDoesNotOutliveHisTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db, err := w.db.Traced(t.Context(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 3 {
		for _, c := range []struct {
			scope desk.Scope
			want  int
		}{{w.one.scopeOf(w.one.first), 1}, {w.one.scope(), 2}} {
			err := db.View(t.Context(), c.scope, func(tx *postgres.Tx) error {
				if n := counted(t, tx, "tickets", "true"); n != c.want {
					t.Errorf("%d tickets, want %d", n, c.want)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestViewRefusesToWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.View(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.SaveCustomer(w.one.first.Customer) })
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "25006" {
		t.Errorf("a write inside View: %v", err)
	}
	err = w.db.View(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { tx.SaveTicket(w.one.first.ticket); return nil })
	if !errors.As(err, &pg) || pg.Code != "25006" {
		t.Errorf("a write put off inside View: %v", err)
	}
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late := errors.New("late")
	c := made(desk.NewCustomer(desk.CustomerSettings{Name: "Third", Relationship: desk.Direct}))
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddCustomer(c); err != nil {
			return err
		}
		return late
	})
	if !errors.Is(err, late) {
		t.Fatal(err)
	}
	err = w.db.View(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { _, err := tx.Customer(c.ID); return err })
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a customer of a transaction that failed: %v", err)
	}
}

// similar_tickets runs with its owner's rights: it tells a number, of the
// scope's desk only, and to nobody who stands in no scope.
func TestSimilarTicketsTellsANumberOfItsDeskOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.view(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error {
		f, err := tx.TriageMaterial(w.one.first.ticket)
		if err != nil || f.Similar != 1 || f.Version != 1 {
			t.Errorf("facts %+v (%v), want one similar ticket", f, err)
		}
		quiet := w.one.first.ticket
		quiet.Service = "Microsoft Teams"
		if f, err = tx.TriageMaterial(quiet); err != nil || f.Similar != 0 {
			t.Errorf("facts of another service %+v (%v)", f, err)
		}
		return nil
	})
	old := w.one.second.ticket
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		return exec(tx, `update tickets set created_at = $1 where id = $2`, tx.Now.Add(-2*time.Hour), old.ID)
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		f, err := tx.TriageMaterial(w.one.first.ticket)
		if err != nil || f.Similar != 0 {
			t.Errorf("facts %+v (%v): a ticket of two hours ago is no news", f, err)
		}
		return nil
	})
	var n int
	if err := w.db.Pool().QueryRow(t.Context(), `select similar_tickets('Exchange Online', gen_random_uuid(), '-infinity')`).Scan(&n); err != nil || n != 0 {
		t.Errorf("outside any desk it tells %d (%v)", n, err)
	}
}

// The serving role can make no table of its own to stand before ours.
func TestServingRoleCannotShadowTables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.Pool().Exec(t.Context(), `create table public.evil (a int)`)
	if err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("creating a table: %v", err)
	}
}

func counted(t *testing.T, tx *postgres.Tx, table, where string) int {
	t.Helper()
	rows, err := tx.Raw(`select count(*)::int from ` + table + ` where ` + where)
	if err != nil {
		t.Fatal(err)
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// An address can carry any bytes; those that no text holds name nothing.
func TestBytesThatAreNoTextNameNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, odd := range []string{"one\x00", "\xff\xfe"} {
		err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { _, err := tx.Desk(odd); return err })
		if !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the desk %q: %v", odd, err)
		}
		err = w.db.View(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { _, err := tx.PeopleByEmail(odd); return err })
		if !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the address %q: %v", odd, err)
		}
	}
}
