package worker_test

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
	"guichet/internal/worker"
)

// A house is a desk with one customer, its verbs, its mail server, and the
// workers once a test starts them.
type house struct {
	*app.App
	db                             *postgres.DB
	sink                           *demo.MailSink
	owner                          *pgx.Conn
	desk                           desk.Desk
	contact, follower, agent, lead desk.Actor
}

func newHouse(t *testing.T) *house {
	t.Helper()
	owner, serving := testbed.Empty(t)
	h := &house{db: made(postgres.Open(t.Context(), serving, 8)), sink: made(demo.StartMailSink()), owner: made(pgx.Connect(t.Context(), owner))}
	t.Cleanup(func() {
		_ = h.owner.Close(context.Background())
		_ = h.sink.Close()
		h.db.Close()
	})
	address := made(url.Parse(h.sink.URL()))
	sender := made(mail.New(mail.Config{Host: address.Hostname(), Port: made(strconv.Atoi(address.Port())), Security: mail.Plain,
		From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	h.App = made(app.New(app.Parts{DB: h.db, Mail: sender, Secrets: made(app.NewSealer([]byte(testbed.SecretKey)))}))
	h.people(t)
	return h
}

func (h *house) people(t *testing.T) {
	t.Helper()
	d := made(desk.NewDesk("alpine", "Alpine Cloud", "fr", "Europe/Paris"))
	c := made(desk.NewCustomer(desk.CustomerSettings{Name: "Fabrique Lumen", Relationship: desk.Direct}))
	if err := h.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 1042) }); err != nil {
		t.Fatal(err)
	}
	h.desk = made(h.Desk(t.Context(), "alpine"))
	err := h.db.Update(t.Context(), desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		if err := tx.AddCustomer(c); err != nil {
			return err
		}
		for name, a := range map[string]*desk.Actor{"Léa": &h.contact, "Max": &h.follower, "Inès": &h.agent, "Paul": &h.lead} {
			s := desk.PersonSettings{Name: name + " Martin", Email: strings.ToLower(name[:1]) + "@lumen.example", Role: desk.Contact, CustomerID: c.ID, Language: "fr"}
			if a == &h.agent || a == &h.lead {
				s = desk.PersonSettings{Name: name + " Roche", Email: strings.ToLower(name[:1]) + "@alpine.example", Role: desk.Agent, Language: "en"}
			}
			p := made(desk.NewPerson(s))
			p.CreatedAt = tx.Now
			if err := tx.AddPerson(p); err != nil {
				return err
			}
			*a = desk.Actor{Desk: h.desk, Person: p}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// work starts the workers, until the test ends or stop is called.
func (h *house) work(t *testing.T) (stop func()) {
	t.Helper()
	jobs := made(worker.New(h.db.Pool(), postgres.JobSchema, h.App, worker.Hands{Jobs: 4, Clock: true}, slog.New(slog.DiscardHandler)))
	if err := jobs.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			if err := jobs.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

// done waits until no job is left to do. Jobs that wait for another try are
// let try at once: what is tested is that they try, not how patiently.
func (h *house) done(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		if _, err := h.owner.Exec(ctx, `update river.river_job set state = 'available', scheduled_at = now() where state in ('retryable', 'scheduled')`); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := h.owner.QueryRow(ctx, `select count(*) from river.river_job where finalized_at is null`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// letters are what has arrived, oldest first.
func (h *house) letters() []demo.Message {
	all := h.sink.Messages()
	slices.Reverse(all)
	return all
}

func (h *house) submit(t *testing.T) int64 {
	t.Helper()
	n, err := h.SubmitTicket(t.Context(), h.contact, desk.Submission{Subject: "Courriels en retard", Body: "Tout arrive en retard", Service: "Exchange Online"}, desk.Nobody)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// made unwraps what a fixture is made of.
func made[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
