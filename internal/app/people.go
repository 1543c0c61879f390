package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// People lists the desk's own people.
func (a *App) People(ctx context.Context, who desk.Actor) (people []desk.Person, err error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		people, err = tx.People(desk.Nobody)
		return err
	})
	return people, err
}

// Person reads one. Errors: ErrNotFound.
func (a *App) Person(ctx context.Context, who desk.Actor, id desk.ID) (p desk.Person, err error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return p, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		p, err = tx.Person(id)
		return err
	})
	return p, err
}

// Invite adds a person, who comes in at his first sign-in. Errors: Invalid, by
// field; ErrNotFound for a customer of another desk.
func (a *App) Invite(ctx context.Context, who desk.Actor, s desk.PersonSettings) (desk.ID, error) {
	if err := who.May(desk.ManagePeople); err != nil {
		return desk.Nobody, err
	}
	p, err := desk.NewPerson(s)
	if err != nil {
		return desk.Nobody, err
	}
	defer a.agents.Clear() // the list of them is remembered
	return p.ID, a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if p.CustomerID != desk.Nobody {
			if _, err := tx.Customer(p.CustomerID); err != nil {
				return err
			}
		}
		if err := employable(tx, p); err != nil {
			return err
		}
		return tx.AddPerson(p)
	})
}

// SavePerson changes a person's role or switches him off; his sessions end, so
// that what he may do changes at once. Errors: Invalid, by field, also when the
// desk would lose its last admin; ErrNotFound; ErrConflict for one who was erased.
func (a *App) SavePerson(ctx context.Context, who desk.Actor, id desk.ID, s desk.PersonSettings) error {
	if err := who.May(desk.ManagePeople); err != nil {
		return err
	}
	var changed []desk.Person
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		others, err := tx.OtherAdmins(id) // first, so that all who change people wait in one order
		if err != nil {
			return err
		}
		before, err := held(tx, id)
		if err != nil {
			return err
		}
		if before.ErasedAt != nil {
			return desk.ErrConflict
		}
		s.CustomerID = before.CustomerID
		p, err := before.With(s)
		if err != nil {
			return err
		}
		if err := employable(tx, p); err != nil {
			return err
		}
		if before.Role == desk.Admin && others == 0 && (p.Role != desk.Admin || !p.Active) {
			return desk.NewInvalid("role", "error.last_admin")
		}
		if p.Role != before.Role || p.Active != before.Active || p.SubcontractorID != before.SubcontractorID {
			changed = append(changed, p)
		}
		return tx.SavePerson(p)
	})
	if err != nil {
		return err
	}
	a.agents.Clear()
	a.people.Delete(readerOf{who.Desk.ID, id})
	return a.signOut(ctx, changed...)
}

// employable refuses an employer that the desk does not have. Errors: Invalid on
// "subcontractor".
func employable(tx *postgres.Tx, p desk.Person) error {
	if p.SubcontractorID == desk.Nobody {
		return nil
	}
	_, err := tx.Subcontractor(p.SubcontractorID)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.NewInvalid("subcontractor", "error.choose")
	}
	return err
}

// held reads a person whose row is about to be written whole.
func held(tx *postgres.Tx, id desk.ID) (desk.Person, error) {
	if err := tx.Hold(id); err != nil {
		return desk.Person{}, err
	}
	return tx.Person(id)
}

// SavePreferences changes what a person may say about himself. Errors: Invalid.
func (a *App) SavePreferences(ctx context.Context, who desk.Actor, s desk.Preferences) error {
	if err := who.May(desk.OwnAccount); err != nil {
		return err
	}
	defer a.people.Delete(readerOf{who.Desk.ID, who.Person.ID})
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		before, err := held(tx, who.Person.ID)
		if err != nil {
			return err
		}
		p, err := before.WithPreferences(s)
		if err != nil {
			return err
		}
		return tx.SavePerson(p)
	})
}

// Sessions lists where a person is signed in.
func (a *App) Sessions(ctx context.Context, who desk.Actor) (list []desk.Session, err error) {
	if err := who.May(desk.OwnAccount); err != nil {
		return nil, err
	}
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		list, err = tx.SessionsOf(who.Person.ID)
		return err
	})
	return list, err
}

// Revoke ends one of a person's own sessions. Errors: ErrNotFound.
func (a *App) Revoke(ctx context.Context, who desk.Actor, session string) error {
	if err := who.May(desk.OwnAccount); err != nil {
		return err
	}
	return a.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.Revoke(who.Person.ID, session) })
}

// RevokeOthers ends all of a person's sessions but the one he acts in.
func (a *App) RevokeOthers(ctx context.Context, who desk.Actor) error {
	if err := who.May(desk.OwnAccount); err != nil {
		return err
	}
	return a.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.RevokeAll(who.Person.ID, who.SessionID) })
}
