package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// mostLost is how many customers a page names whose connection is lost.
const mostLost = 5

// Issues lists known issues that the reader's scope reaches. Errors: ErrForbidden.
func (a *App) Issues(ctx context.Context, who desk.Actor, f desk.IssueFilter) (l desk.IssueList, err error) {
	if err := who.May(desk.ReadIssues); err != nil {
		return l, err
	}
	l.Filter = f
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Rows, l.Next, err = tx.Issues(f); err != nil {
			return err
		}
		if l.Services, err = tx.TroubledServices(); err != nil {
			return err
		}
		if l.Lost, err = tx.LostConnections(mostLost + 1); err != nil {
			return err
		}
		if l.Note, err = tx.HealthNote(); errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		return err
	})
	return l, err
}

// IssuePage is where the lists on an issue's page begin.
type IssuePage struct {
	Customer string  // behind this name
	Ticket   desk.ID // behind this one
}

// ReadIssue reads an issue with what was said of it, whom it touches and the
// tickets of all customers that it covers or may cover. Errors: ErrNotFound.
func (a *App) ReadIssue(ctx context.Context, who desk.Actor, id desk.ID, at IssuePage) (f desk.IssueFile, err error) {
	if err := who.May(desk.ReadIssues); err != nil {
		return f, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if f.Issue, err = tx.Issue(id); err != nil {
			return err
		}
		posts, err := tx.IssuePosts([]desk.ID{id})
		if err != nil {
			return err
		}
		f.Posts = posts[id]
		if f.Touched, err = tx.TouchedBy(id, at.Customer, desk.PageSize+1); err != nil {
			return err
		}
		if f.Attached, err = tx.TicketsOfIssue(id, []desk.LinkState{desk.LinkAttached, desk.LinkPersists}, at.Ticket, desk.PageSize+1); err != nil {
			return err
		}
		f.Proposed, err = tx.TicketsOfIssue(id, []desk.LinkState{desk.LinkProposed}, desk.Nobody, desk.PageSize)
		return err
	})
	if len(f.Touched) > desk.PageSize {
		f.Touched = f.Touched[:desk.PageSize]
		f.More = f.Touched[desk.PageSize-1].Name
	}
	if len(f.Attached) > desk.PageSize {
		f.Attached = f.Attached[:desk.PageSize]
		f.Rest = f.Attached[desk.PageSize-1].TicketID
	}
	return f, err
}

// ChosenCustomers are all whom an issue recorded by hand touches.
func (a *App) ChosenCustomers(ctx context.Context, who desk.Actor, id desk.ID) (list []desk.ID, err error) {
	if err := who.May(desk.ManageIssues); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		touched, err := tx.TouchedBy(id, "", desk.MostChosen)
		for _, t := range touched {
			list = append(list, t.CustomerID)
		}
		return err
	})
	return list, err
}
