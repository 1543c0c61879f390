package demo

import (
	"context"
	"fmt"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// demoHandoff is a request that Brume hands to Meridian: what its customer wrote,
// what Nora found, and what the two desks then told each other.
type demoHandoff struct {
	from, service, region, affected, subject, body string
	age                                            time.Duration
	found                                          string
	steps                                          []handoffStep
}

// handoffStep is one word of Otto, at Meridian, or of Nora, at Brume.
type handoffStep struct {
	after time.Duration
	otto  bool
	say   string
	then  desk.State            // of Otto's ticket
	end   desk.EscalationEnding // by Nora
}

var demoHandoffs = []demoHandoff{
	{"judith@ateliernord.example", "SharePoint Online", "europe", "some_users", "Partage refusé avec notre bureau d’études",
		"Bonjour, depuis lundi nos invités du bureau d’études reçoivent « Accès refusé » sur le site Chantiers. Rien n’a changé chez nous.", 9*24*time.Hour + 3*time.Hour,
		"Partage externe ouvert au niveau du site et du locataire ; refus aussi avec un invité neuf", []handoffStep{
			{after: 2 * time.Hour, otto: true, say: "Pris en charge. La stratégie d’accès entre locataires du bureau d’études a changé vendredi : nous leur écrivons.", then: desk.Open},
			{after: 26 * time.Hour, otto: true, say: "Leur stratégie admet de nouveau vos invités. Pouvez-vous vérifier ?", then: desk.Resolved},
			{after: 29 * time.Hour, end: desk.EndedSolved, say: "Les invités ouvrent le site. Merci."}}},
	{"marc@scierie-beaulieu.example", "Exchange Online", "france", "some_users", "La boîte de la scierie ne se synchronise plus",
		"bonjour nora la boite commune de la scierie reste bloquée sur mardi, sur le pc du bureau et sur celui de l’atelier. sur le téléphone ca marche", 27 * time.Hour,
		"Boîte partagée à jour dans Outlook sur le web, figée dans le client ; profil recréé sans effet", []handoffStep{
			{after: 90 * time.Minute, otto: true, say: "Bien reçu. Il nous faut la version exacte d’Outlook des deux postes, et l’heure du dernier message visible.", then: desk.WaitingCustomer},
			{after: 5 * time.Hour, say: "Version 2410, build 18129.20158, sur les deux postes. Dernier message visible : mardi, 16 h 52."},
			{after: 7 * time.Hour, otto: true, say: "Merci. Le symptôme correspond à un cas que Microsoft suit déjà : nous ouvrons une demande.", then: desk.WaitingMicrosoft}}},
	{"anne@cabinet-rivoire.example", "Microsoft Teams", "france", "one_user", "Les audiences en visio se coupent au bout d’une heure",
		"Bonjour Nora, deux audiences de suite coupées net à soixante minutes, alors que l’organisateur était le tribunal. La prochaine est jeudi.", 5 * time.Hour,
		"Coupure à 60 minutes dans les deux rapports d’appel, depuis deux réseaux différents", []handoffStep{
			{after: 45 * time.Minute, otto: true, say: "Bonjour Nora. Avez-vous l’identifiant d’une des deux réunions ? Sans lui, Microsoft ne retrouvera rien.", then: desk.WaitingCustomer}}},
}

// handoffs links the two desks, as their admins would, and lives the hand-offs
// through.
func (l *loader) handoffs(ctx context.Context) error {
	nora, otto, yves := l.people["nora@brume.example"], l.people["otto@meridian.example"], l.people["yves@brume.example"]
	l.set(nora, l.now.AddDate(0, -2, 0))
	if err := l.app.AskProviderLink(ctx, nora, app.LinkForm{Side: desk.ResellerSide, Slug: "meridian"}); err != nil {
		return err
	}
	links, _, err := l.app.ProviderLinks(ctx, otto)
	if err != nil {
		return err
	}
	l.set(otto, l.clock.Add(26*time.Hour))
	if err := l.app.AcceptLink(ctx, otto, links[0].ID, yves.Person.ID); err != nil {
		return err
	}
	for _, h := range demoHandoffs {
		if err := l.handoff(ctx, h); err != nil {
			return fmt.Errorf("%s: %w", h.subject, err)
		}
	}
	return nil
}

func (l *loader) handoff(ctx context.Context, h demoHandoff) error {
	nora, otto, from := l.people["nora@brume.example"], l.people["otto@meridian.example"], l.people[h.from]
	begun := l.now.Add(-h.age)
	l.set(from, begun)
	ticket, err := l.app.SubmitTicket(ctx, from, desk.Submission{Kind: "problem", Subject: h.subject, Body: h.body, Service: h.service, Region: h.region, Affected: h.affected,
		Impact: string(desk.Slowed), Language: from.Person.Language}, desk.Nobody)
	if err != nil {
		return err
	}
	n, id, err := l.escalate(ctx, nora, ticket, begun, h)
	if err != nil {
		return err
	}
	given, err := l.across(ctx, id)
	if err != nil {
		return err
	}
	for i, s := range h.steps {
		l.set(otto, begun.Add(30*time.Minute+s.after))
		if i == 0 {
			if err := l.app.AssignTicket(ctx, otto, given.Number, otto.Person.ID); err != nil {
				return err
			}
		}
		switch {
		case s.otto:
			err = l.app.WriteMessage(ctx, otto, given.Number, app.Reply{Body: s.say, Then: s.then})
		case s.end != "":
			err = l.app.EndEscalation(ctx, nora, n, 0, s.end, s.say)
		default:
			err = l.app.EnterEntry(ctx, nora, n, 0, desk.EntryForm{Side: desk.Us, Text: s.say}, nil)
		}
		if err != nil {
			return err
		}
		if given, err = l.across(ctx, given.ID); err != nil {
			return err
		}
	}
	return nil
}

// escalate has Nora look into a ticket and hand it over.
func (l *loader) escalate(ctx context.Context, nora desk.Actor, ticket int64, begun time.Time, h demoHandoff) (number int64, handoff desk.ID, err error) {
	steps := []func() error{
		func() error { return l.app.AssignTicket(ctx, nora, ticket, nora.Person.ID) },
		func() error {
			return l.app.RecordFinding(ctx, nora, ticket, "health", "ruled_out", "Rien d’annoncé pour ce service")
		},
		func() error { return l.app.RecordFinding(ctx, nora, ticket, "reproduced", "confirmed", h.found) },
		func() error {
			return l.app.WriteMessage(ctx, nora, ticket, app.Reply{Body: "Bonjour, j’ai reproduit le problème et je le transmets à notre fournisseur. Je vous tiens au courant."})
		},
		func() (err error) {
			number, err = l.app.BeginEscalation(ctx, nora, ticket, app.Begin{Reason: "Hors de notre portée, vérifié deux fois"})
			return err
		},
		func() error { return l.app.FileEscalation(ctx, nora, number, 0, desk.Filing{Anyway: true}) },
	}
	for i, step := range steps {
		l.set(nora, begun.Add(time.Duration(i+1)*5*time.Minute))
		if err := step(); err != nil {
			return 0, desk.Nobody, err
		}
	}
	story, err := l.app.Escalation(ctx, nora, number)
	if err != nil {
		return 0, desk.Nobody, err
	}
	err = l.db.View(ctx, desk.Scope{Desk: nora.Desk.ID}, func(tx *postgres.Tx) error {
		h, err := tx.HandoffOfEscalation(story.ID)
		handoff = h.ID
		return err
	})
	return number, handoff, err
}

// across has both desks take what the other told, as their jobs would.
func (l *loader) across(ctx context.Context, handoff desk.ID) (h desk.Handoff, err error) {
	for range 2 { // what one takes may make it say something
		for _, slug := range []string{"meridian", "brume"} {
			if err := l.app.TakeHandoff(ctx, app.TakeHandoff{Desk: l.desks[slug].ID, Handoff: handoff}); err != nil {
				return h, err
			}
		}
	}
	err = l.db.View(ctx, desk.Scope{Desk: l.desks["meridian"].ID}, func(tx *postgres.Tx) (err error) {
		h, err = tx.Handoff(handoff)
		return err
	})
	return h, err
}
