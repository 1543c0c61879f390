package mail

import (
	"time"

	"guichet/internal/i18n"
	"guichet/web/email"
)

// planContent says to a lead which of the partner's support contracts ends, and when.
func planContent(c email.Content, l Letter, p *i18n.Printer) email.Content {
	zone := l.Desk.Location()
	day := func(i int) string { return p.Day(l.Plans[i].Expires.At(zone).Add(12 * time.Hour)) }
	var names, list []string
	for i, w := range l.Plans {
		days := max(int(w.Expires.End(zone).Sub(l.Written)/(24*time.Hour)), 0)
		names, list = append(names, w.Name), append(list, p.T("plans.mail_line", "Name", w.Name, "Day", day(i), "Left", p.N("access.days", days)))
	}
	l.say(&c, map[string]string{"contracts": firstOf(p, names...), "day": day(0)}, "list", list...)
	c.Button = p.T("plans.mail_open")
	return c
}
