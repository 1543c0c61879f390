package app_test

import (
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// A mailbox on a real IMAP server: what was in it before stays there, what comes is
// taken once and marked as read, and what the server forgets to tell is not lost.
func TestAMailboxIsReadMailByMail(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	user, at := imapServer(t)
	put := func(text string) {
		t.Helper()
		body := strings.NewReader(text)
		made(user.Append("INBOX", literal{body, int64(body.Len())}, &imap.AppendOptions{}))
	}
	lea := w.one.first.contact.Person.Email
	put(raw(lea, "Before", "It was there already"))
	form := desk.MailForm{Unknown: desk.UnknownWaits, Kind: desk.MailboxIMAP, Host: at, User: "box", Secret: "wrong", Trusted: "mx.test", On: true}
	if err := w.SaveMailSettings(bg, w.one.admin, form); err != nil {
		t.Fatal(err)
	}
	if trouble, err := w.TryMailbox(bg, w.one.admin); err != nil || trouble != "mailin.trouble.login" {
		t.Errorf("a wrong password: %q (%v)", trouble, err)
	}
	form.Secret, form.Revision = "hush", 1
	if err := w.SaveMailSettings(bg, w.one.admin, form); err != nil {
		t.Fatal(err)
	}
	if trouble, err := w.TryMailbox(bg, w.one.admin); err != nil || trouble != "" {
		t.Errorf("the right one: %q (%v)", trouble, err)
	}
	read := func() desk.MailSettings {
		t.Helper()
		w.clock.pass(app.MailboxTime)
		if err := w.ReadMailbox(bg, app.ReadMailbox{Desk: w.one.desk.ID}); err != nil {
			t.Fatal(err)
		}
		w.judge(t)
		s, _, err := w.App.MailSettings(bg, w.one.admin)
		if err != nil || s.Trouble != "" || s.Secret != nil || !s.HasSecret {
			t.Errorf("after reading: %+v (%v)", s, err)
		}
		return s
	}
	place := read().Place
	if n := w.count(t, `select count(*) from mails`); n != 0 || place.UID != 1 {
		t.Errorf("%d old mails were taken, up to %d", n, place.UID)
	}
	put(raw(lea, "Printer", "It prints nothing", "Authentication-Results: mx.test; dmarc=pass header.from="+desk.DomainOf(lea)))
	put(raw("eve@evil.test", "Hello", "x", "Authentication-Results: elsewhere.test; dmarc=pass header.from=evil.test"))
	read()
	if m := w.last(t, w.one.desk); m.Reason != desk.MailStranger || m.Vouched.Sender() != desk.SenderUnknown || m.Via != desk.ViaIMAP {
		t.Errorf("the stranger's: %+v", m)
	}
	if n := w.count(t, `select count(*) from mails where state = 'taken' and vouched->>'dmarc' = 'pass' and vouched->>'by' = 'mx.test'`); n != 1 || w.tickets(t) != 1 {
		t.Errorf("%d taken, %d tickets", n, w.tickets(t))
	}
	if st := made(user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})); st.NumUnseen == nil || *st.NumUnseen != 1 {
		t.Errorf("unseen: %v, want the one that was there before", st.NumUnseen)
	}
	// A worker that died before it could say how far it came reads on from before.
	if err := w.db.Update(bg, desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error {
		s, err := tx.MailSettings()
		s.Place = place
		tx.SaveMailSettings(s)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	read()
	if n := w.tickets(t); n != 1 {
		t.Errorf("%d tickets after reading the same again", n)
	}
	if list, err := w.desksWithMailbox(); err != nil || len(list) != 1 {
		t.Errorf("due: %v (%v)", list, err)
	}
}

func (w *mailed) desksWithMailbox() (list []desk.ID, err error) {
	err = w.db.Global(bg, func(tx *postgres.GlobalTx) (err error) { list, err = tx.DesksWithMailbox(10); return err })
	return list, err
}

type literal struct {
	*strings.Reader
	size int64
}

// Size implements imap.LiteralReader.
func (l literal) Size() int64 { return l.size }

func imapServer(t *testing.T) (*imapmemserver.User, string) {
	t.Helper()
	store, user := imapmemserver.New(), imapmemserver.NewUser("box", "hush")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	store.AddUser(user)
	l := made(net.Listen("tcp", "127.0.0.1:0"))
	s := imapserver.New(&imapserver.Options{InsecureAuth: true, Caps: imap.CapSet{imap.CapIMAP4rev1: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		}})
	go s.Serve(l) //nolint:errcheck // it ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return user, l.Addr().String()
}
