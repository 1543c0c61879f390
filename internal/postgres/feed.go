package postgres

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// The feed tells all processes what committed acts changed. A NOTIFY inside the
// transaction that writes would have all commits of the database wait for one
// another (PostgreSQL takes one lock for the order of notifications, from the
// NOTIFY to the end of its transaction), so acts only remember what they touched;
// some time after their commit one statement of its own tells of many.
const (
	feedChannel = "guichet_news"
	gatherFor   = 200 * time.Millisecond
	// longestNote is what pg_notify carries (PostgreSQL, "NOTIFY": less than 8000
	// bytes), with some room.
	longestNote = 7800
)

type feed struct {
	mu      sync.Mutex
	waiting map[desk.ID]*desk.Tidings // by desk
	ordered bool                      // a flush will come
	tell    func([]string)            // sends notes
	ctx     context.Context           // ends with the database's door
	close   context.CancelFunc
}

func newFeed(tell func(context.Context, []string)) *feed {
	ctx, cancel := context.WithCancel(context.Background())
	return &feed{waiting: map[desk.ID]*desk.Tidings{}, tell: func(notes []string) { tell(ctx, notes) }, ctx: ctx, close: cancel}
}

// add takes news of a commit, to be told with others.
func (f *feed) add(n *desk.Tidings) {
	if n == nil || n.Empty() || f.ctx.Err() != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	all, ok := f.waiting[n.Desk]
	if !ok {
		all = &desk.Tidings{Desk: n.Desk}
		f.waiting[n.Desk] = all
	}
	all.Add(*n)
	if !f.ordered {
		f.ordered = true
		time.AfterFunc(gatherFor, f.flush)
	}
}

func (f *feed) flush() {
	f.mu.Lock()
	all := f.waiting
	f.waiting, f.ordered = map[desk.ID]*desk.Tidings{}, false
	f.mu.Unlock()
	var notes []string
	for _, n := range all {
		notes = append(notes, noted(*n)...)
	}
	if len(notes) > 0 && f.ctx.Err() == nil {
		f.tell(notes)
	}
}

// noted writes news as notes, halved until each fits.
func noted(n desk.Tidings) []string {
	text, err := json.Marshal(n)
	if err != nil {
		return nil // strings, booleans and ids: there is no such news
	}
	if len(text) <= longestNote {
		return []string{string(text)}
	}
	a, b := desk.Tidings{Desk: n.Desk, Many: n.Many}, desk.Tidings{Desk: n.Desk}
	a.Touched, b.Touched = halves(n.Touched)
	a.Public, b.Public = halves(n.Public)
	a.Here, b.Here = halves(n.Here)
	a.People, b.People = halves(n.People)
	a.Sessions, b.Sessions = halves(n.Sessions)
	return append(noted(a), noted(b)...)
}

func halves[T any](list []T) (a, b []T) { return list[:len(list)/2], list[len(list)/2:] }

// Tell spreads news that no transaction made.
func (db *DB) Tell(n desk.Tidings) { db.feed.add(&n) }

// notify is a transaction of its own that writes nothing. What cannot be told is
// dropped: pages are then as old as if nobody had told them of anything.
func (db *DB) notify(ctx context.Context, notes []string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = db.pool.Exec(ctx, `select pg_notify('`+feedChannel+`', note) from unnest($1::text[]) note`, notes)
}

// Listen hands over the news of all processes, this one's too, until the door is
// closed; on a connection of its own, since what is heard belongs to a session of
// the database. Whenever it begins to listen, at first and after every gap, it
// calls again: what happened before, it cannot tell.
func (db *DB) Listen(hear func(desk.Tidings), again func()) {
	for wait := 100 * time.Millisecond; db.feed.ctx.Err() == nil; wait = min(2*wait, 5*time.Second) {
		began := time.Now()
		db.listen(hear, again)
		if time.Since(began) > time.Minute {
			wait = 100 * time.Millisecond
		}
		select {
		case <-db.feed.ctx.Done():
		case <-time.After(wait):
		}
	}
}

// quiet is how long the listening connection may say nothing before it is asked
// whether it still stands: a line that was cut somewhere tells of itself never.
const quiet = time.Minute

func (db *DB) listen(hear func(desk.Tidings), again func()) {
	ctx := db.feed.ctx
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(end)
	}()
	if _, err := conn.Exec(ctx, `listen `+feedChannel); err != nil {
		return
	}
	again()
	for ctx.Err() == nil {
		wait, cancel := context.WithTimeout(ctx, quiet)
		note, err := conn.WaitForNotification(wait)
		late := wait.Err() != nil
		cancel()
		if err != nil && (!late || conn.IsClosed() || conn.Ping(ctx) != nil) {
			return
		}
		var n desk.Tidings
		if err == nil && json.Unmarshal([]byte(note.Payload), &n) == nil {
			hear(n)
		}
	}
}

// felt names, for each table of which a ticket's page shows rows, the argument of
// our statements that says which ticket a written row belongs to. Every statement
// passes here, so no verb has to remember it.
var felt = map[string]string{
	"tickets": "id", "messages": "ticket", "events": "ticket", "findings": "ticket", "decisions": "ticket", "corrections": "ticket",
	"followers": "ticket", "ticket_issues": "ticket", "time_entries": "ticket", "escalation_tickets": "ticket", "incident_tickets": "ticket",
}

// feel remembers the ticket that a statement writes to. What of it customers see
// the row says itself; a ticket's own row also changes by what they never see, and
// what they see of it comes with an event or a message.
func (t *Tx) feel(sql string, a args) {
	table, inserts, ok := written(sql)
	if inserts {
		t.happens(table, a)
	}
	t.hooked = t.hooked || table == "webhooks"
	name, known := felt[table]
	if !ok || !known {
		return
	}
	public := table == "followers" || table == "tickets" && inserts
	if table == "messages" || table == "events" {
		internal, said := a["internal"].(bool)
		public = said && !internal
	}
	value, ok := a[name]
	if !ok {
		value = a["tickets"]
	}
	switch id := value.(type) {
	case desk.ID:
		t.news.Touch(id, public)
	case []desk.ID: // rows by the hundred, of long ago or of many tickets
		for _, id := range id {
			t.news.Touch(id, false)
		}
	}
}

// written tells which table a statement writes to.
func written(sql string) (table string, inserts, ok bool) {
	rest, inserts := strings.CutPrefix(sql, "insert into ")
	if !inserts {
		if rest, ok = strings.CutPrefix(sql, "update "); !ok {
			if rest, ok = strings.CutPrefix(sql, "delete from "); !ok {
				return "", false, false
			}
		}
	}
	end := strings.IndexAny(rest, " \n\t(")
	if end < 0 {
		return "", false, false
	}
	return rest[:end], inserts, true
}
