package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// process is a server under measurement.
type process struct {
	base string // its address, without a slash at the end
	cmd  *exec.Cmd
}

// startCeiling runs the bare handler.
func startCeiling(ctx context.Context, d *data) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, _, err := start(ctx, "http://"+addr, "/", exec.Command(self, "ceiling", addr), "DATABASE_URL="+d.owner)
	return p, err
}

// starts is how often the portal is started to learn how long that takes.
const starts = 5

// startPortal runs the portal, and tells how long it usually takes from there
// to a page.
func startPortal(ctx context.Context, program string, d *data) (*process, time.Duration, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, 0, err
	}
	env := []string{"DATABASE_URL=" + d.serving, "DATABASE_MAX_CONNS=" + strconv.Itoa(poolSize), "ADDR=" + addr, "BASE_URL=http://" + addr,
		"STATE_DIR=" + d.files, "SECRET_KEY=" + base64.StdEncoding.EncodeToString(key), "LOG_LEVEL=warn"}
	var took []time.Duration
	for {
		p, t, err := start(ctx, "http://"+addr, "/"+deskSlug, exec.Command(program, "serve", "--no-worker"), env...)
		if err != nil {
			return nil, 0, err
		}
		if took = append(took, t); len(took) == starts {
			slices.Sort(took)
			return p, took[starts/2], nil
		}
		p.stop()
	}
}

// start runs a server until it gives a page, and tells how long that took.
func start(ctx context.Context, base, page string, cmd *exec.Cmd, env ...string) (*process, time.Duration, error) {
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, env...)
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	p := &process{base, cmd}
	for time.Since(began) < 20*time.Second && ctx.Err() == nil {
		resp, err := http.Get(base + page)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return p, time.Since(began), nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s gives no page at %s", filepath.Base(cmd.Path), base+page)
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// memory is what the process holds in memory, in bytes.
func (p *process) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	var size, resident int64
	_, err = fmt.Sscan(string(text), &size, &resident)
	return resident * int64(os.Getpagesize()), err
}

// tick is the unit of /proc's processor times (proc(5), sysconf(_SC_CLK_TCK)):
// a hundredth of a second on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// stat is a process's parent and the processor time it has used (proc(5)).
func stat(pid int) (parent int, cpu time.Duration) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // from the third
	parent, _ = strconv.Atoi(string(fields[1]))
	user, _ := strconv.Atoi(string(fields[11]))
	system, _ := strconv.Atoi(string(fields[12]))
	return parent, time.Duration(user+system) * tick
}

func (p *process) cpu() time.Duration {
	_, cpu := stat(p.cmd.Process.Pid)
	return cpu
}

// cpu is what Postgres has used, over all of its processes that still live.
func (d *data) cpu() time.Duration {
	_, sum := stat(d.postmaster)
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid, _ := strconv.Atoi(filepath.Base(path))
		if parent, cpu := stat(pid); parent == d.postmaster {
			sum += cpu
		}
	}
	return sum
}

// postmaster is the process whose child serves this connection.
func postmaster(ctx context.Context, conn *pgx.Conn) (int, error) {
	var pid int
	if err := conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
		return 0, err
	}
	parent, _ := stat(pid)
	return parent, nil
}
