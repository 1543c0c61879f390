package mail

import (
	"guichet/internal/i18n"
	"guichet/web/email"
)

// incidentContent says to a lead that several customers seem to share a problem.
func incidentContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	i := l.Incident
	c.Subject = p.T("incident.mail_subject", "Number", i.Number, "Title", i.File.Title)
	c.Lines = []string{p.N("incident.mail_text", i.File.Evidence.Customers, "Title", i.File.Title), p.T("incident.mail_look")}
	c.Button = p.T("incident.mail_open", "Number", i.Number)
	return c
}
