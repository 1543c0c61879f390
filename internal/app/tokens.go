package app

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Tokens lists what programs come in with.
func (a *App) Tokens(ctx context.Context, who desk.Actor) (list []desk.Token, err error) {
	if err := who.May(desk.ManageTokens); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Tokens()
		return err
	})
	return list, err
}

// AddToken makes a token and returns its text, which nobody can read again. It acts
// in the name of a person who works for the desk. Errors: Invalid, by field.
func (a *App) AddToken(ctx context.Context, who desk.Actor, f desk.TokenForm) (text string, err error) {
	if err := who.May(desk.ManageTokens); err != nil {
		return "", err
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	text = desk.TokenText(random)
	hash, _ := desk.TokenHash(text)
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := desk.NewToken(f, who.Desk, tx.Now)
		if err != nil {
			return err
		}
		if _, err := chosen(tx, f.Person, "person", func(p desk.Person) bool { return p.Role.DeskSide() }); err != nil {
			return err
		}
		k.Hint = desk.TokenHint(text)
		tx.AddToken(k, hash, who.Person.ID)
		return nil
	})
	if err != nil {
		return "", err
	}
	return text, nil
}

// RevokeToken ends a token at once and for good. Errors: ErrNotFound.
func (a *App) RevokeToken(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.ManageTokens); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.RevokeToken(id) })
}

// Bearer finds who a token speaks for: its desk, and its person as he is today.
// Errors: ErrSignIn for a text that is no token or opens nothing any more.
func (a *App) Bearer(ctx context.Context, text string) (desk.Actor, desk.Bearer, error) {
	hash, ok := desk.TokenHash(text)
	if !ok {
		return desk.Actor{}, desk.Bearer{}, desk.ErrSignIn
	}
	b, err := a.db.Bearer(ctx, hash)
	if errors.Is(err, desk.ErrNotFound) || err == nil && b.EndsAt != nil && !a.now().Before(*b.EndsAt) {
		return desk.Actor{}, b, desk.ErrSignIn
	}
	if err != nil {
		return desk.Actor{}, b, err
	}
	d, err := a.deskNamed(ctx, b.DeskID)
	if err != nil {
		return desk.Actor{}, b, err
	}
	who, err := a.Actor(ctx, d, b.PersonID, "")
	if err == nil && !who.DeskSide() {
		err = desk.ErrSignIn
	}
	if err == nil {
		err = a.used(ctx, b)
	}
	return who, b, err
}

// deskNamed reads a desk by its id, at most some seconds old.
func (a *App) deskNamed(ctx context.Context, id desk.ID) (d desk.Desk, err error) {
	if slug, ok := a.known.Load(id); ok {
		return a.Desk(ctx, slug.(string))
	}
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		d, err = tx.DeskByID(id)
		return err
	})
	if err == nil {
		a.known.Store(id, d.Slug) // which never changes
	}
	return d, err
}

// used notes that a token was used, once a minute and not at each request.
func (a *App) used(ctx context.Context, b desk.Bearer) error {
	if b.UsedAt != nil && a.now().Sub(*b.UsedAt) < time.Minute {
		return nil
	}
	return a.db.Update(ctx, desk.Scope{Desk: b.DeskID}, func(tx *postgres.Tx) error {
		tx.UsedToken(b.ID)
		return nil
	})
}

// requestHold is how long a request that may be sent again counts as under way:
// longer than any answer takes.
const requestHold = 2 * time.Minute

// BeginRequest begins what a program may send again under the same key. kept is the
// answer that was given already; stale says that it was begun before, and how it
// ended is not known. Errors: ErrConflict while the first is under way; Invalid for
// a key that was another request's.
func (a *App) BeginRequest(ctx context.Context, b desk.Bearer, key string, hash []byte) (kept *desk.KeptAnswer, stale bool, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: b.DeskID}, func(tx *postgres.Tx) (err error) {
		kept, stale, err = tx.HoldRequest(b.ID, key, hash, requestHold)
		return err
	})
	if err == nil && kept != nil {
		var text string
		if text, err = a.secrets.Unseal(kept.Body); err == nil {
			kept.Body = []byte(text)
		}
	}
	return kept, stale, err
}

// EndRequest keeps the answer of a request that was done, sealed, since some are shown
// once; nil lets one that changed nothing be sent anew.
func (a *App) EndRequest(ctx context.Context, b desk.Bearer, key string, answer *desk.KeptAnswer) error {
	if answer != nil {
		sealed, err := a.secrets.Seal(string(answer.Body))
		if err != nil {
			return err
		}
		kept := *answer
		kept.Body, answer = sealed, &kept
	}
	return a.db.Update(ctx, desk.Scope{Desk: b.DeskID}, func(tx *postgres.Tx) error {
		if answer == nil {
			tx.DropRequest(b.ID, key)
			return nil
		}
		tx.KeepAnswer(b.ID, key, *answer)
		return nil
	})
}
