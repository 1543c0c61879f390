package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"

	"guichet/internal/desk"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/microsoft/partnercenter"
	"guichet/internal/postgres"
)

// Connectors lists them as the desk uses them, those that nobody set up among
// them, and how delegated relationships are read; their secrets stay behind.
func (a *App) Connectors(ctx context.Context, who desk.Actor) (list []desk.Connector, gdap desk.Connection, err error) {
	if err := who.May(desk.ManageConnectors); err != nil {
		return nil, gdap, err
	}
	var kept []desk.Connector
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if kept, err = tx.Connectors(); err != nil {
			return err
		}
		reader, err := tx.AccessReader()
		if errors.Is(err, desk.ErrNotFound) {
			err = nil
		}
		gdap = reader.Connection
		return err
	})
	for _, kind := range desk.ConnectorKinds {
		c := desk.Connector{Kind: kind, Settings: desk.ConnectorSettings{Tenant: who.Desk.Tenant}}
		for _, k := range kept {
			if k.Kind == kind {
				c = k
			}
		}
		c.Secret = nil
		list = append(list, c)
	}
	return list, gdap, err
}

// SaveConnector changes one, or sets it up. Secrets are sealed and never shown
// again. Errors: Invalid, by field; ErrConflict when somebody else changed it since
// the form was made; ErrNotFound for one that there is not.
func (a *App) SaveConnector(ctx context.Context, who desk.Actor, f desk.ConnectorForm) error {
	if err := who.May(desk.ManageConnectors); err != nil {
		return err
	}
	if !f.Kind.Known() {
		return desk.ErrNotFound
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		c, err := tx.HoldConnector(f.Kind)
		fresh := errors.Is(err, desk.ErrNotFound)
		if fresh {
			// Nothing is kept yet; the tenant that the form began with is a proposal.
			c, err = desk.Connector{Kind: f.Kind}, nil
		}
		if err != nil {
			return err
		}
		kept, err := a.unsealConnector(c)
		if errors.Is(err, ErrSealed) { // nobody can read it: it is as if there were none
			c.Secret, c.Settings.SecretAt, c.Settings.RefreshAt, err = nil, nil, nil, nil
		}
		if err != nil {
			return err
		}
		c, kept, err = c.With(f, kept, who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		if c.Secret, err = a.sealConnector(kept); err != nil {
			return err
		}
		if fresh {
			return tx.AddConnector(c)
		}
		return tx.SaveConnector(c)
	})
}

func (a *App) sealConnector(s desk.ConnectorSecret) ([]byte, error) {
	if s == (desk.ConnectorSecret{}) {
		return nil, nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return a.secrets.Seal(string(text))
}

func (a *App) unsealConnector(c desk.Connector) (s desk.ConnectorSecret, err error) {
	text, err := a.secrets.Unseal(c.Secret)
	if err != nil || text == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// CheckConnector asks one for an answer now, whether it is switched on or not, and
// notes what it said. Errors: Invalid on "" for one that is not set up, was told to
// wait, or whose secret can be read no more.
func (a *App) CheckConnector(ctx context.Context, who desk.Actor, kind desk.ConnectorKind) (desk.Connector, error) {
	if err := who.May(desk.ManageConnectors); err != nil {
		return desk.Connector{}, err
	}
	c, err := a.checkConnector(ctx, who.Desk.ID, kind)
	if errors.Is(err, ErrSealed) {
		err = desk.NewInvalid("", "connectors.unreadable")
	}
	return c, err
}

func (a *App) checkConnector(ctx context.Context, at desk.ID, kind desk.ConnectorKind) (desk.Connector, error) {
	scope := desk.Scope{Desk: at}
	var c desk.Connector
	var probe postgres.ConnectorProbe
	err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		if c, err = tx.Connector(kind); err != nil {
			return err
		}
		if probe, err = tx.ConnectorProbe(); errors.Is(err, desk.ErrNotFound) {
			err = nil
		}
		return err
	})
	switch {
	case errors.Is(err, desk.ErrNotFound), err == nil && !c.Ready():
		return c, desk.NewInvalid("", "connectors.not_ready")
	case err != nil:
		return c, err
	case c.Trouble == desk.RefusedThrottle && c.Held(a.now()):
		return c, desk.NewInvalid("", "connectors.wait")
	}
	door, err := a.connect(at, c)
	if err != nil {
		return c, err
	}
	plan, refusal := door.check(ctx, probe)
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	return c, a.noteConnector(ctx, at, &c, func(held desk.Connector) desk.Connector {
		return held.Checked(plan, refusal, rand.Float64(), a.now())
	})
}

// CheckConnectors asks those that are switched on, of all desks, one after the
// other, and hands over what each answered. It is the operator's.
func (a *App) CheckConnectors(ctx context.Context, take func(slug string, c desk.Connector, err error)) error {
	type found struct {
		of desk.Desk
		c  desk.Connector
	}
	var on []found
	err := a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error {
		list, err := tx.Connectors()
		for _, c := range list {
			if c.Enabled {
				on = append(on, found{d, c})
			}
		}
		return err
	})
	for _, f := range on {
		c, err := a.checkConnector(ctx, f.of.ID, f.c.Kind)
		take(f.of.Slug, c, err)
	}
	return err
}

// noteConnector writes what came of asking, unless somebody changed the connector
// meanwhile: then what was heard is of another one.
func (a *App) noteConnector(ctx context.Context, at desk.ID, c *desk.Connector, note func(desk.Connector) desk.Connector) error {
	return a.db.Update(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) error {
		held, err := tx.HoldConnector(c.Kind)
		if err != nil || held.Revision != c.Revision {
			return err
		}
		*c = note(held)
		return tx.SaveConnector(*c)
	})
}

// door is a connector with what it needs to be asked.
type door struct {
	kind    desk.ConnectorKind
	support *azuresupport.Client
	azure   azuresupport.Access // without a customer
	partner *partnercenter.Client
	center  partnercenter.Access
}

// connect makes a connector ready to be asked. A refresh token that an answer
// brings takes the place of the one that is kept. Errors: ErrSealed, which is a
// desk.Refusal too.
func (a *App) connect(at desk.ID, c desk.Connector) (door, error) {
	kept, err := a.unsealConnector(c)
	if errors.Is(err, ErrSealed) {
		err = fmt.Errorf("%w: %w", err, desk.Refusal{Kind: desk.RefusedSetup, Detail: "the stored secret can be read no more: " + err.Error()})
	}
	if err != nil {
		return door{}, err
	}
	return door{kind: c.Kind, support: a.support, partner: a.partner,
		azure: azuresupport.Access{PartnerTenant: c.Settings.Tenant, ClientID: c.Settings.ClientID, ClientSecret: kept.ClientSecret},
		center: partnercenter.Access{Tenant: c.Settings.Tenant, ClientID: c.Settings.ClientID, ClientSecret: kept.ClientSecret, Refresh: kept.Refresh,
			Rotated: func(ctx context.Context, next string) error { return a.keepRefresh(ctx, at, c, next) }}}, nil
}

func (a *App) keepRefresh(ctx context.Context, at desk.ID, c desk.Connector, next string) error {
	return a.noteConnector(ctx, at, &c, func(held desk.Connector) desk.Connector {
		kept, err := a.unsealConnector(held)
		if err != nil {
			return held
		}
		kept.Refresh = next
		if sealed, err := a.sealConnector(kept); err == nil {
			held.Secret = sealed
		}
		return held
	})
}

func (d door) check(ctx context.Context, probe postgres.ConnectorProbe) (plan string, err error) {
	if d.kind == desk.PartnerCenter {
		return "", d.partner.Check(ctx, d.center)
	}
	access := d.azure
	access.Tenant, access.Subscription = probe.Tenant, probe.Subscription
	return d.support.Check(ctx, access)
}
