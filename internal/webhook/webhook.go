// Package webhook posts signed messages to addresses that desks name (Standard
// Webhooks, standardwebhooks.com), and connects to the public network alone.
package webhook

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"guichet/internal/desk"
)

// Config is what all webhooks of an installation have in common.
type Config struct {
	Private  bool           // demo and tests: this machine's own addresses, without TLS
	Resolver *net.Resolver  // nil: the machine's own
	Roots    *x509.CertPool // nil: the machine's own
	Timeout  time.Duration  // of one message, 0: 15 s
}

// Message is what is sent.
type Message struct {
	URL     string
	ID      string
	At      time.Time // of this try
	Body    string
	Secrets [][]byte
}

// Answer is what came of it.
type Answer struct {
	Status     int // 0: none came
	Trouble    desk.WebhookTrouble
	Took       time.Duration
	Body       string        // its first kilobyte, as text
	RetryAfter time.Duration // for how long the receiver wants to be left alone
}

// Poster posts messages.
type Poster struct {
	client *http.Client
	cfg    Config
}

const (
	timeout   = 15 * time.Second
	mostRead  = 4 << 10 // bytes of an answer that are read
	mostKept  = 1 << 10 // and kept
	userAgent = "Guichet-Webhooks/1"
)

// New makes a poster that follows no redirect, uses no proxy and looks at each address
// just before it is connected to: what a name leads to can change between two looks.
func New(cfg Config) *Poster {
	cfg.Timeout = cmp.Or(cfg.Timeout, timeout)
	dialer := &net.Dialer{Timeout: 5 * time.Second, Resolver: cfg.Resolver, ControlContext: cfg.control}
	return &Poster{cfg: cfg, client: &http.Client{
		Timeout: cfg.Timeout,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
			TLSHandshakeTimeout:    5 * time.Second,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 16 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Private tells whether this machine's own addresses may be named.
func (p *Poster) Private() bool { return p.cfg.Private }

// errPrivate is an address that no webhook leads to.
var errPrivate = errors.New("not an address of the public network")

// control refuses an address after its name was resolved and before anything is sent.
func (c Config) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %q", errPrivate, address)
	}
	if c.Private && to.Addr().Unmap().IsLoopback() {
		return nil
	}
	if !desk.IsPublic(to.Addr()) || to.Port() != 443 && to.Port() <= 1024 {
		return fmt.Errorf("%w: %s", errPrivate, to)
	}
	return nil
}

// Post sends a message once. What does not go well is in the answer.
func (p *Poster) Post(ctx context.Context, m Message) Answer {
	began := time.Now()
	a, err := p.post(ctx, m)
	a.Took = time.Since(began)
	if err != nil {
		a = Answer{Trouble: troubleOf(err), Took: a.Took}
	}
	return a
}

func (p *Poster) post(ctx context.Context, m Message) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, strings.NewReader(m.Body))
	if err != nil {
		return Answer{}, err
	}
	if err := p.cfg.allowed(r.URL); err != nil {
		return Answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Webhook-Id", m.ID)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(m.At.Unix(), 10))
	r.Header.Set("Webhook-Signature", Sign(m.ID, m.At, m.Body, m.Secrets...))
	resp, err := p.client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	// Whoever answers without end is heard for as long as it takes and no further.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostRead))
	return Answer{Status: resp.StatusCode, Body: text(body), RetryAfter: retryAfter(resp.Header.Get("Retry-After"), m.At)}, nil
}

// allowed refuses by the address as it is written what no look at a connection would
// see: plain text, and names and passwords in it.
func (c Config) allowed(u *url.URL) error {
	ip, err := netip.ParseAddr(u.Hostname())
	local := c.Private && err == nil && ip.IsLoopback()
	if u.User != nil || u.Scheme != "https" && !(local && u.Scheme == "http") {
		return errPrivate
	}
	return nil
}

// text is as much of an answer as is kept, as valid text.
func text(b []byte) string {
	return strings.ToValidUTF8(strings.ReplaceAll(string(b[:min(len(b), mostKept)]), "\x00", ""), "\uFFFD")
}

// retryAfter reads the header in both its forms (RFC 9110, section 10.2.3).
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

func troubleOf(err error) desk.WebhookTrouble {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var timed net.Error
	switch {
	case errors.Is(err, errPrivate):
		return desk.WebhookPrivate
	case errors.As(err, &dns) && dns.IsNotFound:
		return desk.WebhookUnnamed
	case errors.As(err, &cert):
		return desk.WebhookInsecure
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return desk.WebhookTimeout
	}
	return desk.WebhookUnheard
}
