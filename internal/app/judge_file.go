package app

import (
	"context"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// UnscannedFiles are those that no scanner could look through, the oldest first: they
// wait for a verdict.
func (a *App) UnscannedFiles(ctx context.Context, who desk.Actor) (list []desk.UnscannedFile, err error) {
	if err := who.May(desk.ManageDesk); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.UnscannedFiles()
		return err
	})
	return list, err
}

// JudgeFile says what becomes of a file of a ticket that no scanner could look
// through. Errors: ErrNotFound; ErrConflict for one that does not wait for a verdict;
// Invalid on "verdict".
func (a *App) JudgeFile(ctx context.Context, who desk.Actor, number int64, id desk.ID, v desk.FileVerdict) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	var gone string
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(number, who.Person)
		if err != nil {
			return err
		}
		f, err := tx.Attachment(k.ID, id, who.Person)
		if err != nil {
			return err
		}
		if f.State != desk.FileUnscanned {
			return desk.ErrConflict
		}
		if f, err = f.Judged(v); err != nil {
			return err
		}
		if f.State == desk.FileRemoved {
			gone = f.Blob
		}
		if err := tx.SaveAttachment(f); err != nil {
			return err
		}
		tx.AddEvent(desk.NewEvent(k, who.Person.ID, desk.EventJudged, map[string]string{"name": f.Name, "verdict": string(v)}, tx.Now))
		if f.State == desk.FileRemoved {
			return nil
		}
		return tx.Enqueue(LookIntoFile{tx.Scope.Desk, f.ID}, &river.InsertOpts{MaxAttempts: fileTries})
	})
	if err == nil {
		a.dropBlobs(ctx, gone)
	}
	return err
}
