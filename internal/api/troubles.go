package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/desk"
)

// Incident is a problem shared by several customers.
type Incident struct {
	Number    int64      `json:"number"`
	URL       string     `json:"url" format:"uri" doc:"Its page, for people."`
	Title     string     `json:"title"`
	Kind      string     `json:"kind"`
	Service   string     `json:"service"`
	Region    string     `json:"region" doc:"Empty when it is in several places."`
	State     string     `json:"state" enum:"proposed,open,mitigated,closed,dismissed,merged"`
	Public    bool       `json:"public" doc:"Whether customers read of it."`
	Request   string     `json:"request" doc:"The number of the request at Microsoft."`
	Customers int        `json:"customers"`
	Tickets   int        `json:"tickets"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
}

// IncidentTicket is a ticket of an incident.
type IncidentTicket struct {
	Number    int64     `json:"number"`
	Subject   string    `json:"subject"`
	Customer  Ref       `json:"customer"`
	Service   string    `json:"service"`
	Region    string    `json:"region"`
	State     string    `json:"state"`
	JoinedBy  string    `json:"joined_by" enum:"rules,person,customer"`
	JoinedAt  time.Time `json:"joined_at"`
	CreatedAt time.Time `json:"created_at"`
}

// Escalation is a request handed on.
type Escalation struct {
	Number     int64      `json:"number"`
	URL        string     `json:"url" format:"uri" doc:"Its page, for people."`
	Ticket     int64      `json:"ticket" doc:"The one that it was begun on."`
	Subject    string     `json:"subject"`
	Customer   Ref        `json:"customer"`
	Service    string     `json:"service"`
	Target     string     `json:"target" enum:"microsoft,provider,publisher,msrc,other_partner,nobody"`
	Severity   string     `json:"severity" doc:"A, B or C; empty before it is filed."`
	State      string     `json:"state"`
	Ending     string     `json:"ending"`
	Request    string     `json:"request" doc:"Their number."`
	FiledAt    *time.Time `json:"filed_at,omitempty"`
	ReplyDueAt *time.Time `json:"reply_due_at,omitempty" doc:"When they promised to answer first."`
	RepliedAt  *time.Time `json:"replied_at,omitempty"`
	DueAt      *time.Time `json:"due_at,omitempty" doc:"By when whoever owes something owes it."`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
}

// OneNumber names what has a number.
type OneNumber struct {
	Number int64 `path:"number" minimum:"1" maximum:"9007199254740991"`
}

// incidentTicketQuery names an incident whose tickets are listed.
type incidentTicketQuery struct {
	OneNumber
	Paged
}

// IncidentAnswer is one incident.
type IncidentAnswer struct {
	Body Incident
}

// EscalationAnswer is one escalation.
type EscalationAnswer struct {
	Body Escalation
}

func (d *door) troubleRoutes(h huma.API) {
	const incidents, escalations = "Incidents", "Escalations"
	add(d, h, op(http.MethodGet, "/incidents", desk.ScopeIncidentsRead, incidents, "listIncidents", "Incidents, the newest first"), d.listIncidents)
	add(d, h, op(http.MethodGet, "/incidents/{number}", desk.ScopeIncidentsRead, incidents, "readIncident", "One incident"), d.readIncident)
	add(d, h, op(http.MethodGet, "/incidents/{number}/tickets", desk.ScopeIncidentsRead, incidents, "listIncidentTickets", "An incident's tickets, as its page lists them"), d.incidentTickets)
	add(d, h, op(http.MethodGet, "/escalations", desk.ScopeEscalationsRead, escalations, "listEscalations", "Escalations, the newest first"), d.listEscalations)
	add(d, h, op(http.MethodGet, "/escalations/{number}", desk.ScopeEscalationsRead, escalations, "readEscalation", "One escalation"), d.readEscalation)
}

func (d *door) incident(who desk.Actor, r desk.IncidentRow) Incident {
	return Incident{Number: r.Number, URL: d.page(who, "/incidents/"+number(r.Number)), Title: r.Title, Kind: string(r.Kind), Service: r.Service, Region: r.Region,
		State: string(r.State), Public: r.Public, Request: r.Request, Customers: r.Customers, Tickets: r.Tickets, StartedAt: r.StartedAt.UTC(), EndedAt: utc(r.EndedAt), CreatedAt: r.CreatedAt.UTC()}
}

func (d *door) listIncidents(ctx context.Context, who desk.Actor, in *Numbered) (*Listed[Incident], error) {
	below, err := in.below()
	if err != nil {
		return nil, err
	}
	list, more, err := d.app.IncidentsBelow(ctx, who, below, in.Live, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Incident, len(list))
	for i, r := range list {
		items[i] = d.incident(who, r)
	}
	return numbered(items, more, *in, "/incidents", func(x Incident) int64 { return x.Number }), nil
}

func (d *door) readIncident(ctx context.Context, who desk.Actor, in *OneNumber) (*IncidentAnswer, error) {
	s, err := d.app.Incident(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	return &IncidentAnswer{d.incident(who, desk.IncidentRow{Incident: s.Incident, Title: s.File.Title, Request: s.File.Request, Customers: len(s.Customers), Tickets: s.TicketsAll})}, nil
}

func (d *door) incidentTickets(ctx context.Context, who desk.Actor, in *incidentTicketQuery) (*Listed[IncidentTicket], error) {
	s, err := d.app.Incident(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	return windowed(s.Tickets, in.Paged, "/incidents/"+number(in.Number)+"/tickets", func(t desk.IncidentTicket) string { return number(t.Number) }, func(t desk.IncidentTicket) IncidentTicket {
		return IncidentTicket{t.Number, t.Subject, Ref{t.CustomerID, t.CustomerName}, t.Service, t.Region, string(t.State), t.By, t.JoinedAt.UTC(), t.CreatedAt.UTC()}
	})
}

func (d *door) escalation(who desk.Actor, r desk.EscalationRow) Escalation {
	return Escalation{Number: r.Number, URL: d.page(who, "/escalations/"+number(r.Number)), Ticket: r.Ticket, Subject: r.Subject, Customer: Ref{r.CustomerID, r.CustomerName},
		Service: r.Service, Target: string(r.Target), Severity: r.Severity, State: string(r.State), Ending: string(r.Ending), Request: r.Request, FiledAt: utc(r.FiledAt),
		ReplyDueAt: utc(r.ReplyDueAt), RepliedAt: utc(r.RepliedAt), DueAt: utc(r.DueAt), EndedAt: utc(r.EndedAt), CreatedAt: r.CreatedAt.UTC()}
}

func (d *door) listEscalations(ctx context.Context, who desk.Actor, in *Numbered) (*Listed[Escalation], error) {
	below, err := in.below()
	if err != nil {
		return nil, err
	}
	list, more, err := d.app.EscalationsBelow(ctx, who, below, in.Live, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Escalation, len(list))
	for i, r := range list {
		items[i] = d.escalation(who, r)
	}
	return numbered(items, more, *in, "/escalations", func(x Escalation) int64 { return x.Number }), nil
}

func (d *door) readEscalation(ctx context.Context, who desk.Actor, in *OneNumber) (*EscalationAnswer, error) {
	s, err := d.app.Escalation(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	k, e := s.Thread.Ticket, s.Escalation
	return &EscalationAnswer{d.escalation(who, desk.EscalationRow{Number: e.Number, Ticket: k.Number, Subject: k.Subject, CustomerID: e.CustomerID, CustomerName: s.Thread.Customer.Name,
		Service: k.Service, Target: e.Target, Severity: e.Severity, State: e.State, Ending: e.Ending, Request: e.Request, FiledAt: e.FiledAt, ReplyDueAt: e.ReplyDueAt,
		RepliedAt: e.RepliedAt, DueAt: e.DueAt, EndedAt: e.EndedAt, CreatedAt: e.CreatedAt})}, nil
}
