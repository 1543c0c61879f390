package app

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// tellLeads orders a letter for each of the desk's own leads and admins. The letter's
// id names it, so that sending it again is the same letter.
func (a *App) tellLeads(tx *postgres.Tx, order func(to, letter desk.ID) river.JobArgs) error {
	if a.silent {
		return nil
	}
	people, err := tx.Agents()
	if err != nil {
		return err
	}
	for _, p := range people {
		if !p.Active || p.Role == desk.Agent || p.SubcontractorID != desk.Nobody {
			continue
		}
		if err := tx.Enqueue(order(p.ID, desk.NewID()), &river.InsertOpts{MaxAttempts: noticeTries}); err != nil {
			return err
		}
	}
	return nil
}

// told is the reader of such a letter, and whether he may still know what is in it.
func (a *App) told(ctx context.Context, d desk.Desk, to desk.ID, may desk.Verb) (reader desk.Actor, ok bool, err error) {
	reader, err = a.recipient(ctx, d, to)
	if errors.Is(err, desk.ErrNotFound) {
		return reader, false, nil
	}
	return reader, err == nil && reader.May(may) == nil, err
}
