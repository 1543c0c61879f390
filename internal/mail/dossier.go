package mail

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
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
	Words           Words   // the desk's own, in its language
	From            *Domain // in whose name it goes out; nil: the installation's
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
	if p.raw, err = d.From.sign(m); err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	if _, err := s.deliver(ctx, p); err != nil {
		return fmt.Errorf("send dossier %s: %w", d.Escalation.ID, err)
	}
	return nil
}

func (s *Sender) dossier(d Dossier) (*gomail.Msg, error) {
	subject, text := d.words()
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := s.from.Address
	if d.From != nil {
		from = d.From.Address
	}
	if err := m.From(named(d.Desk.Name, from)); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := m.AddTo(named(d.ToName, d.ToEmail)); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	if err := m.ReplyTo(named(d.Desk.Name, d.ReplyTo)); err != nil {
		return nil, fmt.Errorf("reply-to: %w", err)
	}
	number := strconv.FormatInt(d.Escalation.Number, 10)
	m.Subject(line(subject))
	m.SetDateWithValue(d.Written)
	m.SetMessageIDWithValue(d.ID.String() + "@" + s.host)
	m.SetBodyString(gomail.TypeTextPlain, text)
	if err := m.AttachReader("escalation-"+number+".json", bytes.NewReader(d.JSON), gomail.WithFileContentType("application/json")); err != nil {
		return nil, fmt.Errorf("dossier: %w", err)
	}
	return m, nil
}

// words are the letter in the desk's language, with the dossier where its text says so.
func (d Dossier) words() (subject, text string) {
	w := d.Words.of("dossier", i18n.Lang(d.Desk.Language))
	values := map[string]string{"number": strconv.FormatInt(d.Escalation.Number, 10), "subject": d.Subject, "name": d.ToName, "desk": d.Desk.Name}
	return desk.FillLetter(w.Subject, values), strings.Join(paragraphs(w.Body, values, "dossier", []string{d.Text}), "\n\n")
}
