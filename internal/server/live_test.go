package server_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/testbed/running"
)

// soon is how long news may take: it is gathered for a fifth of a second, and the
// machine may be busy.
const soon = 5 * time.Second

// A watcher is an open page's stream.
type watcher struct {
	name  string
	lines chan string // "event data"; closed with the stream
	leave context.CancelFunc
}

// watches opens a stream in a browser and waits until the portal listens.
func (d *door) watches(t *testing.T, c *http.Client, slug, name string) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r := d.request(t, http.MethodGet, "/"+slug+"/live", nil).WithContext(ctx)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if h := resp.Header; resp.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream" || h.Get("X-Accel-Buffering") != "no" || h.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s: %d %v", name, resp.StatusCode, h)
	}
	w := &watcher{name, make(chan string, 100), cancel}
	go func() {
		defer resp.Body.Close()
		defer close(w.lines)
		event := ""
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			kind, value, _ := strings.Cut(s.Text(), ":")
			switch value = strings.TrimSpace(value); kind {
			case "event":
				event = value
			case "data":
				w.lines <- strings.TrimSpace(event + " " + value)
			}
		}
	}()
	return w
}

// hears waits for a word and fails on any other of its kind in between.
func (w *watcher) hears(t *testing.T, want string) {
	t.Helper()
	for end := time.After(soon); ; {
		select {
		case line, open := <-w.lines:
			if line == want {
				return
			}
			if !open {
				t.Fatalf("%s: the stream ended before %q", w.name, want)
			}
			if line != "again" {
				t.Errorf("%s is told %q before %q", w.name, line, want)
			}
		case <-end:
			t.Fatalf("%s is never told %q", w.name, want)
		}
	}
}

// ends waits until the stream is closed with its last word.
func (w *watcher) ends(t *testing.T) {
	t.Helper()
	last := ""
	for end := time.After(soon); ; {
		select {
		case line, open := <-w.lines:
			if !open {
				if last != "end" {
					t.Errorf("%s: the stream ended after %q", w.name, last)
				}
				return
			}
			last = line
		case <-end:
			t.Fatalf("%s: the stream stays open", w.name)
		}
	}
}

// heard is what has come by now, without the invitations to read again.
func (w *watcher) heard() (list []string) {
	for {
		select {
		case line, open := <-w.lines:
			if !open {
				return append(list, "closed")
			}
			if line != "again" {
				list = append(list, line)
			}
		default:
			return list
		}
	}
}

// What a stream tells whom, over two processes on one database: numbers of tickets
// that its reader may see, of inside work nothing to customers, and nothing of other
// desks.
func TestStreamTellsEachWhatHeMaySee(t *testing.T) {
	t.Parallel()
	d := open(t)
	other := behind(t, running.Second(t, d.Portal))
	lea, sam, max := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "sam@hoteldulac.example"), d.as(t, "alpine", "max@lumen.example")
	ines, noe, nora := d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "noe@vigienuit.example"), d.as(t, "brume", "nora@brume.example")
	number := d.opened(t, lea)
	ticket := "/alpine/tickets/" + number
	d.stage(t, `update tickets set service = 'Exchange Online' where number = $1 and customer_id in (select id from customers where name = 'Fabrique Lumen')`, number)
	all := []*watcher{d.watches(t, lea, "alpine", "the requester"), d.watches(t, max, "alpine", "his manager"), d.watches(t, ines, "alpine", "an agent"), d.watches(t, noe, "alpine", "a subcontractor's agent"),
		other.watches(t, ines, "alpine", "an agent at another process"), d.watches(t, sam, "alpine", "another customer"), d.watches(t, nora, "brume", "another desk")}
	for _, w := range all { // until both processes listen
		w.hears(t, "again")
	}
	told := func(who ...*watcher) {
		t.Helper()
		for _, w := range who {
			w.hears(t, "tickets "+number)
		}
	}

	d.post(t, ines, ticket+"/messages", url.Values{"kind": {"note"}, "body": {"Only for us."}})
	told(all[2:5]...)
	d.post(t, ines, ticket+"/messages", url.Values{"kind": {"message"}, "body": {"We are looking."}})
	told(all[:5]...) // and by now a customer would have heard of the note
	other.post(t, lea, ticket+"/messages", url.Values{"kind": {"message"}, "body": {"Thank you."}})
	told(all[:5]...)

	d.stage(t, `update tickets set service = 'Azure' where number = $1 and customer_id in (select id from customers where name = 'Fabrique Lumen')`, number)
	d.post(t, ines, ticket+"/findings", url.Values{"finding_kind": {"other"}, "result": {"ok"}, "text": {"Looked at it."}})
	told(all[2], all[4])
	for _, w := range append(slices.Clone(all[:2]), all[3], all[5], all[6]) {
		if more := w.heard(); len(more) > 0 {
			t.Errorf("%s is told %q", w.name, more)
		}
	}
}

// A stream ends with the right to read: by signing out, by a session that somebody
// ended, by a person who was switched off, at whichever process.
func TestStreamEndsWithTheRightToWatch(t *testing.T) {
	t.Parallel()
	d := open(t)
	other := behind(t, running.Second(t, d.Portal))
	lea, ines, paul, max := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "max@lumen.example")
	out := []*watcher{d.watches(t, lea, "alpine", "who signs out"), other.watches(t, lea, "alpine", "who signs out elsewhere")}
	lost, expired, stays := other.watches(t, ines, "alpine", "who becomes another"), d.watches(t, max, "alpine", "whose session was ended"), d.watches(t, paul, "alpine", "who stays")
	for _, w := range append(slices.Clone(out), lost, expired, stays) {
		w.hears(t, "again")
	}
	idle := look[time.Time](t, d, `select max(expires_at) from sessions s join people p on p.id = s.person_id where p.email = 'paul@alpine.example'`)
	d.post(t, lea, "/alpine/sign-out", nil)
	for _, w := range out {
		w.ends(t)
	}
	person := look[string](t, d, `select id::text from people where email = 'ines@alpine.example'`)
	form := d.get(t, paul, "/alpine/settings/people/"+person).form(t, "/alpine/settings/people/"+person)
	form.Del("active")
	if a := d.post(t, paul, "/alpine/settings/people/"+person, form); a.status != http.StatusSeeOther {
		t.Fatalf("switching off: %d", a.status)
	}
	lost.ends(t)
	again := d.as(t, "alpine", "max@lumen.example")
	d.post(t, again, "/alpine/account/sessions/end", nil)
	expired.ends(t)
	if r := d.request(t, http.MethodGet, "/alpine/live", nil); true {
		r.Header.Set("Accept", "text/event-stream")
		if a := d.do(t, lea, r); a.status != http.StatusNoContent {
			t.Errorf("a visitor's stream: %d, want 204, after which no browser asks again", a.status)
		}
	}
	if now := look[time.Time](t, d, `select max(expires_at) from sessions s join people p on p.id = s.person_id where p.email = 'paul@alpine.example'`); !now.Equal(idle) {
		t.Errorf("watching moved the end of a session from %s to %s", idle, now)
	}
	if more := stays.heard(); len(more) > 0 {
		t.Errorf("who stays is told %q", more)
	}
	var busy int
	for range 20 {
		r := d.request(t, http.MethodGet, "/alpine/live", nil)
		r.Header.Set("Accept", "text/event-stream")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		resp, err := paul.Do(r.WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusTooManyRequests {
			busy++
		}
	}
	if busy != 1 { // one has been open before
		t.Errorf("%d of 20 more streams were refused, want 1", busy)
	}
}
