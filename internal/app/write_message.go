package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Reply is a message or a note as a form sends it.
type Reply struct {
	Body     string
	Internal bool
	Files    []desk.ID  // uploads of the writer's that come with it
	Key      desk.ID    // one per form shown
	Seen     desk.ID    // the newest public message the writer had before him; Nobody: not said
	Then     desk.State // a desk's person may set the state with the reply; "" leaves it
	Close    bool       // a customer's "that settles it"
}

// ErrNewer is a reply written before a newer message was seen.
var ErrNewer = errors.New("somebody wrote meanwhile")

// WriteMessage adds a reply or a note. Errors: Invalid on "body"; ErrNewer when
// a public message has come since the form was shown. The same form sent twice
// writes once.
func (a *App) WriteMessage(ctx context.Context, who desk.Actor, number int64, r Reply) error {
	verb := desk.WriteMessage
	if r.Internal {
		verb = desk.WriteNote
	}
	err := a.change(ctx, who, verb, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		m, err := r.message(*k, who.Person, tx.Now)
		if err != nil {
			return err
		}
		if err := unseen(tx, who, *k, r); err != nil {
			return err
		}
		tx.AddMessage(m)
		tx.DropDraft(desk.DraftOfReply(k.ID), who.Person.ID)
		if err := a.attachFiles(tx, who, r.Files, func(f desk.Attachment) desk.Attachment { return f.With(m) }); err != nil {
			return err
		}
		if r.Internal {
			return nil
		}
		return a.said(tx, who, k, m, r)
	})
	if err == nil && a.silent && !who.DeskSide() { // no worker follows: history is triaged at once
		err = a.TriageAgain(ctx, Retriage{Desk: who.Desk.ID, Ticket: number})
	}
	if r.Key != desk.Nobody && errors.Is(err, desk.ErrConflict) {
		return nil
	}
	return err
}

// message is what is written; files need no word.
func (r Reply) message(k desk.Ticket, who desk.Person, now time.Time) (desk.Message, error) {
	if len(r.Files) > 0 && strings.TrimSpace(r.Body) == "" {
		return desk.NewBareMessage(k, who, r.Internal, r.Key, now), nil
	}
	return desk.NewMessage(k, who, r.Body, r.Internal, r.Key, now)
}

// unseen stops a desk's answer to what the customer has meanwhile taken back.
func unseen(tx *postgres.Tx, who desk.Actor, k desk.Ticket, r Reply) error {
	if r.Internal || r.Seen == desk.Nobody || !who.DeskSide() {
		return nil
	}
	last, err := tx.LastPublic(k.ID)
	if err != nil {
		return err
	}
	if last == r.Seen {
		return nil
	}
	if _, err := tx.TicketByKey(who.Person.ID, r.Key); err == nil { // what he has not seen is his own, sent twice
		return desk.ErrConflict
	}
	return ErrNewer
}

func (a *App) said(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, m desk.Message, r Reply) error {
	l, err := a.level(tx, who.Desk, *k)
	if err != nil {
		return err
	}
	if who.DeskSide() {
		k.DeskWrote(l, tx.Now)
		if err := a.ticketSaid(tx, who, *k, m); err != nil {
			return err
		}
		if r.Then != "" {
			if err := a.move(tx, who, k, r.Then, desk.EventState); err != nil {
				return err
			}
		} else if err := a.restOnIssue(tx, who.Desk, k); err != nil {
			return err
		}
		return a.tellOthers(tx, who, *k, NoticeReply, m.ID)
	}
	k.CustomerWrote(l, tx.Now)
	if r.Close {
		if err := a.move(tx, who, k, desk.Closed, desk.EventClosed); err != nil {
			return err
		}
	} else if err := a.retriage(tx, *k); err != nil {
		return err
	}
	return a.tellOthers(tx, who, *k, NoticeReply, m.ID)
}
