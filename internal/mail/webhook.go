package mail

import (
	"guichet/internal/i18n"
	"guichet/web/email"
)

// webhookContent says to an admin that nothing is sent to a webhook any more, and why.
func webhookContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	l.say(&c, map[string]string{"host": l.Webhook.Host(), "url": l.Webhook.URL}, "")
	c.Button = p.T("webhooks.mail_open")
	return c
}
