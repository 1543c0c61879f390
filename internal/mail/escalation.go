package mail

import (
	"guichet/internal/i18n"
	"guichet/web/email"
)

// escalationContent says to one of the desk's people what was owed on an escalation,
// by whom, and has not come.
func escalationContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	e, r := l.Escalation, l.Reminder
	at := r.At.Add(-r.Kind.Within()) // since when he is asked, where nobody named a time
	what := []any{"Number", e.Number, "Target", p.T("remind.target." + string(e.Target)), "Customer", l.Customer, "When", p.When(at)}
	c.Subject = p.T("remind."+string(r.Kind)+".subject", what...)
	c.Lines = []string{p.T("remind."+string(r.Kind)+".text", what...),
		p.T("remind.ticket", "Ticket", l.Ticket.Number, "Subject", l.Ticket.Subject, "Customer", l.Customer)}
	if e.Request != "" {
		c.Lines = append(c.Lines, p.T("remind.request", "Request", e.Request))
	}
	c.Lines = append(c.Lines, p.T("remind."+string(r.Kind)+".do"))
	c.Button = p.T("remind.open", "Number", e.Number)
	return c
}
