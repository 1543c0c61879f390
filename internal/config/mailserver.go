package config

import (
	"errors"
	"net/url"
	"strconv"
)

// Encryption is how the connection to a mail server is protected.
type Encryption string

// The ways to reach a mail server.
const (
	StartTLS  Encryption = "starttls" // plain at first, then TLS or nothing (RFC 3207)
	Implicit  Encryption = "implicit" // TLS from the first byte (RFC 8314)
	Plaintext Encryption = "off"      // for a relay on a network of one's own
)

// MailServer is SMTP_URL taken apart. User is empty when it asks for none.
type MailServer struct {
	Host       string
	Port       int
	User       string
	Password   Secret
	Encryption Encryption
}

// MailServer returns the server that mail goes out through; ok is false when
// SMTP_URL is unset.
func (c Config) MailServer() (server MailServer, ok bool) {
	server, err := parseMailServer(c.SMTPURL.Reveal())
	return server, err == nil
}

var errMailAddress = errors.New("is no mail server's address")

// parseMailServer reads SMTP_URL. The usual ports are those of submission,
// 587 and 465. Its errors never repeat the value.
func parseMailServer(address string) (MailServer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return MailServer{}, errMailAddress
	}
	s := MailServer{Host: u.Hostname(), User: u.User.Username()}
	password, _ := u.User.Password()
	s.Password = Secret(password)

	switch off := u.Query().Get("starttls") == "off"; {
	case u.Scheme == "smtps" && !off:
		s.Encryption, s.Port = Implicit, 465
	case u.Scheme == "smtp" && off:
		s.Encryption, s.Port = Plaintext, 587
	case u.Scheme == "smtp":
		s.Encryption, s.Port = StartTLS, 587
	default:
		return MailServer{}, errMailAddress
	}
	if s.Encryption == Plaintext && s.User != "" && !isLoopback(s.Host) {
		return MailServer{}, errors.New("would send its password unencrypted")
	}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return MailServer{}, errMailAddress
		}
		s.Port = int(n)
	}
	return s, nil
}
