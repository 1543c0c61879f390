package mail

import (
	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// issueLines say what is known of the issue that a letter is about: the partner's
// words, else plain sentences of what was published; Microsoft's own text is none
// of them.
func issueLines(d desk.Desk, i desk.Issue, p *i18n.Printer) []string {
	t := i.Trouble()
	words, said := t.Words.In(string(p.Lang()))
	lines := []string{}
	if said {
		for _, text := range []string{words.Title, words.Sees, words.Known, words.Meanwhile} {
			if text != "" {
				lines = append(lines, text)
			}
		}
	} else {
		service := t.Service
		if service == "" {
			service = p.T("health.a_service")
		}
		lines = append(lines, p.T("health.title."+string(t.Level()), "Service", service)+". "+p.T("health.stage."+string(t.Stage()), "Desk", d.Name))
	}
	if i.Over {
		return lines
	}
	if t.NextAt != nil && !t.Late(p.Now()) {
		lines = append(lines, p.T("health.next", "Before", p.Before(*t.NextAt))+".")
	}
	return lines
}
