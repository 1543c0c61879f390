package app

import (
	"context"
	"errors"
	"io"
	"time"

	"guichet/internal/desk"
	"guichet/internal/inbound"
	"guichet/internal/postgres"
)

// Mailbox is a mailbox of a desk's, opened.
type Mailbox interface {
	// Next is the next mail that was not taken yet. Errors: io.EOF when there is none
	// for now; a desk.MailTrouble.
	Next(ctx context.Context) (desk.BoxedMail, error)
	// Taken says that a mail is kept with us: from then on it counts as read there.
	Taken(ctx context.Context, m desk.BoxedMail) error
	// Place is how far it was read.
	Place() desk.MailPlace
	Close() error
}

// Mailboxes opens one as a desk's settings say. Errors: a desk.MailTrouble.
type Mailboxes func(ctx context.Context, box desk.Mailbox, secret string, from desk.MailPlace) (Mailbox, error)

// ReadMailboxes is the clock's job of having every desk's mailbox read.
type ReadMailboxes struct{}

// Kind names the job.
func (ReadMailboxes) Kind() string { return "read_mailboxes" }

// ReadMailbox is the job of doing that at one desk.
type ReadMailbox struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (ReadMailbox) Kind() string { return "read_mailbox" }

const (
	// MailboxTime is how long reading a mailbox may take; what is left is read next time.
	MailboxTime = 5 * time.Minute
	// MailboxesEvery is how often mailboxes are read.
	MailboxesEvery = time.Minute
	mostBoxed      = 200 // mails of one reading
	mostMailboxes  = 1000
)

// FanOutMailboxes works ReadMailboxes.
func (a *App) FanOutMailboxes(ctx context.Context, _ ReadMailboxes) error {
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksWithMailbox(mostMailboxes)
		return err
	})
	for _, d := range desks {
		if err != nil {
			break
		}
		err = a.db.Update(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) error { return tx.Enqueue(ReadMailbox{d}, once) })
	}
	return err
}

// ReadMailbox works a ReadMailbox: it takes what is new, mail by mail, and marks each as
// read only once it is kept. One that was kept and not marked, since a worker died, is
// taken again and known by its name.
func (a *App) ReadMailbox(ctx context.Context, job ReadMailbox) error {
	var s desk.MailSettings
	err := a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		s, err = tx.MailSettings()
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && (!s.Mailbox.On || s.Held(a.now())) {
		return nil
	}
	if err != nil {
		return err
	}
	place, err := a.readBox(ctx, job.Desk, s)
	trouble := desk.MailTroubleOf(err)
	if err != nil && trouble == "" { // ours: the queue tries again
		return err
	}
	return a.noteBox(ctx, job.Desk, s.Revision, place, trouble)
}

func (a *App) noteBox(ctx context.Context, d desk.ID, revision int, place desk.MailPlace, trouble string) error {
	return a.db.Update(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) error {
		now, err := tx.MailSettings()
		if err != nil || now.Revision != revision { // another mailbox by now
			return err
		}
		tx.SaveMailSettings(now.Read(place, trouble, tx.Now))
		return nil
	})
}

func (a *App) readBox(ctx context.Context, d desk.ID, s desk.MailSettings) (desk.MailPlace, error) {
	box, err := a.openBox(ctx, s)
	if err != nil {
		return s.Place, err
	}
	defer box.Close() //nolint:errcheck // what is taken is marked by now
	for range mostBoxed {
		m, err := box.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return box.Place(), err
		}
		if len(m.Raw) <= inbound.MaxRaw && len(m.Raw) > 0 {
			if _, err := a.TakeMail(ctx, Envelope{To: []string{s.Mailbox.User}, Raw: m.Raw, Via: desk.MailVia(s.Mailbox.Kind), Desk: d, Trusted: s.Mailbox.Trusted}); err != nil {
				return box.Place(), err
			}
		}
		if err := box.Taken(ctx, m); err != nil {
			return box.Place(), err
		}
	}
	return box.Place(), nil
}

func (a *App) openBox(ctx context.Context, s desk.MailSettings) (Mailbox, error) {
	secret, err := a.secrets.Unseal(s.Secret)
	if err != nil {
		return nil, desk.MailTrouble{Key: "mailin.trouble.sealed"}
	}
	if a.mailIn.Mailboxes == nil {
		return nil, desk.MailTrouble{Key: "mailin.trouble.none"}
	}
	return a.mailIn.Mailboxes(ctx, s.Mailbox, secret, s.Place)
}

// TryMailbox opens the desk's mailbox now, takes nothing, and tells what stands in the
// way, as a message key; "" for nothing. Errors: ErrNotFound where none is set up.
func (a *App) TryMailbox(ctx context.Context, who desk.Actor) (trouble string, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return "", err
	}
	var s desk.MailSettings
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		s, err = tx.MailSettings()
		return err
	})
	if err == nil && s.Mailbox.Kind == "" {
		err = desk.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	box, err := a.openBox(ctx, s)
	if err == nil {
		_ = box.Close()
	}
	if trouble = desk.MailTroubleOf(err); err != nil && trouble == "" {
		return "", err
	}
	return trouble, a.noteBox(ctx, who.Desk.ID, s.Revision, s.Place, trouble)
}
