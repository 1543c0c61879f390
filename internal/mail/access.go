package mail

import (
	"slices"
	"time"

	"guichet/internal/i18n"
	"guichet/web/email"
)

// mostAccess is how many ends a letter lists; the page has them all.
const mostAccess = 40

// accessContent says to a lead which access to customers' tenants ends, and when.
func accessContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	first := l.Access[0]
	c.Subject = p.N("access.mail_subject", len(l.Access), "Customer", first.Customer, "Day", p.Day(first.EndsAt))
	c.Lines = []string{p.N("access.mail_text", len(l.Access))}
	for _, w := range l.Access[:min(len(l.Access), mostAccess)] {
		days := max(int(w.EndsAt.Sub(l.Written)/(24*time.Hour)), 0)
		c.Lines = append(c.Lines, p.T("access.mail_line", "Customer", w.Customer, "Name", w.Name, "Day", p.Day(w.EndsAt), "Left", p.N("access.days", days)))
	}
	if more := len(l.Access) - mostAccess; more > 0 {
		c.Lines = append(c.Lines, p.N("access.mail_more", more))
	}
	c.Lines = slices.Concat(c.Lines, []string{p.T("access.mail_do")})
	c.Button = p.T("access.mail_open")
	return c
}
