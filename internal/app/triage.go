package app

import (
	"context"
	"errors"
	"reflect"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

// triage judges a ticket by what its customer wrote, the desk found and people
// set right. An order is no problem, and is judged by no rules.
func (a *App) triage(tx *postgres.Tx, m postgres.Material, k desk.Ticket) (desk.Verdict, error) {
	if k.Kind == desk.KindSubscription {
		return desk.OrderVerdict(), nil
	}
	p, err := a.program(tx, m.Version)
	if err != nil {
		return desk.Verdict{}, err
	}
	in := signals.Input{Language: k.Language, Kind: k.Kind, Subject: k.Subject, Body: m.Words, Service: k.Service, Region: k.Region,
		Affected: k.Affected, Impact: string(k.Impact), SimilarLastHour: m.Similar, Corrections: desk.SetRight(m.Corrected), KnownIssue: desk.Covering(m.Issues)}
	for _, f := range m.Found {
		in.Findings = append(in.Findings, signals.Finding{Kind: f.Kind, Result: f.Result, Text: f.Text})
	}
	learned, err := a.hint(tx, m.Hint)
	if err != nil {
		return desk.Verdict{}, err
	}
	return desk.Triage(p, learned, in), nil
}

// Retriage is the job of triaging a ticket again after its customer wrote. It
// is no part of his own transaction, which cannot read what the desk found.
type Retriage struct {
	Desk   desk.ID `json:"desk"`
	Ticket int64   `json:"ticket"`
}

// Kind names the job.
func (Retriage) Kind() string { return "retriage" }

func (a *App) retriage(tx *postgres.Tx, k desk.Ticket) error {
	if a.silent {
		return nil
	}
	return tx.Enqueue(Retriage{tx.Scope.Desk, k.Number}, nil)
}

// TriageAgain works a Retriage. A ticket that has ended stays as it is.
func (a *App) TriageAgain(ctx context.Context, r Retriage) error {
	d, open, err := a.matchable(ctx, r.Desk)
	if err == nil {
		err = a.db.Update(ctx, desk.Scope{Desk: r.Desk}, func(tx *postgres.Tx) error {
			k, err := tx.LockTicket(r.Ticket, desk.Person{})
			if err != nil || k.State.Ended() {
				return err
			}
			if err := a.triageAgain(tx, d, &k, open); err != nil {
				return err
			}
			tx.SaveTicket(k)
			tx.AddKept(k.TakeEnded())
			return nil
		})
	}
	if err == nil {
		err = a.customerAnswered(ctx, d, r.Ticket)
	}
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

// matchable is a desk with the issues that its tickets may be about.
func (a *App) matchable(ctx context.Context, id desk.ID) (desk.Desk, []readIssue, error) {
	d, err := a.deskByID(ctx, id)
	if err != nil {
		return d, nil, err
	}
	open, err := a.openIssues(ctx, id)
	return d, open, err
}

// triageAgain matches and evaluates anew after a fact changed. A decision that a
// person confirmed or made stays; what the rules say now is kept on the timeline.
func (a *App) triageAgain(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, open []readIssue) error {
	m, err := tx.TriageMaterial(*k)
	if err != nil {
		return err
	}
	if err := a.matchAgain(tx, d, k, &m, open); err != nil {
		return err
	}
	return a.judgeAgain(tx, k, m)
}

func (a *App) judgeAgain(tx *postgres.Tx, k *desk.Ticket, m postgres.Material) error {
	verdict, err := a.triage(tx, m, *k)
	if err != nil {
		return err
	}
	last := m.Last
	if last.Same(verdict) {
		if !reflect.DeepEqual(last.Verdict.Facts, verdict.Facts) {
			last.Verdict = verdict
			tx.SaveVerdict(last)
		}
		return nil
	}
	data := map[string]string{"rule": verdict.Rule, "outcome": string(verdict.Outcome), "category": string(verdict.Category),
		"from_outcome": string(last.Verdict.Outcome), "from_category": string(last.Verdict.Category)}
	if last.Settled() {
		data["kept"] = "true"
		tx.AddDecision(last.Heard(verdict, tx.Now))
		tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventDecided, data, tx.Now))
		return nil
	}
	d := desk.Decided(*k, verdict, tx.Now)
	tx.AddDecision(d)
	k.Decide(d)
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventDecided, data, tx.Now))
	return a.takeEffects(tx, k, m, verdict)
}

// takeEffects lets the rule that decides now do what the former one did.
func (a *App) takeEffects(tx *postgres.Tx, k *desk.Ticket, m postgres.Material, v desk.Verdict) error {
	var before rules.Effects
	if m.Last.Verdict.Rule != "" {
		p, err := a.programAt(tx, m.Last.Verdict.Ruleset)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if err == nil {
			r, _ := p.Rule(m.Last.Verdict.Rule)
			before = r.Effects
		}
	}
	tellEffects(tx, *k, v, k.TakeEffects(before, v.Effects, m.Ranked))
	return nil
}

// tellEffects says on the timeline what a rule did besides deciding.
func tellEffects(tx *postgres.Tx, k desk.Ticket, v desk.Verdict, changed map[string]string) {
	if changed != nil {
		changed["rule"] = v.Rule
		tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventEffects, changed, tx.Now))
	}
}
