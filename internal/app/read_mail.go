package app

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/inbound"
	"guichet/internal/postgres"
)

// Mails lists mails that became no message, the newest first, a page from before:
// those that wait for a person ("quarantined"), those of machines, those that were
// dropped.
func (a *App) Mails(ctx context.Context, who desk.Actor, s desk.MailState, before desk.ID) (list []desk.Mail, next desk.ID, err error) {
	if err := who.May(desk.ManageMail); err != nil {
		return nil, desk.Nobody, err
	}
	if !slices.Contains(desk.MailStates, s) {
		return nil, desk.Nobody, desk.ErrNotFound
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Mails([]desk.MailState{s}, before)
		return err
	})
	if len(list) > desk.PageSize {
		list = list[:desk.PageSize]
		next = list[desk.PageSize-1].ID
	}
	return list, next, err
}

// ReadMail reads one of those: its words, and the names of its files. What cannot be
// parsed has none. Errors: ErrNotFound.
func (a *App) ReadMail(ctx context.Context, who desk.Actor, id desk.ID) (r desk.MailRead, err error) {
	if err := who.May(desk.ManageMail); err != nil {
		return r, err
	}
	if r.Mail, err = a.settledMail(ctx, who, id); err != nil {
		return r, err
	}
	raw, err := a.rawMail(ctx, r.Mail)
	if err != nil {
		return r, err
	}
	m, err := readMail(ctx, raw)
	if errors.Is(err, errPoison) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.Text = cutRunes(plainText(m.Text), desk.MaxBody)
	for _, f := range m.Attachments {
		r.Files = append(r.Files, f.Name)
	}
	return r, nil
}

// settledMail is a mail that became no message. Errors: ErrNotFound.
func (a *App) settledMail(ctx context.Context, who desk.Actor, id desk.ID) (m desk.Mail, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		m, err = tx.Mail(id)
		return err
	})
	if err == nil && !slices.Contains(desk.MailStates, m.State) {
		err = desk.ErrNotFound
	}
	return m, err
}

// OriginalMail opens the raw bytes of a mail that became no message; the caller closes
// them. Errors: ErrNotFound.
func (a *App) OriginalMail(ctx context.Context, who desk.Actor, id desk.ID) (io.ReadSeekCloser, desk.Mail, error) {
	if err := who.May(desk.ManageMail); err != nil {
		return nil, desk.Mail{}, err
	}
	m, err := a.settledMail(ctx, who, id)
	if err != nil {
		return nil, m, err
	}
	r, err := a.files.Open(ctx, m.Blob)
	return r, m, err
}

// OriginalMessage opens the raw mail that became a message, for the desk's people; the
// caller closes it. Errors: ErrNotFound.
func (a *App) OriginalMessage(ctx context.Context, who desk.Actor, number int64, message desk.ID) (io.ReadSeekCloser, desk.Mail, error) {
	if err := who.May(desk.WriteNote); err != nil {
		return nil, desk.Mail{}, err
	}
	_, m, err := a.mailOf(ctx, who, number, message)
	if err != nil {
		return nil, m, err
	}
	r, err := a.files.Open(ctx, m.Blob)
	return r, m, err
}

// mailOf finds the mail that became a message of a ticket that the reader sees: all
// such mails for the desk's people, the customer's own for his.
func (a *App) mailOf(ctx context.Context, who desk.Actor, number int64, message desk.ID) (k desk.Ticket, m desk.Mail, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if k, err = tx.Ticket(number, who.Person); err != nil {
			return err
		}
		m, err = tx.MailOf(k.ID, message, who.DeskSide())
		return err
	})
	return k, m, err
}

// MailAsSent is the HTML of a mail that became a message, made harmless, with the
// pictures that it carries in it. Pictures from elsewhere are left out unless remote,
// and counted. Errors: ErrNotFound, also for one that has no HTML.
func (a *App) MailAsSent(ctx context.Context, who desk.Actor, number int64, message desk.ID, remote bool) (s desk.MailSent, err error) {
	if err := who.May(desk.ReadTickets); err != nil {
		return s, err
	}
	if s.Ticket, s.Mail, err = a.mailOf(ctx, who, number, message); err != nil {
		return s, err
	}
	if !s.Mail.HTML {
		return s, desk.ErrNotFound
	}
	raw, err := a.rawMail(ctx, s.Mail)
	if err != nil {
		return s, err
	}
	m, err := readMail(ctx, raw)
	if err != nil {
		return s, err
	}
	left := mostPictures
	s.HTML, s.Held = inbound.Clean(m.HTML, inbound.CleanOptions{Remote: remote, Image: func(id string) (string, bool) { return picture(m, id, &left) }})
	return s, nil
}

// mostPictures is how many bytes of pictures a page carries in itself.
const mostPictures = 10 << 20

// picture is one that a mail carries, as an address that holds it: the frame in which
// the mail is shown has no session to fetch it with.
func picture(m inbound.Message, id string, left *int) (string, bool) {
	for _, p := range m.Attachments {
		if p.ContentID != id || p.ContentID == "" {
			continue
		}
		kind := desk.Sniff(p.Body)
		if !slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind) || len(p.Body) > *left {
			return "", false
		}
		*left -= len(p.Body)
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(p.Body), true
	}
	return "", false
}

// CustomersFor lists customers that a mail may be of: those that a person looks for,
// or, unasked, those of the sender's domain, else the first of all.
func (a *App) CustomersFor(ctx context.Context, who desk.Actor, text, domain string) ([]desk.Customer, error) {
	if err := who.May(desk.ManageMail); err != nil {
		return nil, err
	}
	if text == "" && domain != "" {
		var list []desk.Customer
		err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
			list, err = tx.CustomersByDomain(domain)
			return err
		})
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	list, _, err := a.Customers(ctx, who, text, "")
	return list, err
}
