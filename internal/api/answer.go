package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/google/uuid"

	"guichet/internal/desk"
)

func humachiUnwrap(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humachi.Unwrap(ctx) }

// held is an answer that is looked at before it is sent.
type held struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (h *held) WriteHeader(status int) { h.status = status }

// Write implements http.ResponseWriter.
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *held) send() {
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes())
}

// tagged names what is read by its content, and spares whoever has it already
// (RFC 9110, section 8.8.3). A handler that knows a revision says so beforehand; it
// then stands in front.
func (d *door) tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := &held{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(h, r)
		if h.status == http.StatusOK || h.status == http.StatusCreated {
			sum := sha256.Sum256(h.body.Bytes())
			tag := `"` + w.Header().Get("ETag") + "." + hex.EncodeToString(sum[:8]) + `"`
			w.Header().Set("ETag", tag)
			if r.Method == http.MethodGet && matches(r.Header.Get("If-None-Match"), tag) {
				w.Header().Del("Content-Type")
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		h.send()
	})
}

// matches tells whether a list of tags names this one (RFC 9110, section 13.1.2).
func matches(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

const keyHeader = "Idempotency-Key"

// maxKey is how long a key may be, in bytes.
const maxKey = 255

type formKey struct{}

// keyOf is the key of what is written, derived from the token and the request's own
// key: the same request makes the same thing, however often it is begun.
func keyOf(ctx context.Context) desk.ID {
	id, _ := ctx.Value(formKey{}).(desk.ID)
	return id
}

// once does a request that carries a key one time, and answers it alike each time
// (draft-ietf-httpapi-idempotency-key-header-07, section 2.6: the answer of the first,
// "success or an error"). What was refused for what it says is refused alike; what
// failed for another reason changed nothing and can be sent anew.
func (d *door) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(keyHeader)
		if r.Method != http.MethodPost || key == "" {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > maxKey || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
			p := refused(http.StatusBadRequest, "malformed", "A key has 1 to 255 characters of ASCII.")
			p.Errors = []Fault{{Detail: p.Detail, Header: keyHeader}}
			p.write(w)
			return
		}
		b := callerOf(r.Context()).bearer
		kept, stale, err := d.app.BeginRequest(r.Context(), b, key, requestHash(r))
		switch {
		case errors.Is(err, desk.ErrConflict):
			w.Header().Set("Retry-After", "1")
			refused(http.StatusConflict, "in_progress", "The first request with this key is still under way.").write(w)
		case err != nil:
			d.answer(w, r, err)
		case kept != nil:
			replay(w, *kept)
		case stale && !keyed(r.URL.Path):
			refused(http.StatusConflict, "outcome_unknown", "The first request with this key was cut off, and may have been done. Look, and use another key.").write(w)
		default:
			d.doOnce(w, r, b, key, next)
		}
	})
}

func (d *door) doOnce(w http.ResponseWriter, r *http.Request, b desk.Bearer, key string, next http.Handler) {
	h := &held{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(h, r.WithContext(context.WithValue(r.Context(), formKey{}, uuid.NewSHA1(b.ID, []byte(key)))))
	var answer *desk.KeptAnswer
	if h.status < http.StatusMultipleChoices || h.status == http.StatusUnprocessableEntity {
		answer = &desk.KeptAnswer{Status: h.status, Location: w.Header().Get("Location"), ETag: w.Header().Get("ETag"), Body: h.body.Bytes()}
	}
	// Whoever hung up will ask again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
	defer cancel()
	if err := d.app.EndRequest(ctx, b, key, answer); err != nil {
		d.log.WarnContext(ctx, "api: answer not kept", "err", err)
	}
	h.send()
}

// keyed tells the addresses whose verbs know a key themselves: begun twice, they
// find what the first time made.
func keyed(path string) bool {
	return strings.HasSuffix(path, "/tickets") || strings.HasSuffix(path, "/messages") || strings.HasSuffix(path, "/notes") || strings.HasSuffix(path, "/webhooks")
}

func replay(w http.ResponseWriter, k desk.KeptAnswer) {
	h := w.Header()
	h.Set("Idempotency-Replayed", "true")
	h.Set("Content-Type", "application/json")
	if k.Status >= http.StatusBadRequest {
		h.Set("Content-Type", "application/problem+json")
	}
	if k.Location != "" {
		h.Set("Location", k.Location)
	}
	if k.ETag != "" {
		h.Set("ETag", k.ETag)
	}
	w.WriteHeader(k.Status)
	_, _ = w.Write(k.Body)
}

// requestHash tells one request from another. The body was read into memory before.
func requestHash(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, r.URL.RawQuery} {
		h.Write([]byte(part + "\n"))
	}
	h.Write(body)
	return h.Sum(nil)
}
