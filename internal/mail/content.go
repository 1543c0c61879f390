package mail

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
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
	if l.Kind == EscalationOwed {
		return escalationContent(c, l, p)
	}
	key := s.words(l)
	number := l.Ticket.Number
	c.Subject = p.T("mail.subject", "Number", number, "Subject", l.Ticket.Subject)
	clock, when := "", ""
	if l.Kind == Due && l.Ticket.DueAt != nil {
		clock, when = p.T("clock."+string(l.Ticket.Clock)), p.Before(*l.Ticket.DueAt)
	}
	c.Lines = []string{p.T("mail."+key, "Number", number, "Subject", l.Ticket.Subject, "Who", l.Message.AuthorName, "Approver", l.Order.ApproverName, "Reason", l.Order.Reason,
		"Clock", clock, "When", when)}
	if l.Kind == Received && l.Ticket.DueAt != nil {
		c.Lines = append(c.Lines, p.T("mail.received_due", "When", p.Before(*l.Ticket.DueAt)))
	}
	if l.Issue != nil {
		c.Lines = append(c.Lines, issueLines(l.Desk, *l.Issue, p)...)
	}
	if l.Message.ID != desk.Nobody {
		c.Quote, c.By = l.Message.Body, p.T("mail.wrote", "Who", l.Message.AuthorName, "When", p.When(l.Message.CreatedAt))
	}
	c.Button = p.T("mail.open", "Number", number)
	c.Notes = notes(l, p)
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
