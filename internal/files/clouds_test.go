package files_test

import (
	"encoding/xml"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"guichet/internal/files"
)

// signature opens the container, and may be read nowhere.
const signature = "c2lnbmF0dXJl"

// TestMain gives the clouds' clients their credentials as a process has them.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_NEW_RETRIES_2026": "true", // which come sooner
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AZURE_STORAGE_ACCOUNT": azureAccount, "AZURE_STORAGE_SAS_TOKEN": "sv=2021-12-02&sig=" + signature, "AZURE_STORAGE_KEY": "",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// place is somewhere that files are kept in: in "people", with a "secret/file" beside.
type place struct {
	*files.Store
	left   func() []string // all that is there, whole or not
	folder string          // or ""
	cloud  *cloud          // or nil
}

// everywhere runs a test in an empty place of each kind.
func everywhere(t *testing.T, test func(*testing.T, place)) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) place{"folder": inFolder, "s3": inS3, "azure": inAzure} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// inTheClouds runs it where a server keeps the files.
func inTheClouds(t *testing.T, test func(*testing.T, place)) {
	everywhere(t, func(t *testing.T, p place) {
		if p.cloud != nil {
			test(t, p)
		}
	})
}

func inFolder(t *testing.T) place {
	t.Helper()
	dir := t.TempDir()
	secret, people := filepath.Join(dir, "secret"), filepath.Join(dir, "people")
	if err := os.Mkdir(secret, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(secret, "file"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return place{Store: at(t, "file://"+people), folder: people, left: func() []string { return under(t, people) }}
}

func inS3(t *testing.T) place {
	t.Helper()
	kept := s3mem.New()
	for _, bucket := range []string{"people", "secret"} {
		if err := kept.CreateBucket(bucket); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := kept.PutObject("secret", "file", nil, strings.NewReader("x"), 1, nil); err != nil {
		t.Fatal(err)
	}
	c := newCloud(t, gofakes3.New(kept).Server())
	return place{Store: at(t, "s3://people?region=eu-west-3&use_path_style=true&endpoint="+url.QueryEscape(c.URL)), cloud: c, left: func() (names []string) {
		list, err := kept.ListBucket("people", &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list.Contents {
			names = append(names, o.Key)
		}
		return append(names, unfinished(t, c.URL+"/people?uploads")...)
	}}
}

// unfinished are the files of which S3 has parts alone.
func unfinished(t *testing.T, address string) []string {
	t.Helper()
	resp, err := http.Get(address) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var list struct {
		Upload []struct{ Key string }
	}
	if err := xml.NewDecoder(resp.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range list.Upload {
		names = append(names, "part of "+u.Key)
	}
	return names
}

// inAzure leaves out the blocks that no list names: a container shows them to nobody,
// and forgets them after a week.
func inAzure(t *testing.T) place {
	t.Helper()
	a := &azure{blobs: map[string]azureBlob{"secret/file": {[]byte("x"), time.Now()}}, staged: map[string]map[string][]byte{}}
	c := newCloud(t, a)
	return place{Store: at(t, "azblob://people?localemu=true&protocol=http&domain="+c.Listener.Addr().String()), cloud: c, left: func() []string {
		a.mu.Lock()
		defer a.mu.Unlock()
		return slices.DeleteFunc(slices.Sorted(maps.Keys(a.blobs)), func(name string) bool { return name == "secret/file" })
	}}
}

func at(t *testing.T, address string) *files.Store {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s, err := files.At(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cloud is a server that may be in trouble. It reads paths as a server does that walks
// up at "..", and lists two names at a time.
type cloud struct {
	*httptest.Server
	trouble atomic.Pointer[trouble]
}

// trouble answers in the place of a server that is well.
type trouble func(w http.ResponseWriter, r *http.Request, well http.Handler)

func newCloud(t *testing.T, well http.Handler) *cloud {
	t.Helper()
	c := &cloud{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.EscapedPath(), "/..") {
			r.URL.Path = path.Clean(r.URL.Path)
		}
		if q := r.URL.Query(); q.Has("max-keys") {
			q.Set("max-keys", "2")
			r.URL.RawQuery = q.Encode()
		}
		if in := c.trouble.Load(); in != nil {
			(*in)(w, r, well)
			return
		}
		well.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) is(in trouble) { c.trouble.Store(&in) }

func (c *cloud) isWell() { c.trouble.Store(nil) }

// down answers with a status, and nothing else.
func down(status int) trouble {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { refuse(w, status, "InternalError") }
}

// cut hangs up in the middle of what it sends.
func cut(w http.ResponseWriter, r *http.Request, well http.Handler) {
	well.ServeHTTP(&cutting{w}, r)
}

type cutting struct{ http.ResponseWriter }

// Write implements io.Writer.
func (c *cutting) Write(p []byte) (int, error) {
	_, _ = c.ResponseWriter.Write(p[:len(p)/2])
	_ = http.NewResponseController(c.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

func under(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return found
}
