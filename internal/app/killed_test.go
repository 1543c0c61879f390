package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

// orders tell a second process which letter to send.
type orders struct {
	Serving, Host string
	Port          int
	Notice        app.Notice
	Now           time.Time
}

const childOrders = "GUICHET_TEST_ORDERS"

// TestSendsAsAChild is that process; by itself it does nothing.
func TestSendsAsAChild(t *testing.T) {
	text := os.Getenv(childOrders)
	if text == "" {
		t.Skip("the process that is to be killed: only another test starts it")
	}
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	a := sending(t, o, made(postgres.Open(t.Context(), o.Serving, 2)))
	if err := a.SendNotice(t.Context(), o.Notice); err != nil {
		t.Fatal(err)
	}
}

func sending(t *testing.T, o orders, db *postgres.DB) *app.App {
	t.Helper()
	sender := made(mail.New(mail.Config{Host: o.Host, Port: o.Port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	return made(app.New(app.Parts{DB: db, Mail: sender, Secrets: made(app.NewSealer([]byte(testbed.SecretKey))), Now: func() time.Time { return o.Now }, Files: files.Folder(t.TempDir()),
		MailIn: app.MailIn{Domain: "in.test"}, SignIn: app.SignInConfig{BaseURL: "https://portal.example"}}))
}

// taker is a mail server that has something done once it has a mail, before it says so.
type taker struct {
	mu    sync.Mutex
	mails []string
	once  func()
	from  string
}

func (s *taker) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *taker) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (s *taker) Reset()                                      {}
func (s *taker) Logout() error                               { return nil }
func (s *taker) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, string(raw))
	if s.once != nil {
		s.once()
		s.once = nil
	}
	return err
}

func header(raw, name string) string {
	return made(netmail.ReadMessage(strings.NewReader(raw))).Header.Get(name)
}

// A worker is killed after the mail server said yes and before the row could say so: the
// next one sends the letter under the same name, and there is one row of it. Until then
// everybody who should can see it.
func TestAWorkerKilledBeforeItWroteDownThatALetterWasSent(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	var notice app.Notice
	for _, args := range w.jobs(t, "notice") {
		if err := json.Unmarshal(args, &notice); err != nil {
			t.Fatal(err)
		}
	}
	owner := made(pgx.Connect(t.Context(), w.owner))
	defer owner.Close(context.WithoutCancel(t.Context()))
	watch := made(pgx.Connect(t.Context(), w.serving))
	defer watch.Close(context.WithoutCancel(t.Context()))
	hold := made(owner.Begin(t.Context()))
	server := &taker{once: func() { // nobody can write its row from here on
		made(hold.Exec(context.WithoutCancel(t.Context()), `select from deliveries where id = $1 for update`, notice.Letter))
	}}
	l := made(net.Listen("tcp", "127.0.0.1:0"))
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return server, nil }))
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	at := l.Addr().(*net.TCPAddr)
	o := orders{Serving: w.serving, Host: "127.0.0.1", Port: at.Port, Notice: notice, Now: w.clock.read()}

	child := exec.Command(os.Args[0], "-test.run=^TestSendsAsAChild$")
	child.Env = append(os.Environ(), childOrders+"="+string(made(json.Marshal(o))))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	// It heard the 250 when it waits to write that down.
	pid := 0
	for end := time.Now().Add(30 * time.Second); pid == 0; time.Sleep(5 * time.Millisecond) {
		const asked = `select coalesce(max(pid), 0) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database() and a.query like '%update deliveries%'`
		if err := watch.QueryRow(t.Context(), asked).Scan(&pid); err != nil || time.Now().After(end) {
			t.Fatalf("it never came to write down that the letter was sent (%v)", err)
		}
	}
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	// What it asked of the database would be done without it: that dies too.
	made(watch.Exec(t.Context(), `select pg_terminate_backend($1, 10000)`, pid))
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.count(t, `select count(*) from deliveries where state = 'sending' and tries = 1`); len(server.mails) != 1 || got != 1 {
		t.Fatalf("%d copies, %d rows under way", len(server.mails), got)
	}

	w.clock.pass(desk.LetterStuckAfter + time.Minute)
	seen := 0
	if err := w.EachStuck(t.Context(), func(slug string, n int, _ time.Time) {
		if seen += n; slug != "one" {
			t.Errorf("it is seen at %s", slug)
		}
	}); err != nil || seen != 1 {
		t.Errorf("an operator sees %d letters (%v)", seen, err)
	}
	if list := made(w.StuckLetters(t.Context(), w.one.admin)); len(list) != 1 || list[0].Address != w.one.first.contact.Person.Email || list[0].PersonName == "" {
		t.Errorf("an admin sees %+v", list)
	}
	if list := made(w.StuckLetters(t.Context(), w.two.admin)); len(list) != 0 {
		t.Errorf("another desk's sees %+v", list)
	}

	o.Now = w.clock.read()
	if err := sending(t, o, w.db).SendNotice(t.Context(), notice); err != nil { // as the queue does for a job whose worker is gone
		t.Fatal(err)
	}
	if err := sending(t, o, w.db).SendNotice(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range server.mails {
		names = append(names, header(m, "Message-ID"))
	}
	if len(names) != 2 || names[0] != names[1] || names[0] == "" || len(slices.Compact(names)) != 1 {
		t.Errorf("the copies are named %q", names)
	}
	if all, sent := w.count(t, `select count(*) from deliveries`), w.count(t, `select count(*) from deliveries where state = 'sent' and tries = 2`); all != 1 || sent != 1 {
		t.Errorf("%d rows, %d sent", all, sent)
	}
	if list := made(w.StuckLetters(t.Context(), w.one.admin)); len(list) != 0 || n == 0 {
		t.Errorf("it is under way still: %+v", list)
	}
}

// Letters whose jobs were lost are ordered anew, once; what became of letters is
// forgotten after half a year, and nothing that still waits.
func TestLostLettersAreOrderedAgainAndOldOnesForgotten(t *testing.T) {
	t.Parallel()
	w := newQuiet(t, app.Quiet{For: 3 * time.Minute, AtMost: 15 * time.Minute})
	c, o := w.one.first, w.one
	n := w.submit(t, c.contact, desk.Submission{})
	lea := c.contact.Person.Email
	w.letter(t, lea)
	w.says(t, o.agent, n, "An answer.")
	if err := w.SavePreferences(t.Context(), c.other, desk.Preferences{Letters: desk.LetterChoices{Followed: desk.LettersDaily}}); err != nil {
		t.Fatal(err)
	}
	if err := w.FollowTicket(t.Context(), c.contact, n, c.other.Person.ID); err != nil {
		t.Fatal(err)
	}
	w.says(t, o.agent, n, "Another.")
	again := func() {
		t.Helper()
		if err := w.FanOutOwed(t.Context(), app.OwedLetters{}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.pass(27 * time.Hour)
	again()
	if d := len(w.jobs(t, "digest")); d != 1 {
		t.Errorf("a letter whose job is there is ordered again: %d", d)
	}
	made(w.sql(t).Exec(t.Context(), `delete from river.river_job where kind in ('digest', 'daily')`))
	again()
	again()
	if d, all := len(w.jobs(t, "digest")), len(w.jobs(t, "daily")); d != 1 || all != 1 {
		t.Errorf("%d letters and %d daily ones are ordered", d, all)
	}
	if w.digests(t); len(w.mail.Messages()) != 2 || !strings.Contains(w.mail.Messages()[0].Text, "Another.") {
		t.Errorf("%d letters", len(w.mail.Messages()))
	}
	w.clock.pass(desk.DeliveryLife)
	if err := w.SweepDesk(t.Context(), app.SweepDesk{Desk: o.desk.ID}); err != nil {
		t.Fatal(err)
	}
	if got := w.count(t, `select count(*) from deliveries`) + w.count(t, `select count(*) from notices where delivery_id is not null`); got != 0 {
		t.Errorf("%d rows are kept of old letters", got)
	}
}
