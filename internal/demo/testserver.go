package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// TestServer returns a superuser's URL of the Postgres that all tests on this
// machine share: TEST_DATABASE_URL when it is set, else a private server, fast
// and not durable, that the first test to ask starts and every later one, of
// any package and any run, finds again. It is left running: there is one for
// each user of the machine, in memory where there is room, else under the
// directory for temporary files.
func TestServer(ctx context.Context) (superuserURL string, err error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return given, nil
	}
	dir := testServerDir()
	if err := ownDir(dir); err != nil {
		return "", err
	}
	c, err := openCluster(dir, Fast())
	if err != nil {
		return "", err
	}
	if err := c.waitLock(ctx); err != nil {
		return "", err
	}
	defer c.unlock()
	if err = c.start(ctx); err != nil {
		err = c.startAfresh(ctx, err)
	}
	if err != nil {
		return "", fmt.Errorf("shared Postgres of the tests: %w", err)
	}
	return c.superuserURL("postgres"), nil
}

// memoryDisk is where Linux keeps files in memory, and memoryRoom the bytes that must be
// free there: each test has a database of its own, a thousand small files, which a disk
// takes twice as long to copy.
const (
	memoryDisk = "/dev/shm"
	memoryRoom = 6 << 30
)

// testServerDir is where the tests' server is, or is to be. Who sets TMPDIR is obeyed.
func testServerDir() string {
	name := "guichet-test-" + strconv.Itoa(os.Geteuid())
	inMemory := filepath.Join(memoryDisk, name)
	if os.Getenv("TMPDIR") != "" {
		return filepath.Join(os.TempDir(), name)
	}
	if _, err := os.Stat(inMemory); err == nil {
		return inMemory
	}
	var disk syscall.Statfs_t
	var memory syscall.Sysinfo_t
	if syscall.Statfs(memoryDisk, &disk) != nil || syscall.Sysinfo(&memory) != nil ||
		disk.Bavail*uint64(disk.Bsize) < memoryRoom || memory.Totalram*uint64(memory.Unit) < 2*memoryRoom {
		return filepath.Join(os.TempDir(), name)
	}
	return inMemory
}

// startAfresh makes the server again from nothing: data without durability do
// not survive a crash of the machine, nor a clean-up of temporary files.
func (c *cluster) startAfresh(ctx context.Context, cause error) error {
	if pid, _ := c.postmaster(); pid != 0 || ctx.Err() != nil {
		return cause
	}
	for _, path := range []string{c.statePath(), filepath.Join(c.dir, "postgres"), c.state.Home} {
		if path == "" {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return errors.Join(cause, err)
		}
	}
	c.state = clusterState{}
	if err := c.start(ctx); err != nil {
		return errors.Join(cause, err)
	}
	return nil
}

// waitLock takes the lock as soon as no other process holds it.
func (c *cluster) waitLock(ctx context.Context) error {
	for {
		err := syscall.Flock(int(c.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return errors.Join(fmt.Errorf("lock of the tests' Postgres: %w", err), c.unlock())
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("lock of the tests' Postgres: %w", ctx.Err()), c.unlock())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// ownDir makes a directory, and refuses one that another user put there first:
// everybody may write among the temporary files.
func ownDir(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("directory of the tests' Postgres: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("directory of the tests' Postgres: %w", err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s was made by somebody else: remove it, or set TEST_DATABASE_URL", dir)
	}
	return nil
}
