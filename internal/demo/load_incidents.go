package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// Two more companies of Lyon write of what three have told already.
var droppedCalls = []struct {
	from, subject, body string
	age                 time.Duration
}{
	{"gerard@papeterie-rhodanienne.example", "Les appels Teams coupent, boutique de la Croix-Rousse",
		"Bonjour, depuis une heure les appels Teams tombent au bout de quelques secondes, sur nos quatre postes. Les messages passent.", 22 * time.Minute},
	{"tom@velos-confluence.example", "Appels Teams impossibles à l’atelier",
		"Bonjour, tous les appels Teams se coupent au bout de dix secondes, chez moi comme à l’accueil. En réunion cela tient.", 19 * time.Minute},
}

// Three companies write of Power Apps within minutes: what detection proposes.
var silentApps = []struct {
	from, subject, body string
	age                 time.Duration
}{
	{"helene@domaine-chassagne.example", "Power Apps en panne", "Bonjour, notre application Power Apps de cave ne s’ouvre plus chez personne depuis tout à l’heure : erreur 503 pour tous les utilisateurs.", 9 * time.Minute},
	{"agnes@maison-berthier.example", "Power Apps ne fonctionne plus", "Bonjour, plus aucun de nos magasins ne peut ouvrir Power Apps, erreur 503 partout.", 6 * time.Minute},
	{"yannick@lycee-ampere.example", "Power Apps inaccessible pour tout le monde", "Bonjour, tous les postes affichent une erreur 503 dans Power Apps, aucun enseignant ne peut l’ouvrir.", 4 * time.Minute},
}

// incidents gives Alpine one that is open, one that is over, and whatever its
// own detection finds in the tickets of the day.
func (l *loader) incidents(ctx context.Context) error {
	ines := l.people["ines@alpine.example"]
	numbers, err := l.numbers(ctx, ines)
	if err != nil {
		return err
	}
	if err := l.schoolIncident(ctx, numbers["Devoirs invisibles dans Teams, plusieurs lycées"]); err != nil {
		return err
	}
	return l.callsIncident(ctx, ines, []int64{numbers["Teams calls dropping after a few seconds"],
		numbers["Appels Teams qui tombent, agence de Villeurbanne"], numbers[leasCalls]})
}

// leasCalls is the subject of the ticket on which that incident's request was begun.
const leasCalls = "Teams coupe les appels au bout de dix secondes"

// numbers are those of Alpine's tickets, by subject.
func (l *loader) numbers(ctx context.Context, who desk.Actor) (map[string]int64, error) {
	numbers := map[string]int64{}
	for _, view := range []desk.View{desk.ViewAll, desk.ViewEnded} {
		for f := (desk.QueueFilter{View: view}); ; {
			l.clock = l.now
			rows, next, err := l.app.ReadQueue(ctx, who, f)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				numbers[r.Subject] = r.Number
			}
			if f.After = next; next.Zero() {
				break
			}
		}
	}
	return numbers, nil
}

// schoolIncident is over since a month, with what was learned from it.
func (l *loader) schoolIncident(ctx context.Context, ticket int64) error {
	karim := l.people["karim@alpine.example"]
	l.set(karim, l.now.Add(-33*24*time.Hour+45*time.Minute))
	since := l.clock.Add(-50 * time.Minute)
	n, err := l.app.OpenIncident(ctx, karim, desk.IncidentForm{Title: "Devoirs invisibles dans Teams, plusieurs établissements", Service: "Microsoft Teams", Region: "France",
		Kind: string(desk.Regional), Since: &since, Tickets: known(ticket)})
	if err != nil {
		return fmt.Errorf("past incident: %w", err)
	}
	for _, act := range []struct {
		after time.Duration
		do    func() error
	}{
		{10 * time.Minute, func() error { return l.app.RequestForIncident(ctx, karim, n, 0, "2610081420003391") }},
		{4 * time.Hour, func() error { return l.app.ActOnIncident(ctx, karim, n, 0, desk.MitigateIncident, "") }},
		{20 * time.Hour, func() error {
			return l.app.ActOnIncident(ctx, karim, n, 0, desk.CloseIncident,
				"Microsoft a annulé un déploiement de l’onglet Devoirs en Europe. Trois établissements touchés, confirmés rétablis le lendemain matin. À retenir : notre locataire d’essai éducation l’a reproduit en dix minutes.")
		}},
	} {
		l.clock = l.clock.Add(act.after)
		if err := act.do(); err != nil {
			return fmt.Errorf("past incident: %w", err)
		}
	}
	return nil
}

// callsIncident is what everybody works on now.
func (l *loader) callsIncident(ctx context.Context, ines desk.Actor, tickets []int64) error {
	for _, t := range droppedCalls {
		from := l.people[t.from]
		l.clock = l.now.Add(-t.age)
		since := l.clock.Add(-40 * time.Minute)
		n, err := l.app.SubmitTicket(ctx, from, desk.Submission{Subject: t.subject, Body: t.body, Service: "Microsoft Teams", Region: "Lyon",
			Affected: "whole_tenant", Impact: "slowed", Since: &since, Language: from.Person.Language}, desk.Nobody)
		if err != nil {
			return fmt.Errorf("%q: %w", t.subject, err)
		}
		tickets = append(tickets, n)
	}
	l.clock = l.now.Add(-17 * time.Minute)
	since := l.now.Add(-55 * time.Minute)
	n, err := l.app.OpenIncident(ctx, ines, desk.IncidentForm{Title: "Teams : des appels se coupent dans la région de Lyon", Service: "Microsoft Teams", Region: "Lyon",
		Kind: string(desk.Regional), Since: &since, Tickets: known(tickets...)})
	if err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	l.clock = l.now.Add(-14 * time.Minute)
	if err := l.app.RequestForIncident(ctx, ines, n, 0, callsRequest); err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	next := l.now.Add(27 * time.Minute)
	l.clock = l.now.Add(-12 * time.Minute)
	if err := l.app.SayOfIncident(ctx, ines, n, 0, desk.WordsForm{Words: callsWords, Next: &next, Public: true}); err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	for _, t := range silentApps {
		from := l.people[t.from]
		l.clock = l.now.Add(-t.age)
		if _, err := l.app.SubmitTicket(ctx, from, desk.Submission{Subject: t.subject, Body: t.body, Service: "Power Apps", Affected: "whole_tenant", Impact: "stopped",
			Language: from.Person.Language}, desk.Nobody); err != nil {
			return fmt.Errorf("%q: %w", t.subject, err)
		}
	}
	l.clock = l.now.Add(-3 * time.Minute)
	return l.app.LookForIncidents(ctx, app.WatchTickets{Desk: ines.Desk.ID})
}

// callsRequest is its number at Microsoft.
const callsRequest = "2611101420004217"

// callsEscalation is that request: one for all of the incident's tickets.
func (l *loader) callsEscalation(ctx context.Context) error {
	ines := l.people["ines@alpine.example"]
	numbers, err := l.numbers(ctx, ines)
	if err != nil || numbers[leasCalls] == 0 {
		return err
	}
	begun := l.now.Add(-16 * time.Minute)
	var number int64
	err = l.db.At(func() time.Time { return begun }).Update(ctx, ines.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Ticket(numbers[leasCalls], ines.Person)
		if err != nil {
			return err
		}
		i, err := tx.IncidentOf(k.ID)
		if err != nil {
			return err
		}
		way, plan, err := wayOf(tx, k, demoEscalation{target: route.Microsoft, severity: "B"})
		if err != nil {
			return err
		}
		e, err := desk.NewEscalation(k, dossier.WorkloadOf(k.Service), way, "", false, ines.Person.ID, begun)
		if err != nil {
			return err
		}
		e.Plan, e.IncidentID = plan, i.ID
		if err := e.Answer(callsAnswers(l.now), begun); err != nil {
			return err
		}
		if e.Number, err = tx.AddEscalation(e); err != nil {
			return err
		}
		number = e.Number
		say(tx, e, ines, begun, desk.EscalationBegun, map[string]string{"target": string(e.Target)})
		all, err := tx.IncidentTicketIDs(i.ID)
		if err == nil {
			_, err = tx.JoinEscalation(e.ID, all, ines.Person.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	l.clock = l.now.Add(-14 * time.Minute)
	return l.app.FileEscalation(ctx, ines, number, 0, desk.Filing{Request: callsRequest, Severity: "B"})
}

// callsAnswers is what Inès typed into its dossier.
func callsAnswers(now time.Time) map[string]string {
	utc := func(age time.Duration) string { return now.Add(-age).UTC().Format("2006-01-02 15:04 UTC") }
	return map[string]string{"steps": "1. Call a colleague in Teams. 2. The call ends by itself after about ten seconds. Meetings and chat work.",
		"started_at": utc(55 * time.Minute), "timestamp": utc(20 * time.Minute), "affected_count": "about 60, in five tenants", "upn": "lea@lumen.example",
		"tried": "Reproduced on two networks, on two devices and in Teams on the web. Nothing is published in service health.", "diagnostics_consent": "yes"}
}

// callsWords is what Alpine tells those whom it touches.
var callsWords = desk.Words{
	"fr": {Title: "Teams : des appels se coupent dans la région de Lyon",
		Sees:      "L’appel tombe après quelques secondes ; les messages et les réunions vont bien.",
		Known:     "Plusieurs entreprises nous l’ont signalé. Microsoft n’a encore rien publié ; nous lui avons transmis le dossier.",
		Meanwhile: "Lancez une réunion plutôt qu’un appel."},
	"en": {Title: "Teams: calls drop in the Lyon area",
		Sees:      "The call drops after a few seconds; chat and meetings are fine.",
		Known:     "Several companies have told us. Microsoft has published nothing yet; we have passed the case on.",
		Meanwhile: "Start a meeting rather than a call."},
}

// known leaves out the numbers of tickets that are not there.
func known(numbers ...int64) []int64 {
	return slices.DeleteFunc(numbers, func(n int64) bool { return n == 0 })
}
