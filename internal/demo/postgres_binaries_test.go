package demo

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindBinariesMatchesTheData(t *testing.T) {
	t.Parallel()
	c := &cluster{home: t.TempDir()}
	if err := os.Mkdir(c.dataPath(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dataPath(), "PG_VERSION"), []byte("7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.findBinaries(t.Context()); err == nil || !strings.Contains(err.Error(), "need Postgres 7") {
		t.Errorf("data of Postgres 7: %v", err)
	}
}

// The archive holds scripts, so what is tried is the way from a repository to
// programs that the server's user may run, not Postgres.
func TestDownloadUnpacksForTheAccount(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("xz"); err != nil {
		t.Skip("the archive cannot be made without xz")
	}
	archive := postgresArchive(t)
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			fmt.Fprintf(w, "%x", sha256.Sum256(archive))
			return
		}
		w.Write(archive)
	}))
	t.Cleanup(repository.Close)

	c := &cluster{home: filepath.Join(stateDir(t), "postgres")}
	var err error
	if c.user, err = serverAccount(); err != nil {
		t.Fatal(err)
	}
	if err := c.user.makeDir(c.home); err != nil {
		t.Fatal(err)
	}
	if err := c.download(repository.URL); err != nil {
		t.Fatal(err)
	}
	if version := majorVersion(t.Context(), c.bin); version != 17 {
		t.Errorf("version %d", version)
	}
	if err := c.run(t.Context(), "pg_ctl"); err != nil {
		t.Error(err)
	}
}

func TestDownloadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	repository := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(repository.Close)
	c := &cluster{home: t.TempDir()}
	if err := c.download(repository.URL); err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("error %v", err)
	}
}

// postgresArchive is a JAR around a compressed TAR, as the project that
// publishes Postgres for embedding packs it.
func postgresArchive(t *testing.T) []byte {
	t.Helper()
	tree := t.TempDir()
	if err := os.Mkdir(filepath.Join(tree, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"postgres": "echo 'postgres (PostgreSQL) 17.5'", "initdb": "exit 1", "pg_ctl": "exit 0",
	} {
		if err := os.WriteFile(filepath.Join(tree, "bin", name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	packed, err := exec.CommandContext(t.Context(), "tar", "-C", tree, "-cJ", "bin").Output()
	if err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	archive := zip.NewWriter(&jar)
	file, err := archive.Create("postgres-linux-x86_64.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}
