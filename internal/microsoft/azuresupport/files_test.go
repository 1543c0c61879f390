package azuresupport_test

import (
	"bytes"
	"strings"
	"testing"

	"guichet/internal/desk"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	w := setup(t)
	content := bytes.Repeat([]byte("0123456789"), 300_000) // two chunks
	if err := w.client.Upload(t.Context(), w.access, "escalation-1", "trace file.har", int64(len(content)), bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if got, ok := w.sample.Uploaded(subscription, "escalation-1", "trace file.har"); !ok || !bytes.Equal(got, content) {
		t.Errorf("%d bytes came in, whole: %v", len(got), ok)
	}
	// The same again is there once; another under its name is not put over it.
	if err := w.client.Upload(t.Context(), w.access, "escalation-1", "trace file.har", int64(len(content)), bytes.NewReader(content)); err != nil {
		t.Errorf("sent again: %v", err)
	}
	wantRefused(t, w.client.Upload(t.Context(), w.access, "escalation-1", "trace file.har", 5, strings.NewReader("12345")), desk.RefusedRequest, "another file")
	if got, ok := w.sample.Uploaded(subscription, "escalation-1", "trace file.har"); !ok || !bytes.Equal(got, content) {
		t.Errorf("after more of that name, %d bytes, whole: %v", len(got), ok)
	}
	wantRefused(t, w.client.Upload(t.Context(), w.access, "escalation-1", "big.zip", 6<<20, nil), desk.RefusedRequest, "not taken")
	wantRefused(t, w.client.Upload(t.Context(), w.access, "escalation-1", "../x", 5, strings.NewReader("12345")), desk.RefusedRequest, "not taken")
	wantRefused(t, w.client.Upload(t.Context(), w.access, "escalation-1", "run.ps1", 5, strings.NewReader("12345")), desk.RefusedRequest, "type")
	if err := w.client.Upload(t.Context(), w.access, "escalation-1", "short.txt", 10, strings.NewReader("12345")); err == nil {
		t.Error("a file that ends early was sent")
	}
}
