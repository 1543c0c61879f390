package files_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// azure is a server of two containers that speaks as much of the Blob service's REST API
// (version 2021-12-02 and later, "Blob service operations") as files are kept by. It
// answers who shows the signature, and lists two blobs at a time.
type azure struct {
	mu     sync.Mutex
	blobs  map[string]azureBlob         // by container and name
	staged map[string]map[string][]byte // blocks that no list names yet, by blob and id
}

type azureBlob struct {
	body []byte
	at   time.Time
}

// azureAccount begins each path: an emulator's account is no host.
const azureAccount = "guichet"

// ServeHTTP implements http.Handler.
func (a *azure) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Ms-Version", r.Header.Get("X-Ms-Version"))
	w.Header().Set("X-Ms-Request-Id", "request")
	q := r.URL.Query()
	account, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	container, _, _ := strings.Cut(name, "/")
	switch {
	case account != azureAccount || q.Get("sig") != signature:
		refuse(w, http.StatusForbidden, "AuthenticationFailed")
	case container != "people" && container != "secret":
		refuse(w, http.StatusNotFound, "ContainerNotFound")
	case r.Method == http.MethodGet && q.Get("comp") == "list":
		a.list(w, container+"/", q.Get("prefix"), q.Get("marker"))
	case r.Method == http.MethodPut:
		a.put(w, r, name)
	default:
		a.one(w, r, name)
	}
}

// refuse answers as "Status and error codes" of the REST API has it.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("X-Ms-Error-Code", code)
	w.Header().Set("X-Ms-Retry-After-Ms", "1")
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>It is so.</Message></Error>`, code)
}

// put is Put Blob, Put Block and Put Block List: what blocks hold is no blob before a
// list names them.
func (a *azure) put(w http.ResponseWriter, r *http.Request, name string) {
	body, err := io.ReadAll(r.Body)
	if err != nil || int64(len(body)) != r.ContentLength {
		return // whoever sent it is gone
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch q := r.URL.Query(); q.Get("comp") {
	case "block":
		if a.staged[name] == nil {
			a.staged[name] = map[string][]byte{}
		}
		a.staged[name][q.Get("blockid")] = body
	case "blocklist":
		var list struct {
			Latest []string
		}
		if xml.Unmarshal(body, &list) != nil {
			refuse(w, http.StatusBadRequest, "InvalidXmlDocument")
			return
		}
		var whole []byte
		for _, id := range list.Latest {
			block, ok := a.staged[name][id]
			if !ok {
				refuse(w, http.StatusBadRequest, "InvalidBlockList")
				return
			}
			whole = append(whole, block...)
		}
		a.blobs[name] = azureBlob{whole, time.Now()}
		delete(a.staged, name)
	default:
		if r.Header.Get("X-Ms-Blob-Type") != "BlockBlob" {
			refuse(w, http.StatusBadRequest, "MissingRequiredHeader")
			return
		}
		a.blobs[name] = azureBlob{body, time.Now()}
		delete(a.staged, name)
	}
	w.WriteHeader(http.StatusCreated)
}

// one is Get Blob, with its range, Get Blob Properties and Delete Blob.
func (a *azure) one(w http.ResponseWriter, r *http.Request, name string) {
	a.mu.Lock()
	b, ok := a.blobs[name]
	if r.Method == http.MethodDelete {
		delete(a.blobs, name)
	}
	a.mu.Unlock() // whoever reads may take his time
	switch {
	case !ok:
		refuse(w, http.StatusNotFound, "BlobNotFound")
		return
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusAccepted)
		return
	}
	h := w.Header()
	h.Set("Last-Modified", b.at.UTC().Format(http.TimeFormat))
	h.Set("X-Ms-Creation-Time", b.at.UTC().Format(http.TimeFormat))
	h.Set("X-Ms-Blob-Type", "BlockBlob")
	h.Set("Content-Type", "application/octet-stream")
	body, status := b.body, http.StatusOK
	if span := r.Header.Get("X-Ms-Range"); span != "" {
		from, to := 0, len(body)-1
		if _, err := fmt.Sscanf(span, "bytes=%d-%d", &from, &to); err != nil && !strings.HasSuffix(span, "-") || from >= len(body) {
			refuse(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange")
			return
		}
		to = min(to, len(body)-1)
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, len(body)))
		body, status = body[from:to+1], http.StatusPartialContent
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // nobody reads the body of HEAD
}

// list is List Blobs: a page of names in their order, and where the next one begins.
func (a *azure) list(w http.ResponseWriter, container, prefix, marker string) {
	type listed struct {
		Name       string
		Properties struct {
			LastModified  string `xml:"Last-Modified"`
			ContentLength int    `xml:"Content-Length"`
			BlobType      string
		}
	}
	var page struct {
		XMLName    xml.Name `xml:"EnumerationResults"`
		Blobs      struct{ Blob []listed }
		NextMarker string
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(a.blobs)) {
		if !strings.HasPrefix(name, container+prefix) || name < marker {
			continue
		}
		if len(page.Blobs.Blob) == 2 {
			page.NextMarker = name
			break
		}
		l := listed{Name: strings.TrimPrefix(name, container)}
		l.Properties.LastModified = a.blobs[name].at.UTC().Format(http.TimeFormat)
		l.Properties.ContentLength, l.Properties.BlobType = len(a.blobs[name].body), "BlockBlob"
		page.Blobs.Blob = append(page.Blobs.Blob, l)
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(page) // whoever asked is gone
}
