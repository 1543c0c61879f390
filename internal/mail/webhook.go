package mail

import (
	"guichet/internal/i18n"
	"guichet/web/email"
)

// webhookContent says to an admin that nothing is sent to a webhook any more, and why.
func webhookContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	c.Subject = p.T("webhooks.mail_subject", "Host", l.Webhook.Host())
	c.Lines = []string{p.T("webhooks.mail_"+l.Webhook.OffReason, "URL", l.Webhook.URL), p.T("webhooks.mail_do")}
	c.Button = p.T("webhooks.mail_open")
	return c
}
