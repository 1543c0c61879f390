package demo

import (
	"context"
	"net"
	"strings"
)

// Names is the demo's name service for senders of mail. Every company of the demo lets
// this machine send in its name, and wants everything else kept out, so that mail from
// here is vouched for; of all other domains nothing is known.
type Names struct{}

// LookupTXT answers for SPF and DMARC.
func (Names) LookupTXT(_ context.Context, name string) ([]string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	switch domain, ok := strings.CutPrefix(name, "_dmarc."); {
	case !strings.HasSuffix(name, ".example"), strings.Contains(name, "._domainkey."):
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case ok && strings.Count(domain, ".") == 1:
		return []string{"v=DMARC1; p=quarantine"}, nil
	case ok:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return []string{"v=spf1 ip4:127.0.0.1 ip6:::1 -all"}, nil
}

// LookupMX answers nothing.
func (Names) LookupMX(context.Context, string) ([]*net.MX, error) { return nil, nil }

// LookupIPAddr answers nothing.
func (Names) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) { return nil, nil }

// LookupAddr answers nothing.
func (Names) LookupAddr(context.Context, string) ([]string, error) { return nil, nil }
