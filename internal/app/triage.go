package app

import (
	"context"
	"errors"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/hint"
	"guichet/internal/postgres"
	"guichet/internal/signals"
)

// triage judges a ticket by what its customer wrote and the desk found.
func (a *App) triage(tx *postgres.Tx, facts postgres.TriageFacts, k desk.Ticket, words string, found []desk.Finding) (desk.Verdict, error) {
	p, err := a.program(tx, facts.Version)
	if err != nil {
		return desk.Verdict{}, err
	}
	in := signals.Input{Language: k.Language, Kind: k.Kind, Subject: k.Subject, Body: words, Service: k.Service, Region: k.Region,
		Affected: k.Affected, Impact: string(k.Impact), SimilarLastHour: facts.Similar}
	for _, f := range found {
		in.Findings = append(in.Findings, signals.Finding{Kind: f.Kind, Result: f.Result, Text: f.Text})
	}
	return desk.Triage(p, hint.Shipped(), in), nil
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
	err := a.db.Update(ctx, desk.Scope{Desk: r.Desk}, func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(r.Ticket, desk.Person{})
		if err != nil || k.State.Ended() {
			return err
		}
		if err := a.triageAgain(tx, &k); err != nil {
			return err
		}
		tx.SaveTicket(k)
		return nil
	})
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

// triageAgain evaluates anew after a fact changed. A decision that a person
// confirmed or made stays; what the rules say now is kept on the timeline.
func (a *App) triageAgain(tx *postgres.Tx, k *desk.Ticket) error {
	facts, err := tx.TriageFacts(*k)
	if err != nil {
		return err
	}
	words, err := tx.CustomerWords(k.ID)
	if err != nil {
		return err
	}
	found, err := tx.Findings(k.ID)
	if err != nil {
		return err
	}
	last, err := tx.Decision(k.ID)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	verdict, err := a.triage(tx, facts, *k, strings.Join(words, "\n\n"), found)
	if err != nil || last.Same(verdict) {
		return err
	}
	data := map[string]string{"rule": verdict.Rule, "outcome": string(verdict.Outcome), "category": string(verdict.Category),
		"from_outcome": string(last.Verdict.Outcome), "from_category": string(last.Verdict.Category)}
	if last.By == desk.ByPerson || last.ConfirmedBy != desk.Nobody {
		data["kept"] = "true"
		tx.AddDecision(last.Heard(verdict, tx.Now))
	} else {
		d := desk.Decided(*k, verdict, tx.Now)
		tx.AddDecision(d)
		k.Decide(d)
	}
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventDecided, data, tx.Now))
	return nil
}
