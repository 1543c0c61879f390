// Package post is the door for mail: an SMTP server (RFC 5321), or one for LMTP
// (RFC 2033), that takes what is written to the desks and hands nothing on.
package post

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"guichet/internal/app"
	"guichet/internal/inbound"
)

// Config is how the door stands.
type Config struct {
	Network, Addr string // of net.Listen
	LMTP          bool
	Domain        string      // what it calls itself
	TLS           *tls.Config // nil offers no STARTTLS
	Log           *slog.Logger
}

// Limits of what strangers may have us do at once.
const (
	mostRecipients  = 50
	mostConnections = 200
	mostOfOne       = 20 // connections of one network address
	mostAtOnce      = 8  // mails that are held in memory
	mostUnknown     = 10 // recipients that are none, before we hang up
	readTimeout     = 2 * time.Minute
	waitTimeout     = 30 * time.Second
	takeTimeout     = time.Minute
)

// Door takes mail.
type Door struct {
	app    *app.App
	cfg    Config
	server *smtp.Server
	data   chan struct{} // one for each mail that may be held

	mu   sync.Mutex
	all  int
	from map[string]int // connections by network address
}

// New makes a door. Serve opens it.
func New(a *app.App, cfg Config) *Door {
	d := &Door{app: a, cfg: cfg, data: make(chan struct{}, mostAtOnce), from: map[string]int{}}
	s := smtp.NewServer(smtp.BackendFunc(d.session))
	s.Domain, s.LMTP, s.TLSConfig = cfg.Domain, cfg.LMTP, cfg.TLS
	s.MaxMessageBytes, s.MaxRecipients, s.EnableSMTPUTF8 = inbound.MaxRaw, mostRecipients, true
	s.ReadTimeout, s.WriteTimeout = readTimeout, readTimeout
	s.ErrorLog = quiet{cfg.Log}
	d.server = s
	return d
}

// Run opens the door until ctx ends. Errors: an address that is taken.
func (d *Door) Run(ctx context.Context) error {
	l, err := net.Listen(d.cfg.Network, d.cfg.Addr)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return d.Serve(ctx, l)
}

// Serve answers on a listener until ctx ends, then lets what is under way finish.
func (d *Door) Serve(ctx context.Context, l net.Listener) error {
	stopped := make(chan error, 1)
	go func() { stopped <- d.server.Serve(l) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := d.server.Shutdown(end); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return d.server.Close()
	}
	return nil
}

// quiet keeps what clients do wrong out of the log of what we do.
type quiet struct{ log *slog.Logger }

// Printf implements smtp.Logger.
func (q quiet) Printf(format string, v ...any) {
	q.log.Debug("mail door", "what", fmt.Sprintf(format, v...))
}

// Println implements smtp.Logger.
func (q quiet) Println(v ...any) { q.log.Debug("mail door", "what", fmt.Sprint(v...)) }

// enter counts a connection in, or refuses it.
func (d *Door) enter(peer string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= mostConnections || d.from[peer] >= mostOfOne && !d.cfg.LMTP {
		return false
	}
	d.all++
	d.from[peer]++
	return true
}

func (d *Door) leave(peer string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.from[peer]--; d.from[peer] == 0 {
		delete(d.from, peer)
	}
}
