package post

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/inbound"
)

// What is answered to a client. A 4xx has it try again later: nothing is lost while
// we cannot keep it.
var (
	errBusy     = answer(421, smtp.EnhancedCode{4, 7, 0}, "Too many connections, try again later")
	errLater    = answer(451, smtp.EnhancedCode{4, 3, 0}, "Cannot keep your mail for now, try again later")
	errNobody   = answer(550, smtp.EnhancedCode{5, 1, 1}, "No desk of this server has that address")
	errGuessing = answer(421, smtp.EnhancedCode{4, 7, 0}, "Too many addresses that are none")
	errTooLarge = answer(552, smtp.EnhancedCode{5, 3, 4}, "The mail is larger than this server takes")
)

func answer(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// session is one client's conversation.
type session struct {
	door    *Door
	conn    *smtp.Conn
	peer    string
	from    string
	to      []string
	unknown int
	left    bool
}

func (d *Door) session(c *smtp.Conn) (smtp.Session, error) {
	peer := "" // of a socket of this machine there is none
	if at, ok := c.Conn().RemoteAddr().(*net.TCPAddr); ok {
		peer = at.IP.String()
	}
	if !d.enter(peer) {
		return nil, errBusy
	}
	return &session{door: d, conn: c, peer: peer}, nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.to = from, nil
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := s.door.app.TakesMail(ctx, to)
	switch {
	case errors.Is(err, desk.ErrNotFound):
		if s.unknown++; s.unknown > mostUnknown {
			return errGuessing
		}
		return errNobody
	case err != nil:
		s.door.cfg.Log.Warn("mail is put off", "err", err)
		return errLater
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session. What it answers is the same for all recipients, of
// which LMTP asks one by one: a desk that has the mail already knows it by its name.
func (s *session) Data(r io.Reader) error {
	select {
	case s.door.data <- struct{}{}:
		defer func() { <-s.door.data }()
	case <-time.After(waitTimeout):
		return errLater
	}
	raw, err := io.ReadAll(r)
	if err != nil { // the library's own word: too large, cut short
		return err
	}
	via, peer := desk.ViaSMTP, s.peer
	if s.door.cfg.LMTP { // what hands it to us is our own mail server
		via, peer = desk.ViaLMTP, ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), takeTimeout)
	defer cancel()
	_, err = s.door.app.TakeMail(ctx, app.Envelope{From: s.from, To: s.to, Raw: raw, Via: via, Peer: peer, Helo: s.conn.Hostname()})
	switch {
	case errors.Is(err, inbound.ErrTooLarge):
		return errTooLarge
	case errors.Is(err, desk.ErrNotFound):
		return errNobody
	case err != nil:
		s.door.cfg.Log.Warn("mail is put off", "err", err)
		return errLater
	}
	return nil
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout implements smtp.Session.
func (s *session) Logout() error {
	if !s.left {
		s.left = true
		s.door.leave(s.peer)
	}
	return nil
}
