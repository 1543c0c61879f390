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
	var names, list []string
	for i, w := range l.Access {
		if !slices.Contains(names, w.Customer) {
			names = append(names, w.Customer)
		}
		if i < mostAccess {
			days := max(int(w.EndsAt.Sub(l.Written)/(24*time.Hour)), 0)
			list = append(list, p.T("access.mail_line", "Customer", w.Customer, "Name", w.Name, "Day", p.Day(w.EndsAt), "Left", p.N("access.days", days)))
		}
	}
	if more := len(l.Access) - mostAccess; more > 0 {
		list = append(list, p.N("access.mail_more", more))
	}
	l.say(&c, map[string]string{"customers": firstOf(p, names...), "day": p.Day(l.Access[0].EndsAt)}, "list", list...)
	c.Button = p.T("access.mail_open")
	return c
}
