package demo

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"guichet/internal/config"
	"guichet/internal/demo/microsoft"
)

// World is what the demo has around the portal: its database, an identity
// provider, Microsoft's interfaces, a mail sink.
type World struct {
	Config    config.Config // of the portal that lives in it
	Mail      *MailSink
	MailURL   string // the page of the sink
	Microsoft *microsoft.Server
	stop      []func() error
}

// The client that the portal is at the development identity provider. It is no
// secret: the provider exists in the demo alone.
const (
	clientID     = "guichet-demo"
	clientSecret = "demo"
)

// Start brings up what the portal needs and returns the configuration that
// finds it. A database that the configuration already names is used as it is.
func Start(ctx context.Context, cfg config.Config) (*World, error) {
	w := &World{Config: cfg}
	if err := w.start(ctx); err != nil {
		return nil, errors.Join(err, w.Stop())
	}
	return w, nil
}

func (w *World) start(ctx context.Context) error {
	if w.Config.DatabaseURL == "" {
		owner, app, stop, err := StartPostgres(ctx, filepath.Join(w.Config.StateDir, "postgres"))
		if err != nil {
			return fmt.Errorf("demo database: %w", err)
		}
		w.stop = append(w.stop, stop)
		w.Config.DatabaseOwnerURL, w.Config.DatabaseURL = config.Secret(owner), config.Secret(app)
	}
	if err := w.keepKey(); err != nil {
		return err
	}
	sink, err := StartMailSink()
	if err != nil {
		return err
	}
	w.stop = append(w.stop, sink.Close)
	w.Mail, w.Config.SMTPURL = sink, config.Secret(sink.URL())
	w.Config.MailQuiet = 0 // who tries the demo reads what he caused at once
	if w.Config.SMTPFrom == "" {
		w.Config.SMTPFrom = "support@guichet.example"
	}
	if err := w.takeMail(); err != nil {
		return err
	}
	if port := w.Config.MailInAddr.Port(); port != "0" && w.Config.MailInAddr.Scheme == "smtp" {
		w.Mail.AnswerThrough(net.JoinHostPort("127.0.0.1", port))
	}
	return w.outside()
}

// takeMail has the portal take mail on loopback, at the port after the demo's own; in
// tests nobody opens that door unless he asks for it.
func (w *World) takeMail() error {
	if w.Config.MailInAddr != nil {
		return nil
	}
	_, port, err := net.SplitHostPort(w.Config.DevAddr)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if n != 0 {
		n++
	}
	w.Config.MailInAddr = &url.URL{Scheme: "smtp", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(n))}
	w.Config.MailDomain = "guichet.example"
	return err
}

// outside serves the identity provider, Microsoft's interfaces and the mail
// sink's page beside the portal, on an address of their own as in real life.
func (w *World) outside() error {
	l, err := net.Listen("tcp", w.Config.DevAddr)
	if err != nil {
		return fmt.Errorf("demo services: %w", err)
	}
	base := "http://" + l.Addr().String()
	portal := w.Config.BaseURL.Scheme + "://" + w.Config.BaseURL.Host
	people, err := whoCanSignIn()
	if err != nil {
		return err
	}
	identity, err := NewIdentityProvider(base+"/identity", people, clientID, clientSecret, []string{portal + "/sign-in/return"})
	if err != nil {
		return err
	}
	if w.Microsoft, err = newMicrosoft(base, portal+"/consent/return", w.Config.StateDir); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/identity/", authority(identity, w.Microsoft))
	mux.Handle("/graph/", w.Microsoft)
	mux.Handle("/azure/", w.Microsoft)
	mux.Handle("/partner/", w.Microsoft)
	mux.Handle("/mail/", w.Mail)
	mux.Handle("/{$}", http.RedirectHandler("/mail/", http.StatusSeeOther))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l) //nolint:errcheck // it ends by Close, below
	w.stop = append(w.stop, srv.Close)
	w.MailURL = base + "/mail/"
	w.Config.EntraAuthority, err = url.Parse(base + "/identity")
	w.Config.EntraClientID, w.Config.EntraClientSecret = clientID, clientSecret
	w.Config.PartnerCenterURL = w.Microsoft.PartnerCenter()
	w.Config.GraphURL, w.Config.AzureURL, w.Config.AzureTenant = w.Microsoft.Graph(), w.Microsoft.Azure(), tenantOf(demoDesks[0].slug, "")
	return err
}

// keepKey gives the demo a key of its own that outlives a restart, so that
// sealed secrets stay readable.
func (w *World) keepKey() error {
	if len(w.Config.SecretKey.Bytes()) > 0 {
		return nil
	}
	path := filepath.Join(w.Config.StateDir, "secret.key")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		raw := make([]byte, config.KeyBytes)
		if _, err := rand.Read(raw); err != nil {
			return err
		}
		text = []byte(base64.StdEncoding.EncodeToString(raw))
		if err := os.MkdirAll(w.Config.StateDir, 0o755); err != nil {
			return err
		}
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("demo key: %w", err)
	}
	return w.Config.SecretKey.UnmarshalText(text)
}

// Stop ends what Start began, last first.
func (w *World) Stop() error {
	var all error
	for i := len(w.stop) - 1; i >= 0; i-- {
		all = errors.Join(all, w.stop[i]())
	}
	w.stop = nil
	return all
}
