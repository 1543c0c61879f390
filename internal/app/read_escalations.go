package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// Escalations lists those that are not over, what is owed soonest first, and one
// page of those that are.
func (a *App) Escalations(ctx context.Context, who desk.Actor, after desk.Cursor) (desk.EscalationList, error) {
	var l desk.EscalationList
	if err := who.May(desk.ReadEscalations); err != nil {
		return l, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Live, err = tx.LiveEscalations(); err != nil {
			return err
		}
		l.Past, l.Next, err = tx.PastEscalations(after)
		return err
	})
	return l, err
}

// Escalation reads one with all that the desk sees of it: its dossier as it stands
// now, what access there is, and the way into the portal. Errors: ErrNotFound.
func (a *App) Escalation(ctx context.Context, who desk.Actor, number int64) (desk.EscalationStory, error) {
	var s desk.EscalationStory
	if err := who.May(desk.ReadEscalations); err != nil {
		return s, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		e, err := tx.Escalation(number)
		if err != nil {
			return err
		}
		s, err = a.story(tx, who, e)
		return err
	})
	return s, err
}

func (a *App) story(tx *postgres.Tx, who desk.Actor, e desk.Escalation) (desk.EscalationStory, error) {
	s, err := tx.EscalationStory(e)
	if err != nil {
		return s, err
	}
	k, err := tx.TicketByID(e.TicketID)
	if err != nil {
		return s, err
	}
	if s.Thread, err = tx.Thread(k.Number, who.Person); err != nil {
		return s, err
	}
	var plan desk.PartnerPlan
	if s.RouteNow, s.Handover, plan, err = a.routeOf(tx, k, s.Thread.Customer, e.Route.Matter); err != nil {
		return s, err
	}
	if s.Access, err = a.accessFor(tx, s.Thread.Customer, e.Workload, access.OpenRequest); err != nil {
		return s, err
	}
	if s.Plans, err = tx.PartnerPlans(); err != nil {
		return s, err
	}
	if s.Evidence, err = tx.Evidence(e.ID); err != nil {
		return s, err
	}
	if s.Connectors, err = a.connectorsFor(tx, e); err != nil {
		return s, err
	}
	s.Unhealthy = desk.Diagnosed(findingsOf(s.Thread), false)
	if s.Dossier, err = a.dossier(tx, who.Desk, s, plan); err != nil {
		return s, err
	}
	if p, ok := route.PortalOf(e.Portal); ok {
		s.Link, _ = p.LinkFor(s.Thread.Customer.WhereIs())
	}
	if e.FiledAt != nil && e.Target == route.Microsoft {
		_, s.ReplySum, _ = e.Plan.Reply(e.Severity, *e.FiledAt)
	}
	return s, nil
}

// dossier makes the evidence of a story as it stands now.
func (a *App) dossier(tx *postgres.Tx, d desk.Desk, s desk.EscalationStory, plan desk.PartnerPlan) (dossier.Dossier, error) {
	contract, err := a.secrets.Unseal(plan.Contract)
	if err != nil && !errors.Is(err, ErrSealed) { // one that nobody can read is one that nobody gave
		return dossier.Dossier{}, err
	}
	k := s.Thread.Ticket
	in := dossier.Input{Now: tx.Now, Form: formOf(s.Escalation), Workload: s.Workload, Answers: s.Answers, Zone: desk.Actor{Desk: d, Person: s.Thread.Requester}.Location(),
		Ticket: dossier.Ticket{Number: k.Number, Kind: k.Kind, Subject: k.Subject, Service: k.Service, Region: k.Region, Affected: k.Affected, Impact: string(k.Impact),
			Category: string(k.Category), Language: k.Language, Since: k.Since, CreatedAt: k.CreatedAt},
		Customer: dossierCustomer(s.Thread.Customer), Contact: dossierContact(s.Handover.Contact),
		Plan: dossier.Plan{Kind: plan.Kind, Name: plan.Name, AccessID: plan.AccessID, ContractID: contract}}
	for n, m := range publicOf(s.Thread.Said) {
		if n == 0 && m.Side == desk.CustomerSide {
			in.Ticket.Body = m.Body
			continue
		}
		in.Said = append(in.Said, dossier.Said{At: m.CreatedAt, Side: string(m.Side), Text: m.Body})
	}
	for _, v := range slices.Backward(s.Events) { // the oldest first
		if v.Kind == desk.EscalationAsked {
			in.Asked = append(in.Asked, dossier.Asked{At: v.CreatedAt, Fields: strings.Fields(v.Data["fields"])})
		}
	}
	for _, f := range s.Thread.Found {
		in.Findings = append(in.Findings, dossier.Finding{At: f.CreatedAt, Kind: f.Kind, Result: f.Result, Text: f.Text})
	}
	for _, i := range s.Thread.Issues {
		in.Issues = append(in.Issues, dossier.Issue{Code: i.Issue.Code, Title: i.Issue.Title, Status: i.Issue.Status})
	}
	for _, f := range s.Evidence {
		in.Files = append(in.Files, dossier.File{Name: f.Name, Type: f.Type, Bytes: f.Bytes})
	}
	if len(s.Tickets) > 1 {
		others, err := tx.EscalatedCustomers(s.ID)
		if err != nil {
			return dossier.Dossier{}, err
		}
		for _, c := range others {
			if c.ID != s.CustomerID {
				in.Others = append(in.Others, dossierCustomer(c))
			}
		}
	}
	return dossier.Build(in), nil
}

// formOf is the form that an escalation's portal shows, or the plain one.
func formOf(e desk.Escalation) string {
	if p, ok := route.PortalOf(e.Portal); ok {
		return p.Form
	}
	return "provider"
}

func publicOf(said []desk.Said) (list []desk.Said) {
	for _, m := range said {
		if !m.Internal {
			list = append(list, m)
		}
	}
	return list
}

func dossierCustomer(c desk.Customer) dossier.Customer {
	return dossier.Customer{Name: c.Name, Tenant: c.Tenant, InitialDomain: c.InitialDomain, Domains: c.Domains, Region: c.Region}
}

func dossierContact(c desk.HandoverContact) dossier.Contact {
	return dossier.Contact{Name: c.Name, Email: c.Email, Phone: c.Phone, Zone: c.Zone, Language: c.Language, Country: c.Country, Extra: c.Extra,
		Night: dossier.Reachable{Name: c.NightName, Phone: c.NightPhone}}
}
