package demo

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

func TestTestServerIsSharedAndSuperuser(t *testing.T) {
	privateTestServer(t)
	var urls [3]string
	var asking sync.WaitGroup
	for i := range urls {
		asking.Go(func() {
			var err error
			if urls[i], err = TestServer(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if urls[0] != urls[1] || urls[1] != urls[2] {
		t.Errorf("packages asking at once get different servers: %q", urls)
	}
	if !selectOne[bool](t, urls[0], "select rolsuper from pg_roles where rolname = current_user") {
		t.Error("cannot make databases and roles as this user")
	}
	if got := selectOne[string](t, urls[0], "show fsync"); got != "off" {
		t.Errorf("fsync = %s for data that nobody keeps", got)
	}
}

func TestTestServerStartsAfreshOnSpoiltData(t *testing.T) {
	c := privateTestServer(t)
	if _, err := TestServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	if err := c.findBinaries(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(c.dataPath(), "global")); err != nil {
		t.Fatal(err)
	}
	url, err := TestServer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := selectOne[int](t, url, "select 1"); got != 1 {
		t.Errorf("select 1 = %d", got)
	}
}

func TestTestServerHonoursTheEnvironment(t *testing.T) {
	const given = "postgres://me@db.example/tests"
	t.Setenv("TEST_DATABASE_URL", given)
	if got, err := TestServer(t.Context()); err != nil || got != given {
		t.Errorf("TestServer() = %q, %v", got, err)
	}
}

// privateTestServer keeps this test's server apart from the one that the other
// packages are using, and ends it with the test.
func privateTestServer(t *testing.T) *cluster {
	t.Helper()
	temp := stateDir(t)
	t.Setenv("TEST_DATABASE_URL", "")
	t.Setenv("TMPDIR", temp)
	dir := filepath.Join(temp, "guichet-test-"+strconv.Itoa(os.Geteuid()))
	if err := ownDir(dir); err != nil {
		t.Fatal(err)
	}
	c, err := openCluster(dir, Fast())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer c.unlock()
		if err := c.load(); err != nil {
			t.Error(err)
			return
		}
		if err := c.findBinaries(context.Background()); err != nil {
			t.Error(err)
		}
		if err := c.quit(); err != nil {
			t.Error(err)
		}
	})
	return c
}
