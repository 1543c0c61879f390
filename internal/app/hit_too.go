package app

import (
	"context"
	"crypto/sha256"
	"fmt"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// HitToo says for a customer's person that a known issue or an incident hits him
// too, and returns the number of the ticket that he then has about it: the open
// one that he sees, which he follows from then on, else a new one in the words
// given. Pressed twice it is the same ticket. Errors: ErrNotFound for what does
// not concern his company; ErrConflict for what is over; Invalid, on "accept"
// where a price must be accepted first.
func (a *App) HitToo(ctx context.Context, who desk.Actor, at desk.TroubleRef, words func(desk.Trouble) desk.Submission) (int64, error) {
	if err := who.May(desk.ReadHealth); err != nil {
		return 0, err
	}
	if who.DeskSide() {
		return 0, desk.ErrForbidden
	}
	t, has, err := a.troubleFor(ctx, who, at)
	if err != nil {
		return 0, err
	}
	if t.Over {
		return 0, desk.ErrConflict
	}
	if has.Open != 0 {
		return has.Open, a.followOwn(ctx, who, has.Open)
	}
	s := words(t)
	s.Key = hitKey(who.Person.ID, t.ID, has.Last)
	s.Issue, s.Incident = at.Issue, at.Incident
	return a.SubmitTicket(ctx, who, s, desk.Nobody)
}

// troubleFor reads what a customer's person says hits him, and what tickets he has
// about it. Errors: ErrNotFound.
func (a *App) troubleFor(ctx context.Context, who desk.Actor, at desk.TroubleRef) (t desk.Trouble, has desk.TicketsAbout, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if t, err = tx.Trouble(at, who.Person.CustomerID); err != nil {
			return err
		}
		has, err = tx.TicketsAbout(t, who.Person)
		return err
	})
	return t, has, err
}

// followOwn lets a person hear of a ticket that he sees and somebody else of his
// company opened.
func (a *App) followOwn(ctx context.Context, who desk.Actor, number int64) error {
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(number, who.Person)
		if err != nil || k.RequesterID == who.Person.ID {
			return err
		}
		_, err = tx.Follow(k, who.Person.ID)
		return err
	})
}

// hitKey names the press of a person on a trouble after his last ticket about it,
// so that two presses at once make one ticket, and another trouble of the same
// name next year makes another.
func hitKey(person, trouble desk.ID, last int64) desk.ID {
	sum := sha256.Sum256(fmt.Append(nil, person, trouble, last))
	return desk.ID(sum[:16])
}
