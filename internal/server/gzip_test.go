package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

func TestSqueezedPagesAreWhole(t *testing.T) {
	t.Parallel()
	var many sync.WaitGroup
	for n := range 40 {
		many.Go(func() {
			page := []byte(strings.Repeat("<p>à préciser</p>", 10*n))
			var out bytes.Buffer
			squeeze(&out, page)
			g, err := gzip.NewReader(&out)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := io.ReadAll(g); err != nil || !bytes.Equal(got, page) {
				t.Errorf("%d bytes came back as %d (%v)", len(page), len(got), err)
			}
		})
	}
	many.Wait()
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{"": false, "gzip": true, "br, GZIP;q=0.8": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.1": true, "identity": false, "xgzip": false} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := acceptsGzip(r); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
