package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Names of the database and of its two roles: the owner runs migrations, the
// app serves and owns nothing, so that row level security binds it.
const (
	databaseName = "guichet"
	ownerRole    = "guichet_owner"
	appRole      = "guichet_app"
)

// ErrPostgresInUse says that another live process holds the Postgres of the
// same state directory.
var ErrPostgresInUse = errors.New("the Postgres of this state directory is in use by another process")

// PostgresOption changes how a private Postgres is started.
type PostgresOption func(*cluster)

// Fast trades durability for speed: a crash of the machine may lose or spoil
// the data. Only for data that can be made again.
func Fast() PostgresOption {
	return func(c *cluster) { c.fast = true }
}

// StartPostgres starts the private Postgres kept under the state directory
// dir, making it first when there is none, and returns the connection URLs of
// the role that owns the database and of the role that serves.
//
// It takes the machine's own Postgres 15 or later, and downloads one only
// where the machine has none. Run as root it starts Postgres as the user
// postgres, or nobody, since Postgres refuses root; when that user cannot
// reach dir, the data are kept under /var/lib/guichet-demo instead.
//
// A server left behind by a process that crashed is adopted. While another
// live process holds it the error is [ErrPostgresInUse]. stop shuts the server
// down and keeps the data; it may be called more than once.
func StartPostgres(ctx context.Context, dir string, options ...PostgresOption) (ownerURL, appURL string, stop func() error, err error) {
	c, err := openCluster(dir, options...)
	if err != nil {
		return "", "", nil, err
	}
	if err := c.tryLock(); err != nil {
		return "", "", nil, err
	}
	stop = sync.OnceValue(func() error {
		return errors.Join(c.stop(), c.unlock())
	})
	if err := c.start(ctx); err != nil {
		return "", "", nil, errors.Join(err, c.unlock())
	}
	if err := c.createDatabase(ctx); err != nil {
		return "", "", nil, errors.Join(err, stop())
	}
	return c.url(ownerRole, c.state.Owner, databaseName), c.url(appRole, c.state.App, databaseName), stop, nil
}

// SharePostgres is [StartPostgres] for a visitor: a server that another live
// process holds is used beside it, and stop then leaves it running.
func SharePostgres(ctx context.Context, dir string) (ownerURL, appURL string, stop func() error, err error) {
	ownerURL, appURL, stop, err = StartPostgres(ctx, dir)
	if !errors.Is(err, ErrPostgresInUse) {
		return ownerURL, appURL, stop, err
	}
	c, err := openCluster(dir)
	if err != nil {
		return "", "", nil, err
	}
	defer c.unlock()
	if err := c.load(); err != nil {
		return "", "", nil, err
	}
	if _, c.port = c.postmaster(); c.port == 0 {
		return "", "", nil, fmt.Errorf("%w, and has not started it yet: %s", ErrPostgresInUse, dir)
	}
	return c.url(ownerRole, c.state.Owner, databaseName), c.url(appRole, c.state.App, databaseName), func() error { return nil }, nil
}

// createDatabase makes the roles and the database where they are missing, and
// sets the roles' passwords and limits again each time.
func (c *cluster) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.superuserURL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the private Postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))

	for role, password := range map[string]string{ownerRole: c.state.Owner, appRole: c.state.App} {
		if err := ensure(ctx, conn, "select 1 from pg_roles where rolname = $1", role, "create role "+role); err != nil {
			return err
		}
		// The password is our own hexadecimal text, so it needs no quoting.
		limits := fmt.Sprintf("alter role %s login nosuperuser nobypassrls nocreaterole nocreatedb password '%s'", role, password)
		if _, err := conn.Exec(ctx, limits); err != nil {
			return fmt.Errorf("set up role %s: %w", role, err)
		}
	}
	err = ensure(ctx, conn, "select 1 from pg_database where datname = $1", databaseName, "create database "+databaseName+" owner "+ownerRole)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "revoke all on database "+databaseName+" from public; grant connect on database "+databaseName+" to "+appRole)
	if err != nil {
		return fmt.Errorf("grant access to the database: %w", err)
	}
	return nil
}

// ensure runs create when the query finds no row for name.
func ensure(ctx context.Context, conn *pgx.Conn, query, name, create string) error {
	var one int
	err := conn.QueryRow(ctx, query, name).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		_, err = conn.Exec(ctx, create)
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	return nil
}

func (c *cluster) superuserURL(database string) string {
	return c.url("postgres", c.state.Superuser, database)
}

// url is a connection URL for a role of the running server. There is no TLS:
// the server listens on the loopback address only.
func (c *cluster) url(role, password, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, password),
		Host:     fmt.Sprintf("127.0.0.1:%d", c.port),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}
