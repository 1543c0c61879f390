package demo

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// A cluster is one private Postgres: a directory of data, the state that
// remembers its passwords, and the server when it runs.
//
// In the state directory are postgres.lock, held by the process that uses the
// server, and postgres.json, readable by its owner only. The home, which
// belongs to the user that Postgres runs as, holds data and log.
type cluster struct {
	dir   string // state directory, absolute
	home  string
	state clusterState
	user  account
	bin   string // directory of initdb, pg_ctl, postgres
	port  int    // of the running server
	fast  bool
	lock  *os.File
}

// clusterState is what must be known to reach the data again.
type clusterState struct {
	Home      string `json:"home,omitempty"` // when outside the state directory
	Superuser string `json:"superuser"`
	Owner     string `json:"owner"`
	App       string `json:"app"`
}

// openCluster makes the state directory, without touching any data yet.
func openCluster(dir string, options ...PostgresOption) (*cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	c := &cluster{dir: dir}
	for _, option := range options {
		option(c)
	}
	c.lock, err = os.OpenFile(filepath.Join(dir, "postgres.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock of the private Postgres: %w", err)
	}
	return c, nil
}

// tryLock takes the lock, or answers ErrPostgresInUse at once. The system
// drops the lock when its holder dies, however it dies.
func (c *cluster) tryLock() error {
	err := syscall.Flock(int(c.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return nil
	}
	c.lock.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("%w: %s", ErrPostgresInUse, c.dir)
	}
	return fmt.Errorf("lock of the private Postgres: %w", err)
}

func (c *cluster) unlock() error {
	return c.lock.Close()
}

// load reads the state, or settles where a new cluster lives and under which
// passwords. Call it under the lock.
func (c *cluster) load() error {
	raw, err := os.ReadFile(c.statePath())
	if errors.Is(err, os.ErrNotExist) {
		return c.found()
	}
	if err != nil {
		return fmt.Errorf("state of the private Postgres: %w", err)
	}
	if err := json.Unmarshal(raw, &c.state); err != nil {
		return fmt.Errorf("state of the private Postgres: %s: %w", c.statePath(), err)
	}
	c.home = c.state.Home
	if c.home == "" {
		c.home = filepath.Join(c.dir, "postgres")
	}
	if _, err := os.Stat(c.home); errors.Is(err, os.ErrNotExist) {
		c.state = clusterState{}
		return c.found()
	}
	c.user, err = ownerOf(c.home)
	return err
}

// found settles home, user and passwords of a new cluster and writes them
// down before any data exist, so that no data outlive their passwords.
func (c *cluster) found() error {
	var err error
	if c.user, err = serverAccount(); err != nil {
		return err
	}
	c.home = filepath.Join(c.dir, "postgres")
	if _, err := os.Stat(filepath.Join(c.home, "data")); err == nil {
		return fmt.Errorf("%s has data but %s, which held the passwords, is gone: remove the former", c.home, c.statePath())
	}
	if !c.user.reaches(c.dir) {
		c.home = outsideHome(c.dir)
		c.state.Home = c.home
		if err := c.discardOrphan(); err != nil {
			return err
		}
	}
	c.state.Superuser, c.state.Owner, c.state.App = newPassword(), newPassword(), newPassword()
	if err := os.MkdirAll(filepath.Dir(c.home), 0o755); err != nil {
		return fmt.Errorf("home of the private Postgres: %w", err)
	}
	if !c.user.reaches(filepath.Dir(c.home)) {
		return fmt.Errorf("the user %s, which Postgres must run as, reaches neither %s nor %s: choose another state directory",
			c.user.name, c.dir, filepath.Dir(c.home))
	}
	if err := c.user.makeDir(c.home); err != nil {
		return err
	}
	return c.save()
}

// discardOrphan removes a cluster outside the state directory whose state
// directory was deleted: its passwords went with it.
func (c *cluster) discardOrphan() error {
	if _, err := os.Stat(c.home); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if pid, _ := c.postmaster(); pid != 0 {
		if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
			return fmt.Errorf("stop the forgotten Postgres in %s: %w", c.home, err)
		}
		if err := waitForExit(pid); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(c.home); err != nil {
		return fmt.Errorf("remove the forgotten Postgres: %w", err)
	}
	return nil
}

func (c *cluster) save() error {
	raw, err := json.MarshalIndent(c.state, "", "  ")
	if err != nil {
		return err
	}
	fresh := c.statePath() + ".new"
	if err := os.WriteFile(fresh, raw, 0o600); err != nil {
		return fmt.Errorf("state of the private Postgres: %w", err)
	}
	return os.Rename(fresh, c.statePath())
}

func (c *cluster) statePath() string { return filepath.Join(c.dir, "postgres.json") }
func (c *cluster) dataPath() string  { return filepath.Join(c.home, "data") }
func (c *cluster) logPath() string   { return filepath.Join(c.home, "postgres.log") }

func newPassword() string {
	var b [24]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
