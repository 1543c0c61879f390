package app

import (
	"context"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// CorrectFact puts a person's word in place of what was read of a fact, and
// judges the ticket anew. Errors: Invalid on "fact" or "value".
func (a *App) CorrectFact(ctx context.Context, who desk.Actor, number int64, fact, value string) error {
	if err := who.May(desk.CorrectFact); err != nil {
		return err
	}
	open, err := a.openIssues(ctx, who.Desk.ID)
	if err != nil {
		return err
	}
	return a.change(ctx, who, desk.CorrectFact, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		c, err := desk.NewCorrection(*k, who.Person.ID, fact, value, tx.Now)
		if err != nil {
			return err
		}
		return a.setRight(tx, who, k, c, open)
	})
}

// TakeBackCorrection lets what was read of a fact hold again. Errors: Invalid on
// "fact".
func (a *App) TakeBackCorrection(ctx context.Context, who desk.Actor, number int64, fact string) error {
	if err := who.May(desk.CorrectFact); err != nil {
		return err
	}
	open, err := a.openIssues(ctx, who.Desk.ID)
	if err != nil {
		return err
	}
	return a.change(ctx, who, desk.CorrectFact, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		c, err := desk.TakeBack(*k, who.Person.ID, fact, tx.Now)
		if err != nil {
			return err
		}
		held, err := tx.Corrections(k.ID)
		if err != nil || !slices.ContainsFunc(held, func(c desk.Corrected) bool { return c.Fact.Name == fact }) {
			return err // nothing to take back, or no longer
		}
		return a.setRight(tx, who, k, c, open)
	})
}

func (a *App) setRight(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, c desk.Correction, open []readIssue) error {
	if err := tx.AddCorrection(c); err != nil {
		return err
	}
	m, err := tx.TriageMaterial(*k)
	if err != nil {
		return err
	}
	data := map[string]string{"fact": c.Fact.Name, "was": rules.Said(m.Last.Verdict.Map(k.Subject, "")[c.Fact.Name]), "value": rules.Said(c.Fact.Value)}
	if c.Fact.Value == nil {
		data["back"] = "true"
	}
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventCorrected, data, tx.Now))
	if err := a.matchAgain(tx, who.Desk, k, &m, open); err != nil {
		return err
	}
	return a.judgeAgain(tx, k, m)
}

// SortTicket gives a ticket its tags, parted by commas, and its team. Errors:
// Invalid, by field.
func (a *App) SortTicket(ctx context.Context, who desk.Actor, number int64, tags, team string) error {
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		was := *k
		changed, err := k.Sort(tags, team)
		if err != nil || !changed {
			return err
		}
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventSorted, k.Sorted(was), tx.Now))
		return nil
	})
}
