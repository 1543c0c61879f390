package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A shared cache before the portal must never hand one reader's page, or his
// cookie, to another.
func TestCachesKeepNothingOfAReader(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update desks set accent = '#2f6f73' where slug = 'alpine'`)
	lea := d.as(t, "alpine", "lea@lumen.example")
	d.later(t, 10*time.Minute) // the next use moves the session's end and so sends its cookie again
	css := d.get(t, lea, "/alpine/accent.css")
	if css.status != http.StatusOK || !strings.HasPrefix(css.header.Get("Cache-Control"), "public") {
		t.Fatalf("the accent: %d, %q", css.status, css.header.Get("Cache-Control"))
	}
	if sent := css.header.Get("Set-Cookie"); sent != "" {
		t.Errorf("a style sheet for everybody sends %s", sent)
	}
	for path, want := range map[string]string{"/alpine": "private, no-cache", "/alpine/sign-in?by=mail": "private, no-cache", "/alpine/tickets": "no-store",
		"/alpine/account": "no-store", "/alpine/nothing": "no-store"} {
		if got := d.get(t, lea, path).header.Get("Cache-Control"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
