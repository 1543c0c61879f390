package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/demo"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

func TestCheckRoleRefusesTheStrong(t *testing.T) {
	t.Parallel()
	owner, serving := testbed.Empty(t)
	super, err := demo.TestServer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	database := parsed(t, owner).Path
	c, err := pgx.Connect(t.Context(), within(t, super, database, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	role := func(kind, more string) string {
		name := fmt.Sprintf("guichet_%s_%s", kind, strings.TrimPrefix(database, "/guichet_test_"))
		if _, err := c.Exec(t.Context(), fmt.Sprintf(`create role %[1]s login password 'x' %[2]s`, name, more)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dropRole(t, within(t, super, database, nil), name) })
		return within(t, super, database, url.UserPassword(name, "x"))
	}
	bypass, member := role("bypass", "bypassrls"), role("member", "in role guichet_owner")
	holder := role("holder", "")
	if _, err := c.Exec(t.Context(), "alter table identities owner to "+parsed(t, holder).User.Username()); err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"a superuser": within(t, super, database, nil), "the owner": owner,
		"one that bypasses row security": bypass, "a member of the owner": member, "an owner of one table": holder} {
		if err := check(t, address); !errors.Is(err, postgres.ErrTooStrong) {
			t.Errorf("%s may serve: %v", name, err)
		}
	}
	if err := check(t, serving); err != nil {
		t.Errorf("guichet_app may not serve: %v", err)
	}
	if _, err := c.Exec(t.Context(), "alter table findings disable row level security"); err != nil {
		t.Fatal(err)
	}
	if err := check(t, serving); !errors.Is(err, postgres.ErrTooStrong) || !strings.Contains(err.Error(), "findings") {
		t.Errorf("an open table goes unseen: %v", err)
	}
}

func check(t *testing.T, address string) error {
	t.Helper()
	db, err := postgres.Open(t.Context(), address, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return db.CheckRole(t.Context())
}

func dropRole(t *testing.T, super, name string) {
	ctx := context.WithoutCancel(t.Context()) // the test has ended
	conn, err := pgx.Connect(ctx, super)
	if err != nil {
		t.Log(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, fmt.Sprintf("reassign owned by %[1]s to guichet_owner; drop role %[1]s", name)); err != nil {
		t.Log(err)
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// within is a server's address for a database, as a user when one is given.
func within(t *testing.T, server, database string, user *url.Userinfo) string {
	t.Helper()
	u := parsed(t, server)
	u.Path = database
	if user != nil {
		u.User = user
	}
	return u.String()
}
