package app

import (
	"context"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// RecordIssue stores an issue that an agent knows of. Under a code that the desk
// holds already it stores nothing and returns that issue. Errors: Invalid, by
// field; ErrNotFound for a customer of another desk.
func (a *App) RecordIssue(ctx context.Context, who desk.Actor, f desk.IssueForm, words desk.WordsForm) (id desk.ID, err error) {
	if err := who.May(desk.ManageIssues); err != nil {
		return id, err
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := desk.RecordIssue(f, words, who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		if id, err = heldUnder(tx, i.Code); err != nil || id != desk.Nobody {
			return err
		}
		id = i.ID
		if err := keepRecorded(tx, i, f.Customers); err != nil || len(i.Words) == 0 && i.WordAt == nil && !i.Public {
			return err
		}
		return tx.SayOfIssue(i)
	})
	return id, err
}

// heldUnder is the issue of a code, Nobody when there is none. Who else stores
// issues of the desk waits.
func heldUnder(tx *postgres.Tx, code string) (desk.ID, error) {
	for _, source := range []string{desk.FromGraph, desk.FromAzure} {
		held, err := tx.HoldIssues(source, []string{code})
		if err != nil || len(held) > 0 {
			return firstID(held), err
		}
	}
	return desk.Nobody, nil
}

func firstID(list []desk.Issue) desk.ID {
	if len(list) == 0 {
		return desk.Nobody
	}
	return list[len(list)-1].ID // the publisher's own stands behind one recorded by hand
}

// keepRecorded writes an issue that was recorded by hand and tells its tickets.
func keepRecorded(tx *postgres.Tx, i desk.Issue, customers []desk.ID) error {
	i.SeenAt = tx.Now
	if err := tx.StoreIssues([]desk.Issue{i}); err != nil {
		return err
	}
	if i.Everyone {
		customers = nil
	}
	tx.ChooseCustomers(i.ID, append([]desk.ID{}, customers...))
	return tx.Enqueue(IssueNews{tx.Scope.Desk, i.ID}, nil)
}

// CorrectIssue changes an issue that was recorded by hand. Errors: Invalid, by
// field; ErrConflict for one that a publisher speaks of; ErrNotFound.
func (a *App) CorrectIssue(ctx context.Context, who desk.Actor, id desk.ID, f desk.IssueForm) error {
	return a.changeIssue(ctx, who, id, func(tx *postgres.Tx, i desk.Issue) error {
		was := i
		i, err := i.Recorded(f, tx.Now)
		if err != nil {
			return err
		}
		if i.Code != was.Code {
			other, err := heldUnder(tx, i.Code)
			if err != nil {
				return err
			}
			if other != desk.Nobody && other != i.ID {
				return desk.NewInvalid("code", "issues.code_taken")
			}
		}
		return keepRecorded(tx, i, f.Customers)
	})
}

// EndIssue ends an issue that was recorded by hand; BringIssueBack says that it
// is not over after all. Errors: ErrConflict; ErrNotFound.
func (a *App) EndIssue(ctx context.Context, who desk.Actor, id desk.ID) error {
	return a.turnIssue(ctx, who, id, desk.Issue.EndedByHand)
}

// BringIssueBack is described at EndIssue.
func (a *App) BringIssueBack(ctx context.Context, who desk.Actor, id desk.ID) error {
	return a.turnIssue(ctx, who, id, desk.Issue.BackByHand)
}

func (a *App) turnIssue(ctx context.Context, who desk.Actor, id desk.ID, turn func(desk.Issue, time.Time) (desk.Issue, error)) error {
	return a.changeIssue(ctx, who, id, func(tx *postgres.Tx, i desk.Issue) error {
		i, err := turn(i, tx.Now)
		if err != nil {
			return err
		}
		i.SeenAt = tx.Now
		if err := tx.StoreIssues([]desk.Issue{i}); err != nil {
			return err
		}
		return tx.Enqueue(IssueNews{tx.Scope.Desk, i.ID}, nil)
	})
}

// SayOfIssue writes the partner's own words on an issue, and whether visitors of
// the desk's page may read them. Errors: Invalid, by field; ErrNotFound.
func (a *App) SayOfIssue(ctx context.Context, who desk.Actor, id desk.ID, f desk.WordsForm) error {
	return a.changeIssue(ctx, who, id, func(tx *postgres.Tx, i desk.Issue) error {
		i, err := i.Said(f, tx.Now)
		if err != nil {
			return err
		}
		return tx.SayOfIssue(i)
	})
}

func (a *App) changeIssue(ctx context.Context, who desk.Actor, id desk.ID, f func(*postgres.Tx, desk.Issue) error) error {
	if err := who.May(desk.ManageIssues); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.HoldIssue(id)
		if err != nil {
			return err
		}
		return f(tx, i)
	})
}

// NoteHealth passes on what an agent read on Microsoft's public status page; an
// empty text takes the note back. Errors: Invalid, by field.
func (a *App) NoteHealth(ctx context.Context, who desk.Actor, fr, en string) error {
	if err := who.May(desk.ManageIssues); err != nil {
		return err
	}
	n, err := desk.NewHealthNote(fr, en, who.Person.ID)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if n.Fr+n.En == "" {
			tx.EndHealthNote()
			return nil
		}
		tx.AddHealthNote(n)
		return nil
	})
}

// CustomersToChoose lists the desk's customers by name, for a form.
func (a *App) CustomersToChoose(ctx context.Context, who desk.Actor) (list []desk.Customer, err error) {
	if err := who.May(desk.ManageIssues); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		for after := ""; err == nil && len(list) < desk.MostChosen; {
			var page []desk.Customer
			page, err = tx.Customers("", after)
			list = append(list, page...)
			if len(page) <= desk.PageSize {
				break
			}
			after = page[len(page)-1].Name
		}
		return err
	})
	return slices.DeleteFunc(list, func(c desk.Customer) bool { return !c.Active }), err
}

// IssueNamed finds the issue whose code somebody pasted. Errors: ErrNotFound.
func (a *App) IssueNamed(ctx context.Context, who desk.Actor, code string) (i desk.Issue, err error) {
	if err := who.May(desk.ReadIssues); err != nil {
		return i, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		i, err = tx.IssueByCode(code)
		return err
	})
	return i, err
}
