// Package vouch finds out whether the domain of a mail's sender vouches for it: by SPF
// (RFC 7208), DKIM (RFC 6376) and what DMARC (RFC 7489) makes of both.
package vouch

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"guichet/internal/desk"
)

// DNS is what is asked of the network. *net.Resolver answers it.
type DNS interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) (names []string, err error)
}

// Judge asks.
type Judge struct{ dns DNS }

// New makes a judge; nil asks the machine's own resolver.
func New(dns DNS) *Judge {
	if dns == nil {
		dns = net.DefaultResolver
	}
	return &Judge{dns}
}

// Handed is what is known of how a mail came, beside the mail itself.
type Handed struct {
	Peer           string // the network address of who handed it to us
	Helo, Envelope string // what it calls itself, and MAIL FROM
	From           string // the address that the mail says it is from
	Raw            []byte
}

const (
	most       = 20 * time.Second // for all questions about one mail
	signatures = 10               // of one mail that are looked at
)

// Mail judges one that a mail server handed to us. A name server that does not answer
// makes a result "temperror", which speaks neither for nor against the sender.
func (j *Judge) Mail(ctx context.Context, h Handed) desk.Vouched {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	var v desk.Vouched
	from := desk.DomainOf(h.From)
	sender := desk.DomainOf(h.Envelope)
	if h.Envelope == "" { // RFC 7208, section 2.4: a bounce is judged by who brings it
		sender = strings.ToLower(h.Helo)
	}
	v.SPF = j.spf(ctx, h)
	signed, result := j.dkim(ctx, h.Raw)
	v.DKIM = result
	record, policy := j.policy(ctx, from)
	v.Policy = policy
	strictSPF, strictDKIM := false, false
	if record != nil {
		strictSPF, strictDKIM = record.SPFAlignment == dmarc.AlignmentStrict, record.DKIMAlignment == dmarc.AlignmentStrict
	}
	for _, d := range signed {
		if aligned(d, from, strictDKIM) {
			v.Domain = d
		}
	}
	if v.Domain == "" && v.SPF == "pass" && aligned(sender, from, strictSPF) {
		v.Domain = sender
	}
	switch {
	case record == nil && policy == "temperror":
		v.DMARC, v.Policy = "temperror", ""
	case record == nil:
		v.DMARC = "none"
	case v.Domain != "":
		v.DMARC = "pass"
	case v.SPF == "temperror" || v.DKIM == "temperror" || h.Peer == "": // half of it is not known
		v.DMARC = "temperror"
	default:
		v.DMARC = "fail"
	}
	return v
}

func (j *Judge) spf(ctx context.Context, h Handed) string {
	ip := net.ParseIP(h.Peer)
	if ip == nil {
		return "none"
	}
	sender := h.Envelope
	if sender == "" {
		sender = "postmaster@" + h.Helo
	}
	result, _ := spf.CheckHostWithSender(ip, h.Helo, sender, spf.WithContext(ctx), spf.WithResolver(j.dns))
	return string(result)
}

// dkim lists the domains that signed the mail as it is.
func (j *Judge) dkim(ctx context.Context, raw []byte) (domains []string, result string) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{MaxVerifications: signatures,
		LookupTXT: func(domain string) ([]string, error) { return j.dns.LookupTXT(ctx, domain) }})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return nil, "permerror"
	}
	result = "none"
	for _, s := range found {
		switch {
		case s.Err == nil:
			domains, result = append(domains, strings.ToLower(s.Domain)), "pass"
		case dkim.IsTempFail(s.Err) && result != "pass":
			result = "temperror"
		case result == "none":
			result = "fail"
		}
	}
	return domains, result
}

// policy reads what a domain wants, or the one that it is a part of.
func (j *Judge) policy(ctx context.Context, domain string) (*dmarc.Record, string) {
	o := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return j.dns.LookupTXT(ctx, name) }}
	r, err := dmarc.LookupWithOptions(domain, o)
	if err == nil {
		return r, string(r.Policy)
	}
	if parent := organisation(domain); errors.Is(err, dmarc.ErrNoPolicy) && parent != domain {
		if r, err = dmarc.LookupWithOptions(parent, o); err == nil {
			if r.SubdomainPolicy != "" {
				return r, string(r.SubdomainPolicy)
			}
			return r, string(r.Policy)
		}
	}
	if dmarc.IsTempFail(err) {
		return nil, "temperror"
	}
	return nil, ""
}

// aligned tells whether a domain may speak for a sender's (RFC 7489, section 3.1).
func aligned(domain, from string, strict bool) bool {
	if domain == "" || from == "" {
		return false
	}
	return domain == from || !strict && organisation(domain) == organisation(from)
}

func organisation(domain string) string {
	if o, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return o
	}
	return domain
}
