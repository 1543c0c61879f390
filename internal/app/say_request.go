package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SayRequest is the job of saying something in a request at Microsoft.
type SayRequest struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
	Entry      desk.ID `json:"entry"`
}

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
