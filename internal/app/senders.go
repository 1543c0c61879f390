package app

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// Names answers what is asked of the DNS. *net.Resolver does.
type Names interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// namesTime is how long all questions about a domain may take.
const namesTime = 10 * time.Second

func (a *App) installation() desk.Installation {
	i := desk.Installation{MailIn: a.mailIn.Domain}
	if a.mail != nil {
		i.From = desk.DomainOf(a.mail.From())
	}
	return i
}

// senderOf reads it; nothing said yet is a zero one.
func senderOf(tx *postgres.Tx) (desk.Sender, error) {
	s, err := tx.Sender()
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Sender{}, nil
	}
	return s, err
}

// Sender reads in whose name the desk's letters go out, without its secret key, and what
// its records speak of.
func (a *App) Sender(ctx context.Context, who desk.Actor) (s desk.Sender, i desk.Installation, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return s, i, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		s, err = senderOf(tx)
		return err
	})
	s.PrivateKey = nil
	return s, a.installation(), err
}

// SaveSender changes the address that letters are from. Another domain gets a key of its
// own and must be verified; none brings back the installation's address. Errors:
// Invalid, by field, also for a domain of another desk; ErrConflict.
func (a *App) SaveSender(ctx context.Context, who desk.Actor, f desk.SenderForm) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		was, err := senderOf(tx)
		if err != nil {
			return err
		}
		s, err := was.With(f, a.installation(), who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		if s.Domain != "" {
			if free, err := tx.SenderDomainFree(s.Domain); err != nil {
				return err
			} else if !free {
				return desk.NewInvalid("address", "error.sender.taken")
			}
			if s.PublicKey == "" {
				if err := a.newKey(&s); err != nil {
					return err
				}
			}
		}
		return tx.SaveSender(s, was.Revision)
	})
}

// newKey makes the key that letters are signed by. RSA of 2048 bits: not every receiver
// verifies newer kinds (RFC 8301, RFC 8463).
func (a *App) newKey(s *desk.Sender) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	s.PublicKey, s.Selector = base64.StdEncoding.EncodeToString(public), "guichet-"+strings.ToLower(rand.Text()[:8])
	s.PrivateKey, err = a.secrets.Seal(string(private))
	return err
}

// CheckSender asks the DNS for the desk's records, and from then on letters go out from
// the domain or do not. Errors: ErrNotFound where no domain was named; ErrConflict when
// it was changed meanwhile.
func (a *App) CheckSender(ctx context.Context, who desk.Actor) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	return a.checkSender(ctx, who.Desk.ID)
}

func (a *App) checkSender(ctx context.Context, at desk.ID) error {
	scope := desk.Scope{Desk: at}
	var s desk.Sender
	err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		s, err = tx.Sender()
		return err
	})
	if err != nil {
		return err
	}
	if s.Domain == "" {
		return desk.ErrNotFound
	}
	found := a.askNames(ctx, s.Records(a.installation()))
	return a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		free, err := tx.SenderDomainFree(s.Domain)
		if err != nil {
			return err
		}
		return tx.SaveSender(s.Checked(found, free, tx.Now), s.Revision)
	})
}

func (a *App) askNames(ctx context.Context, records []desk.DNSRecord) (list []desk.DNSCheck) {
	ctx, cancel := context.WithTimeout(ctx, namesTime)
	defer cancel()
	for _, r := range records {
		answers, err := a.lookup(ctx, r)
		var no *net.DNSError
		if errors.As(err, &no) && no.IsNotFound {
			err = nil
		}
		list = append(list, r.Judge(answers, err != nil))
	}
	return list
}

func (a *App) lookup(ctx context.Context, r desk.DNSRecord) (answers []string, err error) {
	if r.Type != "MX" {
		return a.names.LookupTXT(ctx, r.Name)
	}
	list, err := a.names.LookupMX(ctx, r.Name)
	for _, m := range list {
		answers = append(answers, m.Host)
	}
	return answers, err
}

// inName is the desk's own domain, while that is verified; nil: the installation's.
func (a *App) inName(tx *postgres.Tx) (*mail.Domain, error) {
	s, err := senderOf(tx)
	if err != nil || s.VerifiedAt == nil {
		return nil, err
	}
	key, err := a.signingKey(s)
	if err != nil { // of a key that is lost the doctor tells; the letter goes out all the same
		return nil, nil
	}
	return &mail.Domain{Address: s.Address(), Name: s.Domain, Selector: s.Selector, Key: key}, nil
}

func (a *App) signingKey(s desk.Sender) (crypto.Signer, error) {
	text, err := a.secrets.Unseal(s.PrivateKey)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey([]byte(text))
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer, nil
	}
	return nil, fmt.Errorf("the key of %s: %w", s.Domain, err)
}

// checkAgain looks whether a verified domain still is the desk's: one that was let go
// may be anybody's.
func (a *App) checkAgain(ctx context.Context, at desk.ID) error {
	var s desk.Sender
	err := a.db.View(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) (err error) {
		s, err = senderOf(tx)
		return err
	})
	if err != nil || s.VerifiedAt == nil {
		return err
	}
	if err := a.checkSender(ctx, at); !errors.Is(err, desk.ErrConflict) {
		return err
	}
	return nil
}
