package mail

import (
	"bytes"
	"context"
	"fmt"
	netmail "net/mail"
	"net/url"
	"slices"
	"time"

	gomail "github.com/wneessen/go-mail"

	"guichet/internal/desk"
	"guichet/web/email"
)

// Security says how the connection to the mail server is protected.
type Security int

// The ways to reach a mail server.
const (
	StartTLS Security = iota // plain at first, then TLS or nothing (RFC 3207)
	TLS                      // from the first byte (RFC 8314)
	Plain                    // for a relay on a network of one's own
)

// Config is the mail server, and what letters carry.
type Config struct {
	Host           string
	Port           int
	User, Password string
	Security       Security
	From           string // an address, with or without a name: the desk's name replaces it
	BaseURL        *url.URL
}

// Sender sends letters. A Sender without a host sends none.
type Sender struct {
	cfg  Config
	from netmail.Address
	base string
	host string // right side of Message-IDs
}

// New makes a sender. It connects only when it sends. Errors: a From that is no
// address.
func New(cfg Config) (*Sender, error) {
	from, err := netmail.ParseAddress(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("sender %q: %w", cfg.From, err)
	}
	return &Sender{cfg: cfg, from: *from, base: cfg.BaseURL.Scheme + "://" + cfg.BaseURL.Host, host: cfg.BaseURL.Hostname()}, nil
}

// Host is what stands on the right side of our Message-IDs.
func (s *Sender) Host() string { return s.host }

// sendTimeout bounds one delivery: a server that hangs costs a worker no more.
const sendTimeout = 30 * time.Second

// Sends tells whether there is a mail server to send by.
func (s *Sender) Sends() bool { return s.cfg.Host != "" }

// Send delivers a letter, and returns what the mail server answered when it took it.
// Any error may be tried again: the letter keeps its Message-ID, by which a mail
// program knows a second copy.
func (s *Sender) Send(ctx context.Context, l Letter) (answer string, err error) {
	if !s.Sends() {
		return "", nil
	}
	m, err := s.message(l)
	if err != nil {
		return "", err
	}
	if err := s.deliver(ctx, m); err != nil {
		return "", fmt.Errorf("send %s to %s: %w", l.Kind, l.To.ID, err)
	}
	return m.ServerResponse(), nil
}

func (s *Sender) deliver(ctx context.Context, m *gomail.Msg) error {
	c, err := gomail.NewClient(s.cfg.Host, s.options()...)
	if err != nil {
		return fmt.Errorf("mail client: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return c.DialAndSendWithContext(ctx, m)
}

func (s *Sender) options() []gomail.Option {
	o := []gomail.Option{gomail.WithPort(s.cfg.Port), gomail.WithTimeout(sendTimeout)}
	switch s.cfg.Security {
	case TLS:
		o = append(o, gomail.WithSSL())
	case Plain:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.cfg.User != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.cfg.User), gomail.WithPassword(s.cfg.Password))
	}
	return o
}

func (s *Sender) message(l Letter) (*gomail.Msg, error) {
	c := s.content(l)
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(named(l.Desk.Name, s.from.Address)); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := m.AddTo(named(l.To.Name, l.To.Email)); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	reply := l.ReplyTo
	if reply == "" {
		reply = l.Desk.Email
	}
	if reply != "" {
		if err := m.ReplyTo(named(l.Desk.Name, reply)); err != nil {
			return nil, fmt.Errorf("reply-to: %w", err)
		}
	}
	m.Subject(c.Subject)
	m.SetDateWithValue(l.Written)
	name := l.Name
	if name == "" {
		name = l.ID.String()
	}
	m.SetMessageIDWithValue(name + "@" + s.host)
	if l.Ticket.ID != desk.Nobody {
		thread := "<ticket." + l.Ticket.ID.String() + "@" + s.host + ">"
		m.SetGenHeader(gomail.HeaderInReplyTo, thread)
		m.SetGenHeader(gomail.HeaderReferences, thread)
	}
	if l.written() {
		m.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	} else { // nobody wrote this letter: RFC 3834 §5
		m.SetGenHeader("Auto-Submitted", "auto-generated")
		m.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
	m.SetBodyString(gomail.TypeTextPlain, c.Text())
	var html bytes.Buffer
	if err := email.HTML(c).Render(context.Background(), &html); err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return m, nil
}

// written tells a letter that holds what a person wrote to its reader.
func (l Letter) written() bool {
	return l.Kind == Reply || l.Kind == Digest && slices.ContainsFunc(l.Told, func(x Letter) bool { return x.Kind == Reply })
}

// named writes an address with its name, quoted as RFC 5322 asks: the mail
// library's own way breaks at a name with a quotation mark.
func named(name, address string) string {
	return (&netmail.Address{Name: name, Address: address}).String()
}
