package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ConsentPath is where Microsoft sends a customer's administrator back to; it is
// registered once for all desks.
const ConsentPath = "/consent/return"

// verifyTime is how long somebody waits before a page for a tenant's answer.
const verifyTime = 20 * time.Second

// HealthSettings lists the desk's customers with their connection, a page from
// after. Errors: ErrForbidden.
func (a *App) HealthSettings(ctx context.Context, who desk.Actor, after string, lost bool) (h desk.HealthSettings, err error) {
	if err := who.May(desk.ManageHealth); err != nil {
		return h, err
	}
	h.Graph, h.Azure, h.Lost = a.graph.Configured(), a.azure.Configured(), lost
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if h.Connections, err = tx.Connections(after, lost); err != nil {
			return err
		}
		h.Feed, h.FeedOn, err = feedOf(tx)
		return err
	})
	if len(h.Connections) > desk.PageSize {
		h.Connections = h.Connections[:desk.PageSize]
		h.Next = h.Connections[desk.PageSize-1].Name
	}
	return h, err
}

// CustomersHealth reads one customer's connection. Errors: ErrNotFound.
func (a *App) CustomersHealth(ctx context.Context, who desk.Actor, customer desk.ID) (h desk.CustomersHealth, err error) {
	if err := who.May(desk.ManageHealth); err != nil {
		return h, err
	}
	h.Graph = a.graph.Configured()
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if h.Customer, err = tx.Customer(customer); err != nil {
			return err
		}
		if h.Connection, err = tx.Connection(customer); err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if h.Subscriptions, err = tx.Subscriptions(customer); err != nil {
			return err
		}
		h.Services, err = tx.ServiceStates(customer)
		return err
	})
	return h, err
}

// ConnectionOf is how a customer's connection stands, for whoever reads of
// customers; its state is "" for one who was never asked.
func (a *App) ConnectionOf(ctx context.Context, who desk.Actor, customer desk.ID) (c desk.Connection, err error) {
	if err := who.May(desk.ReadCustomers); err != nil {
		return c, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		c, err = tx.Connection(customer)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	return c, err
}

// AskConsent makes the link by which a customer's administrator lets the portal
// read his tenant's health: for this person in this session, for an hour, once.
// Errors: Invalid for a customer without a tenant, or an installation without an
// application; ErrNotFound.
func (a *App) AskConsent(ctx context.Context, who desk.Actor, customer desk.ID) (link string, err error) {
	if err := who.May(desk.ManageHealth); err != nil {
		return "", err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	state := base64.RawURLEncoding.EncodeToString(secret)
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		if link = a.graph.ConsentURL(k.Tenant, a.signIn.BaseURL+ConsentPath, state); link == "" || !k.Active {
			return desk.NewInvalid("", "connections.cannot_ask")
		}
		c, err := tx.HoldConnection(k.ID)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if err := tx.SaveConnection(c.Asked(k)); err != nil {
			return err
		}
		return tx.AddConsentAsk(desk.ConsentAsk{Hash: stateHash(state), CustomerID: k.ID, PersonID: who.Person.ID, Session: who.SessionID, ExpiresAt: tx.Now.Add(desk.ConsentLife)})
	})
	return link, err
}

func stateHash(state string) []byte {
	h := sha256.Sum256([]byte(state))
	return h[:]
}

// TakeConsent takes what Microsoft sent back with the browser. The reply proves
// nothing by itself: the tenant is asked at once, and only its answer makes the
// customer connected. Errors: desk.ConsentRefused, after which nothing but the
// spent link is stored.
func (a *App) TakeConsent(ctx context.Context, who desk.Actor, r desk.ConsentReply) (h desk.CustomersHealth, err error) {
	if err := who.May(desk.ManageHealth); err != nil {
		return h, err
	}
	var refused error
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		ask, err := tx.UseConsentAsk(stateHash(r.State))
		if errors.Is(err, desk.ErrNotFound) {
			refused = desk.ConsentRefused{Reason: "unknown"}
			return nil
		}
		if err != nil {
			return err
		}
		if h.Customer, err = tx.Customer(ask.CustomerID); err != nil {
			return err
		}
		if refused = ask.Accept(r, h.Customer, who, tx.Now); refused != nil {
			return nil
		}
		c, err := tx.HoldConnection(ask.CustomerID)
		if err != nil {
			return err
		}
		return tx.SaveConnection(c.Consented(h.Customer, who.Person.ID, tx.Now))
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return h, err
	}
	return a.verified(ctx, who, h.Customer.ID)
}

// verified asks a customer's tenant while somebody waits, and tells how it went.
// What takes longer is asked again by the clock.
func (a *App) verified(ctx context.Context, who desk.Actor, customer desk.ID) (desk.CustomersHealth, error) {
	short, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	if err := a.RefreshHealth(short, Refresh{who.Desk.ID, customer}); err != nil && short.Err() == nil {
		return desk.CustomersHealth{}, err
	}
	return a.CustomersHealth(ctx, who, customer)
}

// TryConnection asks a customer's tenant at once, also where consent is said to
// have been given in another way than by our link. Errors: Invalid when it is not
// to be asked now; ErrNotFound.
func (a *App) TryConnection(ctx context.Context, who desk.Actor, customer desk.ID) (desk.CustomersHealth, error) {
	err := a.changeConnection(ctx, who, customer, func(c desk.Connection, k desk.Customer, now time.Time) (desk.Connection, error) {
		if c.State == desk.ConnectionAsked && c.ConsentedAt == nil {
			return c.Consented(k, who.Person.ID, now), nil
		}
		return c.TriedNow(now)
	})
	if err != nil {
		return desk.CustomersHealth{}, err
	}
	return a.verified(ctx, who, customer)
}

// SwitchConnectionOff stops reading a customer's tenant. Errors: ErrNotFound.
func (a *App) SwitchConnectionOff(ctx context.Context, who desk.Actor, customer desk.ID) error {
	return a.changeConnection(ctx, who, customer, func(c desk.Connection, _ desk.Customer, _ time.Time) (desk.Connection, error) { return c.Off(), nil })
}

func (a *App) changeConnection(ctx context.Context, who desk.Actor, customer desk.ID,
	f func(desk.Connection, desk.Customer, time.Time) (desk.Connection, error)) error {
	if err := who.May(desk.ManageHealth); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		c, err := tx.HoldConnection(customer)
		if err != nil {
			return err
		}
		k, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		if c, err = f(c, k, tx.Now); err != nil {
			return err
		}
		if c.State == desk.ConnectionOff {
			tx.SaveServiceStates(customer, nil)
		}
		return tx.SaveConnection(c)
	})
}
