package mail

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Dossier is the mail that hands an escalation to a provider on another system: its
// dossier as text, and as JSON for programs. Its answer goes to an address made for
// it alone.
type Dossier struct {
	ID              desk.ID // names the letter, as a Letter's does
	Desk            desk.Desk
	Escalation      desk.Escalation
	Subject         string // of the ticket
	ToName, ToEmail string
	ReplyTo         string
	Text            string
	JSON            []byte
	Written         time.Time
}

// From is the address that all letters come from.
func (s *Sender) From() string { return s.from.Address }

// SendDossier delivers it. Any error may be tried again, as with Send.
func (s *Sender) SendDossier(ctx context.Context, d Dossier) error {
	if s.cfg.Host == "" {
		return nil
	}
	m, err := s.dossier(d)
	if err != nil {
		return err
	}
	p := parcel{from: s.from.Address, to: d.ToEmail}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	p.raw = raw.Bytes()
	if _, err := s.deliver(ctx, p); err != nil {
		return fmt.Errorf("send dossier %s: %w", d.Escalation.ID, err)
	}
	return nil
}

func (s *Sender) dossier(d Dossier) (*gomail.Msg, error) {
	p := i18n.New(i18n.Lang(d.Desk.Language), d.Desk.Location(), d.Written)
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(named(d.Desk.Name, s.from.Address)); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := m.AddTo(named(d.ToName, d.ToEmail)); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	if err := m.ReplyTo(named(d.Desk.Name, d.ReplyTo)); err != nil {
		return nil, fmt.Errorf("reply-to: %w", err)
	}
	number := strconv.FormatInt(d.Escalation.Number, 10)
	m.Subject(line(p.T("handoff.mail_subject", "Number", number, "Subject", d.Subject)))
	m.SetDateWithValue(d.Written)
	m.SetMessageIDWithValue(d.ID.String() + "@" + s.host)
	m.SetBodyString(gomail.TypeTextPlain, p.T("handoff.mail_text", "Desk", d.Desk.Name)+"\n\n"+d.Text)
	if err := m.AttachReader("escalation-"+number+".json", bytes.NewReader(d.JSON), gomail.WithFileContentType("application/json")); err != nil {
		return nil, fmt.Errorf("dossier: %w", err)
	}
	return m, nil
}
