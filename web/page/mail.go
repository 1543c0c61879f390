package page

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// senderLook says what the sender's domain says of a mail: tone, sign and words.
func senderLook(p *i18n.Printer, v desk.Vouched) (tone, icon, text string) {
	switch v.Sender() {
	case desk.SenderVerified:
		return "ok", "ok", p.T("mailin.verified")
	case desk.SenderFailed:
		return "bad", "alert", p.T("mailin.failed")
	}
	return "", "ask", p.T("mailin.unverified")
}

// checks are the results behind that, as an admin of mail reads them.
func checks(p *i18n.Printer, v desk.Vouched) string {
	word := func(s string) string {
		if s == "" {
			return p.T("mailin.not_checked")
		}
		return s
	}
	text := "SPF " + word(v.SPF) + ", DKIM " + word(v.DKIM) + ", DMARC " + word(v.DMARC)
	if v.By != "" {
		text += " (" + shown(v.By) + ")"
	}
	return text
}

var mailEvents = map[desk.EventKind]struct{ icon, key string }{
	desk.EventMailBounced: {"alert", "mailin.happened.bounced"},
	desk.EventMailFails:   {"alert", "mailin.happened.fails"},
	desk.EventMailAuto:    {"pause", "mailin.happened.auto"},
	desk.EventMailRefused: {"lock", "mailin.happened.refused"},
	desk.EventMailLetIn:   {"mail", "mailin.happened.let_in"},
}

// mailText says what a mail did to a ticket beside a message.
func mailText(p *i18n.Printer, e desk.Happened) string {
	reason := shown(e.Data["reason"])
	if reason == "" {
		reason = p.T("mailin.no_reason")
	}
	return p.T(mailEvents[e.Kind].key, "From", shown(e.Data["from"]), "To", shown(e.Data["to"]), "Subject", shown(e.Data["subject"]), "Reason", reason, "Who", e.ActorName)
}

// mailHref is an address of what a message was as a mail.
func mailHref(f Frame, number int64, message desk.ID, more string) string {
	return f.Href("/tickets/" + strconv.FormatInt(number, 10) + "/messages/" + message.String() + "/" + more)
}

// Mails is the desk's list of mails that became no message.
type Mails struct {
	State desk.MailState
	List  []desk.Mail
	Next  desk.ID
}

func (m Mails) more(f Frame) string {
	return f.Href("/quarantine?state=" + string(m.State) + "&before=" + m.Next.String())
}

// tabs lead from one list to the others.
func (m Mails) tabs(ctx context.Context, f Frame) []ui.NavItem {
	var out []ui.NavItem
	for _, s := range desk.MailStates {
		out = append(out, ui.NavItem{Text: i18n.T(ctx, "mailin.state."+string(s)), Href: f.Href("/quarantine?state=" + string(s)), Current: s == m.State})
	}
	return out
}

// sender is who a mail says it is from.
func sender(p *i18n.Printer, m desk.Mail) string {
	switch {
	case m.FromEmail == "" && m.FromName == "":
		return p.T("mailin.nobody")
	case m.FromName == "":
		return shown(m.FromEmail)
	}
	return shown(m.FromName)
}

func mailSubject(p *i18n.Printer, m desk.Mail) string {
	if m.Subject == "" {
		return p.T("mailin.no_subject")
	}
	return shown(m.Subject)
}

// reasonText is why a mail waits, in a sentence.
func reasonText(p *i18n.Printer, m desk.Mail) string {
	if m.Reason == "" {
		return ""
	}
	return p.T("mailin.reason."+string(m.Reason), "Domain", shown(desk.DomainOf(m.FromEmail)))
}

// LetInForm is a mail that waits, with what a person makes of it as typed.
type LetInForm struct {
	desk.MailRead
	Customers        []desk.Customer
	Find             string // what the list of customers was narrowed by
	Customer, Number string
	Agreed           bool
	Problems         desk.Problems
}

func (l LetInForm) href(f Frame, more string) string {
	return f.Href("/quarantine/" + l.ID.String() + more)
}

func (l LetInForm) customers(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Text: i18n.T(ctx, "mailin.choose_customer")}}
	for _, c := range l.Customers {
		if c.Active {
			out = append(out, ui.Option{Value: c.ID.String(), Text: c.Name})
		}
	}
	return out
}

// ticket is the number that the form proposes: the one that the mail speaks of.
func (l LetInForm) ticket() string {
	if l.Number == "" && l.Mail.Number > 0 {
		return number(l.Mail.Number)
	}
	return l.Number
}

// MailInForm is how the desk takes mail, as typed.
type MailInForm struct {
	desk.MailSettings
	Form     desk.MailForm
	Stuck    []desk.LetterTo // that wait for the mail server's word
	Address  string          // under which the installation takes the desk's mail, "" where it takes none
	Problems desk.Problems
}

// MailInFormOf is the form as the settings stand.
func MailInFormOf(s desk.MailSettings, address string) MailInForm {
	f := desk.MailForm{Unknown: s.Unknown, Kind: s.Mailbox.Kind, Host: s.Mailbox.Host, Tenant: s.Mailbox.Tenant, Client: s.Mailbox.Client, User: s.Mailbox.User, Folder: s.Mailbox.Folder,
		Trusted: s.Mailbox.Trusted, On: s.Mailbox.On, Revision: s.Revision}
	for i, a := range s.Addresses {
		if i > 0 {
			f.Addresses += "\n"
		}
		f.Addresses += a
	}
	return MailInForm{MailSettings: s, Form: f, Address: address}
}

func (m MailInForm) boxState() (tone, icon, word string) {
	switch {
	case !m.Mailbox.On:
		return "", "pause", "off"
	case m.Trouble != "":
		return "bad", "stop", "trouble"
	case m.ReadAt == nil:
		return "info", "clock", "untried"
	}
	return "ok", "ok", "on"
}

func unknownChoices(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: desk.UnknownWaits, Text: i18n.T(ctx, "mailin.unknown_quarantine"), Hint: i18n.T(ctx, "mailin.unknown_quarantine_hint")},
		{Value: desk.UnknownIgnored, Text: i18n.T(ctx, "mailin.unknown_ignore"), Hint: i18n.T(ctx, "mailin.unknown_ignore_hint")},
	}
}

func boxChoices(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Text: i18n.T(ctx, "mailin.box_none")}, {Value: desk.MailboxIMAP, Text: i18n.T(ctx, "mailin.box_imap"), Hint: i18n.T(ctx, "mailin.box_imap_hint")},
		{Value: desk.MailboxGraph, Text: i18n.T(ctx, "mailin.box_graph"), Hint: i18n.T(ctx, "mailin.box_graph_hint")}}
}

// mailFrame is the address of the mail itself, for the frame of its page.
func mailFrame(f Frame, s desk.MailSent, remote bool) string {
	if remote {
		return mailHref(f, s.Ticket.Number, s.Mail.Message, "html?images=1")
	}
	return mailHref(f, s.Ticket.Number, s.Mail.Message, "html")
}

// mailSecret is a field that is written and never read back.
func mailSecret(ctx context.Context, m MailInForm) ui.Field {
	f := typed("password", ui.Field{Name: "mailbox_secret", Label: i18n.T(ctx, "mailin.secret"), Error: problemOf(ctx, m.Problems, "mailbox_secret"), Hint: i18n.T(ctx, "mailin.secret_none"),
		More: templ.Attributes{"autocomplete": "off", "spellcheck": "false"}})
	if m.HasSecret {
		f.Hint = i18n.T(ctx, "mailin.secret_kept")
	}
	return f
}
