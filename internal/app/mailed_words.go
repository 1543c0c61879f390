package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/postgres"
)

// How many mails of one address within an hour are a bomb rather than a person.
const (
	mostReplies = 60
	mostTickets = 20
)

// flood settles a mail of a sender who sent too many.
func (a *App) flood(ctx context.Context, m *inMail, most int64) (bool, error) {
	var n int64
	err := a.db.View(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) (err error) {
		n, err = tx.RecentMails(m.FromEmail, a.now().Add(-time.Hour))
		return err
	})
	if err != nil || n <= most {
		return false, err
	}
	return true, a.settleMail(ctx, m, desk.MailQuarantined, desk.MailFlood)
}

// mailedText is what the sender wrote, as a message holds it. What is too long stays in
// the original, which the page leads to.
func mailedText(m *inMail, p *i18n.Printer) string {
	text := plainText(m.read.Text)
	if text == "" && len(m.read.Attachments) == 0 {
		text = plainText(m.read.Quoted) // between the lines of what he quotes
	}
	if text == "" && len(m.read.Attachments) == 0 {
		text = p.T("mailin.no_text")
	}
	if utf8.RuneCountInString(text) > desk.MaxBody {
		more := "\n\n" + p.T("mailin.cut")
		text = cutRunes(text, desk.MaxBody-utf8.RuneCountInString(more)) + more
	}
	return text
}

func plainText(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
}

// handedOn is what mail programs put before the subject of what they answer or hand on.
var handedOn = regexp.MustCompile(`^(?i:(re|aw|fw|fwd|tr|rép|rep)\s*:\s*)+`)

func mailedSubject(m *inMail, p *i18n.Printer) string {
	subject := strings.Join(strings.Fields(handedOn.ReplaceAllString(plainText(m.read.Subject), "")), " ")
	if subject == "" {
		subject = p.T("mailin.no_subject")
	}
	return cutRunes(subject, desk.MaxSubject)
}

func (a *App) printer(who desk.Actor) *i18n.Printer {
	return i18n.New(i18n.Lang(who.Language()), who.Location(), a.now())
}

// holdMailed keeps the files of a mail as its sender's uploads; those that the desk
// does not take are named among the mail's problems, and stay in the original.
func (a *App) holdMailed(ctx context.Context, who desk.Actor, m *inMail) ([]desk.Upload, error) {
	next := 0
	kept, err := a.HoldFiles(ctx, who, func() (Upload, error) {
		if next == len(m.read.Attachments) {
			return Upload{}, io.EOF
		}
		f := m.read.Attachments[next]
		next++
		return Upload{Name: f.Name, Body: bytes.NewReader(f.Body)}, nil
	})
	var refused desk.Invalid
	if errors.As(err, &refused) {
		for _, p := range refused.Problems {
			for i, v := range p.Args {
				if v == "Name" && i+1 < len(p.Args) {
					name, _ := p.Args[i+1].(string)
					m.Problems = append(m.Problems, "left in the original: "+name)
				}
			}
		}
		err = nil
	}
	return kept, err
}

func ids(list []desk.Upload) (out []desk.ID) {
	for _, u := range list {
		out = append(out, u.ID)
	}
	return out
}

// writeMailed writes a mail as a public message of its sender's, by the verb that the
// page calls. A mail is a form of its own: worked twice, it is written once.
func (a *App) writeMailed(ctx context.Context, m *inMail, who desk.Actor, number int64) error {
	return a.asMessage(ctx, m, who, func(files []desk.ID) error {
		r := Reply{Body: mailedText(m, a.printer(who)), Files: files, Key: m.ID}
		if len(files) > 0 && r.Body == "" {
			r.Body = plainText(m.read.Text)
		}
		return a.WriteMessage(ctx, who, number, r)
	})
}

// asMessage makes a message of a mail, unless it is one already, and notes which.
// Errors: those of write, but for Invalid, for which the mail waits.
func (a *App) asMessage(ctx context.Context, m *inMail, who desk.Actor, write func(files []desk.ID) error) error {
	said, err := a.messageOf(ctx, m, who)
	var kept []desk.Upload
	if errors.Is(err, desk.ErrNotFound) {
		if kept, err = a.holdMailed(ctx, who, m); err != nil {
			return err
		}
		if err = write(ids(kept)); err == nil {
			said, err = a.messageOf(ctx, m, who)
		}
	}
	if why := refusal(err); why != "" {
		m.Problems = append(m.Problems, err.Error())
		return a.settleMail(ctx, m, desk.MailQuarantined, why)
	}
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		k, err := tx.LockTicketByID(said.TicketID)
		if err != nil {
			return err
		}
		for i, name := range inlineOf(m, kept) {
			tx.PlaceInText(said.ID, kept[i].ID, name)
		}
		m.Number, m.TicketID, m.CustomerID, m.Message = k.Number, k.ID, k.CustomerID, said.ID
		m.Settle(desk.MailTaken, "", m.PersonID, tx.Now)
		m.Fit()
		return tx.SaveMail(m.Mail)
	})
}

func (a *App) messageOf(ctx context.Context, m *inMail, who desk.Actor) (said desk.Message, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) (err error) {
		said, err = tx.MessageByKey(who.Person.ID, m.ID)
		return err
	})
	return said, err
}

// refusal is why a mail waits that the verbs would not take as it is, "" for a failure
// that may pass.
func refusal(err error) desk.MailReason {
	var wrong desk.Invalid
	var closed desk.OutOfHours
	switch {
	case errors.As(err, &closed):
		return desk.MailOff
	case errors.Is(err, desk.ErrForbidden), errors.Is(err, desk.ErrSignIn), errors.Is(err, desk.ErrNotFound), errors.Is(err, desk.ErrConflict):
		return desk.MailRefused
	case !errors.As(err, &wrong):
		return ""
	}
	if _, ok := wrong.Problems.Of("accept"); ok {
		return desk.MailPrice
	}
	return desk.MailRefused
}

// inlineOf names, by their place among the kept files, those that stand in the text.
func inlineOf(m *inMail, kept []desk.Upload) map[int]string {
	out := map[int]string{}
	part := 0
	for i, u := range kept {
		for ; part < len(m.read.Attachments); part++ {
			p := m.read.Attachments[part]
			if desk.FileName(p.Name) == u.Name && p.Bytes == u.Bytes {
				if p.Inline {
					out[i] = p.ContentID
				}
				part++
				break
			}
		}
	}
	return out
}
