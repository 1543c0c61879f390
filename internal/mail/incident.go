package mail

import (
	"strconv"

	"guichet/internal/i18n"
	"guichet/web/email"
)

// incidentContent says to a lead that several customers seem to share a problem.
func incidentContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	i := l.Incident
	l.say(&c, map[string]string{"number": strconv.FormatInt(i.Number, 10), "title": i.File.Title, "customers": p.N("words.customers", i.File.Evidence.Customers)}, "")
	c.Button = p.T("incident.mail_open", "Number", i.Number)
	return c
}
