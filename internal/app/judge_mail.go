package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/inbound"
	"guichet/internal/postgres"
	"guichet/internal/vouch"
)

// inMail is one that is being judged: its row, and what was read of it.
type inMail struct {
	desk.Mail
	desk desk.Desk
	own  []string // addresses that lead to the desk
	raw  []byte
	read inbound.Message
}

// givenUpAfter is how long taking a mail is tried before a person is asked. A database
// that is away for longer delays that too.
const givenUpAfter = 10 * time.Minute

// errPoison is a mail that breaks what reads it.
var errPoison = errors.New("the mail breaks its reader")

// JudgeMail works a MailArrived: it makes of the mail what it is to be. One that breaks
// its reader waits for a person, and holds nobody up: each is a job of its own.
func (a *App) JudgeMail(ctx context.Context, job MailArrived) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	m := &inMail{desk: d}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		if m.Mail, err = tx.Mail(job.Mail); err != nil {
			return err
		}
		s, err := tx.MailSettings()
		if errors.Is(err, desk.ErrNotFound) {
			err = nil
		}
		m.own = append(s.Addresses, strings.ToLower(d.Email))
		if err != nil {
			return err
		}
		own, err := senderOf(tx)
		if own.VerifiedAt != nil {
			m.own = append(m.own, own.Address())
		}
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && m.State != desk.MailWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	err = a.judge(ctx, m)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errPoison):
		m.Problems = append(m.Problems, err.Error())
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailUnreadable)
	case a.now().Sub(m.CreatedAt) > givenUpAfter && ctx.Err() == nil:
		m.Problems = append(m.Problems, err.Error())
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailFailed)
	}
	return err
}

// judge reads a mail and finds its place.
func (a *App) judge(ctx context.Context, m *inMail) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPoison, r)
		}
	}()
	if m.raw, err = a.rawMail(ctx, m.Mail); err != nil {
		return err
	}
	if m.read, err = readMail(ctx, m.raw); err != nil {
		return err
	}
	a.note(ctx, m)
	again, err := a.second(ctx, m)
	if err != nil || again {
		return err
	}
	if done, err := a.ofMachine(ctx, m); done || err != nil {
		return err
	}
	switch {
	case m.FromEmail == "":
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailNoSender)
	case m.Vouched.Refused():
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailForged)
	}
	if m.Vouched.Sender() != desk.SenderFailed {
		if err := a.heardFrom(ctx, m); err != nil {
			return err
		}
	}
	if e, ok := a.ofDossier(ctx, m); ok {
		return a.takeProviders(ctx, m, e)
	}
	senders, err := a.senders(ctx, m.desk, m.FromEmail)
	if err != nil {
		return err
	}
	if t, ok, err := a.ticketOf(ctx, m, senders); err != nil {
		return err
	} else if ok {
		return a.takeReply(ctx, m, senders, t)
	}
	return a.takeNew(ctx, m, senders)
}

// rawMail reads the bytes of a mail.
func (a *App) rawMail(ctx context.Context, m desk.Mail) ([]byte, error) {
	r, err := a.files.Open(ctx, m.Blob)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, inbound.MaxRaw+1))
	return raw, errors.Join(err, r.Close())
}

// parseTime is how long reading a mail may take: its limits keep it far below.
const parseTime = 20 * time.Second

// readMail reads a mail beside us, so that one that breaks or stops its reader does so
// there. Errors: errPoison.
func readMail(ctx context.Context, raw []byte) (inbound.Message, error) {
	type answer struct {
		m   inbound.Message
		err error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- answer{err: fmt.Errorf("%v", r)}
			}
		}()
		m, err := inbound.Read(raw, inbound.DefaultLimits())
		done <- answer{m, err}
	}()
	select {
	case x := <-done:
		if x.err != nil {
			x.err = fmt.Errorf("%w: %w", errPoison, x.err)
		}
		return x.m, x.err
	case <-time.After(parseTime):
		return inbound.Message{}, fmt.Errorf("%w: it takes too long", errPoison)
	case <-ctx.Done():
		return inbound.Message{}, ctx.Err()
	}
}

// note fills the row with what was read, and asks the sender's domain.
func (a *App) note(ctx context.Context, m *inMail) {
	r := m.read
	m.MessageID, m.FromName, m.FromEmail, m.Subject = r.MessageID, r.From.Name, r.From.Email, r.Subject
	if m.MessageID == "" { // it is known by all that it holds
		m.MessageID = "sum:" + m.Sum
	}
	m.Automatic, m.Problems, m.Quoted, m.HTML = string(r.Automatic), r.Problems, r.Quoted, r.HTML != ""
	if b := r.Bounce; b != nil {
		m.Bounce = &desk.Bounced{Recipient: b.Recipient, Status: b.Status, Permanent: b.Permanent, Delayed: b.Delayed, Delivered: b.Delivered, Relayed: b.Relayed, Reason: b.Reason, Letter: b.MessageID}
	}
	switch {
	case m.Via == desk.ViaGraph:
		m.Vouched = vouch.Exchange(m.raw, m.FromEmail)
	case m.Vouched.By != "":
		m.Vouched = vouch.Trusted(m.raw, m.Vouched.By, m.FromEmail)
	case m.Via != desk.ViaIMAP && a.mailIn.Vouch != nil:
		m.Vouched = a.mailIn.Vouch.Mail(ctx, vouch.Handed{Peer: m.Peer, Helo: m.Helo, Envelope: m.Envelope, From: m.FromEmail, Raw: m.raw})
	}
	m.Fit()
}

// second keeps what was read, and tells a mail that came before: to another address
// of the desk, or sent again by a server that did not hear us say yes.
func (a *App) second(ctx context.Context, m *inMail) (bool, error) {
	err := a.saveMail(ctx, m)
	if !errors.Is(err, desk.ErrConflict) {
		return false, err
	}
	err = a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		first, err := tx.MailTaken(m.MessageID, m.FromEmail)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		m.Number = first.Number
		m.Settle(desk.MailDuplicate, "", desk.Nobody, tx.Now)
		return tx.SaveMail(m.Mail)
	})
	return true, err
}

func (a *App) saveMail(ctx context.Context, m *inMail) error {
	return a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error { return tx.SaveMail(m.Mail) })
}

// settleMail says what becomes of a mail that becomes no message.
func (a *App) settleMail(ctx context.Context, m *inMail, s desk.MailState, why desk.MailReason) error {
	m.Settle(s, why, desk.Nobody, a.now())
	m.Fit()
	return a.saveMail(ctx, m)
}

// senders are the people of the desk and of its customers who may use an address.
func (a *App) senders(ctx context.Context, d desk.Desk, email string) ([]desk.Actor, error) {
	var people []desk.Person
	err := a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		people, err = tx.PeopleByEmail(email)
		return err
	})
	var list []desk.Actor
	for _, p := range people {
		if err != nil {
			break
		}
		var who desk.Actor
		if who, err = a.Actor(ctx, d, p.ID, ""); err == nil && who.SignedIn() {
			list = append(list, who)
		}
	}
	return list, err
}

// heardFrom has letters go again to who writes from an address to which they did not.
func (a *App) heardFrom(ctx context.Context, m *inMail) error {
	return a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error { tx.HeardFrom(m.FromEmail); return nil })
}

// mostHops is how many servers a mail passes on an honest way.
const mostHops = 50

// ofMachine settles what no person wrote: such mail opens no ticket and is never
// answered.
func (a *App) ofMachine(ctx context.Context, m *inMail) (bool, error) {
	switch {
	case a.ours(m), hops(m.raw) > mostHops:
		return true, a.settleMail(ctx, m, desk.MailIgnored, desk.MailLoop)
	case m.read.Automatic == inbound.Bounced:
		return true, a.takeBounce(ctx, m)
	case m.read.Automatic == inbound.AutoReply:
		return true, a.takeAutoReply(ctx, m)
	case m.read.Automatic == inbound.List:
		return true, a.settleMail(ctx, m, desk.MailIgnored, desk.MailList)
	}
	return false, nil
}

// ours tells a letter of our own that came back, and one from an address that leads
// here.
func (a *App) ours(m *inMail) bool {
	if _, host, _ := strings.Cut(m.MessageID, "@"); host == a.mail.Host() && m.read.Automatic != inbound.Bounced {
		return true
	}
	return m.FromEmail != "" && (m.FromEmail == strings.ToLower(a.mail.From()) || a.mailIn.Domain != "" && desk.DomainOf(m.FromEmail) == a.mailIn.Domain || slices.Contains(m.Recipients, m.FromEmail) || slices.Contains(m.own, m.FromEmail))
}

func hops(raw []byte) int {
	head, _, _ := bytes.Cut(raw[:min(len(raw), 256<<10)], []byte("\n\r\n"))
	n := 0
	for line := range bytes.Lines(head) {
		if len(line) > 9 && strings.EqualFold(string(line[:9]), "received:") {
			n++
		}
	}
	return n
}
