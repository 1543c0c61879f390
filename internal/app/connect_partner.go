package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// AskAccessConsent makes the link by which an administrator of the partner's own
// tenant lets the portal read its relationships: for this person in this session,
// for an hour, once. Errors: Invalid for a desk without a tenant, or an
// installation without an application.
func (a *App) AskAccessConsent(ctx context.Context, who desk.Actor) (link string, err error) {
	if err := who.May(desk.ManageAccess); err != nil {
		return "", err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	state := base64.RawURLEncoding.EncodeToString(secret)
	if link = a.graph.ConsentURL(who.Desk.Tenant, a.signIn.BaseURL+ConsentPath, state); link == "" {
		return "", desk.NewInvalid("", "access.cannot_ask")
	}
	return link, a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := heldReader(tx)
		if err != nil {
			return err
		}
		r.Connection = r.Asked(own(who.Desk))
		if err := tx.SaveAccessReader(r); err != nil {
			return err
		}
		return tx.AddAccessAsk(desk.ConsentAsk{Hash: stateHash(state), PersonID: who.Person.ID, Session: who.SessionID, ExpiresAt: tx.Now.Add(desk.ConsentLife)})
	})
}

// own is the partner's own company as a consent knows companies.
func own(d desk.Desk) desk.Customer { return desk.Customer{Tenant: d.Tenant, Name: d.Name} }

func heldReader(tx *postgres.Tx) (desk.AccessReader, error) {
	r, err := tx.HoldAccessReader()
	if errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	return r, err
}

// TakeAccessConsent takes what Microsoft sent back with the browser of who asked
// the partner's own tenant. It proves nothing by itself: the tenant is asked at
// once. Errors: desk.ConsentRefused, after which nothing but the spent link is
// stored.
func (a *App) TakeAccessConsent(ctx context.Context, who desk.Actor, reply desk.ConsentReply) (desk.AccessReader, error) {
	if err := who.May(desk.ManageAccess); err != nil {
		return desk.AccessReader{}, err
	}
	var refused error
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		ask, err := tx.UseAccessAsk(stateHash(reply.State))
		if errors.Is(err, desk.ErrNotFound) {
			refused = desk.ConsentRefused{Reason: "unknown"}
			return nil
		}
		if err != nil {
			return err
		}
		if refused = ask.Accept(reply, own(who.Desk), who, tx.Now); refused != nil {
			return nil
		}
		r, err := heldReader(tx)
		if err != nil {
			return err
		}
		r.Connection = r.Consented(own(who.Desk), who.Person.ID, tx.Now)
		return tx.SaveAccessReader(r)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return desk.AccessReader{}, err
	}
	return a.readAccessNow(ctx, who)
}

// readAccessNow asks the partner's tenant while somebody waits. What takes longer
// is asked again by the clock.
func (a *App) readAccessNow(ctx context.Context, who desk.Actor) (r desk.AccessReader, err error) {
	short, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	if err := a.ReadAccess(short, RefreshAccess{who.Desk.ID}); err != nil && short.Err() == nil {
		return r, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		r, err = tx.AccessReader()
		return err
	})
	return r, err
}

// TryAccess reads the partner's tenant at once, also where consent is said to have
// been given in another way than by our link. Errors: Invalid when it is not to be
// asked now; ErrNotFound where nobody wanted it.
func (a *App) TryAccess(ctx context.Context, who desk.Actor) (desk.AccessReader, error) {
	if err := who.May(desk.ManageAccess); err != nil {
		return desk.AccessReader{}, err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := tx.HoldAccessReader()
		if err != nil {
			return err
		}
		if r.State == desk.ConnectionAsked && r.ConsentedAt == nil {
			r.Connection = r.Consented(own(who.Desk), who.Person.ID, tx.Now)
		} else if r.Connection, err = r.TriedNow(tx.Now); err != nil {
			return err
		}
		return tx.SaveAccessReader(r)
	})
	if err != nil {
		return desk.AccessReader{}, err
	}
	return a.readAccessNow(ctx, who)
}

// SwitchAccessOff stops reading the partner's tenant. What was read stays, until
// somebody changes it. Errors: ErrNotFound.
func (a *App) SwitchAccessOff(ctx context.Context, who desk.Actor) error {
	if err := who.May(desk.ManageAccess); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := tx.HoldAccessReader()
		if err != nil {
			return err
		}
		r.Connection = r.Off()
		return tx.SaveAccessReader(r)
	})
}
