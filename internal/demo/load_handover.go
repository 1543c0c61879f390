package demo

import (
	"context"
	"strconv"

	"guichet/internal/desk"
)

// demoHands is how the demo desks hand requests on: who answers for each at any
// hour, from whom a reseller buys, and the contracts with Microsoft.
var demoHands = map[string]struct {
	contact    desk.HandoverContact // beside what the desk says of itself
	approval   string
	providers  []desk.HandoverProvider
	publishers []desk.HandoverProvider
	plans      []demoPlan
}{
	"alpine": {
		contact: desk.HandoverContact{Country: "FR", NightName: "Astreinte d’Alpine Cloud", NightPhone: "+33 6 39 98 00 21", Extra: []string{"escalades@alpine.example"}}, approval: desk.ApproveSevere,
		publishers: []desk.HandoverProvider{{Name: "Signalis", Email: "support@signalis.example", Portal: "https://aide.signalis.example"}},
		plans: []demoPlan{
			{desk.PlanSettings{Kind: "asfp", Name: "ASfP Europe", AccessID: "AE-4471-2093", Languages: []string{"en", "fr"}}, "C-7702-1194", 240, 0},
			{desk.PlanSettings{Kind: "incidents", Name: "Demandes Solutions Partner", AccessID: "SP-1180-5526"}, "C-3318-0047", 21, 3},
		}},
	"brume": {
		contact: desk.HandoverContact{Country: "FR"}, approval: desk.ApproveNever,
		providers: []desk.HandoverProvider{{Name: "Meridian Distribution", Email: "support@meridian.example", Phone: "+32 2 555 01 10", Desk: "meridian"}}},
	"meridian": {
		contact: desk.HandoverContact{Country: "BE", NightName: "Permanence de Meridian", NightPhone: "+32 475 55 01 19"}, approval: desk.ApproveAlways,
		plans: []demoPlan{{desk.PlanSettings{Kind: "psfp", Name: "Premier Support for Partners", AccessID: "PS-9004-3317", Languages: []string{"en"}, Replies: map[string]string{"A": "30", "B": "90"}}, "C-1002-8841", 400, 0}}},
}

type demoPlan struct {
	settings desk.PlanSettings
	contract string
	days     int // until it ends
	left     int // requests; 0: not counted
}

// handovers saves them as the admins would.
func (l *loader) handovers(ctx context.Context) error {
	for _, d := range demoDesks {
		hands, admin := demoHands[d.slug], l.adminOf(d.slug)
		home := l.desks[d.slug]
		contact := hands.contact
		contact.Name, contact.Email, contact.Phone, contact.Zone, contact.Language = home.Name, home.Email, home.Phone, home.Zone, home.Language
		changes := []desk.HandoverChange{{Act: desk.HandoverContacts, Contact: contact}, {Act: desk.HandoverApproval, Approval: hands.approval}}
		for _, p := range hands.providers {
			changes = append(changes, desk.HandoverChange{Act: desk.HandoverProviders, Party: p})
		}
		for _, p := range hands.publishers {
			changes = append(changes, desk.HandoverChange{Act: desk.HandoverPublishers, Party: p})
		}
		for _, c := range changes {
			book, err := l.app.Handover(ctx, admin)
			if err == nil {
				err = l.app.ChangeHandover(ctx, admin, book.Now.Version, c)
			}
			if err != nil {
				return err
			}
		}
		for _, p := range hands.plans {
			s := p.settings
			s.Expires = string(desk.DayOf(l.now.AddDate(0, 0, p.days), home.Location()))
			if p.left > 0 {
				s.Remaining = strconv.Itoa(p.left)
			}
			if _, err := l.app.AddPartnerPlan(ctx, admin, s, p.contract); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) adminOf(slug string) desk.Actor {
	for _, a := range l.people {
		if a.Desk.ID == l.desks[slug].ID && a.Person.Role == desk.Admin {
			return a
		}
	}
	return desk.Actor{}
}
