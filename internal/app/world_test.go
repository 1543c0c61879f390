package app_test

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

// A world is the verbs over a database of their own, a clock that tests set,
// and two desks of two customers each.
type world struct {
	*app.App
	db      *postgres.DB
	owner   string
	sealer  app.Sealer
	mail    *demo.MailSink
	clock   *clock
	one     office
	two     office
	serving string
	files   string // the folder of people's files
	conn    *pgx.Conn
}

type office struct {
	desk               desk.Desk
	agent, lead, admin desk.Actor
	first, second      company
}

type company struct {
	id                      desk.ID
	tenant                  string
	contact, other, manager desk.Actor
}

// clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

func (c *clock) pass(d time.Duration) { c.set(c.read().Add(d)) }

var paris = made(time.LoadLocation("Europe/Paris"))

// monday is a quiet working morning, ten o'clock in Paris.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, paris)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{files: t.TempDir(), clock: &clock{now: monday}, sealer: made(app.NewSealer([]byte(testbed.SecretKey)))}
	w.owner, w.serving = testbed.Empty(t)
	w.db = made(postgres.Open(t.Context(), w.serving, 6))
	t.Cleanup(w.db.Close)
	w.mail = made(demo.StartMailSink())
	t.Cleanup(func() { _ = w.mail.Close() })
	w.App = w.build(t, false)
	w.one, w.two = w.open(t, "one", "fr"), w.open(t, "two", "en")
	return w
}

// build makes the verbs anew over the same database, as a second process would.
func (w *world) build(t *testing.T, silent bool) *app.App {
	t.Helper()
	sink := made(url.Parse(w.mail.URL()))
	port := 0
	for _, d := range sink.Port() {
		port = port*10 + int(d-'0')
	}
	sender := made(mail.New(mail.Config{Host: sink.Hostname(), Port: port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	return made(app.New(app.Parts{DB: w.db, Mail: sender, Secrets: w.sealer, Now: w.clock.read, Silent: silent, Files: files.Folder(w.files),
		SignIn: app.SignInConfig{BaseURL: "https://portal.example"}}))
}

// open makes a desk through the verbs that an operator and an admin use.
func (w *world) open(t *testing.T, slug, language string) office {
	t.Helper()
	d := made(desk.NewDesk(slug, "Desk "+slug, language, "Europe/Paris"))
	if err := w.OpenDesk(t.Context(), d, desk.NewID().String(), "admin@"+slug+".example", 100); err != nil {
		t.Fatal(err)
	}
	o := office{desk: made(w.Desk(t.Context(), slug))}
	o.admin = w.actor(t, o.desk, "admin@"+slug+".example")
	for role, a := range map[desk.Role]*desk.Actor{desk.Agent: &o.agent, desk.Lead: &o.lead} {
		*a = w.invite(t, o, desk.PersonSettings{Name: string(role) + " of " + slug, Email: string(role) + "@" + slug + ".example", Role: role})
	}
	o.first, o.second = w.company(t, o, "First"), w.company(t, o, "Second")
	return o
}

func (w *world) company(t *testing.T, o office, name string) company {
	t.Helper()
	c := company{tenant: desk.NewID().String()}
	c.id = made(w.AddCustomer(t.Context(), o.admin, desk.CustomerSettings{Name: name, Tenant: c.tenant, Relationship: desk.Direct, OpenDoor: true}))
	for name, a := range map[string]*desk.Actor{"contact": &c.contact, "other": &c.other, "manager": &c.manager} {
		role := desk.Contact
		if name == "manager" {
			role = desk.Manager
		}
		*a = w.invite(t, o, desk.PersonSettings{Name: name, Email: name + "@" + c.id.String() + ".example", Role: role, CustomerID: c.id})
	}
	return c
}

func (w *world) invite(t *testing.T, o office, s desk.PersonSettings) desk.Actor {
	t.Helper()
	made(w.Invite(t.Context(), o.admin, s))
	return w.actor(t, o.desk, s.Email)
}

func (w *world) actor(t *testing.T, d desk.Desk, email string) desk.Actor {
	t.Helper()
	var people []desk.Person
	err := w.db.View(t.Context(), desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		people, err = tx.PeopleByEmail(email)
		return err
	})
	if err != nil || len(people) != 1 {
		t.Fatalf("%s: %v, %v", email, people, err)
	}
	return desk.Actor{Desk: d, Person: people[0]}
}

// submit opens a ticket for a customer's person.
func (w *world) submit(t *testing.T, who desk.Actor, s desk.Submission) int64 {
	t.Helper()
	if s.Subject == "" {
		s.Subject, s.Body, s.Service, s.Impact = "Question about Teams", "How do I share a calendar in Teams?", "Microsoft Teams", "slowed"
	}
	if l, _, err := w.Mine(t.Context(), who, s.Service); err == nil && s.Accepted == "" { // whatever it costs
		s.Accepted = l.Price(made(w.Quote(t.Context(), who, l, who.Person.CustomerID)))
	}
	n, err := w.SubmitTicket(t.Context(), who, s, desk.Nobody)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// thread reads a ticket as the desk's agent.
func (w *world) thread(t *testing.T, o office, number int64) desk.Thread {
	t.Helper()
	th, err := w.ReadTicket(t.Context(), o.agent, number)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func (w *world) reply(t *testing.T, who desk.Actor, number int64, r app.Reply) {
	t.Helper()
	if r.Body == "" {
		r.Body = "A reply"
	}
	if err := w.WriteMessage(t.Context(), who, number, r); err != nil {
		t.Fatal(err)
	}
}

// sql is a connection that no policy holds, to look behind the verbs.
func (w *world) sql(t *testing.T) *pgx.Conn {
	t.Helper()
	if w.conn != nil && !w.conn.IsClosed() && !w.conn.PgConn().IsBusy() { // each new one costs the server more than what is asked
		return w.conn
	}
	c := made(pgx.Connect(t.Context(), w.owner))
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	w.conn = c
	return c
}

func (w *world) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := w.sql(t).QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func kinds(th desk.Thread) (list []desk.EventKind) {
	for _, e := range th.Happened {
		list = append(list, e.Kind)
	}
	return list
}

// bg serves tables that are made before any test.
var bg = context.Background()

// made unwraps what a fixture is made of.
func made[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
