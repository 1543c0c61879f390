package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strconv"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Rejected is a mail server's word that an address takes no mail, and that trying again
// is of no use.
type Rejected struct{ Text string }

// Error says it.
func (r Rejected) Error() string { return "rejected: " + r.Text }

// parcel is one mail on its way.
type parcel struct {
	from, to string // of the envelope
	name     string // by which reports know it (ENVID); "": none are asked for
	raw      []byte
}

// What a server that knows RFC 3461 is asked for: to report what becomes of a mail, and
// to send back no more of it than its header.
const (
	notify  = "SUCCESS,FAILURE,DELAY"
	returns = "HDRS ENVID="
)

// deliver hands a mail to the server. Once that took it, nothing that follows is an
// error: it would be sent again. Errors: Rejected; any other may be tried again.
func (s *Sender) deliver(ctx context.Context, p parcel) (answer string, err error) {
	c, err := gomail.NewClient(s.cfg.Host, s.options()...)
	if err != nil {
		return "", fmt.Errorf("mail client: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", fmt.Errorf("dial: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // what hangs is let go
	defer func() { _ = c.CloseWithSMTPClient(conn) }()
	if p.name != "" {
		conn.SetDSNMailReturnOption(returns + p.name)
		conn.SetDSNRcptNotifyOption(notify)
	}
	if err := conn.Mail("<" + p.from + ">"); err != nil {
		return "", fmt.Errorf("sender: %w", err)
	}
	if err := conn.Rcpt("<" + p.to + ">"); err != nil {
		var said *textproto.Error
		if errors.As(err, &said) && said.Code >= 550 && said.Code <= 553 {
			return "", Rejected{strconv.Itoa(said.Code) + " " + line(said.Msg)}
		}
		return "", fmt.Errorf("recipient: %w", err)
	}
	return data(conn, p.raw)
}

func data(conn *smtp.Client, raw []byte) (answer string, err error) {
	w, err := conn.Data()
	if err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	if d, ok := w.(*smtp.DataCloser); ok {
		answer = d.ServerResponse()
	}
	return answer, nil
}
