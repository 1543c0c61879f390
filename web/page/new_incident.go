package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// NewIncidentForm is an incident as a person opens it, as typed.
type NewIncidentForm struct {
	Title, Service, Region, Kind, Since, Tickets string
	Chosen                                       []string // of the similar tickets, by number
	Similar                                      []desk.IncidentTicket
	Problems                                     desk.Problems
	Restored                                     bool
}

// incidentKinds are the choices, each explained in a line.
func incidentKinds(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, k := range desk.IncidentKinds {
		options = append(options, ui.Option{Value: string(k), Text: i18n.T(ctx, "category."+string(k)), Hint: i18n.T(ctx, "incident.kind."+string(k))})
	}
	return options
}

// offered are the similar tickets, as they can be ticked.
func (x NewIncidentForm) offered(ctx context.Context) []ui.OptionGroup {
	p := i18n.From(ctx)
	var g ui.OptionGroup
	for _, k := range x.Similar {
		g.Options = append(g.Options, ui.Option{Value: number(k.Number), Text: p.T("incident.offered", "Number", number(k.Number), "Subject", k.Subject,
			"Customer", k.CustomerName, "Service", serviceName(p, k.Service), "Place", incidentPlace(ctx, k.Region))})
	}
	return []ui.OptionGroup{g}
}
