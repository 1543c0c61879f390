package app

import (
	"context"
	"io"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ReadFile opens a file of a ticket, or its small picture, for whoever may read the
// ticket: a note's for the desk alone. The caller closes it. Errors: ErrNotFound, also
// for one whose bytes are gone; ErrConflict for one that no scanner has seen yet.
func (a *App) ReadFile(ctx context.Context, who desk.Actor, number int64, id desk.ID, small bool) (desk.Attachment, io.ReadSeekCloser, error) {
	var f desk.Attachment
	if err := who.May(desk.ReadTickets); err != nil {
		return f, nil, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.Ticket(number, who.Person)
		if err != nil {
			return err
		}
		f, err = tx.Attachment(k.ID, id, who.Person)
		return err
	})
	switch {
	case err != nil:
		return f, nil, err
	case f.State == desk.FileQuarantined:
		return f, nil, desk.ErrConflict
	case !f.Readable(), small && f.Preview == "":
		return f, nil, desk.ErrNotFound
	}
	name := f.Blob
	if small {
		name = f.Preview
	}
	body, err := a.files.Open(ctx, name)
	return f, body, err
}
