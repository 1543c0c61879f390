package mail

import (
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/email"
)

// Shipped is what the portal says for a kind, written with variables.
func Shipped(k desk.LetterKind, language string) (w desk.Saying) {
	var named []any
	for _, name := range k.Variables() {
		named = append(named, strings.ToUpper(name[:1])+name[1:], "{"+name+"}")
	}
	p := i18n.New(i18n.Lang(language), time.UTC, time.Time{})
	switch {
	case k == desk.LetterSubject:
		w.Subject = p.T("mail.subject", named...)
	case k.HasSubject():
		w.Subject = p.T("mail."+string(k)+"_subject", named...)
	}
	if k.HasBody() {
		w.Body = p.T("mail."+string(k), named...)
	}
	return w
}

// Words are a desk's own, in a letter's language, by kind.
type Words map[desk.LetterKind]desk.Saying

// of is what letters of a kind say.
func (w Words) of(k desk.LetterKind, language i18n.Lang) desk.Saying {
	return w[k].Or(Shipped(k, string(language)))
}

// kind names the words that say what happened.
func (l Letter) kind() desk.LetterKind {
	switch {
	case l.Kind == State:
		return desk.LetterKind("state_" + string(l.Ticket.State))
	case l.Kind == Due && l.Ticket.DueAt != nil && l.Ticket.DueAt.Before(l.Written):
		return "overdue"
	case l.Kind == Reply && l.To.Role.DeskSide():
		return "customer_wrote"
	case l.Kind == EscalationOwed:
		return desk.LetterKind("remind_" + string(l.Reminder.Kind))
	case l.Kind == WebhookOff:
		return desk.LetterKind("webhook_" + l.Webhook.OffReason)
	}
	return desk.LetterKind(l.Kind)
}

// subject is that of all letters about a ticket.
func subject(l Letter, p *i18n.Printer) string {
	return desk.FillLetter(l.Words.of(desk.LetterSubject, p.Lang()).Subject, l.aboutTicket())
}

func (l Letter) aboutTicket() map[string]string {
	return map[string]string{"number": strconv.FormatInt(l.Ticket.Number, 10), "subject": l.Ticket.Subject, "name": desk.FirstName(l.To.Name), "desk": l.Desk.Name}
}

// say writes a letter of a subject of its own. Where its text has the block, lines stand.
func (l Letter) say(c *email.Content, values map[string]string, block string, lines ...string) {
	w := l.Words.of(l.kind(), i18n.Lang(c.Lang))
	values["name"], values["desk"] = desk.FirstName(l.To.Name), l.Desk.Name
	c.Subject, c.Lines = desk.FillLetter(w.Subject, values), paragraphs(w.Body, values, block, lines)
}

// paragraphs fills a text; where it has the block, lines stand.
func paragraphs(body string, values map[string]string, block string, lines []string) (out []string) {
	for paragraph := range strings.SplitSeq(body, "\n\n") {
		for i, part := range strings.Split(paragraph, "{"+block+"}") {
			if i > 0 {
				out = append(out, lines...)
			}
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, desk.FillLetter(part, values))
			}
		}
	}
	return out
}

// firstOf names the first of several, and how many more there are.
func firstOf(p *i18n.Printer, names ...string) string {
	if len(names) == 1 {
		return names[0]
	}
	return p.N("words.and_others", len(names)-1, "First", names[0])
}
