// Package config reads what an installation sets: one struct from the
// environment, judged once, at the start. Nothing else in the program reads
// an environment variable.
package config

import (
	"log/slog"
	"net/url"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is every setting of one process. Each field's tags are the setting's
// documentation: Describe prints them, and a test holds the README and the
// compose file to them.
type Config struct {
	DatabaseURL      Secret `env:"DATABASE_URL" means:"Postgres as the role that serves: no superuser, owner of nothing" example:"postgres://guichet_app:…@db:5432/guichet"`
	DatabaseOwnerURL Secret `env:"DATABASE_OWNER_URL" means:"Postgres as the role that owns the tables; only migrate, circle, desk --remove, seed and demo use it" example:"postgres://guichet_owner:…@db:5432/guichet"`
	DatabaseMaxConns int    `env:"DATABASE_MAX_CONNS" envDefault:"10" means:"Connections to Postgres that one process may hold" example:"10"`

	Addr    string   `env:"ADDR" envDefault:"127.0.0.1:8080" means:"Where people reach the portal" example:"0.0.0.0:8080"`
	OpsAddr string   `env:"OPS_ADDR" means:"Where machines read metrics and health; empty turns it off" example:"127.0.0.1:9090"`
	DevAddr string   `env:"DEV_ADDR" means:"Demo only: identity provider and mail sink, on loopback; empty means ADDR's port plus one" example:"127.0.0.1:8081"`
	BaseURL *url.URL `env:"BASE_URL" means:"The address that every link is built from; https unless it is loopback; empty means ADDR, when that is loopback" example:"https://support.example.com"`

	TrustedProxies int      `env:"TRUSTED_PROXIES" envDefault:"0" means:"Reverse proxies before the portal whose X-Forwarded-For is believed" example:"1"`
	StateDir       string   `env:"STATE_DIR" envDefault:".state" means:"Folder for attachments and, in the demo, its database" example:"/var/lib/guichet"`
	FilesURL       *url.URL `env:"FILES_URL" means:"Where people's files are, shared by all processes that serve: file:///folder, s3://bucket?region=…&endpoint=… or azblob://container; empty means STATE_DIR/files" example:"file:///srv/guichet/files"`
	ClamAVAddr     string   `env:"CLAMAV_ADDR" means:"A ClamAV daemon that looks through every file before anybody can open it: unix:/path of its socket or host:port; empty trusts them as they come" example:"unix:/run/clamav/clamd.ctl"`
	ClamAVMax      int      `env:"CLAMAV_MAX" envDefault:"100" means:"Megabytes of the largest file that the daemon is sent; larger ones wait for an admin's word. Not above its own StreamMaxLength and MaxFileSize" example:"100"`

	SMTPURL  Secret `env:"SMTP_URL" means:"Mail server: smtp:// asks for STARTTLS unless ?starttls=off, smtps:// is TLS from the first byte; empty sends no mail" example:"smtp://user:password@mail.example.com:587"`
	SMTPFrom string `env:"SMTP_FROM" means:"Sender of the portal's mail" example:"Support <support@example.com>"`

	MailQuiet time.Duration `env:"MAIL_QUIET" envDefault:"3m" means:"How long a letter about a ticket waits for more to tell, from the last piece of news and at most five times as long in all; 0 sends each at once, as the demo does" example:"3m"`

	MailInAddr  *url.URL `env:"MAIL_IN_ADDR" means:"Where mail for the desks comes in: smtp://host:port, or lmtp:// behind a mail server of your own, with a host and port or the path of a socket; empty takes none" example:"smtp://0.0.0.0:2525"`
	MailDomain  string   `env:"MAIL_DOMAIN" means:"What stands after the @ of the desks' addresses: a domain whose mail comes to MAIL_IN_ADDR and to nothing else" example:"in.support.example.com"`
	MailTrusted string   `env:"MAIL_TRUSTED" means:"The mail server before this one whose Authentication-Results are believed, by the name that it gives itself in them; empty asks SPF, DKIM and DMARC itself" example:"mx.example.com"`
	MailCert    string   `env:"MAIL_CERT" means:"File of the certificate, and those above it, with which senders may encrypt (STARTTLS); empty offers none" example:"/etc/guichet/mail.crt"`
	MailKey     string   `env:"MAIL_KEY" means:"File of that certificate's key" example:"/etc/guichet/mail.key"`

	EntraAuthority    *url.URL `env:"ENTRA_AUTHORITY" envDefault:"https://login.microsoftonline.com" means:"Identity provider; another one only for tests or a national cloud" example:"https://login.microsoftonline.com"`
	EntraClientID     string   `env:"ENTRA_CLIENT_ID" means:"Application (client) id of the registration in Entra; empty offers no sign-in with Microsoft" example:"00000000-0000-0000-0000-000000000000"`
	EntraClientSecret Secret   `env:"ENTRA_CLIENT_SECRET" means:"A client secret of that registration"`
	GraphURL          *url.URL `env:"GRAPH_URL" envDefault:"https://graph.microsoft.com" means:"Where service health of Microsoft 365 is read; another one for a national cloud" example:"https://graph.microsoft.com"`
	AzureURL          *url.URL `env:"AZURE_URL" envDefault:"https://management.azure.com" means:"Where service health of Azure is read; another one for a national cloud" example:"https://management.azure.com"`
	AzureTenant       string   `env:"AZURE_TENANT" means:"The tenant of your own whose token reads Azure's public status; empty leaves it out" example:"00000000-0000-0000-0000-000000000000"`
	PartnerCenterURL  *url.URL `env:"PARTNER_CENTER_URL" envDefault:"https://api.partnercenter.microsoft.com" means:"Where requests and the support profile of Partner Center are; another one for a national cloud" example:"https://api.partnercenter.microsoft.com"`
	SecretKey         Key      `env:"SECRET_KEY" means:"32 random bytes in base64: seals stored secrets and signs links" example:"the output of: openssl rand -base64 32"`
	SecretKeyOld      Key      `env:"SECRET_KEY_OLD" means:"The key before: what it sealed stays readable until guichet reseal has sealed it anew" example:"the SECRET_KEY that was"`

	SessionIdle     time.Duration `env:"SESSION_IDLE" envDefault:"2h" means:"A session unused for so long ends" example:"2h"`
	SessionLifetime time.Duration `env:"SESSION_LIFETIME" envDefault:"12h" means:"A session ends after so long however busy it is" example:"12h"`

	APIRate int `env:"API_RATE" envDefault:"600" means:"Requests that one token of the API may send in a minute" example:"600"`

	Workers   int        `env:"WORKERS" envDefault:"10" means:"Background jobs that one process runs at once" example:"10"`
	LogLevel  slog.Level `env:"LOG_LEVEL" envDefault:"info" means:"Least level that is logged: debug, info, warn or error" example:"info"`
	LogFormat string     `env:"LOG_FORMAT" envDefault:"text" means:"Form of the log: text for people, json for collectors" example:"json"`
}

// Load reads the settings from environ, which has the form of os.Environ. An
// empty value counts as unset. A secret NAME may be given as NAME_FILE, the
// path of a file that holds it. The error is a Problems: all faults at once.
func Load(environ []string) (Config, error) {
	values := env.ToMap(environ)
	for name, value := range values {
		if value == "" {
			delete(values, name)
		}
	}
	problems := readSecretFiles(values)

	var c Config
	err := env.ParseWithOptions(&c, env.Options{Environment: values})
	problems = append(problems, unreadable(err, values)...)
	if len(problems) > 0 {
		return Config{}, problems
	}
	problems = append(problems, c.derive()...)
	problems = append(problems, c.judge()...)
	if len(problems) > 0 {
		return Config{}, problems
	}
	return c, nil
}

// ForServing names, as a Problems, what serve and work lack. Entra is not among
// it: a desk may have an identity provider of its own, or sign in by e-mail.
func (c Config) ForServing() error {
	return c.missing("DATABASE_URL", "BASE_URL", "SECRET_KEY").orNil()
}

// ForMigrating names, as a Problems, what migrate lacks.
func (c Config) ForMigrating() error {
	return c.missing("DATABASE_OWNER_URL").orNil()
}
