package demo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postmaster is the process and port of the server that runs on our data;
// both are zero when none does.
func (c *cluster) postmaster() (pid, port int) {
	pid, port = c.readPid()
	if pid == 0 || !alive(pid) || !c.worksHere(pid) {
		return 0, 0
	}
	return pid, port
}

// clearStalePid removes a postmaster.pid whose process number has since been
// given to another program: Postgres clears the file itself only when no
// process has the number, and refuses to start otherwise.
func (c *cluster) clearStalePid() error {
	pid, _ := c.readPid()
	if pid == 0 || !alive(pid) || c.worksHere(pid) {
		return nil
	}
	if err := os.Remove(c.pidPath()); err != nil {
		return fmt.Errorf("clear the stale postmaster.pid: %w", err)
	}
	return nil
}

// readPid reads postmaster.pid, which has a line each for process, data
// directory, start time and port, and more (src/include/utils/pidfile.h of
// Postgres).
func (c *cluster) readPid() (pid, port int) {
	raw, err := os.ReadFile(c.pidPath())
	if err != nil {
		return 0, 0
	}
	lines := strings.Split(string(raw), "\n")
	if len(lines) < 4 {
		return 0, 0
	}
	pid, err = strconv.Atoi(lines[0])
	if err != nil || pid <= 1 {
		return 0, 0
	}
	port, err = strconv.Atoi(lines[3])
	if err != nil {
		return 0, 0
	}
	return pid, port
}

// worksHere says whether the process is a server on our data: a server's
// working directory is its data directory. A system without /proc has to take
// it on trust; a password that fails then tells a stranger.
func (c *cluster) worksHere(pid int) bool {
	here, err := os.Stat(c.dataPath())
	if err != nil {
		return false
	}
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return true
	}
	there, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && os.SameFile(here, there)
}

func (c *cluster) pidPath() string { return filepath.Join(c.dataPath(), "postmaster.pid") }

// alive says whether a process of a user whom we may signal has the number.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func waitForExit(pid int) error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if !alive(pid) {
			return nil
		}
	}
	return errors.New("the forgotten Postgres does not stop")
}
