package mail

import (
	"bytes"
	"crypto"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
)

// Domain is a desk's own, in whose name letters go out, and the key that signs them.
type Domain struct {
	Address  string // that letters are from
	Name     string // of the domain
	Selector string // of its key in the DNS
	Key      crypto.Signer
}

// signed are the fields that a signature covers: who, what and when, and all that mail
// programs act by (RFC 6376, section 5.4.1; RFC 8058, section 4).
var signed = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
	"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"}

// sign writes a letter as it goes out, with its domain's signature above it where it has
// one.
func (d *Domain) sign(m *gomail.Msg) ([]byte, error) {
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	if d == nil {
		return raw.Bytes(), nil
	}
	var out bytes.Buffer
	err := dkim.Sign(&out, &raw, &dkim.SignOptions{Domain: d.Name, Selector: d.Selector, Signer: d.Key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: signed})
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return out.Bytes(), nil
}
