package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// derive fills what follows from another setting.
func (c *Config) derive() Problems {
	if c.FilesURL == nil {
		dir, err := filepath.Abs(filepath.Join(c.StateDir, "files"))
		if err != nil {
			return Problems{wrong("STATE_DIR", err.Error())}
		}
		c.FilesURL = &url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}
	}
	host, port, err := splitAddr(c.Addr)
	if err != nil {
		return Problems{wrong("ADDR", err.Error())}
	}
	if c.BaseURL == nil && isLoopback(host) {
		c.BaseURL = &url.URL{Scheme: "http", Host: c.Addr}
	}
	if c.DevAddr == "" {
		next := 0 // port 0 asks for any free one
		if port != 0 {
			next = port + 1
		}
		c.DevAddr = net.JoinHostPort("127.0.0.1", strconv.Itoa(next))
	}
	return nil
}

// judge names what parses and is still wrong.
func (c *Config) judge() Problems {
	return slices.Concat(
		c.judgeListeners(), c.judgeWeb(), c.judgeDatabase(), c.judgeMail(), c.judgeMailIn(), c.judgeSessions(), c.judgeFiles(),
		judgeNumber("DATABASE_MAX_CONNS", c.DatabaseMaxConns, 2, 1000),
		judgeNumber("WORKERS", c.Workers, 1, 1000),
		judgeNumber("API_RATE", c.APIRate, 1, 1_000_000),
		judgeNumber("TRUSTED_PROXIES", c.TrustedProxies, 0, 10),
		judgeLogFormat(c.LogFormat),
	)
}

func (c *Config) judgeListeners() Problems {
	var problems Problems
	if _, _, err := splitAddr(c.OpsAddr); err != nil && c.OpsAddr != "" {
		problems = append(problems, wrong("OPS_ADDR", err.Error()))
	}
	if c.OpsAddr == c.Addr {
		problems = append(problems, Problem{"OPS_ADDR", "is ADDR", "give it a port of its own: metrics are not for everyone"})
	}
	// The demo's identity provider signs anyone in as anyone.
	if host, _, err := splitAddr(c.DevAddr); err != nil {
		problems = append(problems, wrong("DEV_ADDR", err.Error()))
	} else if !isLoopback(host) {
		problems = append(problems, wrong("DEV_ADDR", "is reachable from other machines"))
	}
	return problems
}

func (c *Config) judgeWeb() Problems {
	var problems Problems
	if fault := webAddressFault(c.EntraAuthority); fault != "" {
		problems = append(problems, wrong("ENTRA_AUTHORITY", fault))
	}
	problems = append(problems, c.judgeMicrosoft()...)
	if c.EntraClientID != "" && c.EntraClientSecret == "" {
		problems = append(problems, wrong("ENTRA_CLIENT_SECRET", "is not set, and ENTRA_CLIENT_ID is"))
	}
	if c.EntraClientID == "" && c.EntraClientSecret != "" {
		problems = append(problems, wrong("ENTRA_CLIENT_ID", "is not set, and ENTRA_CLIENT_SECRET is"))
	}
	if c.BaseURL == nil {
		return problems
	}
	c.BaseURL.Path = strings.TrimSuffix(c.BaseURL.Path, "/")
	if fault := webAddressFault(c.BaseURL); fault != "" {
		problems = append(problems, wrong("BASE_URL", fault))
	} else if c.BaseURL.Path != "" {
		problems = append(problems, wrong("BASE_URL", "has a path, and the portal needs a host name to itself"))
	}
	return problems
}

// judgeMicrosoft takes roots with a path: a gateway may stand before them.
func (c *Config) judgeMicrosoft() Problems {
	var problems Problems
	if fault := webAddressFault(c.GraphURL); fault != "" {
		problems = append(problems, wrong("GRAPH_URL", fault))
	}
	if fault := webAddressFault(c.AzureURL); fault != "" {
		problems = append(problems, wrong("AZURE_URL", fault))
	}
	if fault := webAddressFault(c.PartnerCenterURL); fault != "" {
		problems = append(problems, wrong("PARTNER_CENTER_URL", fault))
	}
	if c.AzureTenant != "" && !guid.MatchString(c.AzureTenant) {
		problems = append(problems, wrong("AZURE_TENANT", fmt.Sprintf("is %q, no tenant's id", c.AzureTenant)))
	}
	if c.AzureTenant != "" && c.EntraClientID == "" {
		problems = append(problems, wrong("ENTRA_CLIENT_ID", "is not set, and AZURE_TENANT is"))
	}
	return problems
}

var guid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func (c *Config) judgeDatabase() Problems {
	var problems Problems
	app, fault := databaseUser(c.DatabaseURL)
	if fault != "" {
		problems = append(problems, wrong("DATABASE_URL", fault))
	}
	owner, fault := databaseUser(c.DatabaseOwnerURL)
	if fault != "" {
		problems = append(problems, wrong("DATABASE_OWNER_URL", fault))
	}
	if app != "" && app == owner {
		problems = append(problems, Problem{"DATABASE_URL", "names the same role as DATABASE_OWNER_URL",
			"serve as a role that owns nothing: row policies do not bind an owner"})
	}
	return problems
}

// longestQuiet keeps news from being old when it is told.
const longestQuiet = time.Hour

func (c *Config) judgeMail() Problems {
	var problems Problems
	if c.MailQuiet < 0 || c.MailQuiet > longestQuiet {
		problems = append(problems, wrong("MAIL_QUIET", "is "+c.MailQuiet.String()+", and may be from 0 to "+longestQuiet.String()))
	}
	if c.SMTPURL == "" {
		return problems
	}
	if _, err := parseMailServer(c.SMTPURL.Reveal()); err != nil {
		problems = append(problems, wrong("SMTP_URL", err.Error()))
	}
	if _, err := mail.ParseAddress(c.SMTPFrom); err != nil {
		problems = append(problems, wrong("SMTP_FROM", fmt.Sprintf("is %q, no sender", c.SMTPFrom)))
	}
	return problems
}

func (c *Config) judgeSessions() Problems {
	if c.SessionIdle < time.Minute {
		return Problems{wrong("SESSION_IDLE", "is "+c.SessionIdle.String()+", too short to work with")}
	}
	if c.SessionLifetime < c.SessionIdle {
		return Problems{wrong("SESSION_LIFETIME", "is shorter than SESSION_IDLE")}
	}
	return nil
}

// judgeFiles takes the kinds of bucket that this program is built with, and a
// scanner's address.
func (c *Config) judgeFiles() Problems {
	if a := c.ClamAVAddr; a != "" && !strings.HasPrefix(a, "unix:/") {
		if _, _, err := splitAddr(a); err != nil {
			return Problems{wrong("CLAMAV_ADDR", err.Error())}
		}
	}
	if p := judgeNumber("CLAMAV_MAX", c.ClamAVMax, 1, 4096); p != nil {
		return p
	}
	switch u := c.FilesURL; {
	case (u.Scheme == "s3" || u.Scheme == "azblob") && u.Host != "" && u.User == nil && u.Path == "" && u.Fragment == "":
		return nil
	case u.Scheme != "file":
		return Problems{wrong("FILES_URL", fmt.Sprintf("is %q, no place that files can be kept in", u.Redacted()))}
	case u.Host != "" || !strings.HasPrefix(u.Path, "/") || u.RawQuery != "" || u.Fragment != "":
		return Problems{wrong("FILES_URL", fmt.Sprintf("is %q, no folder of this machine", u.Redacted()))}
	}
	return nil
}

func judgeNumber(name string, value, low, high int) Problems {
	if value < low || value > high {
		return Problems{{name, fmt.Sprintf("is %d", value), fmt.Sprintf("give a number from %d to %d", low, high)}}
	}
	return nil
}

func judgeLogFormat(format string) Problems {
	if format == "text" || format == "json" {
		return nil
	}
	return Problems{{"LOG_FORMAT", fmt.Sprintf("is %q", format), "give text or json"}}
}

// databaseUser returns the role of a connection address, or what is wrong with
// it. Only the URL form is taken: the key=value form hides which role serves.
func databaseUser(s Secret) (user, fault string) {
	if s == "" {
		return "", ""
	}
	u, err := url.Parse(s.Reveal())
	switch {
	case err != nil:
		return "", "is no address (in a password, characters such as / and @ are written %2F and %40)"
	case u.Scheme != "postgres" && u.Scheme != "postgresql":
		return "", "does not begin with postgres://"
	case u.User.Username() == "":
		return "", "names no role"
	}
	return u.User.Username(), ""
}

func webAddressFault(u *url.URL) string {
	switch {
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("is %q, no web address", u.Redacted())
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "has more than a scheme, a host and a port"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "is not https"
	}
	return ""
}

// splitAddr reads host:port. The port is a number: DEV_ADDR is counted from it.
func splitAddr(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, fmt.Errorf("is %q, not host:port", addr)
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("is %q, whose port is no number up to 65535", addr)
	}
	return host, int(n), nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
