package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// TicketPatch is what a program changes in a ticket, all of it or nothing; what is
// nil stays.
type TicketPatch struct {
	State    *desk.State
	Assignee *desk.ID // Nobody frees it
	Priority *int
	Impact   *desk.Impact
	Seen     *time.Time // when the ticket last changed that the program has before it; nil: not said
}

// ErrChanged is a change of what has changed since it was read.
var ErrChanged = errors.New("changed since it was read")

// PatchTicket changes several things of a ticket in one transaction, each as its
// own verb does. Errors: Invalid, by field; ErrChanged.
func (a *App) PatchTicket(ctx context.Context, who desk.Actor, number int64, p TicketPatch) error {
	for _, v := range []desk.Verb{desk.SetState, desk.AssignTicket} {
		if err := who.May(v); err != nil {
			return err
		}
	}
	if err := p.check(); err != nil {
		return err
	}
	return a.change(ctx, who, desk.SetState, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		if p.Seen != nil && !k.ChangedAt.Equal(*p.Seen) {
			return ErrChanged
		}
		if p.Priority != nil {
			rank(tx, who, k, *p.Priority)
		}
		if p.Impact != nil {
			if err := a.stop(tx, who, k, *p.Impact); err != nil {
				return err
			}
		}
		if p.Assignee != nil {
			if err := a.assign(tx, who, k, *p.Assignee); err != nil {
				return err
			}
		}
		if p.State != nil {
			return a.move(tx, who, k, *p.State, desk.EventState)
		}
		return nil
	})
}

func (p TicketPatch) check() error {
	var wrong desk.Problems
	if p.State != nil && !slices.Contains(desk.States(), *p.State) {
		wrong.Add("state", "error.choose")
	}
	if p.Priority != nil && (*p.Priority < 1 || *p.Priority > 4) {
		wrong.Add("priority", "error.choose")
	}
	if p.Impact != nil && !slices.Contains(desk.Impacts, *p.Impact) {
		wrong.Add("impact", "error.choose")
	}
	return wrong.Err()
}
