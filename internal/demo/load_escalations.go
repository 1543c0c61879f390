package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// demoEscalation is one of Alpine's, put on a ticket that its corpus left where an
// escalation would.
type demoEscalation struct {
	of       desk.State            // of the ticket that it is put on
	state    desk.EscalationState  // where it stands
	ending   desk.EscalationEnding // how it ended, "" for a live one
	target   route.Target          // "" for Microsoft
	severity string                // "" before it is filed
	by       string                // who prepared it
	age      time.Duration         // since when
	replied  time.Duration         // how long their first word took, 0 for none yet
	lasted   time.Duration         // how long one that ended took
	due      time.Duration         // by when something is owed from now, 0 for no time
	told     bool                  // their word was relayed
	word     string                // what they said
	why      string                // how it ended
	credit   desk.Credit           // what may be claimed
	answers  map[string]string     // typed into the dossier
}

var liveEscalations = []demoEscalation{
	{of: desk.WaitingMicrosoft, state: desk.EscalationFiled, severity: "B", by: "ines@alpine.example", age: 5 * time.Hour, due: -40 * time.Minute},
	{of: desk.WaitingMicrosoft, state: desk.EscalationFiled, severity: "C", by: "karim@alpine.example", age: 30 * time.Hour, replied: 5 * time.Hour, due: 3 * time.Hour,
		word: "We have engaged the product group. Next update within one business day."},
	{of: desk.WaitingMicrosoft, state: desk.EscalationMitigated, severity: "B", by: "ines@alpine.example", age: 50 * time.Hour, replied: 3 * time.Hour, told: true,
		word: "A configuration change was reverted in the affected region. Please confirm with your customer."},
	{of: desk.Open, state: desk.EscalationWaitsUs, severity: "C", by: "karim@alpine.example", age: 26 * time.Hour, replied: 6 * time.Hour, due: 90 * time.Minute, told: true,
		word: "Please provide a network trace and the exact UTC time of the last failure."},
	{of: desk.WaitingCustomer, state: desk.EscalationWaitsCustomer, severity: "C", by: "ines@alpine.example", age: 44 * time.Hour, replied: 7 * time.Hour, due: 20 * time.Hour, told: true,
		word: "We need the affected user's consent before advanced diagnostics can be run."},
	{of: desk.Open, state: desk.EscalationApproval, by: "ines@alpine.example", age: 50 * time.Minute, answers: map[string]string{
		"steps": "1. Restart the PC. 2. Open Word from the Start menu. 3. The window stays white for about two minutes.", "upn": "amel@transports-vallin.example",
		"app_version": "Version 2410 (Build 18129.20158)", "os_version": "Windows 11 24H2", "diagnostics_consent": "yes"}},
	{of: desk.Open, state: desk.EscalationPreparing, by: "ines@alpine.example", age: 35 * time.Minute, answers: map[string]string{"affected_count": "18"}},
}

var pastEscalations = []demoEscalation{
	{ending: desk.EndedSolved, severity: "B", by: "ines@alpine.example", age: 4 * day, replied: 2 * time.Hour, lasted: 26 * time.Hour},
	{ending: desk.EndedSolved, severity: "C", by: "karim@alpine.example", age: 7 * day, replied: 19 * time.Hour, lasted: 3 * day},
	{ending: desk.EndedReturned, severity: "C", by: "karim@alpine.example", age: 10 * day, replied: 5 * time.Hour, lasted: 6 * time.Hour, why: "Il manquait l’identifiant de corrélation : dossier incomplet."},
	{ending: desk.EndedSolved, severity: "A", by: "ines@alpine.example", age: 13 * day, replied: 50 * time.Minute, lasted: 9 * time.Hour,
		credit: desk.Credit{Worth: true, Reason: "Disponibilité du mois sous le niveau promis.", State: "claimed", Amount: "25 % du mois"}},
	{ending: desk.EndedUnsolved, severity: "C", by: "ines@alpine.example", age: 18 * day, replied: 30 * time.Hour, lasted: 6 * day, why: "Microsoft parle d’une limite du produit. Contournement donné au client."},
	{ending: desk.EndedSolved, severity: "B", by: "karim@alpine.example", age: 22 * day, replied: 3 * time.Hour, lasted: 30 * time.Hour},
	{ending: desk.EndedSolved, severity: "C", by: "ines@alpine.example", age: 27 * day, replied: 6 * time.Hour, lasted: 2 * day},
	{ending: desk.EndedWithdrawn, severity: "C", by: "ines@alpine.example", age: 31 * day, replied: 4 * time.Hour, lasted: 8 * time.Hour, why: "Le client avait changé une règle de transport : résolu chez nous."},
	{ending: desk.EndedSolved, severity: "B", by: "karim@alpine.example", age: 36 * day, replied: 11 * time.Hour, lasted: 4 * day,
		credit: desk.Credit{Worth: true, Reason: "Deux jours d’interruption.", State: "granted", Amount: "118,40 €"}},
	{ending: desk.EndedSolved, target: route.Publisher, by: "karim@alpine.example", age: 42 * day, replied: 2 * day, lasted: 5 * day},
	{ending: desk.EndedReturned, severity: "B", by: "ines@alpine.example", age: 49 * day, replied: 3 * time.Hour, lasted: 4 * time.Hour, why: "Gravité refusée : aucune personne joignable la nuit."},
	{ending: desk.EndedSolved, severity: "C", by: "karim@alpine.example", age: 56 * day, replied: 7 * time.Hour, lasted: 36 * time.Hour},
}

// escalations gives Alpine some in every state, and two months of past ones.
func (l *loader) escalations(ctx context.Context) error {
	l.clock = l.now
	live, err := l.rows(ctx, desk.ViewAll)
	if err != nil {
		return err
	}
	past, err := l.rows(ctx, desk.ViewEnded)
	if err != nil {
		return err
	}
	serial := int64(2611180030001001)
	put := func(list []desk.Row, x demoEscalation) ([]desk.Row, error) {
		i := slices.IndexFunc(list, func(r desk.Row) bool { return x.of == "" || r.State == x.of })
		if i < 0 {
			return list, nil
		}
		serial += 1009
		ticket := list[i].Number
		return slices.Delete(list, i, i+1), l.escalation(ctx, ticket, x, fmt.Sprint(serial))
	}
	for _, x := range liveEscalations {
		if live, err = put(live, x); err != nil {
			return err
		}
	}
	for _, x := range slices.Backward(pastEscalations) {
		if past, err = put(past, x); err != nil {
			return err
		}
	}
	return l.callsEscalation(ctx)
}

// rows lists Alpine's tickets of Microsoft's services that belong to no incident, the
// oldest first: those that Microsoft is asked about before others.
func (l *loader) rows(ctx context.Context, view desk.View) ([]desk.Row, error) {
	var all []desk.Row
	for f := (desk.QueueFilter{View: view}); ; {
		rows, next, err := l.app.ReadQueue(ctx, l.people["ines@alpine.example"], f)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Service != "Microsoft Teams" && r.Service != "Power Apps" && r.Service != "Unknown" && r.Action == "" {
				all = append(all, r)
			}
		}
		if f.After = next; next.Zero() {
			break
		}
	}
	rank := func(r desk.Row) int64 {
		if r.Outcome == desk.Microsoft {
			return r.Number - 1<<40
		}
		return r.Number
	}
	slices.SortFunc(all, func(a, b desk.Row) int { return int(min(max(rank(a)-rank(b), -1), 1)) })
	return all, nil
}

// escalation puts one on a ticket as the verbs would have, without moving the ticket.
func (l *loader) escalation(ctx context.Context, ticket int64, x demoEscalation, request string) error {
	who := l.people[x.by]
	begun := l.now.Add(-x.age)
	var number int64
	err := l.db.At(func() time.Time { return begun }).Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Ticket(ticket, who.Person)
		if err != nil {
			return err
		}
		if x.target == "" {
			x.target = route.Microsoft
		}
		way, plan, err := wayOf(tx, k, x)
		if err != nil {
			return err
		}
		e, err := desk.NewEscalation(k, dossier.WorkloadOf(k.Service), way, "Reproduit sans cause chez le client.", false, who.Person.ID, begun)
		if err != nil {
			return err
		}
		e.Plan = plan
		if len(x.answers) > 0 {
			if err := e.Answer(x.answers, begun); err != nil {
				return err
			}
		}
		if e.Number, err = tx.AddEscalation(e); err != nil {
			return err
		}
		say(tx, e, who, begun, desk.EscalationBegun, map[string]string{"target": string(e.Target)})
		number = e.Number
		if err := l.live(tx, &e, x, who, request, begun); err != nil {
			return err
		}
		return tx.SaveEscalation(e)
	})
	if err != nil || x.state != desk.EscalationApproval {
		return err
	}
	l.clock = begun.Add(10 * time.Minute)
	return l.app.AskApproval(ctx, who, number, 0) // which looks that nothing is missing
}

// wayOf is where a ticket goes, and by which contract: the best while it is prepared,
// later the one of every partner.
func wayOf(tx *postgres.Tx, k desk.Ticket, x demoEscalation) (desk.RouteTaken, desk.PlanTaken, error) {
	plain := desk.PlanTaken{Kind: "csp", Language: "en"}
	if x.target != route.Microsoft {
		return desk.RouteTaken{Way: route.Route{Target: x.target, Portal: string(x.target), Line: 9, Because: []route.Reason{{Key: "route.because.last"}}}}, plain, nil
	}
	c, err := tx.Customer(k.CustomerID)
	if err != nil {
		return desk.RouteTaken{}, plain, err
	}
	h, err := tx.Handover()
	if err != nil {
		return desk.RouteTaken{}, plain, err
	}
	workload := dossier.WorkloadOf(k.Service)
	plan := desk.PartnerPlan{Kind: plain.Kind}
	if x.ending == "" && x.severity == "" {
		plans, err := tx.PartnerPlans()
		if err != nil {
			return desk.RouteTaken{}, plain, err
		}
		plan = desk.BestPlan(plans, workload, h.Today(tx.Now))
	}
	way := desk.RouteTaken{Version: h.Version, Way: h.Policy.Route(desk.CaseOf(k, c, workload, plan))}
	return way, desk.PlanTaken{ID: plan.ID, Kind: plan.Kind, Name: plan.Name, Language: plain.Language}, nil
}

// live takes an escalation from its beginning to where it stands.
func (l *loader) live(tx *postgres.Tx, e *desk.Escalation, x demoEscalation, who desk.Actor, request string, begun time.Time) error {
	if x.severity == "" && x.ending == "" {
		return nil // not filed yet
	}
	filed := begun.Add(15 * time.Minute)
	var due *time.Time
	if d, _, ok := desk.TheirReply(e.Plan.Kind, x.severity, e.Plan.Language, filed); ok && e.Target == route.Microsoft {
		due = &d
	}
	if x.replied == 0 && x.due != 0 {
		at := l.now.Add(x.due)
		due = &at
	}
	if err := e.File(desk.Filing{Request: request, Severity: x.severity, At: &filed, Plan: e.Plan}, due, who.Person.ID, filed); err != nil {
		return err
	}
	say(tx, *e, who, filed, desk.EscalationWasFiled, map[string]string{"request": request, "severity": x.severity})
	if x.replied != 0 {
		if err := heard(tx, e, x, who, filed.Add(x.replied)); err != nil {
			return err
		}
	}
	if x.ending != "" {
		return over(tx, e, x, who, begun.Add(max(x.lasted, x.replied+time.Hour)))
	}
	if x.replied == 0 {
		return nil
	}
	s := desk.Step{State: x.state}
	if x.due != 0 {
		at := l.now.Add(x.due)
		s.Next = &at
	}
	return e.Move(s, filed.Add(x.replied))
}

func heard(tx *postgres.Tx, e *desk.Escalation, x demoEscalation, who desk.Actor, at time.Time) error {
	word := x.word
	if word == "" {
		word = "Thank you for contacting support. We have found the cause and are working on it."
	}
	n, err := desk.NewEntry(*e, desk.EntryForm{Side: desk.Them, Text: word, At: &at}, who.Person.ID, at)
	if err != nil {
		return err
	}
	if x.told || x.ending != "" {
		told := at.Add(12 * time.Minute)
		n.Relay, n.RelayedBy, n.RelayedAt = desk.RelaySent, who.Person.ID, &told
	}
	if _, err := tx.AddEntry(n); err != nil {
		return err
	}
	tx.SaveRelay(n)
	e.Heard(at, at)
	say(tx, *e, who, at, desk.EscalationEntered, map[string]string{"side": string(desk.Them)})
	return nil
}

func over(tx *postgres.Tx, e *desk.Escalation, x demoEscalation, who desk.Actor, at time.Time) error {
	if err := e.End(x.ending, x.why, at); err != nil {
		return err
	}
	if x.credit.Worth {
		if err := e.Claim(x.credit, at); err != nil {
			return err
		}
	}
	say(tx, *e, who, at, desk.EscalationOver, map[string]string{"ending": string(x.ending), "why": x.why})
	tx.LeaveEscalationAll(e.ID)
	return nil
}

func say(tx *postgres.Tx, e desk.Escalation, who desk.Actor, at time.Time, kind desk.EscalationEventKind, data map[string]string) {
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, kind, data, at))
}
