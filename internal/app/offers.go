package app

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// knownOffer is which version of its offer a desk goes by.
type knownOffer struct {
	version int
	until   time.Time
}

// Offer is what the desk offers now.
func (a *App) Offer(ctx context.Context, d desk.Desk) (o desk.OpenOffer, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		o, err = a.offerNow(tx, d)
		return err
	})
	return o, err
}

// OfferAt is a version of the offer, for whoever belongs to the desk: what was
// promised on the day of a ticket. Errors: ErrNotFound.
func (a *App) OfferAt(ctx context.Context, who desk.Actor, version int) (o desk.OpenOffer, err error) {
	if err := who.May(desk.ReadTickets); err != nil {
		return o, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		o, err = a.offerAt(tx, who.Desk, version)
		return err
	})
	return o, err
}

// offerNow is the newest version. Another process's publication is seen after a
// few seconds, our own at once.
func (a *App) offerNow(tx *postgres.Tx, d desk.Desk) (desk.OpenOffer, error) {
	if k, ok := a.offered.Load(d.ID); ok && a.now().Before(k.(knownOffer).until) {
		return a.offerAt(tx, d, k.(knownOffer).version)
	}
	version, err := tx.OfferNow()
	if err != nil {
		return desk.OpenOffer{}, err
	}
	a.offered.Store(d.ID, knownOffer{version, a.now().Add(deskMemory)})
	return a.offerAt(tx, d, version)
}

// offerAt is any version, its calendars read. Errors: ErrNotFound.
func (a *App) offerAt(tx *postgres.Tx, d desk.Desk, version int) (desk.OpenOffer, error) {
	k := versionKey{d.ID, version}
	o, ok := a.offers.find(k)
	if ok && (version > 0 || o.Content.Calendars[0].Spec.Zone == d.Zone) { // the first one follows the desk's zone
		return o, nil
	}
	v := desk.FirstOffer(d)
	if version > 0 {
		var err error
		if v, err = tx.Offer(version); err != nil {
			return o, err
		}
	}
	o, err := v.Open()
	if err == nil {
		a.offers.keep(k, o)
	}
	return o, err
}

// offerOn is the version that held when a day of the desk ended.
func (a *App) offerOn(tx *postgres.Tx, d desk.Desk, day desk.Day) (desk.OpenOffer, error) {
	version, err := tx.OfferBefore(day.End(d.Location()))
	if err != nil {
		return desk.OpenOffer{}, err
	}
	return a.offerAt(tx, d, version)
}

// level is what a ticket is promised by the offer of today.
func (a *App) level(tx *postgres.Tx, d desk.Desk, k desk.Ticket) (desk.Level, error) {
	o, err := a.offerNow(tx, d)
	return o.Level(k.SupportType), err
}

// levelFor is the support type that a customer has for a service today.
func levelFor(o desk.OpenOffer, list []desk.Agreement, d desk.Desk, service string, now time.Time) (desk.Level, desk.Agreement) {
	g, ok := desk.Applying(list, service, desk.DayOf(now, d.Location()))
	if !ok {
		return o.Level(o.Content.Default), desk.Agreement{}
	}
	return o.Level(g.SupportType), g
}

// Mine is what the reader is promised: his company's support type for a service
// ("" for most), or the desk's default for everybody else.
func (a *App) Mine(ctx context.Context, who desk.Actor, service string) (l desk.Level, g desk.Agreement, err error) {
	return a.levelOf(ctx, who.Scope(), who.Desk, who.Person.CustomerID, service)
}

// CustomersLevel is what a customer is promised for a service. Errors: ErrNotFound.
func (a *App) CustomersLevel(ctx context.Context, who desk.Actor, customer desk.ID, service string) (l desk.Level, g desk.Agreement, err error) {
	if err := who.May(desk.ReadQueue); err != nil {
		return l, g, err
	}
	return a.levelOf(ctx, who.Scope(), who.Desk, customer, service)
}

func (a *App) levelOf(ctx context.Context, scope desk.Scope, d desk.Desk, customer desk.ID, service string) (l desk.Level, g desk.Agreement, err error) {
	err = a.db.View(ctx, scope, func(tx *postgres.Tx) error {
		if customer == desk.Nobody {
			o, err := a.offerNow(tx, d)
			l = o.Level(o.Content.Default)
			return err
		}
		st, err := tx.Standing(customer)
		if err != nil {
			return err
		}
		o, err := a.offerAt(tx, d, st.Offer)
		l, g = levelFor(o, st.Agreements, d, service, tx.Now)
		return err
	})
	return l, g, err
}
