package config

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
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

// MailDoor is MAIL_IN_ADDR taken apart.
type MailDoor struct {
	Network, Addr string // of net.Listen
	LMTP          bool
}

// MailDoor returns where mail comes in; ok is false when MAIL_IN_ADDR is unset.
func (c Config) MailDoor() (door MailDoor, ok bool) {
	if c.MailInAddr == nil {
		return MailDoor{}, false
	}
	door = MailDoor{Network: "tcp", Addr: c.MailInAddr.Host, LMTP: c.MailInAddr.Scheme == "lmtp"}
	if c.MailInAddr.Host == "" {
		door.Network, door.Addr = "unix", c.MailInAddr.Path
	}
	return door, true
}

// judgeMailIn says what is wrong with how mail comes in. LMTP asks no name server and
// believes what stands before it: it belongs on this machine or a network of one's own.
func (c *Config) judgeMailIn() Problems {
	if c.MailInAddr == nil {
		if c.MailDomain != "" {
			return Problems{wrong("MAIL_IN_ADDR", "is not set, and MAIL_DOMAIN is")}
		}
		return nil
	}
	var problems Problems
	c.MailDomain = strings.ToLower(c.MailDomain)
	_, _, err := splitAddr(c.MailInAddr.Host)
	socket := c.MailInAddr.Scheme == "lmtp" && c.MailInAddr.Host == "" && strings.HasPrefix(c.MailInAddr.Path, "/")
	switch {
	case c.MailInAddr.Scheme != "smtp" && c.MailInAddr.Scheme != "lmtp", err != nil && !socket, !socket && c.MailInAddr.Path != "", c.MailInAddr.User != nil:
		problems = append(problems, wrong("MAIL_IN_ADDR", fmt.Sprintf("is %q, no place where mail comes in", c.MailInAddr.Redacted())))
	case c.MailDomain == "":
		problems = append(problems, wrong("MAIL_DOMAIN", "is not set, and MAIL_IN_ADDR is"))
	case !mailDomain.MatchString(c.MailDomain):
		problems = append(problems, wrong("MAIL_DOMAIN", fmt.Sprintf("is %q, no domain", c.MailDomain)))
	}
	if (c.MailCert == "") != (c.MailKey == "") {
		problems = append(problems, wrong("MAIL_CERT", "and MAIL_KEY go together, and one is not set"))
	}
	return problems
}

var mailDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)
