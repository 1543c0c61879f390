package mail

import (
	"strconv"

	"guichet/internal/i18n"
	"guichet/web/email"
)

// escalationContent says to one of the desk's people what was owed on an escalation,
// by whom, and has not come.
func escalationContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	e, r := l.Escalation, l.Reminder
	at := r.At.Add(-r.Kind.Within()) // since when he is asked, where nobody named a time
	details := []string{p.T("remind.ticket", "Ticket", l.Ticket.Number, "Subject", l.Ticket.Subject, "Customer", l.Customer)}
	if e.Request != "" {
		details = append(details, p.T("remind.request", "Request", e.Request))
	}
	l.say(&c, map[string]string{"number": strconv.FormatInt(e.Number, 10), "target": p.T("remind.target." + string(e.Target)), "customer": l.Customer, "when": p.When(at),
		"ticket": strconv.FormatInt(l.Ticket.Number, 10), "subject": l.Ticket.Subject}, "details", details...)
	c.Button = p.T("remind.open", "Number", e.Number)
	return c
}
