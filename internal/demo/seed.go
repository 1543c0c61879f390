package demo

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"guichet/internal/demo/history"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Seeding is a made-up history to fill a desk with.
type Seeding struct {
	Desk      string // slug; opened when there is none
	Customers int    // beside those that the desk has; at least 1
	Tickets   int
	Seed      uint64 // the same one makes the same history
	Now       time.Time
}

// SeedConns is how many connections a seeding keeps busy: what the server does
// for each row outweighs what we do, so one for each of its likely cores.
var SeedConns = max(2, runtime.NumCPU())

// customersAtOnce is how many customers one transaction adds.
const customersAtOnce = 200

// Seed fills a desk and tells after each block how many tickets are in. It may
// be stopped at any time: what it told of stays, and is whole. Errors: Invalid
// on the desk's slug.
func Seed(ctx context.Context, db *postgres.DB, s Seeding, tell func(done int)) error {
	book, err := history.Open()
	if err != nil {
		return err
	}
	sd := &seeding{Seeding: s, db: db, book: book, began: s.Now.AddDate(-2, 0, -7)}
	p, err := sd.prepare(ctx)
	if err != nil {
		return err
	}
	if err := sd.fill(ctx, p, tell); err != nil {
		return err
	}
	return sd.rollUp(ctx, p.Desk)
}

type seeding struct {
	Seeding
	db    *postgres.DB
	book  *history.Book
	began time.Time // before anything happened
}

// prepare finds or opens the desk, and adds its customers.
func (s *seeding) prepare(ctx context.Context) (history.Plan, error) {
	p := history.Plan{Seed: s.Seed, Tickets: s.Tickets, Now: s.Now}
	var err error
	if p.Desk, err = s.openDesk(ctx); err != nil {
		return p, err
	}
	scope := desk.Scope{Desk: p.Desk.ID}
	var first int
	err = s.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if p.Agents, err = tx.Agents(); err != nil {
			return err
		}
		if len(p.Agents) == 0 {
			if p.Agents, err = history.Team(s.Seed, p.Desk, s.began); err != nil {
				return err
			}
			tx.AddPeople(p.Agents)
		}
		if p.Level, err = levelNow(tx, p.Desk); err != nil {
			return err
		}
		first, err = tx.CountCustomers()
		return err
	})
	if err != nil {
		return p, err
	}
	if p.Clients, err = s.book.Clients(s.Seed, p.Desk, first, s.Customers, s.began); err != nil {
		return p, err
	}
	return p, s.addClients(ctx, scope, p.Clients)
}

// levelNow is what the desk promises those who have agreed on nothing.
func levelNow(tx *postgres.Tx, d desk.Desk) (desk.Level, error) {
	v := desk.FirstOffer(d)
	version, err := tx.OfferNow()
	if err == nil && version > 0 {
		v, err = tx.Offer(version)
	}
	if err != nil {
		return desk.Level{}, err
	}
	o, err := v.Open()
	return o.Level(v.Content.Default), err
}

func (s *seeding) openDesk(ctx context.Context) (desk.Desk, error) {
	var d desk.Desk
	err := s.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		d, err = tx.Desk(s.Desk)
		if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if d, err = desk.NewDesk(s.Desk, s.Desk, "fr", "Europe/Paris"); err != nil {
			return err
		}
		d.Name = strings.ToUpper(d.Slug[:1]) + strings.ReplaceAll(d.Slug[1:], "-", " ")
		if d, err = d.OfTenant(tenantOf(s.Desk, "")); err != nil {
			return err
		}
		return tx.AddDesk(d, 1)
	})
	return d, err
}

func (s *seeding) addClients(ctx context.Context, scope desk.Scope, clients []history.Client) error {
	then := s.db.At(func() time.Time { return s.began })
	for len(clients) > 0 {
		some := clients[:min(customersAtOnce, len(clients))]
		clients = clients[len(some):]
		err := then.Update(ctx, scope, func(tx *postgres.Tx) error {
			for _, c := range some {
				tx.AddCustomers([]desk.Customer{c.Customer})
				tx.AddPeople(c.People)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("customers: %w", err)
		}
	}
	return nil
}

// fill writes the blocks over several connections. Numbers are taken block by
// block in the order of time, so that they grow with it.
func (s *seeding) fill(ctx context.Context, p history.Plan, tell func(done int)) error {
	type job struct {
		block   int
		numbers []int64
	}
	jobs := make(chan job)
	scope := desk.Scope{Desk: p.Desk.ID}
	var done atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		for b := range p.Blocks() {
			numbers, err := s.takeNumbers(ctx, scope, p.Size(b))
			if err != nil {
				return err
			}
			select {
			case jobs <- job{b, numbers}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range SeedConns {
		g.Go(func() error {
			for j := range jobs {
				if err := s.writeBlock(ctx, scope, p, j.block, j.numbers); err != nil {
					return err
				}
				tell(int(done.Add(int64(len(j.numbers)))))
			}
			return nil
		})
	}
	return g.Wait()
}

func (s *seeding) takeNumbers(ctx context.Context, scope desk.Scope, n int) (numbers []int64, err error) {
	err = s.db.Update(ctx, scope, func(tx *postgres.Tx) (err error) {
		numbers, err = tx.TakeNumbers(n)
		return err
	})
	return numbers, err
}

func (s *seeding) writeBlock(ctx context.Context, scope desk.Scope, p history.Plan, block int, numbers []int64) error {
	rows, err := s.book.Block(p, block, numbers)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		tx.AddTickets(rows.Tickets)
		tx.AddKept(rows.Kept)
		tx.AddMessages(rows.Messages)
		tx.AddFindings(rows.Findings)
		if err := tx.AddDecisions(rows.Decisions); err != nil {
			return err
		}
		return tx.AddEvents(rows.Events)
	})
}
