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
	if l.Kind == Link {
		return linkContent(c, l, p)
	}
	if l.Kind == IncidentProposed {
		return incidentContent(c, l, p)
	}
	if l.Kind == AccessEnding {
		return accessContent(c, l, p)
	}
	if l.Kind == PlanEnding {
		return planContent(c, l, p)
	}
	if l.Kind == WebhookOff {
		return webhookContent(c, l, p)
	}
	if l.Kind == Daily {
		return s.daily(c, l, p)
	}
	if l.Kind == EscalationOwed {
		return escalationContent(c, l, p)
	}
	number := l.Ticket.Number
	c.Subject = subject(l, p)
	if l.Kind == Digest {
		s.tell(&c, l, p)
	} else {
		c.Lines, c.Quotes = s.lines(l, p), quotes(l, p)
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
func (s *Sender) lines(l Letter, p *i18n.Printer) []string {
	clock, when := "", ""
	if l.Kind == Due && l.Ticket.DueAt != nil {
		clock, when = p.T("clock."+string(l.Ticket.Clock)), p.Before(*l.Ticket.DueAt)
	}
	lines := s.own(l, clock, when)
	if lines == nil {
		lines = []string{p.T("mail."+s.words(l), "Number", l.Ticket.Number, "Subject", l.Ticket.Subject, "Who", l.Message.AuthorName,
			"Approver", l.Order.ApproverName, "Reason", l.Order.Reason, "Clock", clock, "When", when)}
	}
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
func (s *Sender) tell(c *email.Content, l Letter, p *i18n.Printer) {
	c.Lines = []string{p.N("mailout.digest", len(l.Told), "Number", l.Ticket.Number, "Subject", l.Ticket.Subject)}
	for _, x := range l.Told {
		x.Words = l.Words
		switch x.Kind {
		case Reply, Received: // the quote says it
		case State, Reopened:
			c.After = s.lines(x, p) // of several the last: the others are over
		default:
			c.Lines = append(c.Lines, s.lines(x, p)...)
		}
		c.Quotes = append(c.Quotes, quotes(x, p)...)
	}
}

// mostOfQuote is how much of a message a daily letter holds, in runes.
const mostOfQuote = 200

// daily writes what happened on each ticket, shortly.
func (s *Sender) daily(c email.Content, l Letter, p *i18n.Printer) email.Content {
	c.Subject = p.T("mailout.daily_subject", "Desk", l.Desk.Name, "Day", p.Day(l.Written))
	c.Lines = []string{p.N("mailout.daily", len(l.Told))}
	for _, k := range l.Told {
		for _, x := range k.Told {
			x.Words = l.Words
			c.Lines = append(c.Lines, s.lines(x, p)[0])
			if words := strings.Join(strings.Fields(x.Message.Body), " "); words != "" {
				if runes := []rune(words); len(runes) > mostOfQuote {
					words = string(runes[:mostOfQuote]) + "…"
				}
				c.Lines = append(c.Lines, p.T("mailout.daily_words", "Words", words))
			}
		}
		c.Lines = append(c.Lines, s.base+"/"+l.Desk.Slug+"/tickets/"+strconv.FormatInt(k.Ticket.Number, 10))
	}
	c.Button = p.T("mailout.daily_open")
	c.Notes = []string{p.T("mailout.daily_why")}
	return c
}

// words names the sentence that says what happened.
func (s *Sender) words(l Letter) string {
	if l.Kind == State {
		return "state_" + string(l.Ticket.State)
	}
	if l.Kind == Due && l.Ticket.DueAt != nil && l.Ticket.DueAt.Before(l.Written) {
		return "overdue"
	}
	if l.Kind == Reply && l.To.Role.DeskSide() {
		return "customer_wrote"
	}
	return string(l.Kind)
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

func linkContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	c.Subject = p.T("mail.link_subject", "Desk", l.Desk.Name)
	c.Lines = []string{p.T("mail.link", "Desk", l.Desk.Name)}
	c.Button = p.T("mail.link_open")
	c.Notes = []string{p.N("mail.link_life", int(LinkLife/time.Minute)), p.T("mail.link_not_you")}
	return c
}

// LinkLife is how long a sign-in link works, as its letter says.
const LinkLife = 15 * time.Minute
