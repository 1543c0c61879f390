package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
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

// SayRequest is the job of saying something in a request at Microsoft.
type SayRequest struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
	Entry      desk.ID `json:"entry"`
}

// Kind names the job.
func (SayRequest) Kind() string { return "say_request" }

// SayByConnector writes into the request at Microsoft what a person wrote, and keeps
// it as a record. Errors: Invalid on "text", or on "" where no connector reaches the
// request; ErrConflict unless it is filed.
func (a *App) SayByConnector(ctx context.Context, who desk.Actor, number int64, text string) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		if !e.State.Filed() {
			return desk.ErrConflict
		}
		if !desk.ConnectorKind(remoteKind(*e)).Known() {
			return desk.NewInvalid("", "connectors.cannot_say")
		}
		n, err := desk.NewEntry(*e, desk.EntryForm{Side: desk.Us, Text: text}, who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		n.Source, n.Remote = desk.EntrySource(remoteKind(*e)), "guichet-"+n.ID.String()
		if _, err := a.enter(tx, who, e, n); err != nil {
			return err
		}
		return tx.Enqueue(SayRequest{who.Desk.ID, e.ID, n.ID}, &river.InsertOpts{MaxAttempts: requestTries})
	})
}

// requestTalker is the door to Microsoft that SayRequest goes through.
type requestTalker interface {
	say(ctx context.Context, e desk.Escalation, tenant, sender string, n desk.EscalationEntry) error
}

func (d door) say(ctx context.Context, e desk.Escalation, tenant, sender string, n desk.EscalationEntry) error {
	if d.kind == desk.PartnerCenter {
		return d.partner.AddNote(ctx, d.center, e.Request, n.Body, uuid.UUID(n.ID).String())
	}
	access := d.azure
	access.Tenant, access.Subscription = tenant, e.Remote.Subscription
	return d.support.Say(ctx, access, e.Remote.Name, n.Remote, fmt.Sprintf("Support request %s", e.Request), n.Body, sender)
}

// SayRequest does the job. With its name, or its key, the same is said once however
// often it is tried.
func (a *App) SayRequest(ctx context.Context, job SayRequest) error {
	var e desk.Escalation
	var n desk.EscalationEntry
	var c desk.Connector
	var tenant, sender string
	err := a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		if e, err = tx.EscalationByID(job.Escalation); err != nil {
			return err
		}
		if n, err = tx.SaidEntry(e.ID, job.Entry); err != nil {
			return err
		}
		k, err := tx.Customer(e.CustomerID)
		if err != nil {
			return err
		}
		h, err := tx.Handover()
		if err != nil {
			return err
		}
		tenant, sender = k.Tenant, h.Contact.Email
		c, err = tx.Connector(desk.ConnectorKind(n.Source))
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && !e.State.Filed() {
		return nil
	}
	if err != nil {
		return err
	}
	if c.Held(a.now()) {
		return river.JobSnooze(c.NextAt.Sub(a.now()))
	}
	door, err := a.connect(job.Desk, c)
	if err != nil {
		return err
	}
	var talker requestTalker = door
	answer := talker.say(ctx, e, tenant, sender, n)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err = a.noteConnector(ctx, job.Desk, &c, func(held desk.Connector) desk.Connector { return held.Asked(answer, rand.Float64(), a.now()) })
	if err != nil || answer == nil {
		return err
	}
	return a.noteUnsaid(ctx, job, c, desk.RefusalOf(answer))
}

// noteUnsaid says on the escalation that a word did not arrive, and tries again
// where that may help.
func (a *App) noteUnsaid(ctx context.Context, job SayRequest, c desk.Connector, r desk.Refusal) error {
	again := false
	err := a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalationByID(job.Escalation)
		if err != nil {
			return err
		}
		again = e.RemoteRefused(r)
		tx.SaveRemote(e)
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationTrouble, map[string]string{"trouble": string(r.Kind)}, tx.Now))
		return nil
	})
	switch {
	case err != nil || !again:
		return err
	case c.Held(a.now()):
		return river.JobSnooze(c.NextAt.Sub(a.now()))
	}
	return river.JobSnooze(pendingEvery)
}
