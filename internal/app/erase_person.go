package app

import (
	"context"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Traces counts what the desk has of a person. Errors: ErrNotFound, also for one who
// is erased already.
func (a *App) Traces(ctx context.Context, who desk.Actor, id desk.ID) (p desk.Person, n desk.Traces, err error) {
	if err := who.May(desk.MoveData); err != nil {
		return p, n, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if p, err = tx.Person(id); err == nil && p.ErasedAt != nil {
			err = desk.ErrNotFound
		}
		if err == nil {
			n, err = tx.PersonsTraces(p)
		}
		return err
	})
	return p, n, err
}

// ErasePerson forgets who somebody was, for good: his name, his address, how he signs
// in, his files and his mails. What he wrote stays, without a name. Whoever does it
// types the address, so that nobody is erased for another. Errors: Invalid on "email"
// for another address, or on "" for oneself and for the last admin; ErrNotFound.
func (a *App) ErasePerson(ctx context.Context, who desk.Actor, id desk.ID, email string) error {
	if err := who.May(desk.MoveData); err != nil {
		return err
	}
	if id == who.Person.ID {
		return desk.NewInvalid("", "moving.error.oneself")
	}
	var was desk.Person
	var blobs []string
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		others, err := tx.OtherAdmins(id) // first, so that all who change people wait in one order
		if err != nil {
			return err
		}
		if was, err = held(tx, id); err != nil {
			return err
		}
		switch {
		case was.ErasedAt != nil:
			return desk.ErrNotFound
		case !strings.EqualFold(strings.TrimSpace(email), was.Email):
			return desk.NewInvalid("email", "moving.error.other_address")
		case was.Role == desk.Admin && was.Active && others == 0:
			return desk.NewInvalid("", "error.last_admin")
		}
		blobs, err = erase(tx, who, was)
		return err
	})
	if err != nil {
		return err
	}
	a.agents.Clear()
	a.people.Delete(readerOf{who.Desk.ID, id})
	a.dropUnnamed(ctx, who.Scope(), blobs)
	if err := a.signOut(ctx, was); err != nil || was.IdentityID == desk.Nobody {
		return err
	}
	return a.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.ForgetIdentity(was.IdentityID) })
}

func erase(tx *postgres.Tx, who desk.Actor, was desk.Person) (blobs []string, err error) {
	n, err := tx.PersonsTraces(was)
	if err != nil {
		return nil, err
	}
	if blobs, err = tx.BlobsOfPerson(was); err != nil {
		return nil, err
	}
	left, file := was.Erased(who.Desk.Language)
	if err := tx.ErasePerson(was, left, file); err != nil {
		return nil, err
	}
	tx.AddErasure(desk.Erasure{PersonID: was.ID, ErasedBy: who.Person.ID, Files: n.Files, Mails: n.Mails})
	return blobs, nil
}

// dropUnnamed erases bytes that no row names any more: those that another ticket has
// too stay. What cannot be erased now is swept later.
func (a *App) dropUnnamed(ctx context.Context, scope desk.Scope, blobs []string) {
	var known []string
	err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		known, err = tx.KnownBlobs(blobs)
		return err
	})
	if err == nil {
		a.dropBlobs(ctx, slices.DeleteFunc(blobs, func(name string) bool { return slices.Contains(known, name) })...)
	}
}
