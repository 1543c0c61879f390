package mail

import (
	"bytes"
	"context"
	"fmt"
	netmail "net/mail"
	"net/url"
	"time"

	gomail "github.com/wneessen/go-mail"

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
// Any error but Rejected may be tried again: the letter keeps its Message-ID, by which a
// mail program knows a second copy.
func (s *Sender) Send(ctx context.Context, l Letter) (answer string, err error) {
	if !s.Sends() {
		return "", nil
	}
	m, err := s.message(l)
	if err != nil {
		return "", err
	}
	p := parcel{from: l.Bounces, to: l.To.Email, name: l.ID.String()}
	if p.from == "" { // reports go to people, who need none on what went well
		p.from, p.name = s.from.Address, ""
	}
	if p.raw, err = l.From.sign(m); err != nil {
		return "", err
	}
	if answer, err = s.deliver(ctx, p); err != nil {
		return "", fmt.Errorf("send %s to %s: %w", l.Kind, l.To.ID, err)
	}
	return answer, nil
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
	from := s.from.Address
	if l.From != nil {
		from = l.From.Address
	}
	if err := m.From(named(l.Desk.Name, from)); err != nil {
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
	m.Subject(line(c.Subject))
	m.SetDateWithValue(l.Written)
	s.headers(m, l)
	m.SetBodyString(gomail.TypeTextPlain, c.Text())
	var html bytes.Buffer
	if err := email.HTML(c).Render(context.Background(), &html); err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	m.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return m, nil
}

// named writes an address with its name, quoted as RFC 5322 asks: the mail
// library's own way breaks at a name with a quotation mark.
func named(name, address string) string {
	return (&netmail.Address{Name: line(name), Address: address}).String()
}
