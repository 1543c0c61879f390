package vouch

import (
	"bufio"
	"bytes"
	"net/textproto"
	"regexp"

	"github.com/emersion/go-msgauth/authres"

	"guichet/internal/desk"
)

// exchange is how Exchange Online is called in what it found out; it gives itself no
// name there.
const exchange = "exchange online"

// Exchange reads what Exchange Online found out about a mail in a mailbox of its own. It
// writes no authserv-id, and properties that RFC 8601 does not know ("Anti-spam message
// headers in Microsoft 365", Authentication-Results). Its results are there for mail from
// outside only, which it marks in a header that it takes off whatever comes in
// ("Header firewall"); without that mark nothing is believed.
func Exchange(raw []byte, from string) desk.Vouched {
	h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw[:min(len(raw), 256<<10)]))).ReadMIMEHeader()
	found := h.Values("Authentication-Results")
	if len(found) == 0 || h.Get("X-Ms-Exchange-Organization-Authas") != "Anonymous" {
		return desk.Vouched{}
	}
	_, results, err := authres.Parse("exchange; " + unknownToAll.ReplaceAllString(found[0], ""))
	if err != nil {
		return desk.Vouched{}
	}
	return read(results, exchange, desk.DomainOf(from))
}

// unknownToAll are Exchange's own: properties of a result, and a result of its own.
var unknownToAll = regexp.MustCompile(`\s(action|reason)=[\w.]+|;?\s*compauth=\w+|\([^()]*\)`)
