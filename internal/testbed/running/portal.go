// Package running gives tests the whole portal with the demo desks, its identity
// provider and its mail server. Only tests use it.
package running

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"guichet/internal/config"
	"guichet/internal/demo"
	"guichet/internal/portal"
	"guichet/internal/testbed"
)

// Portal is a portal on this machine with the demo desks, for one test.
type Portal struct {
	Base   string // its address, without a slash at the end
	Parts  *portal.Portal
	Mail   *demo.MailSink
	Owner  string // the database as its owner
	Config config.Config
}

// Start runs the portal as people have it: with its worker and its clock.
func Start(t testing.TB) *Portal {
	t.Helper()
	return start(t, portal.Doors{Worker: true, Clock: true})
}

// StartTimeless runs the portal with a worker that no clock drives: whatever
// changes, somebody's act did it.
func StartTimeless(t testing.TB) *Portal {
	t.Helper()
	return start(t, portal.Doors{Worker: true})
}

func start(t testing.TB, doors portal.Doors) *Portal {
	t.Helper()
	owner, serving := testbed.Loaded(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	cfg, err := config.Load([]string{"ADDR=" + l.Addr().String(), "DEV_ADDR=127.0.0.1:0", "BASE_URL=" + base, "STATE_DIR=" + t.TempDir(),
		"DATABASE_URL=" + serving, "DATABASE_OWNER_URL=" + owner, "SECRET_KEY=" + base64.StdEncoding.EncodeToString([]byte(testbed.SecretKey))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	world, err := demo.Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	p, err := portal.Build(ctx, world.Config, slog.New(slog.NewTextHandler(io.Discard, nil)), demo.Names{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { ended <- p.Serve(ctx, l, p.Handler()) }()
	go func() { ended <- p.Run(ctx, doors) }()
	t.Cleanup(func() {
		cancel()
		for range cap(ended) {
			<-ended
		}
		p.DB.Close()
		if err := world.Stop(); err != nil {
			t.Log(err)
		}
	})
	return &Portal{Base: base, Parts: p, Mail: world.Mail, Owner: owner, Config: world.Config}
}

// Browser is a person at the portal without a browser: it follows redirects
// and keeps cookies, as the person signs in.
func Browser(t testing.TB) *http.Client {
	t.Helper()
	return &http.Client{Jar: newJar(t)}
}

// SignIn signs a person in at a desk, through the identity provider's page, and
// returns the browser he did it with.
func (p *Portal) SignIn(t testing.TB, slug, email string) *http.Client {
	t.Helper()
	c := Browser(t)
	resp, err := c.Get(p.Base + "/" + slug + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	form := onlyForm(t, resp)
	action, err := resp.Request.URL.Parse(form.Action)
	if err != nil {
		t.Fatal(err)
	}
	form.Values.Set("person", email)
	resp, err = c.PostForm(action.String(), form.Values)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return c
}
