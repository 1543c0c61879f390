package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guichet/internal/postgres"
	"guichet/internal/server"
)

// asked is the answer of a handler to a request that comes from an address.
func asked(ctx context.Context, h http.Handler, method, target, from string) int {
	r := httptest.NewRequestWithContext(ctx, method, target, nil)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestTriesOfOneNetworkCountTogether(t *testing.T) {
	t.Parallel()
	d := open(t)
	h := d.Parts.Handler()
	link := d.Base + "/alpine/sign-in/link/a-guess"
	for n := range 20 {
		if status := asked(t.Context(), h, http.MethodPost, link, fmt.Sprintf("[2001:db8:0:1::%x]:4711", n+1)); status != http.StatusGone {
			t.Fatalf("try %d: %d", n+1, status)
		}
	}
	for from, want := range map[string]int{"[2001:db8:0:1:ffff::1]:4711": http.StatusTooManyRequests, "[2001:db8:0:2::1]:4711": http.StatusGone, "192.0.2.7:4711": http.StatusGone} {
		if status := asked(t.Context(), h, http.MethodPost, link, from); status != want {
			t.Errorf("then from %s: %d, want %d", from, status, want)
		}
	}
}

// While the database is down a mailed link is not spent: whoever reads the log
// must not be able to use it.
func TestLogHoldsNoSignInLink(t *testing.T) {
	t.Parallel()
	d := open(t)
	var log bytes.Buffer
	h := server.New(server.Parts{App: d.Parts.App, Sessions: d.Parts.DB.Sessions(), Codec: postgres.SessionCodec{}, BaseURL: d.Config.BaseURL,
		Idle: time.Hour, Lifetime: 2 * time.Hour, Log: slog.New(slog.NewTextHandler(&log, nil))}).Routes()
	link := d.linkFor(t, "lea@lumen.example")
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if status := asked(late, h, http.MethodPost, d.Base+link, "192.0.2.7:4711"); status != http.StatusServiceUnavailable {
		t.Fatalf("no database: %d", status)
	}
	token := link[strings.LastIndex(link, "/")+1:]
	if text := log.String(); !strings.Contains(text, "/alpine/sign-in/link/") || strings.Contains(text, token) {
		t.Errorf("the log says %s", text)
	}
}
