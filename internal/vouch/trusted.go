package vouch

import (
	"bufio"
	"bytes"
	"net/textproto"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"guichet/internal/desk"
)

// Trusted reads what a mailbox's own server found out about a mail. Anybody can write
// such a header: only those of the server named are believed, and of these the first,
// since a server puts its own above what it received (RFC 8601, sections 4.1 and 5).
// by "" believes none.
func Trusted(raw []byte, by, from string) desk.Vouched {
	if by == "" {
		return desk.Vouched{}
	}
	h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw[:min(len(raw), 256<<10)]))).ReadMIMEHeader()
	for _, line := range h.Values("Authentication-Results") {
		server, results, err := authres.Parse(line)
		if err != nil || !strings.EqualFold(strings.TrimSpace(server), by) {
			continue
		}
		return read(results, by, desk.DomainOf(from))
	}
	return desk.Vouched{}
}

func read(results []authres.Result, by, from string) desk.Vouched {
	v := desk.Vouched{By: by}
	for _, r := range results {
		switch r := r.(type) {
		case *authres.SPFResult:
			v.SPF = string(r.Value)
			if r.Value == authres.ResultPass && aligned(desk.DomainOf(r.From), from, false) {
				v.Domain = desk.DomainOf(r.From)
			}
		case *authres.DKIMResult:
			if v.DKIM != "pass" {
				v.DKIM = string(r.Value)
			}
			if r.Value == authres.ResultPass && aligned(strings.ToLower(r.Domain), from, false) {
				v.Domain = strings.ToLower(r.Domain)
			}
		case *authres.DMARCResult:
			v.DMARC = string(r.Value)
		}
	}
	if v.DMARC == "fail" { // the server delivered it all the same; the policy is in no result
		v.Domain, v.Policy = "", "quarantine"
	}
	return v
}
