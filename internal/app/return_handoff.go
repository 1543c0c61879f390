package app

import (
	"context"
	"errors"
	"io"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ReturnHandoff gives a ticket that another desk handed over back to it, with the
// reason: it is not the provider's to solve, or not complete. Its escalation ends as
// returned, and the ticket is closed with the reason as the last word on it. Errors:
// Invalid on "why"; ErrNotFound for a ticket that nobody handed over; ErrConflict
// where that is over.
func (a *App) ReturnHandoff(ctx context.Context, who desk.Actor, number int64, why string) error {
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		h, err := tx.HandedOn(k.ID)
		if err != nil {
			return err
		}
		m, err := desk.NewReturn(*k, who.Person, why, tx.Now)
		if err != nil {
			return err
		}
		if h.Over() || k.State.Ended() {
			return desk.ErrConflict
		}
		l, err := a.level(tx, who.Desk, *k)
		if err != nil {
			return err
		}
		if err := a.providerTells(tx, *k, HandoffWord{What: desk.HandoffReturned, Key: string(desk.HandoffReturned), Data: map[string]string{"why": m.Body}}); err != nil {
			return err
		}
		tx.AddMessage(m)
		k.DeskWrote(l, tx.Now)
		k.Move(desk.Closed, l, tx.Now)
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventHandoffReturned, map[string]string{"why": m.Body}, tx.Now))
		return a.tellOthers(tx, who, *k, NoticeReply, m.ID)
	})
}

// HandedOn is what a ticket's page shows of the hand-off that it came by; false for
// a ticket that nobody handed over.
func (a *App) HandedOn(ctx context.Context, who desk.Actor, ticket desk.ID) (h desk.HandedOn, ok bool, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return h, false, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if h, err = tx.HandedOn(ticket); err != nil {
			return err
		}
		h.Files, err = tx.HandedFiles(h.ID)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return h, false, nil
	}
	return h, err == nil, err
}

// HandedFile opens a file of the dossier that a ticket came by. The caller closes it.
// Errors: ErrNotFound for a ticket that nobody handed over, a file of anything else,
// and once the two desks are linked no more.
func (a *App) HandedFile(ctx context.Context, who desk.Actor, number int64, id desk.ID) (f desk.HandedFile, r io.ReadCloser, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return f, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Ticket(number, who.Person)
		if err != nil {
			return err
		}
		h, err := tx.HandedOn(k.ID)
		if err != nil {
			return err
		}
		f, err = tx.HandedFile(h.ID, id)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	r, err = a.files.Open(ctx, f.Blob)
	return f, r, err
}
