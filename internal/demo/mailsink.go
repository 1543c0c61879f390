package demo

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// What a sink keeps at most; older messages give way.
const (
	sinkMessages = 500
	sinkBytes    = 64 << 20
	sinkLargest  = 16 << 20 // bytes of one message
)

// A MailSink is a mail server for development: it takes every message, for
// whomever, delivers none and shows them all. It serves its pages below /mail/.
type MailSink struct {
	listener net.Listener
	server   *smtp.Server
	pages    http.Handler

	mu       sync.Mutex
	messages []Message // oldest first
	bytes    int
	last     int    // ID
	failures int    // deliveries still to be turned away
	door     string // where answers are handed over; "" nowhere
	arrived  chan struct{}
}

// StartMailSink listens for mail on a free port of the loopback address. Close
// ends it.
func StartMailSink() (*MailSink, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mail sink: %w", err)
	}
	s := &MailSink{listener: listener, arrived: make(chan struct{})}
	s.pages = s.routes()
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &sinkSession{sink: s}, nil
	}))
	s.server.Domain = "localhost"
	s.server.EnableSMTPUTF8 = true
	s.server.MaxMessageBytes = sinkLargest
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.ErrorLog = log.New(io.Discard, "", 0) // clients that hang up are no news
	go s.server.Serve(listener)                    // ends with Close
	return s, nil
}

// Addr is where the sink takes mail, host and port.
func (s *MailSink) Addr() string { return s.listener.Addr().String() }

// URL is Addr in the form of the setting SMTP_URL.
func (s *MailSink) URL() string { return "smtp://" + s.Addr() + "?starttls=off" }

// Close stops taking mail.
func (s *MailSink) Close() error { return s.server.Close() }

// FailFirst turns the next n deliveries away for now, with 451, as a server
// does that is out of space: a good client tries again.
func (s *MailSink) FailFirst(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = n
}

// Messages are those received, newest first.
func (s *MailSink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.messages)
	slices.Reverse(all)
	return all
}

// Wait returns the oldest message that matches, as soon as there is one.
func (s *MailSink) Wait(ctx context.Context, matches func(Message) bool) (Message, error) {
	for {
		s.mu.Lock()
		i := slices.IndexFunc(s.messages, matches)
		if i >= 0 {
			defer s.mu.Unlock()
			return s.messages[i], nil
		}
		arrived := s.arrived
		s.mu.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("mail sink: no such message: %w", ctx.Err())
		}
	}
}

// find returns the message of that number.
func (s *MailSink) find(id int) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.messages, func(m Message) bool { return m.ID == id })
	if i < 0 {
		return Message{}, false
	}
	return s.messages[i], true
}

func (s *MailSink) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	m.ID = s.last
	s.messages = append(s.messages, m)
	s.bytes += len(m.raw)
	for len(s.messages) > sinkMessages || s.bytes > sinkBytes {
		s.bytes -= len(s.messages[0].raw)
		s.messages = slices.Delete(s.messages, 0, 1)
	}
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// turnAway counts down the deliveries that must fail.
func (s *MailSink) turnAway() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures == 0 {
		return false
	}
	s.failures--
	return true
}

// sinkSession is one client's conversation.
type sinkSession struct {
	sink *MailSink
	from string
	to   []string
}

func (s *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.to = from, nil
	return nil
}

func (s *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *sinkSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.sink.turnAway() {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Out of space for now, try again"}
	}
	m, err := readMessage(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Not a message: " + err.Error()}
	}
	m.From, m.To, m.Received = s.from, s.to, time.Now()
	s.sink.keep(m)
	return nil
}

func (s *sinkSession) Reset()        { s.from, s.to = "", nil }
func (s *sinkSession) Logout() error { return nil }
