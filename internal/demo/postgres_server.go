package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long Postgres may take to start, recover or stop.
const patience = 60 * time.Second

// start leaves the server running and reachable: the one that runs already, or
// a new one on the data that exist or are made now. Call it under the lock.
func (c *cluster) start(ctx context.Context) error {
	if err := c.load(); err != nil {
		return err
	}
	if err := c.findBinaries(ctx); err != nil {
		return err
	}
	pid, port := c.postmaster()
	if pid != 0 {
		c.port = port
		return c.waitReady(ctx)
	}
	if err := c.initialise(ctx); err != nil {
		return err
	}
	return c.launch(ctx)
}

// stop shuts the server down and waits until it has.
func (c *cluster) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	return c.run(ctx, "pg_ctl", "stop", "-D", c.dataPath(), "-m", "fast", "-w", "-t", seconds(patience))
}

// initialise makes the data directory where there is none. It is filled under
// another name, so that one cut short is never taken for whole.
func (c *cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(c.dataPath()); err == nil {
		return nil
	}
	fresh := filepath.Join(c.home, "data.new")
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear an unfinished data directory: %w", err)
	}
	passwordFile := filepath.Join(c.home, "password")
	defer os.Remove(passwordFile)
	if err := c.user.writeFile(passwordFile, c.state.Superuser); err != nil {
		return fmt.Errorf("hand the password to initdb: %w", err)
	}
	args := []string{"-D", fresh, "-U", "postgres", "--pwfile=" + passwordFile,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=" + locale()}
	if c.fast {
		args = append(args, "--no-sync")
	}
	if err := c.run(ctx, "initdb", args...); err != nil {
		return err
	}
	conf := filepath.Join(fresh, "postgresql.conf")
	if err := appendLine(conf, "include 'guichet.conf'"); err != nil {
		return fmt.Errorf("configure Postgres: %w", err)
	}
	return os.Rename(fresh, c.dataPath())
}

// launch starts the server on a free port. Another process may take the port
// between choice and use, so it tries a few.
func (c *cluster) launch(ctx context.Context) error {
	if err := c.clearStalePid(); err != nil {
		return err
	}
	var err error
	for range 3 {
		if err = c.launchOnce(ctx); err == nil {
			return c.waitReady(ctx)
		}
		if !strings.Contains(err.Error(), "could not bind") {
			break
		}
	}
	return err
}

func (c *cluster) launchOnce(ctx context.Context) error {
	var err error
	if c.port, err = freePort(); err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	if err := os.Rename(c.logPath(), c.logPath()+".1"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("set the last log aside: %w", err)
	}
	err = c.run(ctx, "pg_ctl", "start", "-D", c.dataPath(), "-l", c.logPath(), "-w", "-t", seconds(patience))
	if err != nil {
		// When pg_ctl gave up waiting the server may still be coming up.
		return errors.Join(fmt.Errorf("%w\n%s", err, tail(c.logPath())), c.quit())
	}
	return nil
}

// quit ends a server that did not become ready, if there is one.
func (c *cluster) quit() error {
	if pid, _ := c.postmaster(); pid == 0 {
		return nil
	}
	return c.stop()
}

// configure writes guichet.conf, which postgresql.conf includes last.
func (c *cluster) configure() error {
	// Clients come over TCP, so there is no Unix socket, whose path would have
	// to be short and writable by the account.
	conf := fmt.Sprintf(`listen_addresses = '127.0.0.1'
port = %d
unix_socket_directories = ''
max_connections = 200
shared_buffers = '256MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%%m [%%p] %%u@%%d '
`, c.port)
	if c.fast {
		// Nobody copies or recovers it, and its log may stand in memory.
		conf += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\njit = off\nautovacuum = off\n" +
			"wal_level = minimal\nmax_wal_senders = 0\nmax_wal_size = '256MB'\n"
	}
	if err := c.user.writeFile(filepath.Join(c.dataPath(), "guichet.conf"), conf); err != nil {
		return fmt.Errorf("configure Postgres: %w", err)
	}
	return nil
}

// waitReady waits until the server lets us in with our password: that it is
// ready, and that it is ours.
func (c *cluster) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.superuserURL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the private Postgres in %s does not answer: %w", c.home, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// run runs one of Postgres's own programs as the account.
func (c *cluster) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, program), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	// A session of its own: the interrupt key of our terminal is not for it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.user.credential, Setsid: true}
	output, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s as %s: %w\n%s", program, c.user.name, err, bytes.TrimSpace(output))
	}
	return nil
}
