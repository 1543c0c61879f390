package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// CompareProfile reads the support profile that Partner Center shows and lays it
// beside what the desk says of itself: its address and telephone, and its page in
// the place of a website. Errors: Invalid on "" while the connector is off;
// desk.Refusal.
func (a *App) CompareProfile(ctx context.Context, who desk.Actor) (there, here desk.SupportProfile, err error) {
	if err := who.May(desk.ManageConnectors); err != nil {
		return there, here, err
	}
	here = a.ownProfile(who.Desk)
	err = a.throughPartnerCenter(ctx, who.Desk.ID, func(d door) (err error) {
		there, err = d.partner.Profile(ctx, d.center)
		return err
	})
	return there, here, err
}

// WriteProfile writes what the desk says of itself over the support profile, as far
// as it says something. seen is what the person saw there: when Partner Center says
// something else by now, nothing is written. Errors: ErrConflict then; Invalid on
// "" while the connector is off, or when nothing differs; desk.Refusal.
func (a *App) WriteProfile(ctx context.Context, who desk.Actor, seen desk.SupportProfile) error {
	if err := who.May(desk.ManageConnectors); err != nil {
		return err
	}
	here := a.ownProfile(who.Desk)
	return a.throughPartnerCenter(ctx, who.Desk.ID, func(d door) error {
		there, err := d.partner.Profile(ctx, d.center)
		switch {
		case err != nil:
			return err
		case there != seen:
			return desk.ErrConflict
		case there == there.Over(here):
			return desk.NewInvalid("", "connectors.profile_same")
		}
		_, err = d.partner.SaveProfile(ctx, d.center, there.Over(here))
		return err
	})
}

func (a *App) ownProfile(d desk.Desk) desk.SupportProfile {
	return desk.SupportProfile{Email: d.Email, Phone: d.Phone, Website: strings.TrimSuffix(a.signIn.BaseURL, "/") + "/" + d.Slug}
}

// throughPartnerCenter asks something of it, holding no transaction, and notes how
// it answered.
func (a *App) throughPartnerCenter(ctx context.Context, at desk.ID, do func(door) error) error {
	var c desk.Connector
	err := a.db.View(ctx, desk.Scope{Desk: at}, func(tx *postgres.Tx) (err error) {
		c, err = tx.Connector(desk.PartnerCenter)
		return err
	})
	switch {
	case errors.Is(err, desk.ErrNotFound), err == nil && (!c.Enabled || !c.Ready()):
		return desk.NewInvalid("", "connectors.off")
	case err != nil:
		return err
	}
	d, err := a.connect(at, c)
	if err != nil {
		return err
	}
	answer := do(d)
	if r := (desk.Refusal{}); answer == nil || errors.As(answer, &r) {
		err = a.noteConnector(ctx, at, &c, func(held desk.Connector) desk.Connector { return held.Asked(answer, rand.Float64(), a.now()) })
	}
	return errors.Join(answer, err)
}
