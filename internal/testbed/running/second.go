package running

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"testing"

	"guichet/internal/portal"
)

// Second is another process of an installation: a door of its own on the first
// one's database, which knows the same sessions. Jobs it leaves to the first.
func Second(t testing.TB, first *Portal) *Portal {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := first.Config
	cfg.Addr, cfg.BaseURL = l.Addr().String(), &url.URL{Scheme: "http", Host: l.Addr().String()}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	p, err := portal.Build(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx, l, p.Handler()) }()
	t.Cleanup(func() {
		cancel()
		<-ended
		p.DB.Close()
	})
	return &Portal{Base: "http://" + l.Addr().String(), Parts: p, Mail: first.Mail, Owner: first.Owner, Config: cfg}
}
