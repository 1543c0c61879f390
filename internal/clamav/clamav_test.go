package clamav

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/internal/desk"
)

// The EICAR test file, which every scanner knows and which harms nothing
// (eicar.org), in two halves, so that none of them takes this one away.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// daemon starts a ClamAV daemon of this test's own, which knows one signature.
func daemon(t *testing.T) *Client {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		program = "/usr/sbin/clamd"
	}
	dir, err := os.MkdirTemp("", "clamd") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket, conf := filepath.Join(dir, "socket"), filepath.Join(dir, "conf")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, "db", "test.hdb"), "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n")
	write(conf, fmt.Sprintf("Foreground yes\nDatabaseDirectory %s/db\nLocalSocket %s\nStreamMaxLength 1M\nMaxScanSize 8M\nMaxFileSize 8M\nAlertExceedsMax yes\nAlertEncryptedArchive yes\nConcurrentDatabaseReload no\n", dir, socket))
	out, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", conf)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("no ClamAV daemon (.make/need clamav installs one): %v", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait(); _ = out.Close() })
	c, err := At("unix:" + socket)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if err = c.Check(t.Context()); err == nil {
			return c
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(out.Name())
	t.Fatalf("the daemon does not answer: %v\n%s", err, text)
	return nil
}

func TestEICARIsFound(t *testing.T) {
	t.Parallel()
	c := daemon(t)
	for text, want := range map[string]string{eicar: "Eicar-Test-Signature", "harmless": "", "": "", strings.Repeat("x", 300<<10): ""} {
		got, err := c.Scan(t.Context(), strings.NewReader(text))
		if err != nil || !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%d bytes: %q, %v", len(text), got, err)
		}
	}
	if found, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat("x", 3<<20))); !errors.Is(err, ErrTooLong) {
		t.Errorf("longer than the daemon takes: %q, %v", found, err)
	}
	aZipBombIsNotCalledClean(t, c)
}

// A zip bomb is no virus: the daemon gives up unpacking it, and says that rather than
// that it is clean. Inside one that it does unpack it finds what is harmful.
func aZipBombIsNotCalledClean(t *testing.T, c *Client) {
	t.Helper()
	packed := func(name string, content io.Reader) *bytes.Buffer {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, content)
		}
		if err = errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	bomb := packed("zeros", io.LimitReader(zeros{}, 64<<20))
	size := bomb.Len()
	var why desk.Unscannable
	if found, err := c.Scan(t.Context(), bomb); !errors.As(err, &why) || !strings.Contains(why.Why, "Limits.Exceeded") {
		t.Errorf("a zip bomb of %d bytes: %q, %v", size, found, err)
	}
	if found, err := c.Scan(t.Context(), packed("eicar.com", strings.NewReader(eicar))); err != nil || !strings.HasPrefix(found, "Eicar") {
		t.Errorf("in an archive: %q, %v", found, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestNoDaemonIsNoVerdict(t *testing.T) {
	t.Parallel()
	c, err := At("unix:" + filepath.Join(t.TempDir(), "none"))
	if err != nil {
		t.Fatal(err)
	}
	if name, err := c.Scan(t.Context(), strings.NewReader("a")); err == nil || name != "" {
		t.Errorf("%q, %v", name, err)
	}
	for _, answer := range []string{"", "stream: ", "stream:  FOUND", "stream: x ERROR", "INSTREAM size limit exceeded. ERROR"} {
		if name, err := verdict(answer); err == nil {
			t.Errorf("%q is taken for %q", answer, name)
		}
	}
	for _, answer := range []string{"INSTREAM size limit exceeded. ERROR", "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND", "stream: Heuristics.Encrypted.Zip FOUND"} {
		if name, err := verdict(answer); !errors.Is(err, desk.ErrUnscannable) || name != "" {
			t.Errorf("%q is taken for %q, %v", answer, name, err)
		}
	}
	for _, addr := range []string{"", "unix:", "unix:socket", "host", "/run/clamd"} {
		if _, err := At(addr); err == nil {
			t.Errorf("%q is an address", addr)
		}
	}
}
