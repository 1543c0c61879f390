package app

import (
	"context"
	"errors"
	"io"

	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/postgres"
)

// PieceBytes is the most that one piece of a file may have.
const PieceBytes = 8 << 20

// BeginUpload says that a file comes in pieces, each of which may be sent again. Who
// began to send the same one before goes on with it: mark tells the same. Errors:
// Invalid on "attachments" for one that the desk does not take.
func (a *App) BeginUpload(ctx context.Context, who desk.Actor, name string, size int64, mark string) (desk.Upload, error) {
	if err := who.May(desk.SendFiles); err != nil {
		return desk.Upload{}, err
	}
	u := desk.NewUpload(who.Person, name, max(size, 0), mark, a.now())
	if key := who.Desk.Limits().Takes(u.Name, u.Bytes, ""); key != "" {
		return u, refusedFile(u.Name, key)
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		begun, err := tx.BegunUpload(who.Person.ID, u.Name, u.Mark, u.Bytes)
		if err == nil && u.Mark != "" {
			u = begun
			return nil
		}
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		if err := roomFor(tx, who, 1); err != nil {
			return err
		}
		tx.AddUpload(u)
		return nil
	})
	return u, err
}

// ReadUpload tells how far a person's file has come. Errors: ErrNotFound.
func (a *App) ReadUpload(ctx context.Context, who desk.Actor, id desk.ID) (u desk.Upload, err error) {
	if err := who.May(desk.SendFiles); err != nil {
		return u, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		u, err = tx.Upload(id, who.Person.ID)
		return err
	})
	return u, err
}

// ReceivePiece keeps the piece of a file that begins at an offset; with the last one
// the file is whole. Errors: ErrConflict for a piece that does not begin where the
// file stands; Invalid on "attachments" for a file that turns out to be none that the
// desk takes, of which nothing is left; ErrUpload for a piece that breaks, which may
// come again.
func (a *App) ReceivePiece(ctx context.Context, who desk.Actor, id desk.ID, offset int64, body io.Reader) (desk.Upload, error) {
	u, err := a.ReadUpload(ctx, who, id)
	if err != nil {
		return u, err
	}
	if u.Whole() || offset != u.Received {
		return u, desk.ErrConflict
	}
	most := min(PieceBytes, u.Bytes-u.Received)
	kept, err := a.files.Put(ctx, who.Desk.ID, &arriving{r: body, left: most}, most)
	switch {
	case errors.Is(err, errTooMuch), errors.Is(err, files.ErrTooLong):
		return u, desk.ErrConflict
	case err != nil:
		return u, err
	}
	stood, done := u.Received, []string(nil)
	u.Received, u.Pieces = u.Received+kept.Bytes, append(u.Pieces, kept.Blob)
	if u.Received == u.Bytes {
		if done, err = a.join(ctx, who, &u, kept); err != nil {
			a.dropBlobs(ctx, kept.Blob)
			return u, err
		}
	}
	if err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.SaveUpload(u, stood) }); err != nil {
		a.dropBlobs(ctx, kept.Blob, u.Blob)
		return u, err
	}
	a.dropBlobs(ctx, done...)
	return u, nil
}

// join makes one blob of a file's pieces and tells which are no longer needed.
func (a *App) join(ctx context.Context, who desk.Actor, u *desk.Upload, last files.Kept) (done []string, err error) {
	whole := last
	if len(u.Pieces) > 1 {
		if whole, err = a.files.Join(ctx, who.Desk.ID, u.Pieces, u.Bytes); err != nil {
			return nil, err
		}
		done = u.Pieces
	}
	u.Blob, u.Sum, u.Type, u.Pieces = whole.Blob, whole.Sum, desk.Sniff(whole.Head), []string{}
	if key := who.Desk.Limits().Takes(u.Name, u.Bytes, u.Type); key != "" {
		err := a.DropUpload(ctx, who, u.ID)
		a.dropBlobs(ctx, append(done, whole.Blob)...)
		return nil, errors.Join(err, refusedFile(u.Name, key))
	}
	return done, nil
}

// DropUpload forgets a file that its sender wants no more. Errors: ErrNotFound.
func (a *App) DropUpload(ctx context.Context, who desk.Actor, id desk.ID) error {
	var u desk.Upload
	if err := who.May(desk.SendFiles); err != nil {
		return err
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if u, err = tx.Upload(id, who.Person.ID); err != nil {
			return err
		}
		return tx.RemoveUpload(id, who.Person.ID)
	})
	if err == nil {
		a.dropBlobs(ctx, append(u.Pieces, u.Blob)...)
	}
	return err
}

// SaveFileLimits sets which files the desk takes: sizes in megabytes, endings parted
// by spaces or commas. Errors: Invalid, by field.
func (a *App) SaveFileLimits(ctx context.Context, who desk.Actor, each, together int64, programs bool, refused string) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	l, err := who.Desk.Files.With(each, together, programs, refused)
	if err != nil {
		return err
	}
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.SaveFileLimits(who.Desk.ID, l) })
	if err == nil {
		a.known.Delete(who.Desk.Slug)
	}
	return err
}

// Scans tells whether files are scanned here, and the bytes of the largest that are; 0
// where that is not known.
func (a *App) Scans() (scans bool, most int64) {
	if a.scanner == nil {
		return false, 0
	}
	return true, a.scanMost
}
