package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// joinable are the incidents that a ticket may join.
func (f Frame) joinable(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "new.choose")}}
	for _, r := range f.Incidents {
		out = append(out, ui.Option{Value: number(r.Number), Text: i18n.T(ctx, "incident.number", "Number", r.Number) + " · " + r.Title})
	}
	return out
}

// standingByIncident says which incident decides of a ticket, and in whose name.
func (t DeskTicket) standingByIncident(ctx context.Context) string {
	d := t.Thread.Decision
	return i18n.T(ctx, "incident.decides", "Number", d.Reason, "Who", t.Thread.Decider)
}

// incidentEvent is a line of a ticket's timeline about its incident, "" for others.
func incidentEvent(p *i18n.Printer, e desk.Happened) string {
	switch e.Kind {
	case desk.EventIncidentJoined:
		return p.T("incident.ticket_joined", "Who", e.ActorName, "Number", e.Data["incident"])
	case desk.EventIncidentLeft:
		return p.T("incident.ticket_left", "Number", e.Data["incident"])
	case desk.EventIncidentDecided:
		return p.T("incident.ticket_decided", "Number", e.Data["incident"], "Verdict", verdict(p, e.Data["outcome"], e.Data["category"]))
	}
	return ""
}

// shared is the problem that a customer's ticket shares with others', as he may
// read of it: nil for none, and for one that is not told yet.
func (t CustomerTicket) shared() *desk.Incident {
	i := t.Thread.Incident
	if i == nil || i.State != desk.IncidentOpen && i.State != desk.IncidentMitigated && i.State != desk.IncidentClosed {
		return nil
	}
	return &i.Incident
}

// sharedWords are the desk's own of it, in the reader's language or else in the
// one that they are in; without any, what is known is said plainly.
func sharedWords(ctx context.Context, i desk.Incident) (w desk.Wording, language string) {
	p := i18n.From(ctx)
	language = string(p.Lang())
	w, own := i.Words.In(language)
	if !own {
		return desk.Wording{Sees: p.T("incident.plain_sees", "Service", serviceName(p, i.Service), "When", p.When(i.StartedAt)), Known: p.T("incident.plain." + string(i.State))}, language
	}
	for _, l := range wordLanguages {
		if i.Words[l] == w {
			language = l
		}
	}
	return w, language
}
