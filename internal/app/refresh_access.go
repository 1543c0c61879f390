package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// WatchAccess is the clock's job of looking for desks whose own tenants are to be
// read, and for access that ends.
type WatchAccess struct{}

// Kind names the job.
func (WatchAccess) Kind() string { return "watch_access" }

// RefreshAccess is the job of reading one desk's relationships.
type RefreshAccess struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (RefreshAccess) Kind() string { return "refresh_access" }

// AccessTime is how long reading one desk's relationships may take.
const AccessTime = 5 * time.Minute

const (
	// mostGroupsRead bounds one round's reading of groups: some calls are left for
	// the pages.
	mostGroupsRead = 150
	groupsSoon     = 2 * time.Minute // the next round, while some were never read
)

// FanOutAccess works a WatchAccess.
func (a *App) FanOutAccess(ctx context.Context, _ WatchAccess) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error {
		tx.ForgetAccessAsks(tx.Now.Add(-oneDay))
		r, err := readerOrNone(tx)
		if err != nil {
			return err
		}
		if r.Polls() && r.NextAt != nil && !r.NextAt.After(tx.Now) {
			if err := tx.Enqueue(RefreshAccess{d.ID}, onceApart); err != nil {
				return err
			}
		}
		return errors.Join(a.warnOfAccess(tx), a.warnOfPlans(tx, d))
	})
}

// askedAccess is what was asked of a partner's tenant, and what came back.
type askedAccess struct {
	reader desk.AccessReader
	calls  desk.Calls
	have   []desk.AccessRelationship
	read   desk.ReadRelationships
	err    error
}

// ReadAccess works a RefreshAccess: it asks the desk's own tenant, holding nothing
// meanwhile, and stores what has changed. A refusal is no failure of the job: it
// stands in the reader, with the time to ask again.
func (a *App) ReadAccess(ctx context.Context, job RefreshAccess) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return quiet(err)
	}
	q := askedAccess{}
	err = a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		if q.reader, err = tx.AccessReader(); err != nil {
			return err
		}
		q.have, err = tx.DeskRelationships()
		return err
	})
	now := a.now()
	if err != nil || !q.reader.Polls() || q.reader.NextAt == nil || q.reader.NextAt.After(now) {
		return quiet(err)
	}
	q.calls = q.reader.Budget(now)
	if q.err = sameTenant(d, q.reader); q.err == nil {
		q.read, q.err = a.graph.Relationships(ctx, d.Tenant, &q.calls)
	}
	due := 0
	if q.err == nil {
		if err := a.hearAccess(ctx, d, &q); err != nil {
			return err
		}
		due, q.err = a.readGroups(ctx, d, &q)
	}
	a.troubled.Delete(d.ID)
	return a.accessAnswered(ctx, d, q, due)
}

// quiet ends a job whose object is gone.
func quiet(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

// sameTenant refuses a tenant that is not the one that consented.
func sameTenant(d desk.Desk, r desk.AccessReader) error {
	if d.Tenant == "" || d.Tenant != r.AskedTenant {
		return desk.Refusal{Kind: desk.RefusedConsent, Detail: "the desk's tenant is not the one that consented"}
	}
	return nil
}

// hearAccess stores the relationships themselves, so that a reading of groups that
// breaks loses nothing.
func (a *App) hearAccess(ctx context.Context, d desk.Desk, q *askedAccess) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		r, err := tx.HoldAccessReader()
		if err != nil || !r.Polls() {
			return err // somebody switched it off meanwhile
		}
		customers, err := tx.CustomersByTenant(q.read.Tenants())
		if err != nil {
			return err
		}
		changed, strangers := q.read.Hear(q.have, customers, tx.Now)
		q.reader.Strangers = strangers
		if err := tx.SaveAccess(changed); err != nil {
			return err
		}
		q.have, err = tx.DeskRelationships()
		return err
	})
}

// readGroups reads who got what of some relationships. Due tells how many are
// still never read.
func (a *App) readGroups(ctx context.Context, d desk.Desk, q *askedAccess) (due int, err error) {
	list, due := desk.GroupsToRead(q.have, mostGroupsRead, a.now())
	var read []desk.AccessRelationship
	for _, r := range list {
		groups, failed := a.graph.Groups(ctx, d.Tenant, r.ID, &q.calls)
		if failed != nil && desk.RefusalOf(failed).Kind != desk.RefusedForm {
			err = failed
			break
		}
		if r.GroupsAt == nil {
			due--
		}
		at := a.now()
		r.Groups, r.GroupsAt = groups, &at // nil where they cannot be read: nobody told
		read = append(read, r)
	}
	if err != nil && desk.RefusalOf(err).Kind == desk.RefusedBudget {
		err = nil // the rest is for the next round
	}
	if stored := a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error { return tx.SaveAccess(read) }); stored != nil {
		return due, stored
	}
	return due, err
}

func (a *App) accessAnswered(ctx context.Context, d desk.Desk, q askedAccess, due int) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		r, err := tx.HoldAccessReader()
		if err != nil || !r.Polls() || r.AskedTenant != q.reader.AskedTenant {
			return quiet(err)
		}
		r.Strangers = q.reader.Strangers
		r = r.Polled(desk.Poll{Err: q.err, Made: q.calls.Made, Whole: true, Unread: q.read.Unread, Chance: rand.Float64()}, tx.Now)
		if q.err == nil && due > 0 {
			soon := tx.Now.Add(groupsSoon)
			r.NextAt = &soon
		}
		return tx.SaveAccessReader(r)
	})
}
