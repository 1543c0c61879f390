package app

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/inbound"
	"guichet/internal/postgres"
	"guichet/internal/vouch"
)

// MailIn is how an installation takes mail. Without a domain it takes none by itself;
// a desk's mailbox is read all the same.
type MailIn struct {
	Domain  string       // of the addresses that we are the mail server of
	Trusted string       // the server before us whose Authentication-Results are believed; "": we ask ourselves
	Vouch   *vouch.Judge // who asks; nil: nobody is vouched for

	Mailboxes Mailboxes // opens desks' mailboxes; nil: none
}

// Envelope is one mail as a door hands it in.
type Envelope struct {
	From       string   // MAIL FROM
	To         []string // recipients of ours
	Raw        []byte
	Via        desk.MailVia
	Peer, Helo string
	Desk       desk.ID // whose mailbox it was in; Nobody: its recipients say
	Trusted    string  // whose Authentication-Results are believed, of a mailbox
}

// Taken is a mail that was kept.
type Taken struct{ Desk, Mail desk.ID }

// MailArrived is the job of judging a mail that was kept.
type MailArrived struct {
	Desk desk.ID `json:"desk"`
	Mail desk.ID `json:"mail"`
}

// Kind names the job.
func (MailArrived) Kind() string { return "mail_arrived" }

// LargestMail is how many bytes a mail may have.
const LargestMail = inbound.MaxRaw

const (
	mailTries = 20
	// MailTime is how long judging one mail may take.
	MailTime = 2 * time.Minute
)

// TakesMail tells which desk an address of ours leads to. Errors: ErrNotFound for any
// other address: we hand nothing on.
func (a *App) TakesMail(ctx context.Context, address string) (desk.Desk, error) {
	local, domain, ok := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	if !ok || a.mailIn.Domain == "" || len(local) > 64 || len(domain) > 253 {
		return desk.Desk{}, desk.ErrNotFound
	}
	if domain != a.mailIn.Domain {
		return a.deskOfSender(ctx, local, domain)
	}
	if t, ok := readTicketAddress(address); ok {
		return a.deskByID(ctx, t.desk)
	}
	if t, ok := readReplyTag(address); ok {
		return a.deskByID(ctx, t.desk)
	}
	if t, ok := readBounceAddress(address); ok {
		return a.deskByID(ctx, t.desk)
	}
	slug, _, _ := strings.Cut(local, "+")
	return a.Desk(ctx, slug)
}

// deskOfSender is the desk whose own domain sends its mail here.
func (a *App) deskOfSender(ctx context.Context, local, domain string) (d desk.Desk, err error) {
	var id desk.ID
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		id, err = tx.DeskOfSender(local, domain)
		return err
	})
	if err != nil {
		return d, err
	}
	return a.deskByID(ctx, id)
}

// TakeMail keeps a mail for each desk that it is written to, and has it judged. When it
// returns without an error, nothing of it can be lost; after one, whoever handed it in
// must try again. Errors: ErrNotFound when no recipient is ours; inbound.ErrTooLarge.
func (a *App) TakeMail(ctx context.Context, e Envelope) ([]Taken, error) {
	if len(e.Raw) > inbound.MaxRaw {
		return nil, inbound.ErrTooLarge
	}
	desks, to := []desk.ID{}, map[desk.ID][]string{}
	if e.Desk != desk.Nobody {
		desks, to[e.Desk] = append(desks, e.Desk), e.To
	} else {
		for _, address := range e.To {
			d, err := a.TakesMail(ctx, address)
			if errors.Is(err, desk.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if to[d.ID] == nil {
				desks = append(desks, d.ID)
			}
			to[d.ID] = append(to[d.ID], strings.ToLower(address))
		}
	}
	if len(desks) == 0 {
		return nil, desk.ErrNotFound
	}
	var taken []Taken
	for _, d := range desks {
		m, err := a.keepMail(ctx, d, to[d], e)
		if err != nil {
			return taken, err
		}
		taken = append(taken, Taken{d, m})
	}
	return taken, nil
}

// keepMail stores the raw mail, then the row that names it with the job that judges
// it: what a crash leaves between is bytes that nobody was told of.
func (a *App) keepMail(ctx context.Context, d desk.ID, to []string, e Envelope) (desk.ID, error) {
	kept, err := a.files.Put(ctx, d, bytes.NewReader(e.Raw), inbound.MaxRaw)
	if err != nil {
		return desk.Nobody, err
	}
	if e.Desk == desk.Nobody {
		e.Trusted = a.mailIn.Trusted
	}
	m := desk.Mail{ID: desk.NewID(), Blob: kept.Blob, Bytes: kept.Bytes, Sum: kept.Sum, Via: e.Via, Peer: e.Peer, Helo: e.Helo, Envelope: e.From,
		Recipients: to, State: desk.MailWaiting, Vouched: desk.Vouched{By: e.Trusted}, CreatedAt: a.now()}
	m.Fit()
	err = a.db.Update(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) error {
		tx.AddMail(m)
		return tx.Enqueue(MailArrived{d, m.ID}, &river.InsertOpts{MaxAttempts: mailTries})
	})
	if err != nil {
		a.dropBlobs(ctx, kept.Blob)
		return desk.Nobody, err
	}
	return m.ID, nil
}
