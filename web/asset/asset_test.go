package asset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestHashFollowsContent(t *testing.T) {
	t.Parallel()
	one, same, other := build("app.css", []byte("a{}")), build("app.css", []byte("a{}")), build("app.css", []byte("b{}"))
	if one.url != same.url {
		t.Errorf("same content, two addresses: %s and %s", one.url, same.url)
	}
	if one.url == other.url {
		t.Errorf("other content, same address: %s", one.url)
	}
	if !regexp.MustCompile(`^/assets/app\.[0-9a-f]{12}\.css$`).MatchString(one.url) {
		t.Errorf("address is %s", one.url)
	}
}

func TestServesForEver(t *testing.T) {
	t.Parallel()
	types := map[string]string{"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml"}
	for name, contentType := range types {
		for _, accept := range []string{"", "gzip, deflate, br", "br, gzip;q=0", "gzip;q=0.5"} {
			got := get(t, http.MethodGet, Path(name), accept)
			if got.StatusCode != http.StatusOK {
				t.Fatalf("%s: status %d", name, got.StatusCode)
			}
			want := map[string]string{
				"Content-Type": contentType, "Cache-Control": "public, max-age=31536000, immutable",
				"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding",
			}
			for header, value := range want {
				if got.Header.Get(header) != value {
					t.Errorf("%s: %s is %q, want %q", name, header, got.Header.Get(header), value)
				}
			}
			zipped := accept == "gzip, deflate, br" || accept == "gzip;q=0.5"
			if body := read(t, got, zipped); !bytes.Equal(body, all().byName[name].plain) {
				t.Errorf("%s with Accept-Encoding %q is not what was embedded", name, accept)
			}
		}
	}
}

func TestServesNothingElse(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"/assets/", "/assets/app.css", "/assets/app.000000000000.css", "/assets/vendor/SHA256SUMS", "/assets/../asset.go"} {
		if got := get(t, http.MethodGet, url, ""); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", url, got.StatusCode)
		}
	}
	if got := get(t, http.MethodPost, Path("app.css"), ""); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", got.StatusCode)
	}
	if got := get(t, http.MethodGet, "/favicon.ico", ""); got.Header.Get("Location") != Path("icons.svg") {
		t.Errorf("/favicon.ico leads to %q", got.Header.Get("Location"))
	}
	head := get(t, http.MethodHead, Path("app.css"), "")
	if body := read(t, head, false); len(body) != 0 || head.ContentLength == 0 {
		t.Errorf("HEAD: %d bytes, length %d", len(body), head.ContentLength)
	}
}

func TestPathPanicsOnAMisspeltName(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Path accepted a name that is not served")
		}
	}()
	Path("ap.css")
}

// A first visit fetches the page, these files and perhaps a desk's accent.
func TestFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	const most, forThePage = 60 << 10, 20 << 10
	total := 0
	for name, f := range all().byName {
		t.Logf("%-10s %6d bytes, %6d compressed", name, len(f.plain), len(f.gzip))
		total += len(f.gzip)
	}
	if total > most-forThePage {
		t.Errorf("%d bytes compressed, more than %d", total, most-forThePage)
	}
	if files := len(all().byName); files > 3 {
		t.Errorf("%d files: with the page and an accent that is more than 5 requests", files)
	}
}

// What is left out of our own sources must be no part of a text in them.
func TestSourcesAreServedLean(t *testing.T) {
	t.Parallel()
	const source = "/* one\n   two */\na {\n\t/* three */\n  b: c; /* stays */\n}\n// four\n  x = 1; // stays\n"
	if got := string(lean([]byte(source))); got != "a {\nb: c; /* stays */\n}\nx = 1; // stays\n" {
		t.Errorf("%q", got)
	}
	scripts, err := filepath.Glob("js/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			if strings.Count(line, "`")%2 != 0 {
				t.Errorf("%s:%d: a text goes over several lines", name, n+1)
			}
		}
	}
}

func TestVendoredFilesAreAsPublished(t *testing.T) {
	t.Parallel()
	sums, err := os.ReadFile("vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := sources.ReadFile("vendor/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has changed since it was vendored", name)
		}
		listed = append(listed, "vendor/"+name)
	}
	if got := embedded(t, "vendor"); !slices.Equal(got, listed) {
		t.Errorf("vendored %v, with sums for %v", got, listed)
	}
}

func TestEverySourceIsServed(t *testing.T) {
	t.Parallel()
	var served []string
	for _, b := range bundles {
		served = append(served, b.sources...)
	}
	for _, name := range embedded(t, ".") {
		if !slices.Contains(served, name) {
			t.Errorf("%s is embedded and in no bundle", name)
		}
	}
}

// The content security policy allows neither eval nor styles and scripts from
// elsewhere, so our own sources may not ask for them.
func TestSourcesKeepToThePolicy(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`https?://|@import|\beval\(|new Function|\.innerHTML|\.style\b|setAttribute\("style"|<style|<script|\bon[a-z]+=`)
	namespace := `xmlns="http://www.w3.org/2000/svg"`
	for _, name := range embedded(t, ".") {
		if path.Dir(name) == "vendor" {
			continue
		}
		content, err := sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.FindString(strings.ReplaceAll(string(content), namespace, "")); found != "" {
			t.Errorf("%s contains %q", name, found)
		}
	}
}

func TestStyleSheetIsBalancedAndLayered(t *testing.T) {
	t.Parallel()
	css := string(all().byName["app.css"].plain)
	if open, closed := strings.Count(css, "{"), strings.Count(css, "}"); open != closed {
		t.Errorf("%d braces open, %d close", open, closed)
	}
	order := regexp.MustCompile(`@layer ([\w, ]+);`).FindStringSubmatch(css)
	if order == nil {
		t.Fatal("no order of layers")
	}
	declared := strings.Split(order[1], ", ")
	for _, m := range regexp.MustCompile(`@layer (\w+) \{`).FindAllStringSubmatch(css, -1) {
		if !slices.Contains(declared, m[1]) {
			t.Errorf("layer %s has no place in the order", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`var\((--[\w-]+)`).FindAllStringSubmatch(css, -1) {
		if !strings.Contains(css, m[1]+":") {
			t.Errorf("%s is used and never set", m[1])
		}
	}
}

func embedded(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(sources, folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func get(t *testing.T, method, url, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, url, nil)
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r *http.Response, zipped bool) []byte {
	t.Helper()
	if got := r.Header.Get("Content-Encoding") == "gzip"; got != zipped {
		t.Fatalf("compressed is %v, want %v", got, zipped)
	}
	var body io.Reader = r.Body
	if zipped {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
