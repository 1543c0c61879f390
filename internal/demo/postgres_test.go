package demo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestStartPostgresKeepsDataAndRoles(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	ownerURL, _, stop := startPostgres(t, dir)
	selectOne[any](t, ownerURL, "create table kept (word text)")
	selectOne[any](t, ownerURL, "insert into kept values ('École')")
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	ownerURL, appURL, _ := startPostgres(t, dir)
	if got := selectOne[string](t, ownerURL, "select lower(upper(word)) from kept"); got != "école" {
		t.Errorf("kept word, folded = %q", got)
	}
	if got := selectOne[string](t, ownerURL, "show fsync"); got != "on" {
		t.Errorf("fsync = %s for data worth keeping", got)
	}
	if got := selectOne[string](t, appURL, "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"); got != "guichet_owner" {
		t.Errorf("database belongs to %s", got)
	}
	if selectOne[bool](t, appURL, "select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user") {
		t.Error("the serving role is stronger than row level security")
	}
	_, err := trySelect[string](t, appURL, "select word from kept")
	if denied := new(pgconn.PgError); !errors.As(err, &denied) || denied.Code != "42501" {
		t.Errorf("app reads the owner's table: %v", err)
	}
}

func TestStartPostgresGuardsPasswords(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	ownerURL, _, _ := startPostgres(t, dir, Fast())
	info, err := os.Stat(filepath.Join(dir, "postgres.json"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("passwords are kept under mode %v", info.Mode().Perm())
	}
	config, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		t.Fatal(err)
	}
	config.Password = "wrong"
	_, err = pgx.ConnectConfig(t.Context(), config)
	if denied := new(pgconn.PgError); !errors.As(err, &denied) || denied.Code != "28P01" {
		t.Errorf("a wrong password is answered with %v", err)
	}
}

func TestStartPostgresRefusesASecondHolder(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	ownerURL, _, stop := startPostgres(t, dir, Fast())
	if _, _, _, err := StartPostgres(t.Context(), dir); !errors.Is(err, ErrPostgresInUse) {
		t.Fatalf("second start: %v", err)
	}
	if got := selectOne[int](t, ownerURL, "select 1"); got != 1 {
		t.Error("the refused start disturbed the first")
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Errorf("second stop: %v", err)
	}
}

func TestStartPostgresAdoptsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	left := abandon(t, dir)
	ownerURL, _, stop := startPostgres(t, dir, Fast())
	if pid, _ := left.postmaster(); pid == 0 || !strings.Contains(ownerURL, ":"+strconv.Itoa(left.port)+"/") {
		t.Errorf("server %d on port %d was not adopted: %s", pid, left.port, ownerURL)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if pid, _ := left.postmaster(); pid != 0 {
		t.Error("the adopted server outlived stop")
	}
}

func TestStartPostgresClearsAStalePid(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	left := abandon(t, dir)
	pid, _ := left.postmaster()
	raw, err := os.ReadFile(left.pidPath())
	if err != nil {
		t.Fatal(err)
	}
	// After SIGKILL the file stays; its number then goes to another process
	// of the same user, for which this test's own will do.
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := waitForExit(pid); err != nil {
		t.Fatal(err)
	}
	reused := strings.Replace(string(raw), strconv.Itoa(pid), strconv.Itoa(os.Getpid()), 1)
	if err := left.user.writeFile(left.pidPath(), reused); err != nil {
		t.Fatal(err)
	}
	ownerURL, _, _ := startPostgres(t, dir, Fast())
	if got := selectOne[int](t, ownerURL, "select 1"); got != 1 {
		t.Errorf("select 1 = %d", got)
	}
}

func TestStartPostgresUnderAPrivateDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root has to hand the data to another user")
	}
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(outsideHome(dir)) })

	ownerURL, _, stop := startPostgres(t, dir, Fast())
	selectOne[any](t, ownerURL, "create table forgotten (n int)")
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	ownerURL, _, _ = startPostgres(t, dir, Fast())
	selectOne[any](t, ownerURL, "select * from forgotten")
	abandoned := &cluster{home: outsideHome(dir)}
	before, _ := abandoned.postmaster()

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	ownerURL, _, _ = startPostgres(t, dir, Fast())
	if _, err := trySelect[any](t, ownerURL, "select * from forgotten"); err == nil {
		t.Error("data outlived their state directory")
	}
	if after, _ := abandoned.postmaster(); before == 0 || before == after {
		t.Errorf("server %d was not replaced: %d", before, after)
	}
}

func TestStartPostgresFindsNoPasswords(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "postgres", "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, _, _, err := StartPostgres(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "postgres.json") {
		t.Errorf("error does not name the missing file: %v", err)
	}
}

// stateDir is a directory that the server's user can reach, unlike TempDir.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "guichet-state-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startPostgres(t *testing.T, dir string, options ...PostgresOption) (ownerURL, appURL string, stop func() error) {
	t.Helper()
	ownerURL, appURL, stop, err := StartPostgres(t.Context(), dir, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop() })
	return ownerURL, appURL, stop
}

// abandon leaves a running server behind, as a process that crashed does.
func abandon(t *testing.T, dir string) *cluster {
	t.Helper()
	c, err := openCluster(dir, Fast())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.unlock(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.quit() })
	return c
}

func selectOne[T any](t *testing.T, url, sql string) T {
	t.Helper()
	got, err := trySelect[T](t, url, sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

// trySelect returns the first column of the first row, or the zero value when there
// is none.
func trySelect[T any](t *testing.T, url, sql string) (got T, err error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return got, err
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		return got, err
	}
	got, err = pgx.CollectOneRow(rows, pgx.RowTo[T])
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return got, err
}
