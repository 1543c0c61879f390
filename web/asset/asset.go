// Package asset holds what a browser fetches beside the page: one style sheet,
// one script, one file of icons. Each is served under a name that carries its
// own hash, so a browser may keep it for ever.
package asset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js vendor/*.js img/*.svg
var sources embed.FS

// Prefix is where Handler expects to be mounted.
const Prefix = "/assets/"

// bundles says which sources make each served file, in order. Few files mean
// few requests on a first visit. The vendored ones are the minified files of
// htmx.org 2.0.11, as npm has it; vendor/SHA256SUMS
// holds them to that.
var bundles = []struct {
	name    string
	sources []string
}{
	{"app.css", []string{
		"css/layers.css", "css/tokens.css", "css/base.css", "css/layout.css",
		"css/control.css", "css/state.css", "css/sheet.css", "css/table.css",
		"css/thread.css", "css/verdict.css", "css/chart.css", "css/published.css", "css/media.css",
	}},
	{"app.js", []string{"vendor/htmx.min.js", "js/app.js", "js/files.js", "js/pictures.js", "js/rules.js", "js/zone.js", "js/live.js"}},
	{"icons.svg", []string{"img/icons.svg"}},
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// file is one served file, in both of its encodings.
type file struct {
	url         string
	contentType string
	plain, gzip []byte
}

// shelf finds a file by its short name and by its address.
type shelf struct {
	byName, byURL map[string]*file
}

// all is built at the first question, so that a command that serves no page
// does not pay for it.
var all = sync.OnceValue(func() shelf {
	s := shelf{byName: map[string]*file{}, byURL: map[string]*file{}}
	for _, b := range bundles {
		f := build(b.name, join(b.sources))
		s.byName[b.name], s.byURL[f.url] = f, f
	}
	return s
})

// Path is the address of a served file: "app.css" gives
// "/assets/app.<hash>.css". It panics on a name that is not served, since that
// is a spelling mistake in our own code.
func Path(name string) string {
	f, ok := all().byName[name]
	if !ok {
		panic("asset: no file named " + name)
	}
	return f.url
}

// Handler serves every file under Prefix, and sends /favicon.ico, which some
// programs ask for unseen, to the sign that pages name. Any other address is 404.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/favicon.ico" {
		http.Redirect(w, r, Path("icons.svg"), http.StatusFound)
		return
	}
	f, ok := all().byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader has gone: nobody is left to tell
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3): gzip is named and its
// weight is not zero.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !found || (err == nil && q > 0)
	}
	return false
}

func join(names []string) []byte {
	var out bytes.Buffer
	for _, name := range names {
		text, err := sources.ReadFile(name)
		if err != nil {
			panic(fmt.Errorf("asset: %w", err)) // a name in bundles that is not embedded
		}
		if !strings.HasPrefix(name, "vendor/") {
			text = lean(text)
		}
		out.Write(text)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// comments are lines that are nothing else, in what we write ourselves, and indents
// the room before the others: readers of the source want both, browsers neither.
var (
	comments = regexp.MustCompile(`(?ms)^[ \t]*(//[^\n]*|/\*.*?\*/)\n`)
	indents  = regexp.MustCompile(`(?m)^[ \t]+`)
)

// lean leaves them out. No text of our own goes over several lines.
func lean(source []byte) []byte {
	return indents.ReplaceAll(comments.ReplaceAll(source, nil), nil)
}

func build(name string, content []byte) *file {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return &file{
		url:         Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		contentType: contentTypes[ext],
		plain:       content,
		gzip:        compress(content),
	}
}

func compress(content []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // only an unknown level fails
	}
	if _, err := z.Write(content); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
