package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// oldestPostgres is the first major version with security_invoker views.
const oldestPostgres = 15

// findBinaries sets the directory of Postgres's programs: of the version that
// made the data, or the newest on the machine for new data, or else a
// downloaded one.
func (c *cluster) findBinaries(ctx context.Context) error {
	made := 0
	if raw, err := os.ReadFile(filepath.Join(c.dataPath(), "PG_VERSION")); err == nil {
		if made, err = strconv.Atoi(strings.TrimSpace(string(raw))); err != nil {
			return fmt.Errorf("version of the data in %s: %w", c.home, err)
		}
	}
	newest := 0
	for _, bin := range append(machineBinaries(ctx), filepath.Join(c.home, "binaries", "bin")) {
		version := majorVersion(ctx, bin)
		if version == made && made != 0 {
			c.bin = bin
			return nil
		}
		if version > newest {
			c.bin, newest = bin, version
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if made != 0 {
		return fmt.Errorf("the data in %s need Postgres %d, which this machine has not: install it, or remove the data", c.home, made)
	}
	if newest >= oldestPostgres {
		return nil
	}
	return c.download("https://repo1.maven.org/maven2")
}

// machineBinaries are the places where Postgres's programs may be installed.
func machineBinaries(ctx context.Context) []string {
	places, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian; the pattern is well formed
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		places = append(places, strings.TrimSpace(string(out)))
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		places = append(places, filepath.Dir(initdb))
	}
	return places
}

// majorVersion asks the server program of a directory; 0 when the directory
// lacks one of the programs that we need.
func majorVersion(ctx context.Context, bin string) int {
	for _, program := range []string{"initdb", "pg_ctl"} {
		if _, err := os.Stat(filepath.Join(bin, program)); err != nil {
			return 0
		}
	}
	// "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(out), "(PostgreSQL) ")
	digits := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	version, err := strconv.Atoi(after[:max(digits, 0)])
	if err != nil {
		return 0
	}
	return version
}

// download fetches Postgres's programs from a Maven repository into the home.
// The library offers no fetching alone: its Start fetches, checks and unpacks,
// then makes a database of its own, which fails for root and is not wanted
// anyway.
func (c *cluster) download(repository string) error {
	scratch, err := os.MkdirTemp("", "guichet-postgres-")
	if err != nil {
		return fmt.Errorf("download Postgres: %w", err)
	}
	defer os.RemoveAll(scratch)
	port, err := freePort()
	if err != nil {
		return err
	}
	binaries := filepath.Join(c.home, "binaries")
	database := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(embeddedpostgres.V17).
		Port(uint32(port)).
		BinaryRepositoryURL(repository).
		CachePath(scratch).
		RuntimePath(filepath.Join(scratch, "runtime")).
		DataPath(filepath.Join(scratch, "data")).
		BinariesPath(binaries).
		Logger(io.Discard))
	startErr := database.Start()
	if startErr == nil {
		if err := database.Stop(); err != nil {
			return fmt.Errorf("download Postgres: %w", err)
		}
	}
	c.bin = filepath.Join(binaries, "bin")
	if _, err := os.Stat(filepath.Join(c.bin, "initdb")); err != nil {
		return fmt.Errorf("this machine has no Postgres %d or later, and none could be downloaded: install one, or set DATABASE_URL: %w",
			oldestPostgres, errors.Join(startErr, err))
	}
	return nil
}

// locale is one with UTF-8 that every machine of the kind has, so that case
// folding knows accented letters.
func locale() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, line)
	return errors.Join(err, file.Close())
}

// tail is the last lines of a log, or nothing when it cannot be read.
func tail(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	var lines []string
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if lines = append(lines, scan.Text()); len(lines) > 10 {
			lines = lines[1:]
		}
	}
	return strings.Join(lines, "\n")
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
