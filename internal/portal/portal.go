// Package portal builds the parts from the configuration and runs them: the
// web door, the workers, the machines' door.
package portal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"guichet/internal/api"
	"guichet/internal/app"
	"guichet/internal/clamav"
	"guichet/internal/config"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
	"guichet/internal/mailbox"
	"guichet/internal/microsoft/azure"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/microsoft/graph"
	"guichet/internal/microsoft/outlook"
	"guichet/internal/microsoft/partnercenter"
	"guichet/internal/post"
	"guichet/internal/postgres"
	"guichet/internal/server"
	"guichet/internal/vouch"
	"guichet/internal/webhook"
	"guichet/internal/worker"
)

// Portal is one process's parts.
type Portal struct {
	App   *app.App
	DB    *postgres.DB
	files *files.Store
	cfg   config.Config
	log   *slog.Logger
}

// Build connects the parts. It does not wait for the database. A portal that
// is itself on loopback may use an identity provider there.
// names answers what is asked of the network about senders of mail; without it the
// machine's own resolver does.
func Build(ctx context.Context, cfg config.Config, log *slog.Logger, names ...vouch.DNS) (*Portal, error) {
	db, err := postgres.Open(ctx, cfg.DatabaseURL.Reveal(), int32(cfg.DatabaseMaxConns))
	if err != nil {
		return nil, err
	}
	sender, err := newSender(cfg)
	if err != nil {
		return nil, err
	}
	sealer, err := Sealer(cfg)
	if err != nil {
		return nil, err
	}
	health, status := Microsoft(cfg)
	support, partner := Connectors(cfg)
	mailIn := app.MailIn{Domain: cfg.MailDomain, Trusted: cfg.MailTrusted, Vouch: vouch.New(nil), Mailboxes: openMailbox(cfg)}
	var dns vouch.DNS = net.DefaultResolver
	if len(names) > 0 {
		dns = names[0]
		mailIn.Vouch = vouch.New(dns)
	}
	scanner, err := newScanner(cfg)
	if err != nil {
		return nil, err
	}
	bucket, err := files.At(ctx, cfg.FilesURL)
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w; guichet doctor tells how to mend it", err)
	}
	a, err := app.New(app.Parts{DB: db, Scanner: scanner, ScanMost: int64(cfg.ClamAVMax) << 20, MailIn: mailIn, Names: dns, Webhooks: webhook.New(webhook.Config{Private: isLoopback(cfg.BaseURL.Hostname())}), Quiet: app.Quiet{For: cfg.MailQuiet, AtMost: 5 * cfg.MailQuiet}, Support: support, Partner: partner, Mail: sender, Secrets: sealer, Graph: health, Azure: status, Files: bucket, SignIn: app.SignInConfig{
		Authority: cfg.EntraAuthority.String(), ClientID: cfg.EntraClientID, ClientSecret: cfg.EntraClientSecret.Reveal(),
		BaseURL: cfg.BaseURL.Scheme + "://" + cfg.BaseURL.Host, AllowPrivate: isLoopback(cfg.BaseURL.Hostname())}})
	if err != nil {
		return nil, err
	}
	return &Portal{App: a, DB: db, files: bucket, cfg: cfg, log: log}, nil
}

// newScanner is nil where files are trusted as they come.
func newScanner(cfg config.Config) (app.Scanner, error) {
	if cfg.ClamAVAddr == "" {
		return nil, nil
	}
	return clamav.At(cfg.ClamAVAddr)
}

// Microsoft makes the clients that read service health, as the application that
// people sign in with.
func Microsoft(cfg config.Config) (*graph.Client, *azure.Client) {
	id, secret := cfg.EntraClientID, cfg.EntraClientSecret.Reveal()
	return graph.New(graph.Config{Root: cfg.GraphURL, Authority: cfg.EntraAuthority, ClientID: id, ClientSecret: secret}),
		azure.New(azure.Config{Root: cfg.AzureURL, Authority: cfg.EntraAuthority, ClientID: id, ClientSecret: secret, Tenant: cfg.AzureTenant})
}

// Sealer keeps secrets by the configuration's keys. Errors: a key of another length.
func Sealer(cfg config.Config) (app.Sealer, error) {
	var old [][]byte
	if k := cfg.SecretKeyOld.Bytes(); len(k) > 0 {
		old = append(old, k)
	}
	return app.NewSealer(cfg.SecretKey.Bytes(), old...)
}

// Connectors makes the clients that file and read requests, each desk as an
// application of its own.
func Connectors(cfg config.Config) (*azuresupport.Client, *partnercenter.Client) {
	return azuresupport.New(azuresupport.Config{Root: cfg.AzureURL, Authority: cfg.EntraAuthority}),
		partnercenter.New(partnercenter.Config{Root: cfg.PartnerCenterURL, Authority: cfg.EntraAuthority})
}

func newSender(cfg config.Config) (*mail.Sender, error) {
	m := mail.Config{From: cfg.SMTPFrom, BaseURL: cfg.BaseURL}
	if m.From == "" {
		m.From = "noreply@" + cfg.BaseURL.Hostname()
	}
	if s, ok := cfg.MailServer(); ok {
		m.Host, m.Port, m.User, m.Password = s.Host, s.Port, s.User, s.Password.Reveal()
		m.Security = map[config.Encryption]mail.Security{config.StartTLS: mail.StartTLS, config.Implicit: mail.TLS, config.Plaintext: mail.Plain}[s.Encryption]
	}
	return mail.New(m)
}

// Handler is the people's door.
func (p *Portal) Handler() http.Handler {
	programs := api.New(api.Parts{App: p.App, BaseURL: p.cfg.BaseURL, Rate: p.cfg.APIRate, Log: p.log})
	return server.New(server.Parts{App: p.App, Programs: programs, Sessions: p.DB.Sessions(), Codec: postgres.SessionCodec{}, BaseURL: p.cfg.BaseURL,
		Idle: p.cfg.SessionIdle, Lifetime: p.cfg.SessionLifetime, Proxies: p.cfg.TrustedProxies, Log: p.log}).Routes()
}

// Doors says what of the portal a process runs. A worker without a clock works
// the jobs that people's acts ask for, and none that time asks for.
type Doors struct{ Web, Mail, Worker, Clock bool }

// Run serves until ctx ends, then lets what is under way finish. Errors: a
// database role too strong to serve; an address that is taken.
func (p *Portal) Run(ctx context.Context, d Doors) error {
	if err := p.waitForDatabase(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { p.checkFiles(ctx); return nil })
	if d.Web {
		g.Go(func() error { return p.listen(ctx, p.cfg.Addr, p.Handler()) })
	}
	if at, ok := p.cfg.MailDoor(); ok && d.Mail {
		door, err := p.mailDoor(at)
		if err != nil {
			return err
		}
		g.Go(func() error { return door.Run(ctx) })
	}
	if p.cfg.OpsAddr != "" {
		g.Go(func() error { return p.listen(ctx, p.cfg.OpsAddr, p.opsHandler()) })
	}
	if d.Worker {
		g.Go(func() error { return p.work(ctx, d) })
	}
	return g.Wait()
}

// checkFiles says at the start what would else be found out with the first file. Who
// writes without one can work meanwhile.
func (p *Portal) checkFiles(ctx context.Context) {
	if err := p.files.Check(ctx); err != nil && ctx.Err() == nil {
		p.log.ErrorContext(ctx, "files cannot be kept where FILES_URL says; guichet doctor tells how to mend it", "err", err)
	}
}

// waitForDatabase holds back until the database answers, and for good when the
// role could see through row-level security.
func (p *Portal) waitForDatabase(ctx context.Context) error {
	for {
		err := p.DB.CheckRole(ctx)
		if err == nil || errors.Is(err, postgres.ErrTooStrong) || ctx.Err() != nil {
			return err
		}
		p.log.WarnContext(ctx, "waiting for the database", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
}

// mailDoor makes the door for mail. Errors: a certificate that cannot be read.
func (p *Portal) mailDoor(at config.MailDoor) (*post.Door, error) {
	cfg := post.Config{Network: at.Network, Addr: at.Addr, LMTP: at.LMTP, Domain: p.cfg.MailDomain, Log: p.log}
	if p.cfg.MailCert != "" {
		pair, err := tls.LoadX509KeyPair(p.cfg.MailCert, p.cfg.MailKey)
		if err != nil {
			return nil, fmt.Errorf("MAIL_CERT: %w", err)
		}
		cfg.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	return post.New(p.App, cfg), nil
}

func (p *Portal) work(ctx context.Context, d Doors) error {
	jobs, err := worker.New(p.DB.Pool(), postgres.JobSchema, p.App, worker.Hands{Jobs: p.cfg.Workers, Clock: d.Clock}, p.log)
	if err != nil {
		return err
	}
	if err := jobs.Start(ctx); err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return jobs.Stop(end)
}

func (p *Portal) listen(ctx context.Context, addr string, h http.Handler) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return p.Serve(ctx, l, h)
}

// Serve answers on a listener until ctx ends, then finishes what is under way.
func (p *Portal) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn)}
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Serve(l) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	p.App.EndStreams() // they would be waited for
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return srv.Shutdown(end)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// openMailbox opens desks' mailboxes. A portal that is itself on loopback may read one
// there.
func openMailbox(cfg config.Config) app.Mailboxes {
	settings := mailbox.Config{Private: isLoopback(cfg.BaseURL.Hostname()), Largest: app.LargestMail}
	graph := outlook.Config{Root: cfg.GraphURL, Authority: cfg.EntraAuthority, Largest: app.LargestMail}
	return func(ctx context.Context, box desk.Mailbox, secret string, from desk.MailPlace) (app.Mailbox, error) {
		switch box.Kind {
		case desk.MailboxIMAP:
			return mailbox.Open(ctx, settings, box, secret, from)
		case desk.MailboxGraph:
			return outlook.Open(ctx, graph, box, secret, from)
		}
		return nil, desk.MailTrouble{Key: "mailin.trouble.none"}
	}
}
