package vouch_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"guichet/internal/desk"
	"guichet/internal/vouch"
)

// zone answers from a table; "down" is a name server that does not.
type zone map[string]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch text, ok := z[strings.TrimSuffix(name, ".")]; {
	case text == "down":
		return nil, &net.DNSError{Err: "server failure", Name: name, IsTemporary: true}
	case ok:
		return []string{text}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}
func (zone) LookupMX(context.Context, string) ([]*net.MX, error)            { return nil, nil }
func (zone) LookupIPAddr(context.Context, string) ([]net.IPAddr, error)     { return nil, nil }
func (zone) LookupAddr(context.Context, string) (names []string, err error) { return nil, nil }

// What each domain says of who may send in its name, and what becomes of it.
func TestSendersAreVouchedForByTheirDomainAlone(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	dns := zone{"strict.test": "v=spf1 ip4:192.0.2.1 -all", "_dmarc.strict.test": "v=DMARC1; p=reject", "s._domainkey.strict.test": key, "s._domainkey.evil.test": key,
		"evil.test": "v=spf1 ip4:198.51.100.1 -all", "plain.test": "v=spf1 ip4:192.0.2.1 -all", "_dmarc.soft.test": "v=DMARC1; p=none", "_dmarc.org.test": "v=DMARC1; p=none; sp=quarantine",
		"_dmarc.down.test": "down", "down.test": "down", "mail.strict.test": "v=spf1 ip4:192.0.2.1 -all"}
	signed := func(domain, from string) []byte {
		var out bytes.Buffer
		raw := "From: x@" + from + "\r\nSubject: s\r\n\r\nbody\r\n"
		if err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: private}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	plain := func(from string) []byte { return []byte("From: x@" + from + "\r\n\r\nbody\r\n") }
	for name, c := range map[string]struct {
		h       vouch.Handed
		sender  desk.SenderVerdict
		refused bool
	}{
		"by SPF":                     {vouch.Handed{Peer: "192.0.2.1", Envelope: "x@strict.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderVerified, false},
		"by SPF of a subdomain":      {vouch.Handed{Peer: "192.0.2.1", Envelope: "x@mail.strict.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderVerified, false},
		"by DKIM, handed on":         {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@elsewhere.test", From: "x@strict.test", Raw: signed("strict.test", "strict.test")}, desk.SenderVerified, false},
		"from elsewhere":             {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@strict.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderFailed, true},
		"his own envelope":           {vouch.Handed{Peer: "198.51.100.1", Envelope: "x@evil.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderFailed, true},
		"his own signature":          {vouch.Handed{Peer: "198.51.100.1", Envelope: "x@evil.test", From: "x@strict.test", Raw: signed("evil.test", "strict.test")}, desk.SenderFailed, true},
		"a changed signature":        {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@strict.test", From: "x@strict.test", Raw: bytes.Replace(signed("strict.test", "strict.test"), []byte("body"), []byte("bank"), 1)}, desk.SenderFailed, true},
		"a bounce, by who brings it": {vouch.Handed{Peer: "192.0.2.1", Helo: "mail.strict.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderVerified, false},
		"no policy, SPF passes":      {vouch.Handed{Peer: "192.0.2.1", Envelope: "x@plain.test", From: "x@plain.test", Raw: plain("plain.test")}, desk.SenderVerified, false},
		"no policy, SPF fails":       {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@plain.test", From: "x@plain.test", Raw: plain("plain.test")}, desk.SenderFailed, false},
		"a domain that says nothing": {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@nothing.test", From: "x@nothing.test", Raw: plain("nothing.test")}, desk.SenderUnknown, false},
		"a policy of none":           {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@soft.test", From: "x@soft.test", Raw: plain("soft.test")}, desk.SenderFailed, false},
		"a policy for subdomains":    {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@a.org.test", From: "x@a.org.test", Raw: plain("a.org.test")}, desk.SenderFailed, true},
		"a name server that is away": {vouch.Handed{Peer: "203.0.113.9", Envelope: "x@down.test", From: "x@down.test", Raw: plain("down.test")}, desk.SenderUnknown, false},
		"handed over by our own MTA": {vouch.Handed{Envelope: "x@strict.test", From: "x@strict.test", Raw: plain("strict.test")}, desk.SenderUnknown, false},
		"no sender":                  {vouch.Handed{Peer: "203.0.113.9", Raw: []byte("no mail")}, desk.SenderUnknown, false},
	} {
		v := vouch.New(dns).Mail(t.Context(), c.h)
		if v.Sender() != c.sender || v.Refused() != c.refused {
			t.Errorf("%s: %s, refused %v (%+v)", name, v.Sender(), v.Refused(), v)
		}
	}
}

// Anybody writes such a header; the first of the server that is named counts.
func TestOnlyTheNamedServersResultsAreBelieved(t *testing.T) {
	t.Parallel()
	raw := func(lines ...string) []byte {
		return []byte(strings.Join(append(lines, "From: x@a.test", "", "body", ""), "\r\n"))
	}
	pass, fail := "dmarc=pass header.from=a.test", "dmarc=fail header.from=a.test"
	for name, c := range map[string]struct {
		by   string
		raw  []byte
		want desk.SenderVerdict
	}{
		"of the server":          {"mx.test", raw("Authentication-Results: mx.test; " + pass), desk.SenderVerified},
		"in other letters":       {"mx.test", raw("authentication-results: MX.test; " + pass), desk.SenderVerified},
		"of another":             {"mx.test", raw("Authentication-Results: evil.test; " + pass), desk.SenderUnknown},
		"nobody is named":        {"", raw("Authentication-Results: mx.test; " + pass), desk.SenderUnknown},
		"a forged one below":     {"mx.test", raw("Authentication-Results: mx.test; "+fail, "Authentication-Results: mx.test; "+pass), desk.SenderFailed},
		"SPF of another domain":  {"mx.test", raw("Authentication-Results: mx.test; spf=pass smtp.mailfrom=evil.test"), desk.SenderUnknown},
		"DKIM of a domain above": {"mx.test", raw("Authentication-Results: mx.test; dkim=pass header.d=a.test"), desk.SenderVerified},
		"words":                  {"mx.test", raw("Authentication-Results: mx.test; ;;;=x"), desk.SenderUnknown},
		"below the empty line":   {"mx.test", []byte("From: x@a.test\r\n\r\nAuthentication-Results: mx.test; " + pass + "\r\n"), desk.SenderUnknown},
	} {
		if got := vouch.Trusted(c.raw, c.by, "x@a.test"); got.Sender() != c.want {
			t.Errorf("%s: %s (%+v)", name, got.Sender(), got)
		}
	}
}
