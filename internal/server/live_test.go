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

// watches opens a stream in a browser.
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

// listens opens the first stream of a process at alpine, and waits until the process
// hears of what others do.
func (d *door) listens(t *testing.T, c *http.Client) *watcher {
	t.Helper()
	w := d.watches(t, c, "alpine", "the first at "+d.Base)
	w.hears(t, "again")
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
	number := look[string](t, d, `select min(k.number)::text from tickets k join people p on p.id = k.requester_id where p.email = 'lea@lumen.example' and k.state not in ('resolved', 'closed')`)
	ticket := "/alpine/tickets/" + number
	service := func(name string) {
		t.Helper()
		d.stage(t, `update tickets set service = $2 where number = $1 and customer_id in (select id from customers where name = 'Fabrique Lumen')`, number, name)
	}
	service("Exchange Online")
	agent, elsewhere := d.listens(t, ines), other.listens(t, ines)
	all := []*watcher{d.watches(t, lea, "alpine", "the requester"), d.watches(t, max, "alpine", "his manager"), agent, d.watches(t, noe, "alpine", "a subcontractor's agent"),
		elsewhere, d.watches(t, sam, "alpine", "another customer"), d.watches(t, nora, "brume", "another desk")}
	told := func(who ...*watcher) {
		t.Helper()
		for _, w := range who {
			w.hears(t, "tickets "+number)
		}
		d.settles(t)
		for _, w := range all {
			if more := w.heard(); len(more) > 0 && !slices.Contains(who, w) {
				t.Errorf("%s is told %q", w.name, more)
			}
		}
	}

	d.post(t, ines, ticket+"/messages", url.Values{"kind": {"note"}, "body": {"Only for us."}})
	told(all[2:5]...)
	d.post(t, ines, ticket+"/messages", url.Values{"kind": {"message"}, "body": {"We are looking."}})
	told(all[:5]...)
	other.post(t, lea, ticket+"/messages", url.Values{"kind": {"message"}, "body": {"Thank you."}})
	told(all[:5]...)
	service("Azure") // which the subcontractor is not given
	d.post(t, ines, ticket+"/messages", url.Values{"kind": {"note"}, "body": {"Still only for us."}})
	told(agent, elsewhere)

	d.post(t, ines, ticket+"/presence", url.Values{"doing": {"writing"}})
	agent.hears(t, "here "+number)
	paul := d.as(t, "alpine", "paul@alpine.example")
	if a := d.get(t, paul, ticket+"/presence"); !strings.Contains(a.page(t).Find("[data-here]").Text(), "Inès écrit") {
		t.Errorf("a colleague reads %d %q", a.status, a.body)
	}
	if a, b := d.get(t, lea, ticket), d.get(t, lea, ticket+"/presence"); strings.Contains(a.body, "data-here") || b.status != http.StatusForbidden {
		t.Errorf("a customer is told who of the desk is at his ticket: %d", b.status)
	}
	d.settles(t)
	for _, w := range append(slices.Clone(all[:2]), all[3], all[5], all[6]) {
		if more := w.heard(); len(more) > 0 {
			t.Errorf("%s is told %q of who is there", w.name, more)
		}
	}
}

// settles waits until no job is under way and what has happened was told.
func (d *door) settles(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if look[int](t, d, `select count(*)::int from river.river_job where state in ('available', 'running')`) == 0 {
			break
		}
	}
	time.Sleep(400 * time.Millisecond)
}

// What is typed on one machine is there on another, for its writer alone, until it
// is sent or thrown away.
func TestDraftsFollowTheirWriter(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea, there, max, ines := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "max@lumen.example"), d.as(t, "alpine", "ines@alpine.example")
	id := look[string](t, d, `select k.id::text from tickets k join people p on p.id = k.requester_id where p.email = 'lea@lumen.example' and k.state not in ('resolved', 'closed') limit 1`)
	ticket := "/alpine/tickets/" + look[string](t, d, `select number::text from tickets where id::text = $1`, id)
	keep := func(c *http.Client, about, body string) {
		t.Helper()
		fields := url.Values{"kind": {"message"}, "body": {body}}.Encode()
		if body == "" {
			fields = ""
		}
		if a := d.post(t, c, "/alpine/drafts", url.Values{"about": {about}, "fields": {fields}}); a.status != http.StatusNoContent {
			t.Errorf("keeping: %d", a.status)
		}
	}
	keep(lea, "ticket-"+id, "Half a sentence")
	keep(ines, "ticket-"+id, "What the desk thinks")
	reads := func(c *http.Client, want string) {
		t.Helper()
		if got := d.get(t, c, ticket).page(t).Find("textarea[name=body]").Text(); strings.TrimSpace(got) != want {
			t.Errorf("the form holds %q, want %q", got, want)
		}
	}
	reads(there, "Half a sentence")
	reads(max, "")
	reads(ines, "What the desk thinks")
	form := d.get(t, there, ticket).form(t, "/alpine/drafts")
	if a := d.post(t, there, "/alpine/drafts", form); a.status != http.StatusSeeOther || a.to() != ticket {
		t.Errorf("throwing away leads to %d %s", a.status, a.to())
	}
	reads(lea, "")
	if a := d.post(t, ines, ticket+"/messages", url.Values{"kind": {"note"}, "body": {"What the desk thinks, whole"}}); a.status != http.StatusSeeOther {
		t.Errorf("sending: %d", a.status)
	}
	reads(ines, "")
	keep(lea, "ticket", "Everything is broken")
	if got := d.get(t, there, "/alpine/tickets/new").page(t).Find("textarea[name=body]").Text(); got != "Everything is broken" {
		t.Errorf("a new ticket holds %q", got)
	}
	for name, bad := range map[string]url.Values{"too much": {"about": {"ticket"}, "fields": {strings.Repeat("a", 70<<10)}}, "no form": {"about": {"elsewhere"}, "fields": {"body=x"}}} {
		if a := d.post(t, lea, "/alpine/drafts", bad); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	d.stage(t, `update drafts set updated_at = now() - interval '31 days'`)
	if n := look[int](t, d, `select count(*)::int from drafts`); n != 1 {
		t.Errorf("%d drafts are left, want 1", n)
	}
}

// A stream ends with the right to read: by signing out, by a session that somebody
// ended, by a person who was switched off, at whichever process.
func TestStreamEndsWithTheRightToWatch(t *testing.T) {
	t.Parallel()
	d := open(t)
	other := behind(t, running.Second(t, d.Portal))
	lea, ines, paul, max := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "max@lumen.example")
	stays, lost := d.listens(t, paul), other.listens(t, ines)
	out := []*watcher{d.watches(t, lea, "alpine", "who signs out"), other.watches(t, lea, "alpine", "who signs out elsewhere")}
	expired := d.watches(t, max, "alpine", "whose session was ended")
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
