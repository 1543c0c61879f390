package webhook

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"guichet/internal/desk"
)

// The vector that the specification's own libraries are tested with
// (github.com/standard-webhooks/standard-webhooks).
func TestSignatureIsTheSpecifications(t *testing.T) {
	t.Parallel()
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got := Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), `{"test": 2432232314}`, secret); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := Sign("a", time.Unix(1, 0), "{}", secret, []byte("old")); len(strings.Fields(got)) != 2 {
		t.Errorf("two secrets make %q", got)
	}
}

// receiver counts who reached it.
func receiver(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var reached atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s, &reached
}

// Addresses that no webhook may reach, as they are written. None is connected to: each
// is refused at once, or is a name that leads nowhere.
func TestAddressesBesideUsAreRefused(t *testing.T) {
	t.Parallel()
	p := New(Config{Timeout: 3 * time.Second})
	for name, url := range map[string]string{
		"loopback": "https://127.0.0.1/", "loopback, another": "https://127.1.2.3/", "loopback of IPv6": "https://[::1]/", "unspecified": "https://0.0.0.0/", "unspecified of IPv6": "https://[::]/",
		"private": "https://10.0.0.1/", "private of 172": "https://172.20.0.1/", "private of 192": "https://192.168.1.1/", "a provider's": "https://100.64.0.1/",
		"the metadata address": "https://169.254.169.254/latest/meta-data/", "the metadata address of IPv6": "https://[fd00:ec2::254]/", "Azure's own": "https://168.63.129.16/",
		"link-local of IPv6": "https://[fe80::1]/", "multicast": "https://224.0.0.1/", "multicast of IPv6": "https://[ff02::1]/", "broadcast": "https://255.255.255.255/",
		"documentation": "https://203.0.113.5/", "documentation of IPv6": "https://[2001:db8::1]/",
		"IPv4 mapped": "https://[::ffff:127.0.0.1]/", "metadata mapped": "https://[::ffff:169.254.169.254]/", "NAT64": "https://[64:ff9b::7f00:1]/", "6to4": "https://[2002:7f00:1::]/",
		"a name for this machine": "https://localhost/", "a port below 1024": "https://93.184.216.34:22/", "plain text": "http://93.184.216.34/", "another scheme": "gopher://93.184.216.34/", "a password": "https://me:secret@93.184.216.34/",
	} {
		if a := p.Post(t.Context(), Message{URL: url, ID: "x", At: time.Now(), Body: "{}"}); a.Trouble != desk.WebhookPrivate {
			t.Errorf("%s: %+v", name, a)
		}
	}
	for name, url := range map[string]string{"decimal": "https://2130706433/", "octal": "https://0177.0.0.1/", "hexadecimal": "https://0x7f.1/", "short": "https://127.1/"} {
		if a := p.Post(t.Context(), Message{URL: url, ID: "x", At: time.Now(), Body: "{}"}); a.Status != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// names answers every question for an IPv4 address with the next of a list.
func names(t *testing.T, answers ...[4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		asked := 0
		for buf := make([]byte, 512); ; {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0},
					Body: &dnsmessage.AResource{A: answers[min(asked, len(answers)-1)]}}}
				asked++
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// A name that leads to the public network when it is looked at, and to this machine when
// it is connected to.
func TestARebindingNameReachesNothing(t *testing.T) {
	t.Parallel()
	s, reached := receiver(t, nil)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	resolver := names(t, [4]byte{93, 184, 216, 34}, [4]byte{127, 0, 0, 1})
	first, err := resolver.LookupIP(t.Context(), "ip4", "rebind.example")
	if err != nil || !desk.IsPublic(netipOf(first[0])) {
		t.Fatalf("%v, %v", first, err)
	}
	a := New(Config{Resolver: resolver}).Post(t.Context(), Message{URL: "https://rebind.example:" + port + "/", ID: "x", At: time.Now(), Body: "{}"})
	if a.Trouble != desk.WebhookPrivate || reached.Load() != 0 {
		t.Errorf("%+v, reached %d times", a, reached.Load())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	target, reached := receiver(t, nil)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target.URL, status) })
		if a := New(Config{Private: true}).Post(t.Context(), Message{URL: s.URL, ID: "x", At: time.Now(), Body: "{}"}); a.Status != status || reached.Load() != 0 {
			t.Errorf("%+v, reached %d times", a, reached.Load())
		}
	}
}

// A proxy of the machine's would connect in our place, to wherever it likes.
func TestNoProxyIsAsked(t *testing.T) {
	proxy, reached := receiver(t, nil)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("HTTP_PROXY", proxy.URL)
	if a := New(Config{}).Post(t.Context(), Message{URL: "https://10.0.0.1/", ID: "x", At: time.Now()}); a.Trouble != desk.WebhookPrivate || reached.Load() != 0 {
		t.Errorf("%+v, the proxy was asked %d times", a, reached.Load())
	}
}

// What comes back is bounded in time and size, and kept as text.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	over := make(chan bool)
	t.Cleanup(func() { close(over) })
	s, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else nobody sees that it hung up
		switch r.URL.Path {
		case "/slow":
			select {
			case <-over:
			case <-r.Context().Done():
			}
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := fmt.Fprint(w, strings.Repeat("é\x00", 1000)); err != nil {
					return
				}
			}
		case "/busy":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/busy-until":
			w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	p := New(Config{Private: true, Timeout: 300 * time.Millisecond})
	post := func(path string) Answer {
		return p.Post(t.Context(), Message{URL: s.URL + path, ID: "x", At: time.Now(), Body: "{}"})
	}
	if a := post("/slow"); a.Trouble != desk.WebhookTimeout || a.Took > 2*time.Second {
		t.Errorf("slow: %+v", a)
	}
	if a := post("/endless"); a.Status != 200 || len(a.Body) > mostKept+2 || strings.ContainsRune(a.Body, 0) {
		t.Errorf("endless: %d bytes, %+v", len(a.Body), a)
	}
	if a := post("/busy"); a.Status != 429 || a.RetryAfter != 2*time.Minute {
		t.Errorf("busy: %+v", a)
	}
	if a := post("/busy-until"); a.Status != 503 || a.RetryAfter < 58*time.Minute || a.RetryAfter > time.Hour {
		t.Errorf("busy until: %+v", a)
	}
	s.Close()
	if a := post("/"); a.Trouble != desk.WebhookUnheard {
		t.Errorf("nobody: %+v", a)
	}
	tls := httptest.NewTLSServer(nil)
	t.Cleanup(tls.Close)
	if a := p.Post(t.Context(), Message{URL: tls.URL, ID: "x", At: time.Now()}); a.Trouble != desk.WebhookInsecure {
		t.Errorf("a certificate of nobody's: %+v", a)
	}
}

func netipOf(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a
}
