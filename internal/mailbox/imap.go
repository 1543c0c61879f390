// Package mailbox reads mailboxes that belong to desks, by IMAP (RFC 9051).
package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"guichet/internal/desk"
)

// Config is what all mailboxes have in common.
type Config struct {
	Private bool  // demo and tests: servers on this machine, without TLS
	Largest int64 // bytes of a mail that is fetched
}

// IMAP is a mailbox that is open.
type IMAP struct {
	client *imapclient.Client
	cfg    Config
	place  desk.MailPlace
	left   []imap.UID
}

const (
	dialTime = 15 * time.Second
	askTime  = time.Minute // of one question
)

// Open signs in and selects the folder. A mailbox that was never read is read from now
// on; one whose server numbers its mails anew, from a day before it was read last, of
// which what came before is known by its name. Errors: a desk.MailTrouble.
func Open(ctx context.Context, cfg Config, box desk.Mailbox, secret string, from desk.MailPlace) (*IMAP, error) {
	conn, err := dial(ctx, cfg, box.Host)
	if err != nil {
		return nil, desk.MailTrouble{Key: "mailin.trouble.reach", Err: err}
	}
	b := &IMAP{client: imapclient.New(conn, &imapclient.Options{}), cfg: cfg, place: from}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := b.enter(conn, box, secret); err != nil {
		_ = b.client.Close()
		return nil, err
	}
	return b, nil
}

func dial(ctx context.Context, cfg Config, host string) (net.Conn, error) {
	d := &net.Dialer{Timeout: dialTime, Control: cfg.guard}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return nil, err
	}
	if cfg.Private && name == "127.0.0.1" {
		return d.DialContext(ctx, "tcp", host)
	}
	return (&tls.Dialer{NetDialer: d, Config: &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", host)
}

func (b *IMAP) enter(conn net.Conn, box desk.Mailbox, secret string) error {
	_ = conn.SetDeadline(time.Now().Add(askTime))
	if err := b.client.WaitGreeting(); err != nil {
		return desk.MailTrouble{Key: "mailin.trouble.reach", Err: err}
	}
	if err := b.client.Login(box.User, secret).Wait(); err != nil {
		return desk.MailTrouble{Key: "mailin.trouble.login", Err: err}
	}
	folder := box.Folder
	if folder == "" {
		folder = "INBOX"
	}
	found, err := b.client.Select(folder, nil).Wait()
	if err != nil {
		return desk.MailTrouble{Key: "mailin.trouble.folder", Err: err}
	}
	_ = conn.SetDeadline(time.Time{})
	return b.look(found)
}

// look finds what is new.
func (b *IMAP) look(found *imap.SelectData) error {
	c := &imap.SearchCriteria{}
	switch {
	case b.place.Validity == 0:
		b.place = desk.MailPlace{Validity: found.UIDValidity, UID: uint32(found.UIDNext) - 1}
		return nil
	case b.place.Validity != found.UIDValidity:
		b.place = desk.MailPlace{Validity: found.UIDValidity}
		c.Since = time.Now().AddDate(0, 0, -2)
	default:
		c.UID = []imap.UIDSet{{imap.UIDRange{Start: imap.UID(b.place.UID + 1), Stop: 0}}} // to the last
	}
	answer, err := b.client.UIDSearch(c, nil).Wait()
	if err != nil {
		return desk.MailTrouble{Key: "mailin.trouble.folder", Err: err}
	}
	for _, uid := range answer.AllUIDs() {
		if uint32(uid) > b.place.UID { // "*" is the last mail, also when it is older
			b.left = append(b.left, uid)
		}
	}
	slices.SortFunc(b.left, func(x, y imap.UID) int { return cmp.Compare(x, y) })
	return nil
}

// Next implements app.Mailbox.
func (b *IMAP) Next(ctx context.Context) (desk.BoxedMail, error) {
	if len(b.left) == 0 {
		return desk.BoxedMail{}, io.EOF
	}
	stop := context.AfterFunc(ctx, func() { _ = b.client.Close() })
	defer stop()
	uid := b.left[0]
	m := desk.BoxedMail{UID: uint32(uid)}
	sizes, err := b.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return m, desk.MailTrouble{Key: "mailin.trouble.fetch", Err: err}
	}
	if len(sizes) == 0 || sizes[0].RFC822Size > b.cfg.Largest { // gone, or too large: it stays where it is
		return m, nil
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	found, err := b.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		return m, desk.MailTrouble{Key: "mailin.trouble.fetch", Err: err}
	}
	if len(found) > 0 {
		m.Raw = found[0].FindBodySection(whole)
	}
	return m, nil
}

// Taken implements app.Mailbox.
func (b *IMAP) Taken(_ context.Context, m desk.BoxedMail) error {
	if len(m.Raw) > 0 {
		seen := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}, Silent: true}
		if err := b.client.Store(imap.UIDSetNum(imap.UID(m.UID)), seen, nil).Close(); err != nil {
			return desk.MailTrouble{Key: "mailin.trouble.mark", Err: err}
		}
	}
	b.left = b.left[1:]
	b.place.UID = max(b.place.UID, m.UID)
	return nil
}

// Place implements app.Mailbox.
func (b *IMAP) Place() desk.MailPlace { return b.place }

// Close implements app.Mailbox.
func (b *IMAP) Close() error {
	return errors.Join(b.client.Logout().Wait(), b.client.Close())
}
