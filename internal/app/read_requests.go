package app

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// WatchRequests is the periodic work of having requests at Microsoft read again.
type WatchRequests struct{}

// Kind names the job.
func (WatchRequests) Kind() string { return "watch_requests" }

// ReadRequests is the job of reading a desk's requests again.
type ReadRequests struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (ReadRequests) Kind() string { return "read_requests" }

// How requests are read.
const (
	readEvery    = 5 * time.Minute
	mostRequests = 100 // in one go; the longest unread first
	// ReadTime is how long that may take.
	ReadTime = 4 * time.Minute
)

// FanOutRequests orders the reading at every desk that has a connector on.
func (a *App) FanOutRequests(ctx context.Context, _ WatchRequests) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error {
		list, err := tx.Connectors()
		if err != nil || !slices.ContainsFunc(list, func(c desk.Connector) bool { return c.Enabled && !c.Held(tx.Now) }) {
			return err
		}
		return tx.Enqueue(ReadRequests{d.ID}, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: once.UniqueOpts})
	})
}

// requestReader is the door to Microsoft that ReadRequests goes through: how a
// request stands, and what was said in it.
type requestReader interface {
	read(ctx context.Context, e desk.Escalation, tenant string) (desk.RemoteRequest, []desk.RemoteMessage, error)
}

// ReadRequests does the job. What is refused for one request is noted on it; what
// is refused for all ends the reading, and the connector waits.
func (a *App) ReadRequests(ctx context.Context, job ReadRequests) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	var ids []desk.ID
	connectors := map[string]desk.Connector{}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		list, err := tx.Connectors()
		if err != nil {
			return err
		}
		var kinds []desk.ConnectorKind
		for _, c := range list {
			if c.Enabled && c.Ready() && !c.Held(tx.Now) {
				kinds, connectors[string(c.Kind)] = append(kinds, c.Kind), c
			}
		}
		ids, err = tx.RemoteEscalations(kinds, tx.Now.Add(time.Minute-readEvery), mostRequests)
		return err
	})
	for _, id := range ids {
		if err == nil && ctx.Err() == nil {
			err = a.readRequest(ctx, d, id, connectors)
		}
	}
	return err
}

func (a *App) readRequest(ctx context.Context, d desk.Desk, id desk.ID, connectors map[string]desk.Connector) error {
	var e desk.Escalation
	var tenant string
	err := a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		if e, err = tx.EscalationByID(id); err != nil {
			return err
		}
		k, err := tx.Customer(e.CustomerID)
		tenant = k.Tenant
		return err
	})
	c, on := connectors[remoteKind(e)]
	if err != nil || !on || !e.State.Filed() || c.Held(a.now()) {
		return err
	}
	door, err := a.connect(d.ID, c)
	if err != nil {
		return err
	}
	var reader requestReader = door
	r, said, answer := reader.read(ctx, e, tenant)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := a.noteConnector(ctx, d.ID, &c, func(held desk.Connector) desk.Connector { return held.Asked(answer, rand.Float64(), a.now()) }); err != nil {
		return err
	}
	connectors[string(c.Kind)] = c
	return a.noteReading(ctx, d, id, r, said, answer)
}

// remoteKind is the connector that reads an escalation: the one that filed it, or
// Partner Center for what a person filed there.
func remoteKind(e desk.Escalation) string {
	if e.Remote.Connector == "" && e.Portal == "partner_center" {
		return string(desk.PartnerCenter)
	}
	return e.Remote.Connector
}

func (d door) read(ctx context.Context, e desk.Escalation, tenant string) (desk.RemoteRequest, []desk.RemoteMessage, error) {
	if d.kind == desk.PartnerCenter {
		return d.partner.Request(ctx, d.center, e.Request)
	}
	access := d.azure
	access.Tenant, access.Subscription = tenant, e.Remote.Subscription
	r, err := d.support.Read(ctx, access, e.Remote.Name)
	if err != nil {
		return r, nil, err
	}
	var since time.Time
	if e.Remote.ReadAt != nil {
		since = *e.Remote.ReadAt
	}
	said, err := d.support.Said(ctx, access, e.Remote.Name, since)
	return r, said, err
}

// noteReading takes in what was read: each of their words once, and where Microsoft
// waits for the desk or has closed the request, the desk is to act. It ends no
// escalation: a person says whether it is solved, and then its customers are asked.
func (a *App) noteReading(ctx context.Context, d desk.Desk, id desk.ID, r desk.RemoteRequest, said []desk.RemoteMessage, answer error) error {
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalationByID(id)
		if err != nil || !e.State.Filed() {
			return err
		}
		if answer != nil {
			e.RemoteRefused(desk.RefusalOf(answer))
			e.Remote.ReadAt = &tx.Now // others are read before it is tried again
			tx.SaveRemote(e)
			return nil
		}
		who := desk.Actor{Desk: d}
		fresh, err := a.takeSaid(tx, who, &e, said)
		if err != nil {
			return err
		}
		turned := e.RemoteRead(r, tx.Now)
		e.Promised(r, tx.Now)
		if turned {
			if err := a.moveTo(tx, who, &e, desk.Step{State: desk.EscalationWaitsUs}); err != nil {
				return err
			}
		}
		if fresh || turned {
			return tx.SaveEscalation(e)
		}
		tx.SaveRemote(e)
		return nil
	})
}

// takeSaid enters what is new. What the desk said itself through the connector comes
// back under the name that it was sent by, or, from Partner Center, under none.
func (a *App) takeSaid(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, said []desk.RemoteMessage) (fresh bool, err error) {
	s, err := tx.EscalationStory(*e)
	if err != nil {
		return false, err
	}
	source := desk.EntrySource(remoteKind(*e))
	for _, m := range said {
		n := desk.EscalationEntry{ID: desk.NewID(), EscalationID: e.ID, Side: desk.EntrySide(m.From), Source: source, Remote: m.ID, Author: m.Author, Body: cutRunes(m.Text, desk.MaxBody),
			At: m.At, CreatedAt: tx.Now}
		if m.From == "us" && slices.ContainsFunc(s.Entries, func(o desk.SaidEntry) bool {
			return o.Side == desk.Us && o.Source == source && o.PersonID != desk.Nobody && o.Body == n.Body
		}) {
			continue
		}
		added, err := a.enter(tx, who, e, n)
		if err != nil {
			return false, err
		}
		fresh = fresh || added
	}
	return fresh, nil
}

func cutRunes(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// Kind names the job.
func (SayRequest) Kind() string { return "say_request" }
