package page

import (
	"context"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// blockSize says how much a box holds, and how much of that is taken.
func blockSize(p *i18n.Printer, b dossier.Block) string {
	n := utf8.RuneCountInString(b.Text)
	if b.Limit == 0 {
		return p.N("escalation.characters", n)
	}
	return p.T("escalation.characters_of", "Count", p.Number(n), "Limit", p.Number(b.Limit))
}

// requestField asks for their number: digits at Microsoft, whatever others give.
func (e Escalation) requestField(ctx context.Context, form, value string) ui.Field {
	if e.Story.Target != route.Microsoft {
		return optional(e.field(ctx, form, "request", "escalation.request", "escalation.reference_hint", value))
	}
	return numeric(required(e.field(ctx, form, "request", "escalation.request", "escalation.request_hint", value)))
}

// severityField asks how urgent they were told it is; what is worked out stands
// chosen.
func (e Escalation) severityField(ctx context.Context) ui.Field {
	x := e.field(ctx, "filing", "severity", "escalation.severity_told", "", e.Story.Dossier.Severity.Letter)
	if e.Story.Target == route.Microsoft {
		return required(x)
	}
	return optional(x)
}

func planValue(l desk.PlanTaken) string {
	if l.ID == desk.Nobody {
		return ""
	}
	return l.ID.String()
}

// parties are those that the desk knows of a target, and how they are reached.
func (e Escalation) parties() []desk.HandoverProvider {
	switch e.Story.Target {
	case route.Provider:
		return e.Story.Handover.Providers
	case route.Publisher:
		return e.Story.Handover.Publishers
	}
	return nil
}
