package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	netmail "net/mail"
	"net/smtp"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	gosmtp "github.com/emersion/go-smtp"
	"golang.org/x/net/dns/dnsmessage"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
)

// names is a name server on a port of this machine.
type names struct {
	mu   sync.Mutex
	txt  map[string][]string
	mx   map[string]string
	mute bool
}

func serveNames(t *testing.T) (*names, *net.Resolver) {
	t.Helper()
	n := &names{txt: map[string][]string{}, mx: map[string]string{}}
	c := made(net.ListenPacket("udp", "127.0.0.1:0"))
	t.Cleanup(func() { _ = c.Close() })
	go func() {
		b := make([]byte, 2048)
		for {
			size, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if answer := n.answer(b[:size]); answer != nil {
				_, _ = c.WriteTo(answer, from)
			}
		}
	}()
	return n, &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

func (n *names) answer(b []byte) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	var m dnsmessage.Message
	if m.Unpack(b) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Additionals, m.RCode = true, nil, dnsmessage.RCodeNameError
	if n.mute {
		m.RCode = dnsmessage.RCodeServerFailure
	}
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	add := func(body dnsmessage.ResourceBody) {
		m.RCode = dnsmessage.RCodeSuccess
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: body})
	}
	if !n.mute && q.Type == dnsmessage.TypeTXT {
		for _, text := range n.txt[name] {
			var parts []string
			for ; len(text) > 255; text = text[255:] {
				parts = append(parts, text[:255])
			}
			add(&dnsmessage.TXTResource{TXT: append(parts, text)})
		}
	}
	if host := n.mx[name]; !n.mute && host != "" && q.Type == dnsmessage.TypeMX {
		add(&dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(host + ".")})
	}
	return made(m.Pack())
}

func (n *names) set(name string, texts ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.txt[name] = texts
}

// A desk's letters go out from its own domain, signed, while the DNS says that it is the
// desk's; a domain is one desk's.
func TestLettersGoOutFromADomainThatIsTheDesks(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	dns, resolver := serveNames(t)
	server := &taker{}
	l := made(net.Listen("tcp", "127.0.0.1:0"))
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return server, nil }))
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	sender := made(mail.New(mail.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	a := made(app.New(app.Parts{DB: w.db, Mail: sender, Secrets: w.sealer, Now: w.clock.read, Files: files.Folder(w.files), Names: resolver,
		MailIn: app.MailIn{Domain: "in.test"}, SignIn: app.SignInConfig{BaseURL: "https://portal.example"}}))
	one, two, ctx := w.one, w.two, t.Context()
	sent := func() (raw, from string) {
		t.Helper()
		n := w.submit(t, one.first.contact, desk.Submission{})
		for id, args := range w.jobs(t, "notice") {
			var notice app.Notice
			if err := json.Unmarshal(args, &notice); err != nil {
				t.Fatal(err)
			}
			if err := a.SendNotice(ctx, notice); err != nil || n == 0 {
				t.Fatal(err)
			}
			w.done[id] = true
		}
		raw = server.mails[len(server.mails)-1]
		return raw, made(netmail.ParseAddress(header(raw, "From"))).Address
	}
	stands := func(o office, k desk.DNSKind, want desk.DNSState, verified bool) desk.Sender {
		t.Helper()
		if err := a.CheckSender(ctx, o.admin); err != nil {
			t.Fatal(err)
		}
		s, _, err := a.Sender(ctx, o.admin)
		if c := s.Check(k); err != nil || c == nil || c.State != want || (s.VerifiedAt != nil) != verified || s.CheckedAt == nil || s.PrivateKey != nil {
			t.Errorf("%s: %+v, verified %v (%v), want %s, %v", k, c, s.VerifiedAt, err, want, verified)
		}
		return s
	}

	var invalid desk.Invalid
	for _, bad := range []string{"x", "a@portal.example", "a@sub.in.test", "a\r\nb@own.test", "\"a b\"@own.test", "a@b"} {
		if err := a.SaveSender(ctx, one.admin, desk.SenderForm{Address: bad}); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := a.SaveSender(ctx, one.admin, desk.SenderForm{Address: "Support@Own.test"}); err != nil {
		t.Fatal(err)
	}
	if err := a.SaveSender(ctx, one.admin, desk.SenderForm{Address: "other@own.test"}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("an old form: %v", err)
	}
	if _, from := sent(); from != "desk@portal.example" {
		t.Errorf("before it is verified letters are from %s", from)
	}
	first := stands(one, desk.DNSKey, desk.DNSMissing, false)
	records := first.Records(desk.Installation{From: "portal.example", MailIn: "in.test"})
	key := records[0]
	dns.set(key.Name, "v=DKIM1; k=rsa; p=AAAA")
	stands(one, desk.DNSKey, desk.DNSWrong, false)
	dns.set("own.test", "v=spf1 -all", "google-site-verification=x")
	dns.set("_dmarc.own.test", "v=DMARC1; p=reject")
	stands(one, desk.DNSHosts, desk.DNSWrong, false)

	// Two desks name it before either proves it; the first that does has it.
	if err := a.SaveSender(ctx, two.admin, desk.SenderForm{Address: "help@own.test"}); err != nil {
		t.Fatal(err)
	}
	theirs := stands(two, desk.DNSKey, desk.DNSMissing, false).Records(desk.Installation{From: "portal.example"})[0]
	dns.set(key.Name, key.Value)
	dns.set(theirs.Name, theirs.Value)
	dns.set("own.test", "v=spf1 include:spf.other.test include:portal.example ~all")
	dns.mx["own.test"] = "in.test"
	stands(one, desk.DNSKey, desk.DNSFine, true)
	for _, k := range []desk.DNSKind{desk.DNSHosts, desk.DNSPolicy, desk.DNSMail} {
		stands(one, k, desk.DNSFine, true)
	}
	stands(two, desk.DNSKey, desk.DNSTaken, false)
	if err := a.SaveSender(ctx, two.admin, desk.SenderForm{Address: "more@own.test", Revision: 1}); !errors.As(err, &invalid) {
		t.Errorf("another desk names it: %v", err)
	}

	raw, from := sent()
	verified, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) { return resolver.LookupTXT(ctx, name) }})
	if from != "support@own.test" || err != nil || len(verified) != 1 || verified[0].Err != nil || verified[0].Domain != "own.test" {
		t.Errorf("from %s, signed by %+v (%v)", from, verified, err)
	}
	if broken, err := dkim.VerifyWithOptions(strings.NewReader(strings.Replace(raw, "Subject: ", "Subject: x", 1)), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) { return resolver.LookupTXT(ctx, name) }}); err != nil || broken[0].Err == nil {
		t.Error("another subject is signed too")
	}
	// Mail to the address comes in at the desk, and to no other of the domain.
	if d, err := a.TakesMail(ctx, "SUPPORT@own.test"); err != nil || d.ID != one.desk.ID {
		t.Errorf("its mail goes to %v (%v)", d.Slug, err)
	}
	if err := smtp.SendMail(w.smtp, nil, "a@b.test", []string{"help@own.test"}, []byte("From: a@b.test\r\n\r\nx")); err == nil {
		t.Error("mail to what another desk did not verify is taken")
	}

	dns.mute = true
	stands(one, desk.DNSKey, desk.DNSUnknown, true)
	dns.mute = false
	dns.set(key.Name)
	if err := a.SweepDesk(ctx, app.SweepDesk{Desk: one.desk.ID}); err != nil { // nobody presses
		t.Fatal(err)
	}
	if _, from := sent(); from != "desk@portal.example" {
		t.Errorf("after its key was taken away letters are from %s", from)
	}
	stands(two, desk.DNSKey, desk.DNSFine, true) // it is free
	if err := a.SaveSender(ctx, two.admin, desk.SenderForm{Revision: 1}); err != nil {
		t.Fatal(err)
	}
	if s, _, err := a.Sender(ctx, two.admin); err != nil || s.Domain != "" || s.VerifiedAt != nil || s.PublicKey != "" {
		t.Errorf("without a domain: %+v (%v)", s, err)
	}
	if err := a.CheckSender(ctx, two.admin); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("checking none: %v", err)
	}
}
