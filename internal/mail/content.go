package mail

import (
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/inbound"
	"guichet/web/email"
)

// houseAccent is the rule above a letter of a desk without a colour of its own.
const houseAccent = "#d9642b"

// content writes a letter in its recipient's language and zone.
func (s *Sender) content(l Letter) email.Content {
	reader := desk.Actor{Desk: l.Desk, Person: l.To}
	p := i18n.New(i18n.Lang(reader.Language()), reader.Location(), l.Written)
	c := email.Content{Lang: string(p.Lang()), Desk: l.Desk.Name, Accent: l.Desk.Accent, URL: s.base + l.Path,
		Greeting: p.T("mail.greeting", "Name", desk.FirstName(l.To.Name))}
	if c.Accent == "" {
		c.Accent = houseAccent
	}
	if l.Stop != "" {
		c.Stop, c.StopURL = p.T("mailout.stop"), s.base+l.Stop
	}
	switch l.Kind {
	case Link:
		return linkContent(c, l, p)
	case IncidentProposed:
		return incidentContent(c, l, p)
	case AccessEnding:
		return accessContent(c, l, p)
	case PlanEnding:
		return planContent(c, l, p)
	case WebhookOff:
		return webhookContent(c, l, p)
	case Daily:
		return s.daily(c, l, p)
	case EscalationOwed:
		return escalationContent(c, l, p)
	}
	number := l.Ticket.Number
	c.Subject = subject(l, p)
	if l.Kind == Digest {
		tell(&c, l, p)
	} else {
		c.Lines, c.Quotes = lines(l, p), quotes(l, p)
	}
	c.Button = p.T("mail.open", "Number", number)
	c.Notes = notes(l, p)
	if l.ReplyTo != "" {
		c.Mark = replyMark(p.Lang())
	}
	return c
}

// replyMark is the line above which a reader answers, by which his answer is told from
// the letter that his mail program quotes.
func replyMark(lang i18n.Lang) string {
	mark := inbound.ReplyMarks[1]
	if lang == i18n.French {
		mark = inbound.ReplyMarks[0]
	}
	return "— " + mark + " —"
}

// lines say what happened on a ticket.
func lines(l Letter, p *i18n.Printer) []string {
	values := l.aboutTicket()
	values["who"], values["approver"], values["reason"] = l.Message.AuthorName, l.Order.ApproverName, l.Order.Reason
	if l.Kind == Due && l.Ticket.DueAt != nil {
		values["clock"], values["when"] = p.T("clock."+string(l.Ticket.Clock)), p.Before(*l.Ticket.DueAt)
	}
	lines := paragraphs(l.Words.of(l.kind(), p.Lang()).Body, values, "", nil)
	if l.Kind == Received && l.Ticket.DueAt != nil {
		lines = append(lines, p.T("mail.received_due", "When", p.Before(*l.Ticket.DueAt)))
	}
	if l.Issue != nil {
		lines = append(lines, issueLines(l.Desk, *l.Issue, p)...)
	}
	return lines
}

func quotes(l Letter, p *i18n.Printer) []email.Quote {
	if l.Message.ID == desk.Nobody {
		return nil
	}
	return []email.Quote{{By: p.T("mail.wrote", "Who", l.Message.AuthorName, "When", p.When(l.Message.CreatedAt)), Text: l.Message.Body}}
}

// tell writes all that happened on a ticket as one letter: first what was done, then
// what was written, and last how it stands.
func tell(c *email.Content, l Letter, p *i18n.Printer) {
	values := l.aboutTicket()
	values["count"] = p.Number(len(l.Told))
	c.Lines = paragraphs(l.Words.of(l.kind(), p.Lang()).Body, values, "", nil)
	for _, x := range l.Told {
		x.Words = l.Words
		switch x.Kind {
		case Reply, Received: // the quote says it
		case State, Reopened:
			c.After = lines(x, p) // of several the last: the others are over
		default:
			c.Lines = append(c.Lines, lines(x, p)...)
		}
		c.Quotes = append(c.Quotes, quotes(x, p)...)
	}
}

// mostOfQuote is how much of a message a daily letter holds, in runes.
const mostOfQuote = 200

// daily writes what happened on each ticket, shortly.
func (s *Sender) daily(c email.Content, l Letter, p *i18n.Printer) email.Content {
	var list []string
	for _, k := range l.Told {
		for _, x := range k.Told {
			x.Words = l.Words
			list = append(list, lines(x, p)[0])
			if words := strings.Join(strings.Fields(x.Message.Body), " "); words != "" {
				if runes := []rune(words); len(runes) > mostOfQuote {
					words = string(runes[:mostOfQuote]) + "…"
				}
				list = append(list, p.T("mailout.daily_words", "Words", words))
			}
		}
		list = append(list, s.base+"/"+l.Desk.Slug+"/tickets/"+strconv.FormatInt(k.Ticket.Number, 10))
	}
	l.say(&c, map[string]string{"day": p.Day(l.Written), "tickets": p.N("words.tickets", len(l.Told))}, "list", list...)
	c.Button = p.T("mailout.daily_open")
	c.Notes = []string{p.T("mailout.daily_why")}
	return c
}

func notes(l Letter, p *i18n.Printer) []string {
	out := []string{p.T("mail.answer_there")}
	if l.ReplyTo != "" {
		out[0] = p.T("mailin.answer_here")
	}
	if l.Desk.Phone != "" {
		out = append(out, p.T("mail.phone", "Phone", l.Desk.Phone))
	}
	return out
}

// linkContent has the button stand where the text says so.
func linkContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	w, values := l.Words.of(l.kind(), p.Lang()), map[string]string{"name": desk.FirstName(l.To.Name), "desk": l.Desk.Name, "link": c.URL}
	before, after, _ := strings.Cut(w.Body, "{link}")
	c.Subject = desk.FillLetter(w.Subject, values)
	c.Lines, c.Below = paragraphs(before, values, "", nil), paragraphs(after, values, "", nil)
	c.Button = p.T("mail.link_open")
	c.Notes = []string{p.N("mail.link_life", int(LinkLife/time.Minute)), p.T("mail.link_not_you")}
	return c
}

// LinkLife is how long a sign-in link works, as its letter says.
const LinkLife = 15 * time.Minute
